"""Every figure in the documentation is what a command prints."""

import re
from pathlib import Path

import pytest

from evals import gate
from evals.__main__ import main
from evals.tasks import TASKS, fits
from routers.policy import FLOORS
from tests.conftest import ROOT

MEASURED = re.compile(r"\d(?:\.\d+)? ?%|(?<![\w.])0?\.\d{2,}")
COMMAND = re.compile(r"python -m (?:evals|benchmarks)")
MADE = {"evals.md", "cli.md"}  # printed whole by a command, and compared with it
PAGES = [path for path in sorted((ROOT / "docs").glob("*.md")) if path.name not in MADE]


def test_the_page_of_figures_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--docs"]) == 0
    assert capsys.readouterr().out == (ROOT / "docs" / "evals.md").read_text(encoding="utf-8")


def test_every_task_of_the_built_in_model_has_a_baseline() -> None:
    kept = {path.stem for path in gate.BASELINES.glob("*.json")}
    assert kept == {name for name, task in TASKS.items() if fits(task, "builtin/rules")}


def test_the_readme_states_no_figure_of_its_own() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert not MEASURED.findall(text)
    assert "docs/evals.md" in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_with_figures_names_the_command_that_prints_them(page: Path) -> None:
    for paragraph in re.split(r"\n(?=#)", page.read_text(encoding="utf-8")):
        prose = re.sub(r"```.*?```", "", paragraph, flags=re.DOTALL)
        figures = set(MEASURED.findall(prose)) - set(_fixed(page.name))
        assert not figures or COMMAND.search(page.read_text(encoding="utf-8")), (page.name, sorted(figures))


def _fixed(name: str) -> list[str]:
    """What is set, not measured: the router's floors and the level of its bound."""
    floors = [f"{floor:.2f}" for floor in FLOORS.values()]
    return [*floors, "0 %"] if name == "routers.md" else []


def test_the_floors_the_guide_states_are_the_routers() -> None:
    text = " ".join((ROOT / "docs" / "routers.md").read_text(encoding="utf-8").split())
    assert "draft {draft:.2f}, standard {standard:.2f}, final {final:.2f}".format(**FLOORS) in text
