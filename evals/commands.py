"""What each command of `python -m evals` does, once its options are read."""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from time import perf_counter
from typing import Any

from assistant.errors import NotFound, Unusable
from evals import agreement as two_readers
from evals import cards, docs, page, private, routing
from evals import gate as gates
from evals.calibration import error, reliability
from evals.core import BUILT_IN, Log, Order, Place, Row, Task
from evals.running import OverBudget, asked, finished, folder_of, log_of, logs
from evals.sets import judging
from evals.stats import difference, interval
from evals.tasks import TASKS, estimate, fits, stale, version_of
from routers.errors import BudgetRefused
from routers.registry import Registry, load_registry

RUNS = Path(".evals")
ROOT = Path(__file__).resolve().parents[1]
TABLES = "routing-tables"  # scored on tables of other people's measurements; no model is asked
OVER_BUDGET = 14


def listing(args: argparse.Namespace) -> int:
    """The tasks and their samples."""
    place = _place(args)
    rows: list[dict[str, Any]] = [
        {"task": t.name, "samples": len(t.samples(place)), "about": t.about} for t in TASKS.values()
    ]
    rows.append({"task": TABLES, "samples": 0, "about": "choosing a model per task, on tables given with --data"})
    if args.json:
        print(json.dumps({"schema": "pa.evals/1", "tasks": rows}, indent=2))
        return 0
    for row in rows:
        print(f"{row['task']:15} {row['samples']:5}  {row['about']}")
    return 0


def run(args: argparse.Namespace) -> int:
    """Run tasks with models, after saying what it may cost."""
    names = [*args.tasks, *args.task] or list(TASKS)
    if names == [TABLES]:
        print(routing.show(routing.run(_data(args), args.out)))
        return 0
    chosen = [_task(name) for name in names]
    models = args.model or [BUILT_IN]
    place = _place(args)
    orders = [_order(args, task, model) for task in chosen for model in models if fits(task, model)]
    if args.judge:
        orders = _with_judge(args, orders)
    _afford(orders, place, _registry(args), args.budget)
    done = _all(orders, place, args)
    if args.save:
        rows = cards.keep(done, args.cards or _card_file(args))
        print(f"{len(rows)} scorecards kept", file=sys.stderr)
    _print_logs(done, args.json)
    return 0 if all(log.rows for log in done) else 11


def _with_judge(args: argparse.Namespace, orders: Sequence[Order]) -> list[Order]:
    """Synopses are judged; before them the judge is put to what people have labelled."""
    put = replace(_order(args, judging.TASK, args.judge), limit=None)
    heard = judging.heard_by(args.judge)
    mine = [_order(args, heard, o.model) if o.task is TASKS["synopsis"] else o for o in orders]
    return [put, *(order for order in mine if order.task is not judging.TASK)]


def report(args: argparse.Namespace) -> int:
    """The page, or the documentation's tables from the baselines."""
    if args.docs:
        print(docs.tables({path.stem: gates.read(path.stem) for path in gates.BASELINES.glob("*.json")}))
        return 0
    found = list(logs(args.runs))
    if not found:
        raise NotFound(f"There is no finished run under {args.runs}.", "Make one: evals run --task breakdown")
    before = list(logs(args.against)) if args.against else []
    args.out.write_text(page.html(found, before), encoding="utf-8")
    print(args.out)
    return 0


def gate(args: argparse.Namespace) -> int:
    """1 when any task became worse, or nothing could be compared."""
    folder = args.baselines or gates.BASELINES
    names = args.tasks or ([name for name in TASKS if (folder / f"{name}.json").is_file()])
    place, verdicts = _place(args), list[gates.Verdict]()
    with tempfile.TemporaryDirectory() as scratch:
        for name in names:
            log = finished(Order(_task(name), BUILT_IN, Path(scratch) / name), place, None, _quiet)
            if args.write:
                print(gates.write(log, folder, keep=args.data is None))
            else:
                verdicts.append(gates.judge(log, folder))
    if args.json:
        facts = [
            {"task": v.task, "ok": v.ok, "change": v.change._asdict(), "compared": v.compared, "why": v.why}
            for v in verdicts
        ]
        print(json.dumps({"schema": "pa.evals.gate/1", "tasks": facts}, indent=2))
    else:
        print("\n".join(map(str, verdicts)))
    seen = args.write or any(verdict.compared for verdict in verdicts)
    return int(not seen or not all(verdict.ok for verdict in verdicts))


