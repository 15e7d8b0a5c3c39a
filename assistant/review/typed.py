"""Decisions typed into a table: each row checked against the draft, each mistake told by its row, all or nothing."""

import csv
import difflib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.breakdown import Element
from assistant.domain.categories import FACTS, Category
from assistant.domain.review import Action, Decision, merge_of
from assistant.errors import BadInput, SettingsError
from assistant.review.decide import action_named

COLUMNS = ("id", "decision", "name", "category", "why")
_NEEDED = {"id", "decision"}
_SHOWN = 8  # mistakes told at once
_LARGEST = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One row as somebody typed it; `where` is "row 7" or "Props, row 7"."""

    where: str
    id: str
    decision: str
    name: str = ""
    category: str = ""
    why: str = ""


def read_csv(path: Path) -> list[Row]:
    """The rows of a CSV file with the columns id, decision, name, category, why; empty rows are passed over."""
    try:
        if path.stat().st_size > _LARGEST:
            raise BadInput(f"{path.name} is too large for a list of decisions.", "Hand over the decided rows alone.")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{path.name} is not UTF-8 text.", "Save it as CSV in UTF-8.") from None
    except OSError as error:
        raise BadInput(f"{path.name} can not be read: {error.strerror}.", "Check the path.") from None
    return _rows(text, path.name)


def _rows(text: str, name: str) -> list[Row]:
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else "\t" if "\t" in first else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        table = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise BadInput(f"{name} is no CSV file: {error}.", "Save it as CSV again.") from None
    head = [cell.casefold() for cell in table[0][1]] if table else []
    if not set(head) >= _NEEDED:
        raise BadInput(f"{name} has no columns id and decision.", f"The columns are {', '.join(COLUMNS)}.")
    rows = []
    for number, cells in table[1:]:
        named = {key: cell for key, cell in zip(head, cells, strict=False) if key in COLUMNS}
        if any(cells):
            rows.append(Row(f"row {number}", **{key: named.get(key, "") for key in COLUMNS}))
    return rows


def decisions(rows: Iterable[Row], known: Mapping[str, Element], who: str, draft: int) -> list[Decision]:
    """What the rows say; a row with no decision is passed over. Raises BadInput naming all bad rows."""
    found: list[Decision] = []
    wrong: list[str] = []
    seen: dict[str, str] = {}
    for row in rows:
        if not row.decision:
            continue
        try:
            if row.id in seen:
                raise SettingsError(f"{row.id} was decided in {seen[row.id]} already.")
            seen[row.id] = row.where
            found.append(_decision(row, known, who, draft))
        except SettingsError as error:
            wrong.append(f"{row.where}: {error.sentence} {error.hint}".strip())
    if wrong:
        more = f"\n  … and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        raise BadInput(
            f"{len(wrong)} rows can not be taken:\n  " + "\n  ".join(wrong[:_SHOWN]) + more,
            "Nothing was decided. Correct the rows, then hand them over again.",
        )
    return found


def category_of(word: str) -> Category:
    """A category by key or label. Raises SettingsError with the nearest."""
    names = {category.value: category for category in Category}
    names |= {facts.label.casefold(): category for category, facts in FACTS.items()}
    said = word.strip().casefold()
    for key in (said, said.replace(" ", "_")):
        if key in names:
            return names[key]
    near = difflib.get_close_matches(said, names, n=1)
    raise SettingsError(f"{word!r} is no category.", f"Did you mean {near[0]}?" if near else "")


def _decision(row: Row, known: Mapping[str, Element], who: str, draft: int) -> Decision:
    action = action_named(row.decision)
    element = known.get(row.id)
    if element is None:
        return _on_merge(row, action, who, draft)
    change = _change(row, element)
    if action == "accept" and change:
        action = "edit"  # accepted, with something put right
    if action == "edit" and not change:
        raise SettingsError("An edit must say another name or category.")
    return Decision(row.id, action, who, row.why, draft, change if action == "edit" else {})


def _on_merge(row: Row, action: Action, who: str, draft: int) -> Decision:
    try:
        merge = merge_of(row.id)
    except ValueError:
        merge = None
    if merge is None:
        raise SettingsError(f"There is no element {row.id!r} in this draft.")
    if action not in {"accept", "reject", "undo"}:
        raise SettingsError("Two names are joined (accept) or not (reject).")
    return Decision(row.id, action, who, row.why, draft)


def _change(row: Row, element: Element) -> dict[str, str]:
    change = {}
    if row.name and row.name != element.name:
        change["name"] = row.name
    if row.category:
        category = category_of(row.category)
        if category is not element.category:
            change["category"] = category.value
    return change
