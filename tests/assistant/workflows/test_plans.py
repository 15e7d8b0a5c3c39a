"""What the schedule and the continuity tables answer, in English and Spanish, and what is said without them."""

from datetime import date
from pathlib import Path

import pytest

from assistant.app import App
from assistant.domain.schedule import DayPlan, Schedule
from assistant.workflows.talk import Talk
from tests.conftest import ROOT

FERRY = ROOT / "examples" / "the-ferry" / "the-ferry.fountain"
FACTS = {"lower_bound": 0, "bound_how": "none"}


def _board(app: App) -> Schedule:
    """Three days, from Tuesday 1 December 2026; scenes 23 and on are not placed."""
    named = {scene.label: scene.ordinal for scene in app.store.screenplay(1).scenes if not scene.omitted}
    order = list(named.values())
    dates = (date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 4))
    parts = (order[0:5], order[5:10], order[10:16])
    return Schedule(tuple(DayPlan(d, tuple(p)) for d, p in zip(dates, parts, strict=True)), tuple(order[16:]))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> App:
    """The example broken down, without schedule and continuity."""
    made = App.init(tmp_path_factory.mktemp("bare"), "Bare")
    made.breakdown(FERRY)
    return made


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> App:
    """The example with two boards, of which the second counts, and with its continuity."""
    made = App.init(tmp_path_factory.mktemp("planned"), "Planned")
    made.breakdown(FERRY)
    made.boards.kept.keep(1, Schedule(()), FACTS, "first")
    made.boards.kept.keep(1, _board(made), FACTS, "second")
    made.supervisor().run()
    return made


@pytest.fixture
def talk(planned: App) -> Talk:
    """A new conversation."""
    made = planned.talk("ann")
    made.forget()
    return made


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("When do we shoot scene 12?", "Scene 12 is shot on day 3, Friday 4 December 2026."),
        ("What day does scene 2 shoot?", "Scene 2 is shot on day 1"),
        ("When do we shoot scene 30?", "Scene 30 is not on any day"),
        ("What shoots on day 2?", "Day 2, Wednesday 2 December 2026: scenes 6, 7, 8, 9, 10."),
        ("Which scenes shoot on Tuesday?", "Day 1, Tuesday 1 December 2026: scenes 1, 2, 3, 4, 5."),
        ("What are we shooting on 1 December?", "Day 1,"),
        ("What shoots on December 2nd?", "Day 2,"),
        ("What shoots on 2026-12-04?", "Day 3,"),
        ("What shoots on day 99?", "board 2 has 3 shooting days"),
        ("Who works on day 2?", "Day 2, Wednesday 2 December 2026: "),
        ("How many shooting days are there?", "3 shooting days, Tuesday 1 December 2026 to Friday 4 December 2026"),
        ("When does NORA finish?", "NORA starts Tuesday 1 December 2026 and finishes Friday 4 December 2026"),
        ("On which days does Nora work?", "NORA starts Tuesday 1 December 2026"),
        ("¿Qué días trabaja Nora?", "NORA empieza el martes 1 de diciembre"),
        ("On which days is the lantern needed?", "Scene 2 is shot on day 1"),
        ("How many hold days does Peter have?", "working days: 1, on hold: 0"),
        ("¿Cuándo se rueda la escena 12?", "La escena 12 se rueda el día 3, viernes 4 de diciembre de 2026."),
        ("¿Qué se rueda el miércoles?", "Día 2, miércoles 2 de diciembre de 2026: escenas 6, 7, 8, 9, 10."),
        ("¿Qué se rueda el 1 de diciembre?", "Día 1,"),
        ("¿Quién trabaja el día 2?", "Día 2, "),
        ("¿Cuántos días de rodaje hay?", "3 días de rodaje"),
        ("¿Cuándo termina Nora?", "NORA empieza el martes 1 de diciembre"),
    ],
)
def test_the_schedule_answers_with_its_rows(talk: Talk, question: str, words: str) -> None:
    given = talk.ask(question)
    assert words in given.text
    assert {item.file for item in given.citations} == {"schedule board 2"} and given.cut == 0


def test_scenes_may_be_named_by_what_is_in_them(talk: Talk) -> None:
    given = talk.ask("When do we shoot the scenes with the dog?")
    assert "Scene 3 is shot on day 1" in given.text and "Scene 2 " not in given.text


