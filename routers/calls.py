"""Tool calls as they come in, whole or in pieces: the answer's own tool is the answer, the others are wishes."""

from dataclasses import dataclass, field

from routers.structured import TOOL
from routers.types import ToolCall


@dataclass(slots=True)
class _Part:
    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)


class Heard:
    """The calls of one answer by their place in it. `offered`: were there tools besides the answer's own?"""

    def __init__(self, offered: bool) -> None:
        self._offered = offered
        self._parts: dict[int, _Part] = {}

    def more(self, at: int, identity: str = "", name: str = "", arguments: str = "") -> str:
        """Take a piece of a call; what of it is the answer's text is given back."""
        part = self._parts.setdefault(at, _Part())
        part.id, part.name = part.id or identity, part.name or name
        if not self._offered or part.name == TOOL:
            return arguments
        part.arguments.append(arguments)
        return ""

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """The wishes; none where the answer itself came."""
        if not self._offered or any(part.name == TOOL for part in self._parts.values()):
            return ()
        found = (self._parts[at] for at in sorted(self._parts))
        return tuple(ToolCall(part.id or part.name, part.name, "".join(part.arguments) or "{}") for part in found)
