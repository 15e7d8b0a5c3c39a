"""How far two readers agree on the gold: breakdowns, questions, planted conflicts; and each point where they do not."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from assistant.domain.categories import Category
from assistant.knowledge.cite import normal
from evals.ask import questions
from evals.scorers.elements import Reference, category_of, kin, rows, same_name
from evals.stats import kappa

DATA = Path(__file__).parent / "data"
SECOND = DATA / "second"
ADJUDICATED = DATA / "adjudicated.jsonl"
BREAKDOWNS = ("breakdown_the_ferry", "breakdown_el_ultimo_tranvia")
NOTHING = "none"


@dataclass(frozen=True, slots=True)
class Difference:
    """One point on which the readers differ, and what was decided about it; "" while nothing is."""

    sample: str
    what: str
    first: str
    second: str
    decision: str
    reason: str

    def __str__(self) -> str:
        point = f"{self.sample:22} {self.what}: first {self.first}, second {self.second}"
        return f"{point} → {self.decision}: {self.reason}" if self.decision else f"{point} → open"


@dataclass(frozen=True, slots=True)
class Agreement:
    """A task's two readings: how many things were read twice, how alike, and where not."""

    task: str
    read: int
    unit: str
    figures: Mapping[str, float]
    differences: tuple[Difference, ...]


class Decided(NamedTuple):
    """A row of the adjudication."""

    decision: str
    reason: str
    row: Mapping[str, Any]


Key = tuple[str, ...]


def all_agreements() -> list[Agreement]:
    """Every task that was read twice."""
    decided = decisions()
    return [breakdowns(decided), answers(decided), conflicts(decided)]


def decisions() -> dict[Key, Decided]:
    """The adjudication by task, sample and, for a breakdown, element and who held it."""
    found = {}
    for row in _lines(ADJUDICATED):
        key = (row["task"], row["id"], *row.get("element", ()), row.get("held_by", ""))
        found[key] = Decided(row["decision"], row["reason"], row)
    return found


@dataclass(frozen=True, slots=True)
class _Scene:
    """One scene's two readings: what each holds to be needed, and what it merely allows."""

    id: str
    must: tuple[Sequence[Reference], Sequence[Reference]]
    may: tuple[Sequence[Reference], Sequence[Reference]]

    def lone(self, reader: int) -> list[Reference]:
        """What this reader holds to be needed and the other does not."""
        return [item for item in self.must[reader] if not _among(item, self.must[1 - reader])]

    def side(self, item: Reference, reader: int) -> str:
        """Where a reader has it."""
        if _among(item, self.must[reader]):
            return "must"
        return "may" if _among(item, self.may[reader]) else NOTHING


def breakdowns(decided: Mapping[Key, Decided]) -> Agreement:
    """Elements of every scene of the example scripts."""
    scenes = [scene for name in BREAKDOWNS for scene in _scenes(name)]
    differences, same = [], [0, 0]
    for scene in scenes:
        for reader, who in enumerate(("first", "second")):
            for item in scene.lone(reader):
                found = decided.get(("breakdown", scene.id, item.category.value, item.name, who))
                same[reader] += found is not None and found.decision == "same"
                differences.append(_differs(scene, item, found))
    wanted = [sum(len(scene.must[reader]) for scene in scenes) for reader in (0, 1)]
    alone = [sum(len(scene.lone(reader)) for scene in scenes) for reader in (0, 1)]
    shared = [wanted[reader] - alone[reader] for reader in (0, 1)]
    figures = {
        "F1": _f1(shared, wanted),
        "F1, one thing by two names counted once": _f1([shared[r] + same[r] for r in (0, 1)], wanted),
        "kappa, does a scene need a category": kappa(list(_presence(scenes))),
        "kappa, category of what both name": kappa(list(_categories(scenes))),
    }
    return Agreement("breakdown", len(scenes), "scenes", figures, tuple(differences))


def _scenes(name: str) -> Iterator[_Scene]:
    second = {row["id"]: row for row in _lines(SECOND / f"{name}.jsonl")}
    for row in rows(DATA / f"{name}.jsonl"):
        sides = {side: [_plain(item) for item in second[row["id"]][side]] for side in ("must", "may")}
        must, may = (_as_first(row, side) for side in ("must", "may"))
        yield _Scene(row["id"], (must, sides["must"]), (may, sides["may"]))


def _as_first(row: Mapping[str, Any], side: str) -> list[Reference]:
    """What the first reading had on a side, before the second changed it."""
    found = []
    for now in ("must", "may"):
        for item in row[now]:
            if item.get("was", now) == side:
                also = item.get("also") if item.get("also_by") is None else None
                other = category_of(item["also_category"]) if also and "also_category" in item else None
                found.append(Reference(category_of(item["category"]), item["name"], also, other))
    return found


def _plain(item: Sequence[str]) -> Reference:
    return Reference(Category(item[0]), item[1])


def _differs(scene: _Scene, item: Reference, found: Decided | None) -> Difference:
    decision, reason = (found.decision, found.reason) if found else ("", "")
    what = f"{item.category.value} {item.name}"
    return Difference(scene.id, what, scene.side(item, 0), scene.side(item, 1), decision, reason)


