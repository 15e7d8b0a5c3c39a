"""Boards told in sentences: facts are the tables', and prose with a number, date or name of its own is cut."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.schedule import DayPlan, Schedule
from assistant.schedule.check import check
from assistant.schedule.explain import why
from assistant.schedule.told import Prose, Sentence, of_board, of_day, of_scene, plain, sift
from tests.assistant.schedule.making import problem, schedule, strip

FACTS = (
    "Scene 12 (EXT FERRY - CAR DECK NIGHT, 1 4/8 pages) is shot on day 2, Tuesday, 2 March 2027.",
    "Performers IDA and TOMÁS work that day anyway.",
    "The cheapest other date that breaks nothing is Thursday, 4 March 2027: it costs 1,250 more.",
)
NAMES = {"IDA", "TOMÁS", "NORA", "FERRY", "FERRY - CAR DECK", "HOLM"}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("Scene 12 is up on day 2, Tuesday, 2 March.", [1]),
        ("Scene 12 is on day two, at night on the car deck.", [1]),
        ("Ida and Tomás work that day anyway.", [2]),
        ("Thursday would cost 1250 more.", [3]),
        ("Ida and Tomás are in on Tuesday anyway, with scene 12.", [1, 2]),
        ("It runs 1 4/8 pages.", [1]),
        ("One could say it may stay there.", [1]),
    ],
)
def test_what_the_facts_hold_stands(text: str, facts: list[int]) -> None:
    found = sift(Prose(sentences=[Sentence(text=text, facts=facts)]), FACTS, NAMES)
    assert found.sentences == (text,) and found.problems == ()


@pytest.mark.parametrize(
    ("text", "facts", "why"),
    [
        ("Scene 13 is shot on day 2.", [1], "number 13"),
        ("Scene 12 is shot on day three.", [1], "number 3"),
        ("Scene 12 is shot on the third day.", [1], "number 3"),
        ("It would cost 1,251 more on Thursday.", [3], "number 1251"),
        ("It runs 1 5/8 pages.", [1], "number 5/8"),
        ("It is shot on Wednesday.", [1], "date wed"),
        ("It is shot on 2 April.", [1], "date apr"),
        ("It is shot on Thursday.", [1], "date thu"),  # true of another fact, not of the one named
        ("Nora works that day anyway.", [2], "NORA"),
        ("They go to Holm with Ida.", [2], "HOLM"),
        ("Ida works with Marlowe.", [2], "Marlowe"),
        ("Ida works that day anyway.", [], "names no fact"),
        ("Ida works that day anyway.", [9], "names no fact"),
        ("Ida works.\x1b[31m", [2], "no sentence"),
        ("Ida works " + "and works " * 60, [2], "no sentence"),
        ("That saves a dozen days.", [1], "number dozen"),
    ],
)
def test_what_they_do_not_hold_is_cut_with_the_reason(text: str, facts: list[int], why: str) -> None:
    found = sift(Prose(sentences=[Sentence(text=text, facts=facts)]), FACTS, NAMES)
    assert found.sentences == () and why in found.cut[0] and found.problems


def test_prose_is_turned_down_only_where_most_of_it_is_not_so() -> None:
    true, false = Sentence(text="Ida works.", facts=[2]), Sentence(text="Nora works.", facts=[2])
    assert sift(Prose(sentences=[true, false]), FACTS, NAMES).problems == ()
    assert len(sift(Prose(sentences=[true, false, false]), FACTS, NAMES).problems) == 2
    assert sift(Prose(sentences=[]), FACTS, NAMES).problems == ("no sentence stands",)


@given(st.lists(st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=60), max_size=5))
@settings(max_examples=150, deadline=None)
def test_facts_are_always_true_of_themselves(facts: list[str]) -> None:
    cut = sift(plain(facts), facts, NAMES).cut
    assert all("no sentence" in why for why in cut)


def test_a_strip_a_day_and_a_board_are_told() -> None:
    made = problem(
        strip(1), strip(2, cast="1 2"), strip(3, location="BAR", cast="2"), strip(4, location="BAR", cast="1")
    )
    board = schedule(made, (1, 2), (3, 4))
    verdict = check(made, board)
    told = of_scene(made, board, why(made, board, 2), ["“keep 2 early” (R1)"])
    assert told[0] == "Scene 2 (INT HOUSE - ROOM, 1 pages) is shot on day 1, Monday, 1 March 2027."
    assert "House is open" not in told[1] and "HOUSE is open that day for scene 1." in told
    assert "Said: “keep 2 early” (R1)." in told
    day = of_day(made, board, 2, board.days[1], verdict)
    assert day[0] == "Day 2 is Tuesday, 2 March 2027: 2 strips, 2 pages; it aims at 2."
    assert "The company is at BAR; company moves: 0." in day and "ROLE 1 and ROLE 2 work." in day
    whole = of_board(made, board, verdict, 7, [])
    assert whole[0] == "2 shooting days, from Monday, 1 March 2027 to Tuesday, 2 March 2027."
    assert f"It costs {verdict.cost}; no legal board costs less than 7." in whole and "No hard rule is broken." in whole


def test_an_empty_board_and_a_boneyard_are_told() -> None:
    made = problem(strip(1), strip(2))
    empty = Schedule((), (1, 2))
    told = of_board(made, empty, check(made, empty), 0, [])
    assert "In the boneyard: scene 1 and scene 2." in told
    assert "0 of it" not in " ".join(told)
    away = Schedule((DayPlan(date(2030, 1, 1), (1,)),), (2,))
    told = of_day(made, away, 1, away.days[0], check(made, away))
    assert "Day 1 is Tuesday, 1 January 2030: 1 strips, 1 pages." in told


def test_a_name_in_letters_of_other_tongues_and_its_possessive_stand() -> None:
    facts = ["Scene 4 has İda's coat in the hold, and Ida's dog."]
    assert sift(plain(facts), facts, ("Ida",)).cut == ()
