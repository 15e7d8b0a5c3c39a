"""The code keeps its shape: short modules that say why they exist, and a start that loads nothing heavy."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGES = ("assistant", "routers", "prompts", "evals")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
HEAVY = {"litellm", "langgraph", "chromadb", "ortools", "boto3", "numba", "wordllama", "openpyxl", "pypdfium2", "typst"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_module_is_short_and_says_why_it_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "open with one sentence saying what this is for"
    assert len(text.splitlines()) <= (40 if path.name == "__init__.py" else 400)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, node.name


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_public_names_have_a_docstring(path: Path) -> None:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} needs a sentence"


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, json\nfrom assistant.interfaces.cli.main import cli\n"
        "try:\n    cli(['--help'])\nexcept SystemExit:\n    pass\n"
        "sys.stderr.write(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "breakdown" in done.stdout
    assert not HEAVY & set(json.loads(done.stderr))


def test_no_model_is_named_outside_the_registry() -> None:
    names = ("claude", "nova-", "gpt-", "gemini", "mistral-", "command-r")
    for path in [*SOURCES, *(ROOT / "prompts").rglob("*.md")]:
        text = path.read_text(encoding="utf-8").casefold()
        if path.relative_to(ROOT).parts[0] in {"assistant", "prompts"}:
            assert not [name for name in names if name in text], path


def test_locks_carry_no_index_address() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert "http:" not in text and "https:" not in text and "--index" not in text
        assert all("--hash=sha256:" in block for block in text.split("\n\n") if "==" in block.split("\n")[0])
