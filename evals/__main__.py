"""`python -m evals list | run | report | gate | compare | rank | agreement | from-review`; each has its --help."""

import argparse
import sys
from pathlib import Path

from assistant.errors import AssistantError
from evals import commands
from evals.commands import RUNS
from routers.errors import RouterError


def main(arguments: list[str] | None = None, prog: str = "evals") -> int:
    """Run what the command line asks for; the exit codes are those of `pa`."""
    args = _parser(prog).parse_args(arguments)
    try:
        return int(args.do(args))
    except (AssistantError, RouterError) as error:
        print(f"error: {error.sentence}\nhint:  {error.hint}", file=sys.stderr)
        return error.exit_code
    except (FileNotFoundError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 10


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=prog, description="Measure models on the assistant's own work.")
    sub = parser.add_subparsers(dest="command", required=True)
    _run(sub.add_parser("run", help="run tasks with models; a run that was stopped goes on"))
    listed = sub.add_parser("list", help="the tasks, and how many samples of each are here")
    listed.set_defaults(do=commands.listing)
    told = sub.add_parser("report", help="finished runs as one HTML page, or as the tables of docs/evals.md")
    told.add_argument("--out", type=Path, default=Path("evals.html"), help="the page")
    told.add_argument("--docs", action="store_true", help="print docs/evals.md from the baselines")
    told.add_argument("--against", type=Path, help="a folder of earlier runs, to show what differs")
    told.set_defaults(do=commands.report)
    gate = sub.add_parser("gate", help="fails when the built-in model became worse than its baseline")
    gate.add_argument("tasks", nargs="*", metavar="TASK", help="default: all that have a baseline")
    gate.add_argument("--baselines", type=Path, help="default: those of the project")
    gate.add_argument("--write", action="store_true", help="write the baselines anew instead")
    gate.set_defaults(do=commands.gate)
    pair = sub.add_parser("compare", help="two logs of one task, sample by sample")
    pair.add_argument("old", type=Path)
    pair.add_argument("new", type=Path)
    pair.set_defaults(do=commands.compare)
    rank = sub.add_parser("rank", help="models by what finished runs show, and whom the router would take")
    rank.add_argument("--task", default="breakdown")
    rank.add_argument("--precision", choices=("draft", "standard", "final"), default="standard")
    rank.set_defaults(do=commands.rank)
    alike = sub.add_parser("agreement", help="how far two readers of the data agree, and every point where they do not")
    alike.add_argument("--json", action="store_true", help="print JSON on stdout and nothing else")
    alike.set_defaults(do=commands.agreement)
    mine = sub.add_parser("from-review", help="people's decisions in a production as a private set of its own")
    mine.add_argument("--model", action="append", default=[], help="and run it with these models")
    mine.add_argument("--budget", type=float, help="US dollars that this may cost at most")
    mine.add_argument("--save", action="store_true", help="tell this production's router")
    mine.set_defaults(do=commands.from_review)
    for one in (listed, told, gate, pair, rank, mine):
        _common(one)
    return parser


def _run(runner: argparse.ArgumentParser) -> None:
    runner.add_argument("tasks", nargs="*", metavar="TASK", help="default: all")
    runner.add_argument("--task", action="append", default=[], help="the same, as an option")
    runner.add_argument("--model", action="append", default=[], help="a model of the registry; may be given again")
    runner.add_argument("--limit", type=int, help="so many samples a task, drawn by --seed")
    runner.add_argument("--seed", type=int, default=0)
    runner.add_argument("--budget", type=float, help="US dollars that this may cost at most")
    runner.add_argument("--judge", metavar="MODEL", help="have this model judge synopses; its agreement is told first")
    runner.add_argument("--save", action="store_true", help="tell the router: write scorecards")
    runner.add_argument("--cards", type=Path, help="the scorecards file; default: the user's own")
    runner.add_argument("--out", type=Path, help="write the figures of routing tables here as JSON")
    runner.set_defaults(do=commands.run)
    _common(runner)


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, help="a folder of more scripts (for routing: of its tables)")
    parser.add_argument("--models", type=Path, help="a models.yaml with rows of your own")
    parser.add_argument("--production", type=Path, help="a production's folder, for its rows and its scorecards")
    parser.add_argument("--runs", type=Path, default=RUNS, help=f"where runs are kept; default: {RUNS}")
    parser.add_argument("--json", action="store_true", help="print JSON on stdout and nothing else")


if __name__ == "__main__":
    sys.exit(main())
