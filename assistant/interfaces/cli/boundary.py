"""The one place where an error becomes a sentence, a hint and an exit code."""

from typing import Any

import typer
from typer.core import TyperGroup

INTERRUPTED = 130


class Boundary(TyperGroup):
    """A command group that prints what a user can act on and lets our own bugs through with their traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; known errors leave with their documented code."""
        from assistant.errors import AssistantError
        from routers.errors import RouterError

        try:
            return super().invoke(ctx)
        except (AssistantError, RouterError) as error:
            complain(error.sentence, error.hint)
            raise typer.Exit(error.exit_code) from None
        except OSError as error:
            if error.errno is None:
                raise
            complain(
                f"The system refused: {error.strerror}.", "Free some space or choose another folder, then run again."
            )
            raise typer.Exit(12) from None
        except KeyboardInterrupt:
            complain("Stopped.", "What was finished is kept; the same command goes on from there.")
            raise typer.Exit(INTERRUPTED) from None


def complain(sentence: str, hint: str) -> None:
    """One sentence and a hint on stderr."""
    typer.secho(f"error: {sentence}", fg=typer.colors.RED, err=True)
    if hint:
        typer.secho(f"hint:  {hint}", err=True)
