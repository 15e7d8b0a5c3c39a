"""Names that a model takes for one person: proposed to a person only where both names and both quotes exist."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from assistant.breakdown.quotes import folded, locate
from assistant.breakdown.words import quote_around
from assistant.domain.breakdown import MergeProposal, Quote
from assistant.domain.characters import Character
from assistant.domain.screenplay import Line, Screenplay

LINES = 3  # of a character that are shown
_LONGEST_WHY = 160


class AliasClaim(BaseModel):
    """Two names that may be one person's, with the words that show it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    keep: str
    other: str
    keep_quote: str = Field(min_length=1)
    other_quote: str = Field(min_length=1)
    why: str


class AliasClaims(BaseModel):
    """A model's answer for a cast list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    aliases: tuple[AliasClaim, ...]


def shown(script: Screenplay, characters: Sequence[Character], most: int) -> list[dict[str, Any]]:
    """The cast as a model is shown it, those with most speeches first, within `most` bytes."""
    lines = {line.number: (line, after) for scene in script.scenes for line, after in _pairs(scene.lines)}
    found: list[dict[str, Any]] = []
    for one in sorted(characters, key=lambda each: (-each.speeches, -len(each.scenes), each.name)):
        quotes = [quote for quote in (one.introduced, *one.appearances) if quote is not None]
        told = list(dict.fromkeys(_around(quote, *lines[quote.line]) for quote in quotes if quote.line in lines))[
            :LINES
        ]
        most -= len(f"{one.name}{''.join(told)}".encode()) + 20
        if most < 0:
            break
        found.append({"name": one.name, "speeches": one.speeches, "lines": told or [one.name]})
    return found


def _pairs(lines: Sequence[Line]) -> Iterator[tuple[Line, Line | None]]:
    yield from zip_longest(lines, lines[1:])


def _around(quote: Quote, line: Line, after: Line | None) -> str:
    """The sentence a name stands in; under a cue, what is said first."""
    if line.kind == "character" and after is not None:
        return quote_around(after.text, 0, 1)
    at = max(0, line.text.find(quote.text))
    return quote_around(line.text, at, at + len(quote.text))


def aliases(
    answer: AliasClaims, script: Screenplay, characters: Sequence[Character]
) -> tuple[tuple[MergeProposal, ...], int]:
    """What of the claims stands, to be put to a person, and how many were cut.

    Both names are of the cast, and each quote stands in a scene that its name is in.
    """
    homes = {one.name: frozenset(one.scenes) for one in characters}
    proposals: dict[frozenset[str], MergeProposal] = {}
    for claim in answer.aliases:
        keep, other = claim.keep.upper().strip(), claim.other.upper().strip()
        quoted = (keep, claim.keep_quote), (other, claim.other_quote)
        if keep != other and all(_said(quote, script, homes.get(name, frozenset())) for name, quote in quoted):
            why = f"{' '.join(claim.why.split())[:_LONGEST_WHY]} (“{claim.keep_quote}” – “{claim.other_quote}”)"
            proposals.setdefault(frozenset((keep, other)), MergeProposal("cast", keep, other, why))
    return tuple(proposals.values()), len(answer.aliases) - len(proposals)


def joined(rules: Sequence[MergeProposal], told: Sequence[MergeProposal]) -> tuple[MergeProposal, ...]:
    """Proposals of rules and of a model, each pair of names once."""
    known = {frozenset((item.keep, item.other)) for item in rules if item.kind == "cast"}
    return (*rules, *(item for item in told if frozenset((item.keep, item.other)) not in known))


def _said(quote: str, script: Screenplay, home: frozenset[int]) -> bool:
    scenes = (scene for scene in script.scenes if scene.ordinal in home)
    return any(locate(Quote(scene.ordinal, 0, quote), folded(scene)) for scene in scenes)
