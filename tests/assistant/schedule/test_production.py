"""What production.toml and its CSV files say of a shoot: read whole, or an error that names the key and the way out."""

import re
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.domain.breakdown import Breakdown
from assistant.domain.shoot import ScheduleRules
from assistant.errors import SettingsError
from assistant.schedule import problem_from, rules_from
from assistant.schedule.availability import windows_of
from assistant.schedule.production import KEYS
from assistant.schedule.rules import load_pack
from assistant.screenplay import parse
from tests.conftest import ROOT

FERRY = ROOT / "examples" / "the-ferry" / "the-ferry.fountain"
DOC = (ROOT / "docs" / "scheduling.md").read_text(encoding="utf-8")
TODAY = date(2027, 2, 24)


def read(
    toml: str, folder: Path = ROOT, locks: dict[str, tuple[date, int | None, str | None]] | None = None
) -> ScheduleRules:
    table: dict[str, Any] = tomllib.loads(toml).get("schedule", {})
    return rules_from(table, parse(FERRY), folder, TODAY, locks or {})


def example() -> str:
    (found,) = re.findall(r"```toml\n(.*?)```", DOC, re.DOTALL)
    return str(found)


def test_the_page_for_the_1st_ad_lists_every_key() -> None:
    listed = set(re.findall(r"^\| `(\w+)` \|", DOC, re.MULTILINE))
    assert listed == KEYS
    used = set(tomllib.loads(example())["schedule"])
    assert used == KEYS, "the example shows them all"


def test_the_example_of_the_page_is_read_as_it_says(tmp_path: Path) -> None:
    (lines,) = re.findall(r"```csv\n(.*?)```", DOC, re.DOTALL)
    (tmp_path / "dates.csv").write_text(lines, encoding="utf-8")
    rules = read(example(), tmp_path)
    assert (rules.start, rules.days, len(rules.holidays)) == (date(2027, 3, 1), 24, 6)
    assert rules.pack.value("day_target") == 36 and rules.pack.value("turnaround_hours") == 11
    assert not rules.pack.on("light_order")
    assert dict(rules.wages) == {"NORA": 1200} and dict(rules.drops) == {"NORA": False}
    assert rules.travel == (("Harbour basin", "HOLM", 35),)
    assert [(w.kind, w.subject) for w in rules.windows] == [
        ("cast", "NORA"),
        ("cast", "IDA"),
        ("location", "Harbour basin"),
        ("element", "parrot"),
        ("cast", "NORA"),
        ("location", "HOLM"),
        ("element", "parrot"),
    ]
    assert rules.precedences[0].gap == 1 and rules.fixed[0].words == "the real wedding party"
    short = [(item.date.day, item.most, item.aim) for item in rules.lengths]
    assert short == [(5, None, None), (22, 18, None), (23, 18, None)]
    assert dict(rules.bands) == {16: "N"} and dict(rules.minutes) == {16: 180}