def _among(item: Reference, others: Iterable[Reference]) -> bool:
    return any(_alike(item, other) or _alike(other, item) for other in others)


def _alike(item: Reference, other: Reference) -> bool:
    if kin(item.category) == kin(other.category) and same_name(item.name, other.name):
        return True
    category = other.also_category or other.category
    return other.also is not None and kin(item.category) == kin(category) and same_name(item.name, other.also)


def _presence(scenes: Iterable[_Scene]) -> Iterator[tuple[bool, bool]]:
    for scene in scenes:
        held = [{item.category for item in scene.must[reader]} for reader in (0, 1)]
        yield from ((category in held[0], category in held[1]) for category in Category)


def _categories(scenes: Iterable[_Scene]) -> Iterator[tuple[str, str]]:
    """The categories of things that both name, whatever department each gives them to."""
    for scene in scenes:
        for item in scene.must[0]:
            named = [other.category for other in scene.must[1] if same_name(item.name, other.name)]
            if named:
                yield item.category.value, (item.category if item.category in named else named[0]).value


def _f1(shared: Sequence[int], wanted: Sequence[int]) -> float:
    recall, precision = (shared[reader] / max(1, wanted[reader]) for reader in (0, 1))
    return 2 * recall * precision / (recall + precision) if recall + precision else 0.0


def answers(decided: Mapping[Key, Decided]) -> Agreement:
    """What a script answers, where, and in what words."""
    second = {row["id"]: row for row in _lines(SECOND / "questions.jsonl")}
    pairs = [(_first_answer(row, decided), second[row["id"]]) for row in questions() if row["id"] in second]
    differences, both = [], [pair for pair in pairs if pair[0]["answered"] and pair[1]["answered"]]
    for one, two in pairs:
        for what in _points(one, two):
            found = decided.get(("questions", one["id"], ""))
            told = (found.decision, found.reason) if found else ("", "")
            differences.append(Difference(one["id"], what, _said(one[what]), _said(two[what]), *told))
    figures = {
        "kappa, is it answered": kappa([(one["answered"], two["answered"]) for one, two in pairs]),
        "F1 of scenes": _scene_f1(both),
        "same words": sum(_says(one, two) for one, two in both) / max(1, len(both)),
    }
    return Agreement("questions", len(pairs), "questions", figures, tuple(differences))


def _first_answer(row: Mapping[str, Any], decided: Mapping[Key, Decided]) -> dict[str, Any]:
    """The first reader's answer, before the second changed it."""
    answered = row["kind"] not in ("unanswerable", "injection")
    told = {"id": row["id"], "answered": answered, "answer": row.get("answer", []), "scenes": row.get("scenes", [])}
    found = decided.get(("questions", row["id"], ""))
    return told | dict(found.row["first"]) if found else told


def _points(one: Mapping[str, Any], two: Mapping[str, Any]) -> list[str]:
    if one["answered"] != two["answered"]:
        return ["answered"]
    if not one["answered"]:
        return []
    apart = [] if set(one["scenes"]) == set(two["scenes"]) else ["scenes"]
    return apart if _says(one, two) else [*apart, "answer"]


def _says(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool:
    text = normal(" ".join(two["answer"]))
    return all(normal(word) in text for word in one["answer"])


def _scene_f1(pairs: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> float:
    wanted = [sum(len(set(pair[reader]["scenes"])) for pair in pairs) for reader in (0, 1)]
    shared = sum(len(set(one["scenes"]) & set(two["scenes"])) for one, two in pairs)
    return _f1([shared, shared], wanted)


def _said(value: Any) -> str:
    return ", ".join(sorted(map(str, value))) or NOTHING if isinstance(value, list) else ("no", "yes")[bool(value)]


def conflicts(decided: Mapping[Key, Decided]) -> Agreement:
    """Planted conflicts, and the same with one half taken out again, seen without being told the kind."""
    shown = list(_lines(SECOND / "conflicts.jsonl"))
    pairs = [(_planted_kind(row), str(row["said"])) for row in shown]
    differences = []
    for row, (one, two) in zip(shown, pairs, strict=True):
        if one != two:
            found = decided.get(("conflicts", row["id"], ""))
            told = (found.decision, found.reason) if found else ("", "")
            differences.append(Difference(row["id"], str(row["what"]), one, two, *told))
    figures = {
        "kappa, is there a conflict": kappa([(one == NOTHING, two == NOTHING) for one, two in pairs]),
        "kappa, its kind": kappa(pairs),
    }
    return Agreement("conflicts", len(pairs), "places", figures, tuple(differences))


def _planted_kind(row: Mapping[str, Any]) -> str:
    """The kind that was planted; none where half of it was taken out."""
    return str(row["id"]).split("/")[1].rsplit("-", 1)[0] if row["shown"] == "whole" else NOTHING


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        if "provenance" not in row:
            yield row


def show(found: Sequence[Agreement]) -> str:
    """For people: figures by task, then every difference."""
    lines = []
    for one in found:
        lines.append(f"{one.task}: {one.read} {one.unit} read twice, {len(one.differences)} differences")
        lines += [f"  {value:.3f}  {name}" for name, value in one.figures.items()]
        lines += [f"    {item}" for item in one.differences]
    return "\n".join(lines)