def compare(args: argparse.Namespace) -> int:
    """What differs between two runs of a task."""
    old, new = log_of(args.old), log_of(args.new)
    if old.task != new.task:
        raise NotFound(f"{old.task} and {new.task} can not be compared.", "Name two logs of the same task.")
    change = difference(new, old)
    before = {row.sample: row for row in old.rows}
    moved: list[dict[str, Any]] = [
        {"sample": row.sample, "old": before[row.sample].score.value, "new": row.score.value, "why": row.score.why}
        for row in new.rows
        if row.sample in before and abs(row.score.value - before[row.sample].score.value) > 1e-9
    ]
    if args.json:
        print(json.dumps({"schema": "pa.evals.compare/1", "change": change._asdict(), "samples": moved}, indent=2))
        return 0
    print(f"{new.task}: {old.model} {old.value:.4f} → {new.model} {new.value:.4f}")
    print(f"change {change.value:+.4f}, 95 % interval {change.low:+.4f} to {change.high:+.4f}")
    for item in moved:
        print(f"  {item['sample']}: {item['old']:.3f} → {item['new']:.3f}  {'; '.join(item['why'][:3])}")
    return 0


def rank(args: argparse.Namespace) -> int:
    """Models of a task, best first, and the router's choice from these figures alone."""
    found = [log for log in logs(args.runs) if log.task == args.task]
    if not found:
        raise NotFound(f"No finished run of {args.task} is under {args.runs}.", f"Make one: evals run {args.task}")
    rows, registry = cards.ranked(found), _registry(args)
    old = {log.model: stale(log, _place(args)) for log in found}
    for row in rows:
        row["stale"] = old[row["model"]]
    known = Registry({log.model: registry[log.model] for log in found}, registry.groups)
    plan = cards.choice(found, known, args.precision, cards.plain_facts(known))
    chosen = plan.chosen.row.id if plan.chosen else None
    if args.json:
        print(json.dumps({"schema": "pa.evals.rank/1", "models": rows, "chosen": chosen, "why": plan.why}, indent=2))
        return 0
    for row in rows:
        print(
            f"{row['model']:28} {row['value']:.3f} [{row['low']:.3f}, {row['high']:.3f}]  n {row['n']:4}  "
            f"${row['usd_per_sample']:.6f} and {row['seconds']:.2f} s a sample  {row['errors']} errors"
            + (f"  stale: {row['stale']}" if row["stale"] else "")
        )
    print(f"at {args.precision} the router takes {chosen or 'nobody'}: {plan.why}")
    return 0


def agreement(args: argparse.Namespace) -> int:
    """Two readings of the data, side by side; 1 while a difference is undecided."""
    found = two_readers.all_agreements()
    if args.json:
        print(json.dumps({"schema": "pa.evals.agreement/1", "tasks": [asdict(one) for one in found]}, indent=2))
    else:
        print(two_readers.show(found))
    return int(any(not item.decision for one in found for item in one.differences))


def from_review(args: argparse.Namespace) -> int:
    """A production's own set, kept in its data folder, and models run on it under its own data rules."""
    folder = _production(args)
    path, count = private.write(folder)
    print(f"{count} scenes with people's decisions in {path}", file=sys.stderr)
    if not args.model:
        return 0
    if not count:
        raise NotFound("Nobody has decided on an element of this draft yet.", "Accept or reject some first: pa review")
    task, place = private.task(folder), private.place(folder, ROOT)
    orders = [_order(args, task, model, folder / private.RUNS) for model in args.model]
    _afford(orders, place, load_registry(*_layers(args)), args.budget)
    done = _all(orders, place, args)
    if args.save:
        cards.keep(done, _card_file(args))
    _print_logs(done, args.json)
    return 0


def _afford(orders: Sequence[Order], place: Place, registry: Registry, budget: float | None) -> None:
    """Say what it may cost. Raises BudgetRefused when that is more than allowed, or something and nothing was said."""
    total, calls = 0.0, 0
    for order in orders:
        each = estimate(order.task, order.model, asked(order, place), registry)
        total, calls = total + each.usd, calls + each.calls
    if calls:
        print(f"about {calls} calls for ${total:.4f}", file=sys.stderr)
    if total > (budget or 0.0):
        from decimal import Decimal

        allowed = Decimal(str(budget or 0))
        raise BudgetRefused("eval's", allowed, allowed, Decimal(f"{total:.6f}"))


