"""The package shows its face, loads lightly, and its documented example does what the text says."""

import re
import subprocess
import sys

import pytest

import routers
from routers import errors
from routers.policy import DATA_RULES, FLOORS, RULES
from tests.conftest import ROOT

GUIDE = (ROOT / "docs" / "routers.md").read_text(encoding="utf-8")


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_example_of_the_guide_runs() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", GUIDE, re.S)
    assert len([line for line in example.splitlines() if line.strip()]) <= 24
    assert python(example).splitlines() == [
        "4 large ['rejected', 'ok'] 0.000030000",
        "cheapest of 2 that clear 0.65 for sum at standard (lower bound 0.74, at most $0.000000)",
    ]


def test_the_guide_names_every_rule_floor_and_class() -> None:
    assert all(f"`{name}`" in GUIDE for name, _, _ in RULES)
    assert all(f"{precision} {floor:.2f}" in " ".join(GUIDE.split()) for precision, floor in FLOORS.items())
    assert all(f"| `{name}` |" in GUIDE for name in DATA_RULES)


def test_all_is_sorted_complete_and_there() -> None:
    assert routers.__all__ == sorted(routers.__all__)
    assert all(getattr(routers, name).__name__ == name or name == "Verify" for name in routers.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = routers.Nothing


def test_deciding_loads_no_vendor() -> None:
    told = python(
        "import sys\nfrom routers import load_registry, Router, Need, Ledger\nload_registry()\n"
        "print(sorted({'litellm', 'boto3', 'botocore', 'openai'} & set(sys.modules)))"
    )
    assert told.strip() == "[]"


def test_importing_the_package_or_its_errors_loads_no_database() -> None:
    assert python("import sys\nimport routers.errors\nprint('sqlalchemy' in sys.modules)").strip() == "False"


def test_each_error_says_when_and_has_a_code() -> None:
    kinds = errors.RouterError.__subclasses__()
    assert all(kind.__doc__ and kind.__name__ in (errors.__doc__ or "") for kind in kinds)
    assert {kind.exit_code for kind in kinds} == {1, 12, 13, 14, 15, 17}
