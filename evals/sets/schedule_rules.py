"""Does a model read the rules that notes on a shoot hold, and say which sentences hold none?"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from assistant.app import App
from assistant.domain.quotes import fold
from assistant.domain.said import SaidRule, days_between
from assistant.schedule.said import Known, SaidShape, rule_of
from assistant.schedule.said.known import Target
from assistant.workflows.saying import hear
from assistant.workflows.schedule import nameable
from evals import bench
from evals.core import Output, Place, Sample, Score, Solver, Task

DATA = Path(__file__).parents[1] / "data" / "prose_constraints.jsonl"
START = date(2027, 3, 1)
SCRIPTS = {
    "the-ferry": ("examples/the-ferry/the-ferry.fountain", 12, "7"),
    "el-ultimo-tranvia": ("examples/el-ultimo-tranvia/el-ultimo-tranvia.fountain", 8, "2"),
}
BEYOND = timedelta(days=30)


def samples(place: Place) -> list[Sample]:
    """The notes in the data whose script is here."""
    rows = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    return [
        Sample(row["id"], {"script": row["script"], "text": row["text"]}, _target(row))
        for row in rows
        if "id" in row and place.find(SCRIPTS[row["script"]][0])
    ]


def _target(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"rules": row["rules"], "unread": row["unread"]}


@contextmanager
def solver(place: Place, model: str, folder: Path, wanted: Sequence[Sample]) -> Iterator[Solver]:
    """The workflow's own question, over each script broken down by rules, in a production of its own."""
    with ExitStack() as stack:
        made: dict[str, tuple[App, Known]] = {}

        def solve(sample: Sample) -> Output:
            script = sample.input["script"]
            if script not in made:
                app = stack.enter_context(bench.production(place, "schedule_rules", model))
                made[script] = app, known_of(app, place, script)
            return _asked(*made[script], sample)

        yield solve


def known_of(app: App, place: Place, script: str) -> Known:
    """What may be named in a script's notes, with the calendar of the data and a second unit."""
    name, days, scene = SCRIPTS[script]
    file = place.find(name)
    if file is None:
        raise FileNotFoundError(name)
    app.breakdown(file)
    table = {"start": START, "days": days, "units": [{"name": "2nd", "scenes": [scene], "days": 1}]}
    return nameable(replace(app.boards.plan(), table=table), app.store.current_draft().seq)


def _asked(app: App, known: Known, sample: Sample) -> Output:
    run = bench.run_id()
    heard = hear(app.llm, sample.input["text"], known, run)
    if heard.fell_back:  # the model gave none that stands
        return bench.output(app, run, {}, heard.fell_back)
    target = (rule_of(SaidShape.model_validate({"quote": "", **row})) for row in sample.target["rules"])
    answer = {
        "rules": [bound(rule, known) for rule in heard.rules],
        "wanted": [bound(rule, known) for rule in target],
        "unread": [item.quote for item in heard.unread],
    }
    return bench.output(app, run, answer)


def bound(rule: SaidRule, known: Known) -> list[Any]:
    """A rule by what it binds, so that two ways of saying the same are one: scenes, people, closed dates, figures."""
    who = sorted(
        rule.names if rule.subject in ("cast", "company") else known.scenes_of(Target(rule.subject, rule.names))
    )
    kind = "people" if rule.subject == "cast" else rule.subject if rule.subject == "company" else "scenes"
    if rule.kind in ("never", "only", "lock"):
        return ["dates", kind, who, [day.isoformat() for day in _closed(rule, known)]]
    dates = [day.isoformat() for day in rule.dates]
    return [rule.kind, kind, who, dates, list(rule.weekdays), rule.band, sorted(rule.others), rule.number]


def _closed(rule: SaidRule, known: Known) -> list[date]:
    named, week = set(rule.dates), set(rule.weekdays)

    def on(day: date) -> bool:
        if rule.kind != "never" and named and week:
            return day in named and day.weekday() in week
        return day in named or day.weekday() in week

    return [day for day in days_between(known.first, known.last + BEYOND) if on(day) == (rule.kind == "never")]


def scorer(sample: Sample, output: Output) -> Score:
    """F1 over the rules and the sentences said to hold none, each once."""
    if not output.answer:  # none came
        lost = float(len(sample.target["rules"]) + len(sample.target["unread"]))
        return Score(0.0, {"found": 0.0, "wanted": lost, "right": 0.0, "claimed": 0.0})
    told, wanted = (
        _items(output.answer["rules"], output.answer["unread"]),
        _items(output.answer["wanted"], sample.target["unread"]),
    )
    right = float(len(told & wanted))
    parts = {"found": right, "wanted": float(len(wanted)), "right": right, "claimed": float(len(told))}
    why = [f"not read: {item}" for item in wanted - told] + [f"not there: {item}" for item in told - wanted]
    return Score(2 * right / (len(told) + len(wanted)) if told or wanted else 1.0, parts, tuple(sorted(why)))


def _items(rules: Sequence[Any], unread: Sequence[str]) -> set[str]:
    return {json.dumps(rule) for rule in rules} | {f"no rule: {fold(text).strip(' .!-')}" for text in unread}


TASK = Task(
    "schedule-rules",
    "rules read from notes on a shoot, and sentences that hold none",
    samples,
    solver,
    scorer,
    reducer="f1",
    routed="schedule_rules",
    prompt="schedule/rules",
    tokens=(5000, 400),
)
