"""A board after the next draft: what matched stays, locks and said rules follow their scenes, what is new waits."""

from datetime import date
from pathlib import Path

import pytest

from assistant.app import App
from assistant.domain.said import SaidRule
from assistant.store.schedules import Board
from assistant.workflows.schedule import said_now
from tests.assistant.workflows.making import script

KITCHEN = (
    "INT. HOUSE - KITCHEN - DAY",
    "MARA (40) peels an apple with a paring knife.\n\nMARA\nNobody eats pears in here.",
)
PIER = "EXT. PIER - DAY", "IVO (30) coils a wet rope and counts the turns under his breath.\n\nIVO\nEleven. Again."
BAR = "INT. BAR - NIGHT", "MARA orders two glasses of milk and drinks neither.\n\nMARA\nKeep the change, there is none."
ATTIC = "INT. HOUSE - ATTIC - DAY", "A trunk full of postcards. MARA sorts them by the colour of the sky."
NEW = "EXT. LIGHTHOUSE - DAY", "IVO paints the door of the lighthouse red, badly.\n\nIVO\nIt was red before."
Scenes = list[tuple[str, str]]


def numbered(scenes: Scenes, *numbers: str) -> Scenes:
    return [(f"{heading} #{number}#", text) for (heading, text), number in zip(scenes, numbers, strict=True)]


def add(app: App, folder: Path, scenes: Scenes, name: str) -> None:
    app.breakdown(script(folder, dict(scenes), f"{name}.fountain"))


def draft(app: App, place_new: bool = False) -> Board:
    return app.boards.draft(1.0, fresh=False, place_new=place_new)


def dates(app: App, board: Board) -> dict[str, date]:
    """Where each set is shot; scenes are told apart by their sets here."""
    sets = {scene.ordinal: scene.set for scene in app.store.screenplay(board.draft).scenes}
    return {sets[scene]: day for scene, day in board.schedule.dates.items()}


@pytest.fixture
def app(tmp_path: Path) -> App:
    return App.init(tmp_path / "p", "Pier", {"schedule": {"start": date(2027, 3, 1), "days": 6}})


@pytest.mark.parametrize("numbers", [("1", "2", "3", "4"), ()])
def test_a_lock_follows_its_scene_through_a_draft_that_shifts_the_numbers(
    app: App, tmp_path: Path, numbers: tuple[str, ...]
) -> None:
    first: Scenes = [KITCHEN, PIER, BAR, ATTIC]
    add(app, tmp_path, numbered(first, *numbers) if numbers else first, "one")
    draft(app)
    thursday = date(2027, 3, 4)
    pier = app.store.screenplay(1).scenes[1].label
    app.boards.kept.lock(pier, thursday, None, "Ana", draft=1)
    assert dates(app, draft(app))["PIER"] == thursday
    second: Scenes = [NEW, KITCHEN, PIER, BAR, ATTIC]
    add(app, tmp_path, numbered(second, "1", "2", "3", "4", "5") if numbers else second, "two")
    board = draft(app)
    after = dates(app, board)
    assert after["PIER"] == thursday and "LIGHTHOUSE" not in after
    assert [lock.scene for lock in app.boards.problem().locks] == [3]
    placed = draft(app, place_new=True)
    assert dates(app, placed) == {**after, "LIGHTHOUSE": dates(app, placed)["LIGHTHOUSE"]}


def test_unlocking_in_a_later_draft_frees_the_scene_that_was_locked_in_an_earlier_one(app: App, tmp_path: Path) -> None:
    add(app, tmp_path, [KITCHEN, PIER, BAR], "one")
    app.boards.kept.lock("#2", date(2027, 3, 4), None, "Ana", draft=1)
    add(app, tmp_path, [NEW, KITCHEN, PIER, BAR], "two")
    assert [lock.scene for lock in app.boards.problem().locks] == [3]
    app.boards.kept.lock("#3", None, None, "Ben", draft=2)
    assert app.boards.problem().locks == ()


def test_a_said_rule_follows_its_scenes_and_one_whose_scene_is_cut_binds_nothing(app: App, tmp_path: Path) -> None:
    add(app, tmp_path, [KITCHEN, PIER, BAR], "one")
    last = SaidRule("last", "the pier last", "scene", ("#2",))
    early = SaidRule("order", "kitchen before bar", "scene", ("#1",), others=("#3",))
    second = SaidRule("unit", "the pier with the 2nd unit", "scene", ("#2",), others=("2nd",))
    app.boards.kept.said.keep([last, early, second], "builtin/rules", "Ana", draft=1)
    add(app, tmp_path, [NEW, KITCHEN, BAR, PIER], "two")
    orders = {(item.before, item.after) for item in app.boards.problem().precedences}
    assert orders == {(1, 4), (2, 4), (3, 4), (2, 3)}
    (unit,) = (kept.rule for kept in said_now(app.boards.plan(), 2) if kept.rule.kind == "unit")
    assert (unit.names, unit.others) == (("#4",), ("2nd",)), "a unit's name is no scene's number"
    add(app, tmp_path, [NEW, KITCHEN, BAR], "three")
    assert {(item.before, item.after) for item in app.boards.problem().precedences} == {(2, 3)}


def test_what_is_cut_leaves_and_what_is_new_waits_until_it_is_wanted(app: App, tmp_path: Path) -> None:
    add(app, tmp_path, numbered([KITCHEN, PIER, BAR, ATTIC], "1", "2", "3", "4"), "one")
    before = dates(app, draft(app))
    add(app, tmp_path, numbered([KITCHEN, PIER, NEW, ATTIC], "1", "2", "2A", "4"), "two")
    board = draft(app)
    after = dates(app, board)
    assert after == {name: day for name, day in before.items() if name != "BAR"}
    assert [app.store.screenplay(2).scenes[scene - 1].label for scene in board.schedule.boneyard] == ["2A"]
    again = draft(app)
    assert again.schedule.boneyard == board.schedule.boneyard and dates(app, again) == after
    wanted = draft(app, place_new=True)
    assert wanted.schedule.boneyard == () and set(dates(app, wanted)) == {*after, "LIGHTHOUSE"}
    assert {name: day for name, day in dates(app, wanted).items() if name in after} == after
