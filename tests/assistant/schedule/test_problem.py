"""From a script to a problem with nothing else said, and with everything said."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.domain.breakdown import Breakdown, CastMember, Element, Quote, SceneBreakdown
from assistant.domain.categories import Category
from assistant.domain.schedule import FixedDate, Lock, Precedence, Window
from assistant.domain.screenplay import Heading, Line, Scene, Screenplay
from assistant.domain.shoot import DayLength, ScheduleRules
from assistant.errors import NotFound, SettingsError
from assistant.schedule.check import check
from assistant.schedule.problem import days_needed, minor_minutes, next_monday, problem_from
from assistant.schedule.rules import load_pack, pack_names
from assistant.schedule.search import Stop
from assistant.schedule.solve import solve

START = date(2027, 3, 1)


def scene(ordinal: int, int_ext: str, place: str, when: str | None, eighths: int = 8, omitted: bool = False) -> Scene:
    heading = Heading(f"{int_ext}. {place} - {when}", int_ext, place, when)  # type: ignore[arg-type]
    line = Line(ordinal, "heading", heading.text)
    return Scene(ordinal, str(ordinal), heading, (line,), 0 if omitted else eighths, "computed", omitted=omitted)


SCENES = (
    scene(1, "INT", "HOUSE - KITCHEN", "DAY"),
    scene(2, "EXT", "HOUSE - GARDEN", "NIGHT"),
    scene(3, "INT", "BAR", "NIGHT"),
    scene(4, "EXT", "BEACH", "DAWN"),
    scene(5, "EXT", "BEACH", "DAY", omitted=True),
    scene(6, "INT", "House - Attic", None, 12),
)
PLAY = Screenplay("THE FERRY", "fountain", "0" * 64, SCENES)


def element(where: int, category: Category, name: str, status: str = "proposed") -> Element:
    return Element(where, category, name, Quote(where, where, name), status=status)  # type: ignore[arg-type]


BREAKDOWN = Breakdown(
    (
        SceneBreakdown(1, (element(1, Category.PROPS, "Lamp"), element(1, Category.BACKGROUND, "party guests"))),
        SceneBreakdown(3, (element(3, Category.BACKGROUND, "drinkers"), element(3, Category.STUNTS, "bar fight"))),
        SceneBreakdown(4, (element(4, Category.VEHICLES, "Boat", "rejected"), element(4, Category.PROPS, "lamp"))),
    ),
    (CastMember("1", "ANNA", (1, 2, 3, 6)), CastMember("4", "BEN", (3, 4, 5)), CastMember("12", "KID", (6,))),
)
RULES = ScheduleRules(load_pack("feature"), START)


def test_a_script_is_enough() -> None:
    made = problem_from(PLAY, BREAKDOWN, RULES)
    assert [strip.scene for strip in made.strips] == [1, 2, 3, 4, 6]  # the omitted scene has no strip
    assert [strip.location for strip in made.strips] == ["HOUSE", "HOUSE", "BAR", "BEACH", "HOUSE"]
    assert [strip.band for strip in made.strips] == ["D", "N", "S", "S", "D"]
    assert [strip.cast for strip in made.strips] == [("1",), ("1",), ("1", "4"), ("4",), ("1", "12")]
    assert {p.name: (p.wage, p.drops, p.max_minutes) for p in made.cast} == {
        "ANNA": (40, False, None),
        "BEN": (20, True, None),
        "KID": (8, True, None),
    }
    names = {thing.id: thing.day_cost for thing in made.elements}
    assert names == {"props:lamp": 0, "background_actors": 20, "stunts": 15}
    assert made.strips[0].elements == ("props:lamp", "background_actors")
    result = solve(made, Stop(seconds=None, tries=4000))
    assert result.schedule is not None and check(made, result.schedule).hard == ()
    assert len(result.schedule.shooting) == 2  # 5 4/8 pages: no dark day, no third day


def test_everything_that_can_be_said() -> None:
    rules = ScheduleRules(
        load_pack("television"),
        START,
        days=4,
        days_off=frozenset({0, 6}),
        holidays=frozenset({date(2027, 3, 3)}),
        locations=(("bar", "STUDIO"), ("House - Attic", "STUDIO")),
        wages=(("ANNA", 900), ("4", 300)),
        ages=(("KID", 9),),
        drops=(("ANNA", True),),
        day_costs=(("Lamp", 5), ("stunts", 99)),
        windows=(Window("cast", "ben", never=frozenset({date(2027, 3, 2)})), Window("element", "LAMP")),
        precedences=(Precedence(1, 3),),
        fixed=(FixedDate(4, frozenset({date(2027, 3, 4)})),),
        locks=(Lock(1, date(2027, 3, 2)),),
        minutes=((1, 77),),
        bands=((3, "N"),),
    )
    made = problem_from(PLAY, BREAKDOWN, rules)
    assert [day.date.day for day in made.days] == [2, 4, 5, 6]
    assert [strip.location for strip in made.strips] == ["HOUSE", "HOUSE", "STUDIO", "BEACH", "STUDIO"]
    assert {p.name: (p.wage, p.drops, p.max_minutes) for p in made.cast} == {
        "ANNA": (900, True, None),
        "BEN": (300, True, None),
        "KID": (8, True, 300),
    }
    assert {t.id: t.day_cost for t in made.elements} == {"props:lamp": 5, "background_actors": 20, "stunts": 99}
    assert [window.key for window in made.windows] == ["window:cast:4", "window:element:props:lamp"]
    assert made.strips[0].minutes == 77 and made.strips[2].band == "N"
    assert made.rules.value("day_target") == 52 and made.rules.value("move_cost") == 25


def test_night_interiors_can_go_with_the_nights() -> None:
    pack = load_pack("feature").with_value("night_interiors_any_call", 0)
    assert problem_from(PLAY, BREAKDOWN, replace(RULES, pack=pack)).strips[2].band == "N"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"fixed": (FixedDate(99, frozenset({START})),)}, "fixed:99"),
        ({"locks": (Lock(5, START),)}, "lock:5"),
        ({"precedences": (Precedence(1, 77),)}, "order:1<77"),
        ({"windows": (Window("cast", "ZED"),)}, "'ZED'"),
        ({"windows": (Window("location", "MARS"),)}, "'MARS'"),
        ({"days_off": frozenset(range(7))}, "day off"),
    ],
)
def test_what_is_not_there_is_said(changed: dict[str, object], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        problem_from(PLAY, BREAKDOWN, replace(RULES, **changed))  # type: ignore[arg-type]


def test_a_script_without_scenes_can_not_be_scheduled() -> None:
    with pytest.raises(SettingsError, match="no scene"):
        problem_from(replace(PLAY, scenes=()), BREAKDOWN, RULES)


def test_pace_moves_and_locations_set_the_number_of_days() -> None:
    made = problem_from(PLAY, BREAKDOWN, RULES)
    assert days_needed(made.strips, RULES.pack) == 2 + 1
    alone = tuple(replace(made.strips[0], scene=i, eighths=1, location=f"PLACE {i}") for i in range(9))
    assert days_needed(alone, RULES.pack) == 3 + 1


def test_short_days_hold_less_and_make_the_calendar_longer() -> None:
    tuesday, thursday = date(2027, 3, 2), date(2027, 3, 4)
    told = (DayLength(START), DayLength(tuesday, most=18), DayLength(tuesday, aim=20), DayLength(thursday, most=60))
    made = problem_from(PLAY, BREAKDOWN, replace(RULES, lengths=told, days=4))
    assert [made.target(day) for day in made.days] == [18, 18, 36, 36]
    assert [made.cap(day) for day in made.days] == [23, 18, 46, 60]  # half a day goes over by as much as any day
    assert [made.without("day_cap_percent").cap(day) for day in made.days] == [None] * 4
    plain = problem_from(PLAY, BREAKDOWN, RULES)
    assert len(problem_from(PLAY, BREAKDOWN, replace(RULES, lengths=told)).days) == len(plain.days) + 1
    minutes = replace(RULES, pack=load_pack("television").with_value("count_minutes", 1).with_value("day_target", 600))
    counted = problem_from(PLAY, BREAKDOWN, replace(minutes, lengths=told, days=4))
    assert [counted.cap(day) for day in counted.days][:2] == [390, 300]


def test_minors_by_the_pack_and_mondays() -> None:
    pack = load_pack("feature")
    assert [minor_minutes(pack, age) for age in (None, 1, 9, 17, 18)] == [None, 120, 300, 360, None]
    assert next_monday(date(2027, 3, 1)) == date(2027, 3, 8) and next_monday(date(2027, 3, 7)) == date(2027, 3, 8)


def test_packs_are_files_with_sources(tmp_path) -> None:  # type: ignore[no-untyped-def]
    assert pack_names() == ("feature", "television")
    pack = load_pack("television")
    assert pack.name == "television" and all(rule.words for rule in pack.rules)
    assert {rule.key for rule in pack.rules} == {rule.key for rule in load_pack("feature").rules}
    assert all(rule.source for rule in pack.rules if rule.hard)
    own = tmp_path / "own.yaml"
    own.write_text("name: own\nbased_on: feature\nrules:\n- {key: move_cost, value: 7, words: moves}\n")
    assert load_pack(str(own)).value("move_cost") == 7 and load_pack(str(own)).value("opening_cost") == 12
    own.write_text("name: own\nrules:\n- {key: move_cost, value: lots}\n")
    with pytest.raises(SettingsError, match="whole number"):
        load_pack(str(own))
    own.write_text("name: own\nrules:\n- {key: move_cost, value: 1, weight: 2}\n")
    with pytest.raises(SettingsError, match="weight"):
        load_pack(str(own))
    own.write_text("[]\n")
    with pytest.raises(SettingsError, match="not a rule pack"):
        load_pack(str(own))
    with pytest.raises(NotFound, match="nowhere"):
        load_pack("nowhere")
