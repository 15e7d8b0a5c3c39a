"""`python -m evals list` and `python -m evals run TASK --data DIR [--out FILE]`."""

import argparse
import sys
from pathlib import Path

from evals import ask, routing

TASKS = {
    "answers": (ask.answers, ask.show, "the built-in model's answers to questions about scripts"),
    "retrieval": (ask.retrieval, ask.show, "finding the scene that answers a question"),
    "routing": (routing.run, routing.show, "choosing a model per task, on tables of scores and costs"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="evals", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="the evals there are")
    runner = commands.add_parser("run", help="run one of them")
    runner.add_argument("task", choices=sorted(TASKS))
    runner.add_argument("--data", type=Path, required=True, help="folder with its tables")
    runner.add_argument("--out", type=Path, help="write the figures here as JSON")
    args = parser.parse_args(arguments)
    if args.command == "list":
        for name, (_, _, what) in sorted(TASKS.items()):
            print(f"{name:12} {what}")
        return 0
    run, show, _ = TASKS[args.task]
    try:
        print(show(run(args.data, args.out)))
    except (FileNotFoundError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 10
    return 0


if __name__ == "__main__":
    sys.exit(main())
