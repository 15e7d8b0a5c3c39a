"""Finished runs as one self-contained HTML page: figures, quality against cost, every sample, what differs."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import ndiff
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any

from evals.calibration import Bin, error, reliability
from evals.cards import ranked
from evals.core import Log, Row
from evals.plot import scatter
from evals.stats import difference

STYLE = Path(__file__).parent / "data" / "page.css"
LONGEST = 4000  # letters of an input, a target or an answer that are shown


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
    best_first = sorted(logs, key=lambda log: [row["model"] for row in rows].index(log.model))
    samples = "".join(_run(log, old.get((log.task, log.model))) for log in best_first)
    plot = scatter(rows) if len(rows) > 1 else ""  # one model has nothing to be weighed against
    return (
        f'<section id="{escape(name)}"><h2>{escape(name)}</h2><div class="top"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{table}</tbody></table>{plot}</div>{samples}</section>"
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
    rows = sorted(log.rows, key=lambda row: (not _moved(row, known.get(row.sample)), row.score.value))
    note = ""
    if old:
        change = difference(log, old)
        moved = sum(_moved(row, known.get(row.sample)) for row in rows)
        note = f" · {change.value:+.4f} [{change.low:+.4f}, {change.high:+.4f}] against the earlier run"
        note += f", samples that differ: {moved}"
    sure = _reliability(reliability(log))
    shown = "".join(_sample(row, known.get(row.sample)) for row in rows)
    head = f"<summary>{escape(log.model)}: {len(rows)} samples{note}</summary>"
    return f"<details class='run'>{head}{sure}{shown}</details>"


def _reliability(bins: Sequence[Bin]) -> str:
    """Expected against observed correctness, a row a bin."""
    off = error(bins)
    if off is None:
        return ""
    rows = "".join(
        f"<tr><td>{item.low:.1f} – {item.high:.1f}</td><td>{item.answers}</td><td>{item.expected:.3f}</td>"
        f"<td>{item.observed:.3f}</td></tr>"
        for item in bins
    )
    head = "<tr><th>expected right</th><th>answers</th><th>expected, mean</th><th>observed</th></tr>"
    return f"<table class='sure'><caption>Calibration error {off:.3f}</caption>{head}{rows}</table>"


def _sample(row: Row, old: Row | None) -> str:
    changed = _moved(row, old)
    moved = f" <em>was {old.score.value:.3f}</em>" if old is not None and changed else ""
    why = "".join(f"<li>{escape(text)}</li>" for text in islice(row.score.why, 60))
    body = "".join(
        f"<h4>{title}</h4><pre>{escape(_text(value))}</pre>"
        for title, value in (("input", row.input), ("target", row.target))
    )
    answer = _differing(old.output.answer, row.output.answer) if old and changed else escape(_text(row.output.answer))
    title = "answer, against the earlier one" if old and changed else "answer"
    facts = f"${row.output.cost_usd:.6f} · {row.output.latency_s:.2f} s · attempts: {row.output.attempts}"
    error = f"<p class='error'>{escape(row.output.error)}</p>" if row.output.error else ""
    width = round(100 * row.score.value)
    return (
        f"<details class='sample{' changed' if changed else ''}'><summary><span class='bar'><i style='width:{width}%'>"
        f"</i></span>{row.score.value:.3f} {escape(row.sample)}{moved}</summary><p>{facts}</p>{error}<ul>{why}</ul>"
        f"{body}<h4>{title}</h4><pre>{answer}</pre></details>"
    )


def _moved(row: Row, old: Row | None) -> bool:
    return old is not None and abs(old.score.value - row.score.value) > 1e-9


def _differing(old: Any, new: Any) -> str:
    """Both answers line by line: what is gone, what is new, what stayed."""
    lines = ndiff(_text(old).splitlines(), _text(new).splitlines())
    kinds = {"-": "del", "+": "ins"}
    return "\n".join(
        f"<{kinds[line[0]]}>{escape(line)}</{kinds[line[0]]}>" if line[0] in kinds else escape(line)
        for line in lines
        if not line.startswith("?")
    )


def _text(value: Any) -> str:
    text = "\n".join(_lines(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def _lines(value: Any) -> Iterator[str]:
    """A value for reading: a line an entry of a mapping or a list, rows of a table with dots between."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            inside = list(_lines(inner))
            yield from [f"{name}: {inside[0]}"] if len(inside) == 1 else [f"{name}:", *(f"  {line}" for line in inside)]
    elif isinstance(value, (list, tuple)):
        for inner in value:
            plain = isinstance(inner, (list, tuple)) and not any(isinstance(x, (list, tuple, Mapping)) for x in inner)
            yield from [" · ".join(str(x) for x in inner if x is not None)] if plain else _lines(inner)
    elif isinstance(value, str):
        yield from value.splitlines() or [""]
    else:
        yield json.dumps(value, ensure_ascii=False, default=str)