def test_nothing_said_is_a_shoot_from_the_next_monday() -> None:
    rules = read("")
    assert (rules.start, rules.days, rules.days_off) == (date(2027, 3, 1), None, frozenset({5, 6}))
    assert rules.pack == load_pack("feature")


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("start = 5", "start: 5 is no date"),
        ('days = "ten"', "'ten' is no whole number"),
        ("days = 0", "0 is no whole number from 1"),
        ("days = true", "True is no whole number"),
        ('day_target = "4 4/9"', "'4 4/9' is no length in pages and eighths"),
        ("day_target = -1", "no whole number"),
        ("short_days = 3", "must be a table"),
        ("short_days = {soon = 'half'}", "'soon' is no date"),
        ("short_days = {2027-03-05 = 'none'}", "short_days.2027-03-05: 'none' is no length"),
        ("short_days = {2027-03-05 = 0}", "0 is no whole number from 1"),
        ("short_days = {2027-03-05 = '0'}", "a day of no pages is a holiday"),
        ('days_off = ["mon", "noday"]', "'noday' is no weekday"),
        ('holidays = ["2027-03-05..2027-03-01"]', "ends before it begins"),
        ('holidays = "soon"', "'soon' is no date"),
        ("locations = 3", "must be a table"),
        ("travel = {QUAY = 3}", "names no two places"),
        ('travel = {"A | B" = "far"}', "'far' is no whole number"),
        ('cast = {NORA = {wage = "much"}}', "cast.NORA.wage: 'much'"),
        ("cast = {NORA = 3}", "must be a table"),
        ("cast = {NORA = {wages = 3}}", "Did you mean 'wage'"),
        ("element = {parrot = {day_cost = 1.5}}", "1.5 is no whole number"),
        ('order = [{before = "1"}]', "order needs 'after'"),
        ('order = [{before = "1", after = "2", gap = -1}]', "order.gap: -1"),
        ('order = [{before = "1", after = "99"}]', "'99' is not known"),
        ('fixed = [{dates = "2027-03-01"}]', "fixed needs 'scene'"),
        ('scenes = {"1" = {minutes = 0}}', "0 is no whole number from 1"),
        ('scenes = {"1" = {band = "X"}}', "band is D, S or N"),
        ("rules = {move_cost = 1.5}", "1.5 is no whole number"),
        ("rules = {move_costs = 1}", "Did you mean 'move_cost'"),
        ('availability = "no.csv"', "no.csv can not be read"),
    ],
)
def test_what_is_wrong_is_named(toml: str, said: str) -> None:
    with pytest.raises(SettingsError) as error:
        read(f"[schedule]\n{toml}\n")
    assert said in f"{error.value.sentence} {error.value.hint}" and error.value.hint


def test_locks_of_scenes_that_are_gone_bind_nothing() -> None:
    day = date(2027, 3, 2)
    rules = read("", locks={"12A": (day, None, None), "17": (day, 1, None), "99": (day, None, None)})  # 17 is omitted
    assert [(lock.scene, lock.date, lock.place) for lock in rules.locks] == [(13, day, None)]


CSV = [
    ("kind;name;rule;dates\r\ncast;NORA;OUT;2027-03-03\r\n;;;\r\n", [("cast", "NORA", 1)]),
    ("\ufeffkind,name,rule,dates,why\nCast,NORA,only,2027-03-03..2027-03-05;2027-03-09,agent\n", [("cast", "NORA", 4)]),
]


@pytest.mark.parametrize(("text", "found"), CSV)
def test_a_table_from_a_spreadsheet_is_read(tmp_path: Path, text: str, found: list[tuple[str, str, int]]) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8", newline="")
    windows = list(windows_of(tmp_path / "a.csv"))
    assert [(w.kind, w.subject, len(w.never | (w.only or frozenset()))) for w in windows] == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column 'kind'"),
        ("kind,name,dates\n", "no column 'rule'"),
        ("kind,name,rule,dates\nactor,NORA,out,2027-03-03\n", "line 2: kind is one of"),
        ("kind,name,rule,dates\ncast,NORA,away,2027-03-03\n", "rule is out or only"),
        ("kind,name,rule,dates\n\ncast,,out,2027-03-03\n", "line 3: it names nobody"),
        ("kind,name,rule,dates\ncast,NORA,out,\n", "line 2: it gives no date"),
        ("kind,name,rule,dates\ncast,NORA,out,soon\n", "line 2: 'soon' is no date"),
        ("kind,name,rule,dates\ncast,NORA\n", "line 2"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=re.escape(said)):
        list(windows_of(tmp_path / "a.csv"))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"kind\xff\xfe")
    with pytest.raises(SettingsError, match="not in UTF-8"):
        list(windows_of(tmp_path / "a.csv"))


