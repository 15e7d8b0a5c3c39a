"""Has the built-in model become worse than it was, beyond noise? Exact baselines, compared sample by sample."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from evals.core import Log, Output, Row, Score
from evals.facts import facts_of
from evals.stats import Interval, difference

BASELINES = Path(__file__).parent / "baselines"
ALLOWED = 0.02


@dataclass(frozen=True, slots=True)
class Verdict:
    """One task against its baseline."""

    task: str
    ok: bool
    change: Interval
    compared: int
    why: str

    def __str__(self) -> str:
        sign = "FAIL" if not self.ok else "ok  " if self.compared else "skip"
        change = f"{self.change.value:+.4f} [{self.change.low:+.4f}, {self.change.high:+.4f}]"
        return f"{sign} {self.task:15} {change} on {self.compared} samples  {self.why}"


class Base(NamedTuple):
    """A baseline as it is kept: scores by sample, and what the documentation tells of each."""

    log: Log
    facts: Mapping[str, Mapping[str, Any]]


def read(task: str, folder: Path = BASELINES) -> Base:
    """A task's baseline. Raises FileNotFoundError."""
    base = json.loads((folder / f"{task}.json").read_text(encoding="utf-8"))
    rows = [_row(name, kept) for name, kept in base["rows"].items()]
    log = Log(task, base["model"], base["reducer"], "", "", 0, rows, len(rows))
    return Base(log, {name: kept.get("facts", {}) for name, kept in base["rows"].items()})


def write(log: Log, folder: Path = BASELINES, allowed: float = ALLOWED, keep: bool = False) -> Path:
    """Keep a log as the baseline of its task; with `keep`, an older one's samples that are not in it stay."""
    path = folder / f"{log.task}.json"
    old = json.loads(path.read_text(encoding="utf-8"))["rows"] if keep and path.is_file() else {}
    rows = {**old, **{row.sample: _kept(log.task, row) for row in log.rows}}
    facts = {"task": log.task, "model": log.model, "reducer": log.reducer, "value": round(log.value, 6)}
    folder.mkdir(parents=True, exist_ok=True)
    body = {**facts, "allowed": allowed, "rows": rows}
    path.write_text(_text(body), encoding="utf-8")
    return path


def judge(log: Log, folder: Path = BASELINES) -> Verdict:
    """A drop fails when it is larger than allowed and no chance of the draw, or twice as large in any case.

    Samples whose data changed, and those whose scripts are not here, are left out and counted; where nothing of the
    baseline is here it is skipped, where everything that is here has changed it fails.
    """
    base = json.loads((folder / f"{log.task}.json").read_text(encoding="utf-8"))
    here = {row.sample: row for row in log.rows}
    same = [name for name, old in base["rows"].items() if name in here and old["data"] == _mark(here[name])]
    before = Log(log.task, base["model"], base["reducer"], "", "", 0, [_row(name, base["rows"][name]) for name in same])
    change = difference(log, before)
    fallen, allowed = -change.value, base["allowed"]
    changed = sum(name in here for name in base["rows"]) - len(same)
    absent = len(base["rows"]) - len(same) - changed
    note = _note(changed, absent)
    if not same:
        return Verdict(log.task, not changed, change, 0, note)
    bad = (fallen > allowed and change.high < 0) or fallen > 2 * allowed
    why = f"fell by {fallen:.4f}, {allowed:.2f} are allowed" if bad else note
    return Verdict(log.task, not bad, change, len(same), why)


def _text(body: Mapping[str, Any]) -> str:
    """JSON with a sample a line, so that a change of one is a change of one line."""
    head = json.dumps({**body, "rows": 0}, ensure_ascii=False, indent=1)
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in body["rows"].items())
    return head.removesuffix('"rows": 0\n}') + f'"rows": {{\n{rows}\n }}\n}}\n'


def _note(changed: int, absent: int) -> str:
    said = []
    if changed:
        said.append(f"{changed} samples have changed since; write the baseline anew")
    if absent:
        said.append(f"{absent} skipped: their scripts are not here")
    return "; ".join(said)


def _kept(task: str, row: Row) -> dict[str, Any]:
    kept: dict[str, Any] = {"data": _mark(row), "value": row.score.value}
    if row.score.parts:
        kept["parts"] = dict(row.score.parts)
    if facts := facts_of(task, row):
        kept["facts"] = facts
    return kept


def _row(name: str, old: dict[str, Any]) -> Row:
    return Row(name, Score(old["value"], old.get("parts", {})), Output(None))


def _mark(row: Row) -> str:
    """Names a sample's data, whatever types a file gives back."""
    text = json.dumps([dict(row.input), row.target], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:8]
