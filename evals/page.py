"""Finished runs as one self-contained HTML page: figures, quality against cost, every sample, what differs."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any

from evals.cards import ranked
from evals.core import Log, Row
from evals.plot import scatter
from evals.stats import calibration, difference

STYLE = Path(__file__).parent / "data" / "page.css"
LONGEST = 1500  # letters of an input, a target or an answer that are shown


def html(logs: Sequence[Log], before: Sequence[Log] = ()) -> str:
    """The page. `before` are earlier runs; where one is of the same task and model, samples show what they were."""
    old = {(log.task, log.model): log for log in before}
    tasks: dict[str, list[Log]] = defaultdict(list)
    for log in logs:
        tasks[log.task].append(log)
    parts = [_task(name, found, old) for name, found in tasks.items()]
    links = " ".join(f'<a href="#{escape(name)}">{escape(name)}</a>' for name in tasks)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Evals</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE.read_text(encoding="utf-8")}</style></head>'
        f"<body><header><h1>Evals</h1><nav>{links}</nav></header><main>{''.join(parts)}</main></body></html>\n"
    )


def _task(name: str, logs: Sequence[Log], old: Mapping[tuple[str, str], Log]) -> str:
    rows = ranked(logs)
    table = "".join(_line(row) for row in rows)
    head = "".join(
        f"<th>{title}</th>"
        for title in (
            "model",
            "figure",
            "95 % interval",
            "samples",
            "$ a sample",
            "s a sample",
            "errors",
            "prompt",
            "data",
        )
    )
    samples = "".join(_run(log, old.get((log.task, log.model))) for log in logs)
    return (
        f'<section id="{escape(name)}"><h2>{escape(name)}</h2><div class="top"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{table}</tbody></table>{scatter(rows)}</div>{samples}</section>"
    )


def _line(row: Mapping[str, Any]) -> str:
    cells = (
        f"<td>{escape(row['model'])}</td><td><b>{row['value']:.3f}</b></td>"
        f"<td>{row['low']:.3f} – {row['high']:.3f}</td><td>{row['n']}</td><td>{row['usd_per_sample']:.6f}</td>"
        f"<td>{row['seconds']:.2f}</td><td>{row['errors']}</td><td>{escape(row['prompt']) or '–'}</td>"
        f"<td><code>{escape(row['data'])}</code></td>"
    )
    return f"<tr>{cells}</tr>"


def _run(log: Log, old: Log | None) -> str:
    known = {row.sample: row for row in old.rows} if old else {}
    rows = sorted(log.rows, key=lambda row: row.score.value)
    note = ""
    if old:
        change = difference(log, old)
        note = f" · {change.value:+.4f} [{change.low:+.4f}, {change.high:+.4f}] against the earlier run"
    if (error := calibration(log)) is not None:
        note += f" · calibration error {error:.3f}"
    shown = "".join(_sample(row, known.get(row.sample)) for row in rows)
    return f"<details class='run'><summary>{escape(log.model)}: {len(rows)} samples{note}</summary>{shown}</details>"


def _sample(row: Row, old: Row | None) -> str:
    moved = "" if old is None else f" <em>was {old.score.value:.3f}</em>"
    changed = old is not None and abs(old.score.value - row.score.value) > 1e-9
    why = "".join(f"<li>{escape(text)}</li>" for text in islice(row.score.why, 60))
    body = "".join(
        f"<h4>{title}</h4><pre>{escape(_text(value))}</pre>"
        for title, value in (("input", row.input), ("target", row.target), ("answer", row.output.answer))
    )
    before = f"<h4>answer before</h4><pre>{escape(_text(old.output.answer))}</pre>" if old and changed else ""
    facts = f"${row.output.cost_usd:.6f} · {row.output.latency_s:.2f} s · {row.output.attempts} attempts"
    error = f"<p class='error'>{escape(row.output.error)}</p>" if row.output.error else ""
    width = round(100 * row.score.value)
    return (
        f"<details class='sample{' changed' if changed else ''}'><summary><span class='bar'><i style='width:{width}%'>"
        f"</i></span>{row.score.value:.3f} {escape(row.sample)}{moved}</summary><p>{facts}</p>{error}<ul>{why}</ul>"
        f"{body}{before}</details>"
    )


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
