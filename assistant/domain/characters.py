"""Who is in the script: a speech's cue taken apart, and a character with every scene it is in."""

from dataclasses import dataclass

from assistant.domain.breakdown import Quote


@dataclass(frozen=True, slots=True)
class Cue:
    """ "MR. SMITH (O.S.) (CONT'D)": the name in capitals, how it is heard, and whether the speech goes on.

    `names` has one entry, or one for each speaker of a shared cue ("RAY AND NED").
    """

    name: str
    extensions: tuple[str, ...] = ()  # "V.O.", "O.S.", "O.C.", "OFF", or as written: "INTO PHONE"
    continued: bool = False
    names: tuple[str, ...] = ()

    @property
    def voice(self) -> bool:
        """Whether the speaker is heard and not seen."""
        return not {"V.O.", "O.S.", "O.C.", "OFF"}.isdisjoint(self.extensions)


@dataclass(frozen=True, slots=True)
class Character:
    """A person of the story. `appearances` quotes, for each scene it is in, the first words that say so."""

    name: str
    appearances: tuple[Quote, ...]
    speeches: int = 0
    speech_scenes: tuple[int, ...] = ()  # ordinals of scenes it has a cue in
    voice_scenes: tuple[int, ...] = ()  # ordinals of scenes it is only heard in
    introduced: Quote | None = None  # where its name stands in capitals for the first time
    full_name: str | None = None  # "RAY SPEAR", where RAY is introduced as that
    age: str | None = None  # as written: "late 30s"

    @property
    def scenes(self) -> tuple[int, ...]:
        """Ordinals of the scenes it appears in, seen or heard."""
        return tuple(quote.scene for quote in self.appearances)

    @property
    def speaking(self) -> bool:
        return self.speeches > 0
