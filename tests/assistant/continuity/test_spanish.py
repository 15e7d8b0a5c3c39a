"""Spanish action lines: what the rules see of planted conflicts, of scripts without any, and the states they note."""

from pathlib import Path

import pytest

from assistant.app import App
from assistant.continuity import read_continuity
from assistant.domain.continuity import Continuity
from assistant.screenplay import characters, parse
from evals.continuity import hits
from evals.continuity_wordings import SPANISH, SPANISH_2, free_wordings
from tests.conftest import ROOT

TRAM = ROOT / "examples" / "el-ultimo-tranvia" / "el-ultimo-tranvia.fountain"
BAKERY = ROOT / "evals" / "data" / "la_panaderia.fountain"


def read(path: Path) -> Continuity:
    script = parse(path)
    return read_continuity(script, characters(script))


def written(folder: Path, *scenes: str) -> Continuity:
    """Continuity of a script of these scenes, in one kitchen by day, with Marta in it."""
    path = folder / "guion.fountain"
    heads = [
        f"INT. COCINA - DÍA\n\n{scene}\n\nMARTA\nNo me esperes, que la cena ya está en la mesa.\n" for scene in scenes
    ]
    path.write_text("\n".join(["INT. COCINA - DÍA\n\nMARTA (40) friega los platos.\n", *heads]), encoding="utf-8")
    return read(path)


@pytest.mark.parametrize(("file", "least"), [(SPANISH, 0.70), (SPANISH_2, 0.70)])
def test_rules_see_what_is_planted(file: Path, least: float) -> None:
    script = parse(TRAM)
    found = [
        any(hits(one, item) for item in read_continuity(one.script, characters(one.script)).conflicts)
        for one in free_wordings(script, file)
    ]
    assert len(found) >= 25 and sum(found) >= least * len(found)


@pytest.mark.parametrize("path", [TRAM, BAKERY], ids=lambda path: path.stem)
def test_no_alarm_where_nothing_is_wrong(path: Path) -> None:
    assert read(path).conflicts == ()


def test_states_of_the_example() -> None:
    told = {(state.scene, state.subject, state.kind, state.value) for state in read(TRAM).states}
    assert {
        (1, "CARMEN", "wardrobe", "coat: abrigo verde"),
        (2, "NIÑO", "wound", "rodilla derecha: venda"),
        (4, "JULIÁN", "wound", "ceja izquierda: sangra"),
        (6, "JULIÁN", "wound", "ceja izquierda: tirita"),
        (6, "CARMEN", "prop", "carta abierta: in hand"),
        (2, "JULIÁN", "age", "24"),
    } <= told


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Marta tira la gorra al aire.", "Marta coge la gorra."),  # what goes up comes down
        ("Marta no rompe el plato azul.", "Marta coge el plato azul."),
        ("Marta rompe el plato azul.", "Marta recoge un plato azul nuevo y coge el plato azul."),
        ("Marta rompe el plato azul.", "Marta arregla el plato azul. Luego coge el plato azul."),
        ("A Marta le sangra la mano izquierda.", "Marta se mira la mano izquierda vendada."),
        ("Marta lleva un abrigo rojo. Se quita el abrigo rojo.", "Marta lleva un abrigo verde."),
    ],
)
def test_what_is_explained_is_no_conflict(tmp_path: Path, first: str, second: str) -> None:
    assert written(tmp_path, first, second).conflicts == ()


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("Marta rompe el plato azul.", "Marta coge el plato azul.", "prop"),
        ("A Marta le sangra la mano izquierda.", "Marta se mira la mano derecha vendada.", "wound"),
        ("Marta muere.", "Marta abre la ventana.", "death"),
    ],
)
def test_what_can_not_be_is_one(tmp_path: Path, first: str, second: str, kind: str) -> None:
    assert [item.kind for item in written(tmp_path, first, second).conflicts] == [kind]


def test_a_language_without_rules_is_said_to_have_none(tmp_path: Path) -> None:
    path = tmp_path / "scenario.fountain"
    lines = "JEANNE (30) entre dans la cuisine et pose la lettre.\n\nJEANNE\nIl est parti, et je ne sais pas où."
    path.write_text(f"INT. CUISINE - JOUR\n\n{lines}\n\nINT. CUISINE - NUIT\n\n{lines}\n", encoding="utf-8")
    app = App.init(tmp_path / "p", "Lettre")
    app.store.add_draft(parse(path), path.name)
    found = app.supervisor().run(1)
    assert [day.label for day in found.days] == ["D1", "N1"]
    assert len(found.notes) == 1 and "do not read French" in found.notes[0]
