"""The shape any model answers a question in, and how its claims are read out of an answer that is still coming."""

import json
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.domain.answers import Citation, Claim


class CitationOut(BaseModel):
    """Words copied from the material."""

    model_config = ConfigDict(extra="ignore")
    quote: str = Field(description="copied exactly from a passage or a fact")
    scene: str = Field(default="", description="the scene's number, or the section, as written beside the passage")
    line: int = Field(default=0, description="the number of the quoted line")


class ClaimOut(BaseModel):
    """One statement with what bears it."""

    model_config = ConfigDict(extra="ignore")
    text: str
    citations: list[CitationOut] = Field(default_factory=list)

    def claim(self) -> Claim:
        """As the domain has it; where the quotes stand is found out by the check."""
        return Claim(self.text, tuple(Citation("", "", item.scene, item.line, item.quote) for item in self.citations))


class ChatAnswer(BaseModel):
    """What a model says to a question."""

    model_config = ConfigDict(extra="ignore")
    claims: list[ClaimOut] = Field(default_factory=list, max_length=60)
    refused: bool = False
    why: str = ""


def as_shape(claims: Sequence[Claim], why: str) -> ChatAnswer:
    """The built-in model's reply in everybody's shape."""
    out = [
        ClaimOut(
            text=claim.text,
            citations=[CitationOut(quote=item.quote, scene=item.scene, line=item.line) for item in claim.citations],
        )
        for claim in claims
    ]
    return ChatAnswer(claims=out, refused=not out, why=why)


class ComingClaims:
    """Finds each claim the moment its last brace has come."""

    def __init__(self) -> None:
        self._text = ""
        self._at = -1
        self._decoder = json.JSONDecoder()

    def more(self, part: str) -> list[Claim]:
        """The claims that are complete with this part."""
        self._text += part
        if self._at < 0:
            start = self._text.find('"claims"')
            opened = self._text.find("[", start) if start >= 0 else -1
            if opened < 0:
                return []
            self._at = opened + 1
        found: list[Claim] = []
        while (claim := self._next()) is not None:
            found.append(claim)
        return found

    def _next(self) -> Claim | None:
        start = self._at + len(self._text[self._at :]) - len(self._text[self._at :].lstrip(" \n\r\t,"))
        if self._text[start : start + 1] != "{":
            return None
        try:
            value, self._at = self._decoder.raw_decode(self._text, start)
            return ClaimOut.model_validate(value).claim()
        except (json.JSONDecodeError, ValidationError):
            return None
