"""What a production's other papers say of the people and places of a scene."""

from collections.abc import Callable, Sequence

from assistant.domain.screenplay import Scene, Screenplay
from assistant.workflows.state import Context

MOST = 3  # passages
LONGEST = 1500  # characters of them all
_DEEP = 60  # passages of the script among them
_SHORTEST_WORD = 4  # letters of a name or a place that counts as one


def backgrounds(context: Context, script: Screenplay) -> Callable[[Scene, Sequence[str]], str]:
    """A function that gives a scene's passages; it looks nothing up where there is nothing but scripts."""
    papers = any(item.kind != "script" and item.indexed and not item.superseded for item in context.sources.all())

    def telling(scene: Scene, names: Sequence[str]) -> str:
        if not papers:
            return ""
        query = " ".join([scene.set, *names, scene.text[:400]])
        found = context.knowledge.search(query, _DEEP, script.language)
        wanted = _words([scene.set, *names])
        others = [item.passage.text for item in found if item.passage.kind != "script"]
        texts = [text for text in others if wanted & _words([text])]
        return "\n\n".join(texts[:MOST])[:LONGEST]

    return telling


def _words(texts: Sequence[str]) -> set[str]:
    cleaned = "".join(letter if letter.isalnum() else " " for letter in " ".join(texts).casefold())
    return {word for word in cleaned.split() if len(word) >= _SHORTEST_WORD}