def test_a_question_goes_on_from_day_to_day(talk: Talk) -> None:
    talk.ask("What shoots on day 1?")
    assert "Day 2," in talk.ask("and on day 2?").text


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Which scenes are on script day 2?", "Script day D2: scenes 23, 24, 25, 26, 27."),
        ("Which script day is scene 12?", "Scene 12 is on script day N1."),
        ("What must match between 14 and 15?", "Scenes 14 and 15 are one continuous run"),
        ("What must match between scenes 14 and 15?", "TOMÁS, wardrobe: coat: yellow oilskin"),
        ("Which conflicts are there?", "2 open conflicts."),
        ("Which conflicts does scene 24 have?", "wound is on the left hand"),
        ("¿Qué escenas son del día de guion 2?", "Día de guion D2: escenas 23, 24, 25, 26, 27."),
        ("¿Qué debe coincidir entre las escenas 14 y 15?", "todo debe coincidir"),
        ("¿Qué conflictos hay?", "2 conflictos abiertos."),
        ("Which conflicts are open?", "2 open conflicts."),
        ("Who is wounded in scene 12A?", "TOMÁS, wound: right eye: blood (since scene 12A)."),
        ("Is anyone hurt in scene 2?", "The script does not say it: no wound is known for scene 2."),
        ("What does Nora wear in scene 14?", "coat: red coat (since scene 14)"),
        ("Who has the brass lantern in scene 13?", "NORA, prop: brass lantern: in hand"),
        ("What must match on day 2?", "Scene 6 must match scene 5 (day 1): TOMÁS"),
        ("What must match on Tuesday?", "must match"),
        ("What must match on day 9?", "3 shooting days"),
        ("¿Quién está herido en la escena 12A?", "TOMÁS, wound: right eye: blood (desde la escena 12A)."),
        ("¿Qué lleva puesto Nora en la escena 14?", "coat: red coat"),
        ("¿Quién tiene el brass lantern en la escena 13?", "brass lantern: in hand"),
        ("¿Qué debe coincidir el día 2?", "La escena 6 debe coincidir con la escena 5 (día 1): TOMÁS"),
        ("¿Qué conflictos hay abiertos?", "2 conflictos abiertos."),
    ],
)
def test_continuity_answers_with_its_rows(talk: Talk, question: str, words: str) -> None:
    given = talk.ask(question)
    assert words in given.text
    assert "continuity" in {item.file for item in given.citations} and given.cut == 0


def test_a_list_for_a_shooting_day_quotes_each_state(talk: Talk, planned: App) -> None:
    lines = {line.text for scene in planned.store.screenplay(1).scenes for line in scene.lines}
    quotes = [item for item in talk.ask("What must match on day 3?").citations if item.line]
    assert len(quotes) > 5 and all(any(item.quote in line for line in lines) for item in quotes)


def test_a_conflict_shows_both_quotes(talk: Talk, planned: App) -> None:
    lines = {line.text for scene in planned.store.screenplay(1).scenes for line in scene.lines}
    quotes = [item for item in talk.ask("Which conflicts are there?").citations if item.line]
    assert {item.scene for item in quotes} == {"14", "21", "13", "24"}
    assert all(any(item.quote in line for line in lines) for item in quotes)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("When do we shoot scene 12?", "There is no schedule yet"),
        ("How many shooting days are there?", "There is no schedule yet"),
        ("¿Qué se rueda el martes?", "Todavía no hay plan de rodaje"),
        ("Which conflicts are there?", "Continuity has not been read yet"),
        ("What must match between 14 and 15?", "Continuity has not been read yet"),
        ("What must match on day 3?", "Continuity has not been read yet"),
        ("Who is wounded in scene 12?", "Continuity has not been read yet"),
    ],
)
def test_without_the_tables_it_says_so(bare: App, question: str, words: str) -> None:
    given = bare.talk("ann").ask(question)
    assert given.refused and words in given.why


def test_a_new_draft_takes_the_board_along(planned: App, tmp_path: Path) -> None:
    app = App.init(tmp_path / "moved", "Moved")
    app.breakdown(FERRY)
    app.boards.kept.keep(1, _board(app), FACTS, "drafted")
    changed = tmp_path / "two.fountain"
    changed.write_text(FERRY.read_text(encoding="utf-8").replace("INT. WHEELHOUSE", "INT. BRIDGE", 1), "utf-8")
    app.breakdown(changed)
    assert "Scene 12 is shot on day 3" in app.talk("ann").ask("When do we shoot scene 12?").text


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What does Nora wear in scene 1?", "NORA, wardrobe: coat: red wool coat (since scene 1)."),
        ("¿Qué lleva Nora en la escena 1?", "NORA, wardrobe: coat: red wool coat (desde la escena 1)."),
        ("What is Win wearing in scene 1?", "The script does not say it: no wardrobe is known for scene 1."),
        ("What does Tomás wear?", "TOMÁS, wardrobe: coat: borrowed cardigan (since scene 18)."),
        ("Who knows about the lantern by scene 5?", "Lantern comes up by scene 5 in 2 scenes (2, 5); there are NORA"),
    ],
)
def test_wardrobe_and_knowledge_come_from_continuity(talk: Talk, question: str, words: str) -> None:
    given = talk.ask(question)
    assert words in given.text
    assert given.citations and given.cut == 0