def test_a_name_nobody_has_is_an_error_of_the_problem() -> None:
    from assistant.domain.breakdown import Breakdown

    rules = read('[schedule.cast.MARLOWE]\nout = ["2027-03-01"]\n')
    with pytest.raises(SettingsError, match="MARLOWE"):
        problem_from(parse(FERRY), Breakdown((), ()), rules)


def test_coordinates_stand_in_for_travel_nobody_stated() -> None:
    rules = read(
        '[schedule.coordinates]\n"FERRY" = [63.43, 10.40]\n"holm" = [63.43, 10.60]\n"SKERRY" = [64.0, 10.4]\n'
        '[schedule.travel]\n"HOLM | SKERRY" = 5\n'
    )
    made = problem_from(parse(FERRY), Breakdown((), ()), rules)
    rides = {frozenset(pair): minutes for *pair, minutes in made.travel}
    assert rides == {
        frozenset({"HOLM", "SKERRY"}): 5,  # as it was stated
        frozenset({"FERRY", "HOLM"}): 18,  # 10 km
        frozenset({"FERRY", "SKERRY"}): 110,  # 63 km
    }


@pytest.mark.parametrize("pair", ["[91, 0]", "[0, 181]", "[1]", "[true, 1]", '"63, 10"'])
def test_a_place_that_is_nowhere_is_named(pair: str) -> None:
    with pytest.raises(SettingsError, match="no place on earth"):
        read(f'[schedule.coordinates]\n"HOLM" = {pair}\n')


def test_a_rules_words_and_source_follow_its_number() -> None:
    rules = read("[schedule]\nday_target = '3 4/8'\n[schedule.rules]\nturnaround_hours = 11\nmove_load = 4\n")
    said = {rule.key: (rule.text, rule.source, rule.dated) for rule in rules.pack.rules}
    assert said["turnaround_hours"] == ("11 hours between wrap and the next call", "production.toml", "")
    assert said["day_target"][0] == "a day aims at 3 4/8 pages" and said["move_load"][0].endswith("eats 4/8 of a page")
    assert said["max_locations"][:2] == ("no more than 3 locations a day", "house rule"), "as the pack has it"


def test_days_can_be_filled_by_hours() -> None:
    pack = read('[schedule]\nday_target = "9.5 h"\n').pack
    assert (pack.value("count_minutes"), pack.value("day_target"), pack.value("move_load")) == (1, 570, 100)
    words = {rule.key: rule.text for rule in pack.rules}
    assert words["day_target"] == "a day aims at 9.5 hours"
    assert words["move_load"] == "a company move inside a day eats 100 minutes"
    assert words["overtime_cost"] == "each minute over a day's target" and pack.value("overtime_cost") == 1
    own = read('[schedule]\nday_target = "10 hours"\nrules = { move_load = 45, overtime_cost = 3 }\n').pack
    assert (own.value("move_load"), own.value("overtime_cost"), own.value("day_target")) == (45, 3, 600)
    unit = '[[schedule.units]]\nname = "2nd"\nscenes = ["7"]\nday_target = "{}"\n'
    assert [read(unit.format(length)).units[0].day_target for length in ("5 h", "2 4/8")] == [18, 20]
    hours = problem_from(
        parse(FERRY), Breakdown((), ()), read('[schedule]\nday_target = "10 h"\n' + unit.format("5 h"))
    )
    assert {day.unit: hours.target(day) for day in hours.days} == {"1st": 600, "2nd": 300}
    for wrong in ("30 h", "0 h"):
        with pytest.raises(SettingsError, match="no shooting day"):
            read(f'[schedule]\nday_target = "{wrong}"\n')


@pytest.mark.parametrize("name", ["feature", "television"])
def test_no_number_stands_in_a_packs_words_but_its_own(name: str) -> None:
    for rule in load_pack(name).rules:
        other = re.sub(r"\(\d: .*\)", "", replace(rule, value=2 * rule.value + 1).text)
        assert not set(re.findall(r"\d+", other)) & set(re.findall(r"\d+", rule.text)) - {"8"}, rule.text
