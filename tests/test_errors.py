"""Every error a user meets has a code of its own, a sentence about it, and leaves through the one boundary."""

import pytest
import typer
from typer.testing import CliRunner

from assistant import errors
from assistant.interfaces.cli.boundary import Boundary
from routers import errors as router_errors

KINDS = sorted(
    (kind for kind in errors.AssistantError.__subclasses__() if kind.__module__ == errors.__name__),
    key=lambda kind: kind.exit_code,
)


def test_each_kind_has_its_own_code_and_docstring() -> None:
    codes = [kind.exit_code for kind in KINDS]
    assert codes == [10, 11, 12, 15, 16, 17]
    assert all(kind.__doc__ for kind in KINDS)


@pytest.mark.parametrize("kind", [*KINDS, router_errors.NoEligibleModel])
def test_the_boundary_prints_sentence_and_hint_and_leaves_with_the_code(kind: type[errors.AssistantError]) -> None:
    app = typer.Typer(cls=Boundary)

    @app.command()
    def fail() -> None:
        raise kind("The bridge is closed.", "Take the ferry.")

    @app.command()
    def other() -> None:
        """So that there are subcommands."""

    done = CliRunner().invoke(app, ["fail"])
    assert done.exit_code == kind.exit_code
    assert "error: The bridge is closed." in done.stderr
    assert "hint:  Take the ferry." in done.stderr
    assert done.stdout == ""


def test_our_own_bug_keeps_its_traceback() -> None:
    app = typer.Typer(cls=Boundary)

    @app.command()
    def fail() -> None:
        raise ZeroDivisionError

    @app.command()
    def other() -> None:
        """So that there are subcommands."""

    assert isinstance(CliRunner().invoke(app, ["fail"]).exception, ZeroDivisionError)
