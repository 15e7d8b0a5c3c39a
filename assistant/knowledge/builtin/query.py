"""A question as the tables can take it: what is wanted, about whom and what, within which scenes."""

from pydantic import BaseModel


class Query(BaseModel):
    """One understood question. Everything but `intent` narrows it down; it is kept between turns as JSON."""

    text: str = ""
    language: str = "en"
    intent: str = "passage"
    scenes: list[str] = []  # labels
    cast: list[str] = []
    things: list[str] = []  # as they were named
    sets: list[str] = []
    category: str | None = None
    days: list[str] = []  # of the shoot, or script days
    without_cast: list[str] = []
    without_things: list[str] = []
    int_ext: str | None = None
    time: str | None = None
    state: str | None = None  # of continuity: wound, wardrobe, prop …
    either: bool = False  # "or" between the named ones, not "and"
    speaking: bool = False
    unknown: list[str] = []  # words that stand nowhere in the material
    residue: list[str] = []  # words the grammar could not place
    follows: bool = False

    @property
    def narrowed(self) -> bool:
        """Does it ask for some scenes, not for all?"""
        return bool(self.scenes or self.sets or self.int_ext or self.time or self.subjects or self.excluded)

    @property
    def subjects(self) -> list[str]:
        """Who and what it is about."""
        return [*self.cast, *self.things]

    @property
    def excluded(self) -> list[str]:
        """Who and what must not be there."""
        return [*self.without_cast, *self.without_things]
