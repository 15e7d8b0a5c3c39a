"""The built-in reader of rules: common forms in English and Spanish, every way of writing dates, never a wild guess."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.breakdown import CastMember
from assistant.domain.said import SaidRule, days_between, spans
from assistant.domain.schedule import MAIN
from assistant.domain.shoot import DayLength, ScheduleRules, Unit
from assistant.schedule.problem import calendar, units_of
from assistant.schedule.rules import load_pack
from assistant.schedule.said import (
    Known,
    SaidRules,
    SaidShape,
    merged,
    read,
    reading_of,
    rule_of,
    shape_of,
    sift,
    words_of,
)
from assistant.schedule.said.shape import DAYS
from tests.assistant.schedule.making import problem, strip
from tests.conftest import ROOT

FIRST, LAST = date(2027, 3, 1), date(2027, 3, 19)
CASES: list[dict[str, Any]] = [
    case
    for name in ("en", "es")
    for case in yaml.safe_load((ROOT / "tests" / "cases" / "said" / f"{name}.yaml").read_text(encoding="utf-8"))
]
CAST = ("ELENA VOSS", "TEO", "CAPTAIN RUIZ", "GIRL", "TEO'S FATHER")
SCENES = (
    ("1", "EXT", "BRIDGE", "BRIDGE", "1 2"),
    ("2", "INT", "MILL - LOFT", "MILL", "1"),
    ("3", "EXT", "MILL - YARD", "MILL", "2 3"),
    ("4", "INT", "HOUSE - KITCHEN", "HOUSE", "1 4"),
    ("5", "EXT", "BRIDGE", "BRIDGE", "2"),
    ("6", "INT", "HOUSE - KITCHEN", "HOUSE", "4"),
    ("7", "EXT", "RIVER", "RIVER", "3"),
    ("8A", "INT", "HOUSE - ATTIC", "HOUSE", "5"),
)
NEEDS = {"3": ("special_effects:fire",), "7": ("animals:horse",)}


def known() -> Known:
    strips = tuple(
        strip(at, 8, place, cast, label=label, int_ext=side, set=name, elements=NEEDS.get(label, ()))
        for at, (label, side, name, place, cast) in enumerate(SCENES, start=1)
    )
    cast = tuple(CastMember(str(at), name, (), True, (), 1) for at, name in enumerate(CAST, start=1))
    things = {"special_effects:fire": "fire", "animals:horse": "horse"}
    return Known(cast, strips, things, {"3": "the mill burns down."}, FIRST, LAST, ("1st", "2nd"))


def short(rule: SaidRule) -> str:
    """A rule as the cases write it; dates only from the first day of the calendar on."""
    runs = spans(day for day in rule.dates if day >= FIRST)
    dates = [f"{a}" if a == b else f"{a}.." if b > LAST + timedelta(days=60) else f"{a}..{b}" for a, b in runs]
    names = [",".join(rule.names)] if rule.names else []
    late = ["<", ",".join(rule.others)] if rule.others else []
    rest = [DAYS[day] for day in rule.weekdays] + [str(item) for item in (rule.band, rule.number) if item is not None]
    return " ".join([rule.kind, *names, *late, *dates, *rest])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40])
def test_the_common_forms_are_read_and_the_rest_is_said(case: dict[str, Any]) -> None:
    output = read(case["text"], known())
    sifted = sift(output, case["text"], known())
    found = reading_of(sifted, output, case["text"])
    assert [short(rule) for rule in found.rules] == case.get("rules", [])
    assert found.cut == ()  # what the grammar reads stands the checks a model's answer has to stand
    whys = case.get("unread", [])
    assert len(found.unread) == len(whys), found.unread
    assert all(why in item.why for why, item in zip(whys, found.unread, strict=True)), found.unread
    assert all(words_of(rule) and rule.quote in " ".join(case["text"].split()) for rule in found.rules)


def test_lengths_of_single_days_stand_beside_those_of_all() -> None:
    text = "Half days on Fridays. Only two pages on 8 March. About 3 pages on 5 March. No more than 4 pages a day."
    said = [rule_of(item) for item in read(text, known()).rules]
    rules = ScheduleRules(load_pack("feature"), FIRST, days=15, lengths=(DayLength(FIRST),))
    base = problem(*known().strips, count=15)
    told = merged(rules, said, base, known())
    assert told.pack.value("day_target") == 32
    length = {day.date.day: (day.target, day.most) for day in calendar(told, 15) if day.target is not None}
    assert length == {1: (16, None), 5: (24, None), 8: (16, 16), 12: (16, None), 19: (16, None)}
    assert merged(rules, [], base, known()) == rules  # taken back, nothing stays


@pytest.mark.parametrize(
    ("units", "phrase", "wanted"),
    [
        ("1st 2nd", "The second unit", "2nd"),
        ("1st 2nd", "La segunda unidad", "2nd"),
        ("1st 2nd", "Unit 2", "2nd"),
        ("1st second", "The 2nd unit", "second"),
        ("1st B", "B unit", "B"),
        ("1st B", "The second unit", "there is no unit called 'second', only main and B"),
        ("1st 2nd splinter", "The splinter unit", "splinter"),
        ("1st 2nd splinter", "The 2nd unit or splinter unit", "2nd splinter"),
        ("1st 2nd splinter", "Any unit", "1st 2nd splinter"),
        ("1st 2nd splinter", "Either unit", "there are 3 units"),
        ("1st air_and_sea sub-unit", "The air and sea unit", "air and sea"),
        ("1st air_and_sea sub-unit", "The sub-unit", "sub-unit"),
        ("1st 2nd second", "La segunda unidad", "'segunda' may be the unit 2nd or second"),
        ("1st 2nd", "The aerial unit", "there is no unit called 'aerial', only main and 2nd; define it under [["),
        ("1st", "The second unit", "there is no unit beside the main one; define it under [[schedule.units]]"),
        ("1st", "Either unit", "there is no unit beside the main one"),
        ("1st", "The main unit", "there is no unit beside the main one"),
    ],
)
def test_a_unit_is_found_by_its_name_or_ordinal(units: str, phrase: str, wanted: str) -> None:
    text, here = (
        f"{phrase} shoots scene 7",
        replace(known(), units=tuple(name.replace("_", " ") for name in units.split())),
    )
    found = reading_of(sift(read(text, here), text, here), read(text, here), text)
    if found.rules:
        assert [(rule.kind, rule.names, " ".join(rule.others)) for rule in found.rules] == [("unit", ("7",), wanted)]
    else:
        (unread,) = found.unread
        assert wanted in unread.why and len(wanted.split()) > 3


def test_what_a_model_says_of_units_is_held_against_the_quote() -> None:
    def told(quote: str, *others: str, **more: Any) -> list[str]:
        shape = SaidShape(**{"quote": quote, "kind": "unit", "subject": "scene", "names": ["7"], **more}, others=others)
        return [item.why for item in sift(SaidRules(rules=[shape]), quote, known()).cut]

    assert told("hand scene 7 over to the second unit", "2nd") == []
    assert told("scene 7: they could do it on 2nd as well", "1st", "2nd") == []
    assert told("whichever of the two is free takes scene 7", "1st", "2nd") == []
    assert told("scene 7 goes to the others", "2nd") == ["it says nothing of the 2nd unit"]
    assert told("scene 7 goes to the second unit", "1st", "2nd") == ["it says nothing of the main unit"]
    assert told("the second unit takes all of scene 7", "1st", "2nd") == ["it says nothing of the main unit"]
    assert told("the second unit can take scene 7", "1st") == ["it says nothing of the main unit"]
    (why,) = told("scene 7 goes to the third unit", "3rd")
    assert why.startswith("there is no unit called '3rd', only main and 2nd; define it")
    assert told("the second unit takes it", "2nd", names=[]) == ["it names no scenes and no set"]
    assert told("the second unit takes Teo", "2nd", subject="cast", names=["TEO"]) == ["it names no scenes and no set"]
    assert told("scene 7 on 3 March with the 2nd unit", "2nd", dates=["2027-03-03"]) == [
        "dates can not be said with a unit; say them apart"
    ]


LABELS = tuple(label for label, *_ in SCENES)
MAY = st.sampled_from((("2nd",), ("B",), ("2nd", "B"), (MAIN,), (MAIN, "2nd"), (MAIN, "2nd", "B")))


@given(st.dictionaries(st.sampled_from(LABELS), MAY), st.dictionaries(st.sampled_from(LABELS), MAY))
@settings(max_examples=60, deadline=None)
def test_the_units_that_are_said_replace_those_of_the_file_for_these_scenes_alone(
    file: Mapping[str, tuple[str, ...]], told: Mapping[str, tuple[str, ...]]
) -> None:
    at = {label: place for place, label in enumerate(LABELS, start=1)}

    def unit(name: str) -> Unit:
        mine = {label: MAIN in may for label, may in file.items() if name in may}
        alone, either = (tuple(at[one] for one, main in mine.items() if main == wanted) for wanted in (False, True))
        return Unit(name, alone, either, days=2)

    rules = ScheduleRules(load_pack("feature"), FIRST, days=15, units=(unit("2nd"), unit("B")))
    here = replace(known(), units=(MAIN, "2nd", "B"))
    said = [SaidRule("unit", "so", "scene", (label,), others=may) for label, may in told.items()]
    gone = SaidRule("unit", "so", "scene", LABELS, others=("gone",))
    found = units_of(merged(rules, [*said, gone], problem(*known().strips, count=15), here))
    wanted = {**file, **told}
    assert {label: set(found.get(at[label], (MAIN,))) for label in LABELS} == {
        label: set(wanted.get(label, (MAIN,))) for label in LABELS
    }


days = st.dates(FIRST, LAST)
MONTHS = ("marzo", "March", "mar", "Mar.")


def _written(day: date, how: int) -> str:
    return (
        f"on {day.day} March",
        f"on the {day.day}th of March",
        f"on March {day.day}",
        f"on March {day.day}, {day.year}",
        f"on {day.isoformat()}",
        f"on {day:%A}, {day.day} March",
        f"on {day.day} mar {day.year}",
        f"el {day.day} de marzo",
        f"el {day.day} de marzo de {day.year}",
    )[how]


@given(days, st.integers(0, 8))
@settings(max_examples=60, deadline=None)
def test_a_date_is_the_same_however_it_is_written(day: date, how: int) -> None:
    text = f"Teo is out {_written(day, how)}" if how < 7 else f"Teo no puede {_written(day, how)}"
    (item,) = read(text, known()).rules
    assert rule_of(item).dates == (day,) and rule_of(item).kind == "never" and rule_of(item).weekdays == ()


@given(days, st.integers(1, 48), st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_the_length_of_a_day_is_the_same_however_it_is_said(day: date, eighths: int, how: int) -> None:
    length = f"{eighths // 8} {eighths % 8}/8" if eighths % 8 else f"{eighths // 8}"
    text, kind = (
        (f"Only {length} pages on {day.day} March", "most_pages"),
        (f"On {day:%A}, {day.day} March no more than {length} pages", "most_pages"),
        (f"Máximo {length} páginas el {day.day} de marzo", "most_pages"),
        (f"About {length} pages on {day.isoformat()}", "aim_pages"),
        (f"Half day on {day:%A} {day.day} March", "half"),
        (f"El {day.day} de marzo rodamos medio día", "half"),
    )[how]
    output = read(text, known())
    (rule,) = sift(output, text, known()).rules
    assert (rule.kind, rule.dates, rule.subject) == (kind, (day,), "company")
    assert rule.number == (None if kind == "half" else eighths)


@given(days, days, st.integers(0, 6))
@settings(max_examples=60, deadline=None)
def test_a_span_is_the_same_however_it_is_written(one: date, other: date, how: int) -> None:
    first, last = min(one, other), max(one, other)
    if first == last:
        return
    text = (
        f"Elena is out {first.day}-{last.day} March",
        f"Elena is out from {first.day} to {last.day} March",
        f"Elena is away March {first.day}–{last.day}",
        f"Elena is away {first.isoformat()} to {last.isoformat()}",
        f"Elena is out from the {first.day}th of March until the {last.day}th of March",
        f"Elena is out between {first.day} and {last.day} March",
        f"Elena no está del {first.day} al {last.day} de marzo",
    )[how]
    (item,) = read(text, known()).rules
    assert rule_of(item).dates == days_between(first, last)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=120))
@settings(max_examples=150, deadline=None)
def test_any_text_is_answered_and_every_sentence_is_accounted_for(text: str) -> None:
    output = read(text, known())
    found = reading_of(sift(output, text, known()), output, text)
    assert all(rule.quote for rule in found.rules)


NOISE = st.sampled_from(
    [
        "Teo",
        "Elena",
        "is out",
        "only",
        "not",
        "3 March",
        "Mondays",
        "at night",
        "scene 3",
        "before",
        "and",
        ",",
        "the",
        "MILL",
        "second unit",
        "either unit",
        "third unit",
        "shoots",
        "can also",
        "with",
    ]
)


@given(st.lists(NOISE, max_size=9).map(" ".join))
@settings(max_examples=200, deadline=None)
def test_what_is_read_of_word_salad_still_stands_every_check(text: str) -> None:
    output = read(text, known())
    assert sift(output, text, known()).cut == ()


@given(
    st.builds(
        SaidRule,
        st.sampled_from(("never", "half", "most_pages", "aim_pages")),
        st.just("Teo is out"),
        st.just("cast"),
        st.just(("TEO",)),
        st.lists(days, max_size=6, unique=True).map(lambda found: tuple(sorted(found))),
        st.lists(st.integers(0, 6), max_size=7, unique=True).map(lambda found: tuple(sorted(found))),
    )
)
@settings(max_examples=60, deadline=None)
def test_a_rule_survives_the_shape_a_model_answers_in(rule: SaidRule) -> None:
    assert rule_of(shape_of(rule)) == rule
