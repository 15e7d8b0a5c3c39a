"""The figures a line producer reads first, counted once for the report and the workbook."""

from collections import Counter
from dataclasses import dataclass

from assistant.domain.categories import Category
from assistant.domain.screenplay import pages
from assistant.exports.book import Book, Sheet
from assistant.exports.strips import STRIPS, Strip, strip_of

COSTLY = frozenset(
    {
        Category.STUNTS,
        Category.VEHICLES,
        Category.SPECIAL_EFFECTS,
        Category.MECHANICAL_EFFECTS,
        Category.VISUAL_EFFECTS,
        Category.ANIMALS,
        Category.BACKGROUND,
        Category.WEAPONS,
        Category.SPECIAL_EQUIPMENT,
    }
)
"""Categories that make a scene slow or dear."""


@dataclass(frozen=True, slots=True)
class StripShare:
    """How much of the script is of one strip colour."""

    strip: Strip
    scenes: int
    eighths: int


@dataclass(frozen=True, slots=True)
class SetShare:
    """A set, and the labels of the scenes that play in it."""

    name: str
    scenes: tuple[str, ...]
    eighths: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts, splits and notes. `notes` are the sentences that keep the figures honest."""

    counts: tuple[tuple[str, str | int], ...]
    strips: tuple[StripShare, ...]
    sets: tuple[SetShare, ...]
    categories: tuple[tuple[Category, int], ...]
    heaviest: tuple[Sheet, ...]
    notes: tuple[str, ...]


def overview(book: Book) -> Overview:
    """Count a book; omitted scenes and rejected elements count nothing."""
    shot = [sheet for sheet in book.sheets if not sheet.scene.omitted]
    tally = Counter(element.category for sheet in shot for element in sheet.elements)
    return Overview(
        counts=_counts(book, shot),
        strips=_strips(shot),
        sets=_sets(shot),
        categories=tuple((category, tally[category]) for category in book.categories if tally[category]),
        heaviest=tuple(sorted(filter(_weight, shot), key=lambda sheet: (-_weight(sheet), sheet.scene.ordinal))[:8]),
        notes=_notes(book),
    )


def _weight(sheet: Sheet) -> int:
    """How much a scene asks of the departments that need time and money before the day."""
    return sum(2 if element.category in COSTLY else 0 for element in sheet.elements) + len(sheet.elements) // 8


def _counts(book: Book, shot: list[Sheet]) -> tuple[tuple[str, str | int], ...]:
    omitted = len(book.sheets) - len(shot)
    counts: list[tuple[str, str | int]] = [
        ("Scenes", len(shot)),
        ("Pages", pages(book.screenplay.eighths)),
        ("Sets", len({_set_key(sheet) for sheet in shot})),
        ("Cast", len(book.breakdown.cast)),
        ("Elements", sum(len(sheet.elements) for sheet in shot)),
        ("Departments", len(book.categories)),
    ]
    if omitted:
        counts.insert(1, ("Omitted", omitted))
    return tuple(counts)


def _strips(shot: list[Sheet]) -> tuple[StripShare, ...]:
    scenes: Counter[str] = Counter()
    eighths: Counter[str] = Counter()
    for sheet in shot:
        key = strip_of(sheet.scene).key
        scenes[key] += 1
        eighths[key] += sheet.scene.eighths
    return tuple(StripShare(strip, scenes[key], eighths[key]) for key, strip in STRIPS.items() if scenes[key])


def _set_key(sheet: Sheet) -> str:
    return " ".join(sheet.scene.set.casefold().split())


def _sets(shot: list[Sheet]) -> tuple[SetShare, ...]:
    places: dict[str, list[Sheet]] = {}
    for sheet in shot:
        places.setdefault(_set_key(sheet), []).append(sheet)
    shares = [
        SetShare(
            name=group[0].scene.set,
            scenes=tuple(sheet.scene.label for sheet in group),
            eighths=sum(sheet.scene.eighths for sheet in group),
        )
        for group in places.values()
    ]
    return tuple(sorted(shares, key=lambda share: (-share.eighths, -len(share.scenes), share.name)))


def _notes(book: Book) -> tuple[str, ...]:
    status = Counter(element.status for element in book.breakdown.elements)
    decided = sum(status[kind] for kind in ("accepted", "edited", "rejected"))
    models = ", ".join(book.run.models) or "no model"
    return (
        f"{_many(status['proposed'], 'element')} proposed by {models}: a proposal until a person accepts it. "
        f"{_many(decided, 'element') if decided else 'None'} decided so far.",
        _cut(book.run.rejected),
        _lengths(book),
        f"{_many(book.run.attempts, 'model call')}, ${book.run.cost_usd:.2f}, {book.run.seconds:.1f} s.",
    )


def _cut(claims: int) -> str:
    if not claims:
        return "No claim had to be cut for want of a quote."
    return f"{_many(claims, 'claim')} cut, because the quote does not stand in the script."


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _lengths(book: Book) -> str:
    sources = {scene.eighths_source for scene in book.screenplay.scenes if not scene.omitted}
    words = {
        "fdx": "taken from the Final Draft file",
        "computed": "computed from the line count",
        "override": "set by a person",
    }
    told = " or ".join(words[source] for source in ("fdx", "computed", "override") if source in sources)
    return f"Page lengths are {told or 'not known'}; the total is the sum of the scenes' rounded eighths."
