"""What one sentence tells: a garment on somebody, a wound, a deed with a thing. Readers of each language make them."""

from dataclasses import dataclass
from typing import Literal

from assistant.continuity.words import Thing
from assistant.domain.breakdown import Quote

Deed = Literal["handled", "gained", "given", "put", "lost", "regained", "anew"]


@dataclass(frozen=True, slots=True)
class Garment:
    """A garment on somebody, as one sentence tells of it."""

    owner: str
    slot: str
    head: str
    colour: str
    stuff: str  # of what it is made
    name: str
    deed: str  # worn | on | off
    definite: bool
    quote: Quote


@dataclass(frozen=True, slots=True)
class Wound:
    """A wound as one sentence tells of it. `old` says that it must have been there before."""

    owner: str
    part: str  # hand, arm, eye …
    side: str  # left | right | ""
    word: str
    old: bool
    quote: Quote
    place: str  # as it is said: "left hand", "mano izquierda"


@dataclass(frozen=True, slots=True)
class Event:
    """What somebody does with a thing. `actor` is "" where things happen to it by themselves."""

    deed: Deed
    actor: str
    thing: Thing
    quote: Quote
    to: str = ""
    held: bool = False  # taken or kept in hand, not merely used