def _all(orders: Sequence[Order], place: Place, args: argparse.Namespace) -> list[Log]:
    done: list[Log] = []
    left = args.budget
    for order in orders:
        try:
            log = finished(order, place, left, _progress(order, place) if sys.stderr.isatty() else _quiet)
        except OverBudget as error:
            print(f"error: {order.task.name} with {order.model}: {error}", file=sys.stderr)
            raise SystemExit(OVER_BUDGET) from None
        left = None if left is None else left - log.cost_usd
        done.append(log)
        if order.task is judging.TASK:
            _trusted(log, args)
    return done


def _trusted(log: Log, args: argparse.Namespace) -> None:
    """Say how far a judge agrees with people. Raises Unusable where it is asked to judge and agrees too little."""
    kappa = judging.agreement(log)
    print(f"judge {log.model}: kappa {kappa:.3f} with people on {len(log.rows)} labelled synopses", file=sys.stderr)
    if getattr(args, "judge", None) and kappa < judging.LEAST:
        raise Unusable(
            f"{log.model} agrees too little with people to judge: kappa {kappa:.2f}, {judging.LEAST} is the least.",
            "Take another model as judge, or go without: the rules alone decide then.",
        )


def _print_logs(done: Sequence[Log], as_json: bool) -> None:
    rows: list[dict[str, Any]] = [{"task": log.task, **cards.ranked([log])[0]} for log in done]
    for row, log in zip(rows, done, strict=True):
        bins = reliability(log)
        row["calibration_error"], row["reliability"] = error(bins), [item._asdict() for item in bins]
    if as_json:
        print(json.dumps({"schema": "pa.evals.run/1", "runs": rows}, indent=2))
        return
    for log in done:
        figure = interval(log)
        print(
            f"{log.task:15} {log.model:28} {figure.value:.4f} [{figure.low:.4f}, {figure.high:.4f}]  "
            f"n {len(log.rows):4}  ${log.cost_usd:.4f}  {_seconds(log):.3f} s a sample"
        )


def _seconds(log: Log) -> float:
    return sum(row.output.latency_s for row in log.rows) / max(1, len(log.rows))


def _progress(order: Order, place: Place) -> Callable[[Row], None]:
    """One line on the terminal that says how far a run is and what it has cost."""
    total = len(asked(order, place))
    begun, done, spent = perf_counter(), 0, 0.0

    def said(row: Row) -> None:
        nonlocal done, spent
        done, spent = done + 1, spent + row.output.cost_usd
        left = (perf_counter() - begun) / done * (total - done)
        line = f"{order.task.name} {order.model} {done}/{total}  ${spent:.4f}  {left:.0f} s left  {row.sample}"
        width = shutil.get_terminal_size().columns - 1
        end = "\n" if done == total else ""
        print(f"\r{line[:width]:{width}}", end=end, file=sys.stderr, flush=True)

    return said


def _quiet(row: Row) -> None:
    """Say nothing."""


def _task(name: str) -> Task:
    if name not in TASKS:
        raise NotFound(f"There is no task {name}.", f"Tasks: {', '.join([*TASKS, TABLES])}.")
    return TASKS[name]


def _order(args: argparse.Namespace, task: Task, model: str, runs: Path | None = None) -> Order:
    limit, seed = getattr(args, "limit", None), getattr(args, "seed", 0)
    folder = folder_of(runs or args.runs, task.name, model, limit, seed)
    return Order(task, model, folder, limit, seed, version_of(task, model))


def _place(args: argparse.Namespace) -> Place:
    return Place(ROOT, args.data, args.models)


def _data(args: argparse.Namespace) -> Path:
    if args.data is None:
        raise NotFound("routing-tables are scored on tables.", "Name their folder with --data.")
    return Path(args.data)


def _layers(args: argparse.Namespace) -> list[Path]:
    from assistant.wiring import user_models

    rows = [user_models()]
    if args.production is not None:
        rows.append(args.production / "models.yaml")
    return [*rows, args.models] if args.models is not None else rows


def _registry(args: argparse.Namespace) -> Registry:
    return load_registry(*_layers(args))


def _production(args: argparse.Namespace) -> Path:
    from assistant.settings import find_production, named_production

    found = args.production or find_production(Path.cwd())
    if found is None:
        raise NotFound("There is no production here.", "Name its folder: --production DIR")
    return named_production(found)


def _card_file(args: argparse.Namespace) -> Path:
    """The user's scorecards, or those of the production that is named."""
    from assistant.wiring import card_files

    user, own = card_files(args.production or Path())
    return user if args.production is None and args.command == "run" else own
