"""The built-in model's figures as the tables of docs/evals.md, so that no number there is typed by hand."""

from collections.abc import Sequence

from assistant.domain.categories import Category
from evals.agreement import all_agreements
from evals.calibration import error, reliability
from evals.core import BUILT_IN, Log, Output, Row, Sample, Score, reduced
from evals.sets import breakdown
from evals.stats import interval
from evals.tasks import TASKS

HEAD = f"""# Evals

Figures of the model that is built in (`{BUILT_IN}`), printed by `python -m evals report --docs`; scripts that are not
part of this project are read from the folder given with `--data`. Intervals are 95 % bootstrap intervals over samples.
`evals/data/README.md` tells how the annotations were made, `docs/decisions/0005-evals-core.md` why we have a core of
our own.
"""

TWO_READERS = """How far a second reading, made blind, agrees with the first, before anything was put right; `python -m
evals agreement` prints these and every difference, each with what was decided and why.
"""
CALIBRATION = """An element of the built-in breakdown is expected to be as often right as its category was in the other
scripts; here is how often it is. Expected calibration error {error:.3f}.
"""


def tables(logs: Sequence[Log]) -> str:
    """Markdown: all tasks, then the breakdown script by script."""
    lines = [HEAD, "| task | what | figure | interval | samples |", "| --- | --- | --- | --- | --- |"]
    for log in logs:
        figure = interval(log)
        about, count = TASKS[log.task].about, len(log.rows)
        lines.append(f"| {log.task} | {about} | {figure.value:.3f} | {figure.low:.3f} – {figure.high:.3f} | {count} |")
    found = next((log for log in logs if log.task == "breakdown"), None)
    if found is not None:
        lines += ["", "## Calibration", "", *_calibration(found)]
    lines += ["", "## Two readers", "", *_two_readers()]
    if found is not None:
        lines += ["", "## Breakdown, script by script", "", *_by_script(found)]
    return "\n".join(lines)


def _calibration(log: Log) -> list[str]:
    bins = reliability(log)
    lines = [CALIBRATION.format(error=error(bins) or 0.0)]
    lines += ["| expected | elements | expected, mean | observed |", "| --- | --- | --- | --- |"]
    return lines + [f"| {b.low:.1f} – {b.high:.1f} | {b.answers} | {b.expected:.3f} | {b.observed:.3f} |" for b in bins]


def _two_readers() -> list[str]:
    lines = [TWO_READERS, "| data | read twice | what | figure | differences |"] + ["| --- " * 5 + "|"]
    for one in all_agreements():
        for name, value in one.figures.items():
            lines.append(f"| {one.task} | {one.read} {one.unit} | {name} | {value:.3f} | {len(one.differences)} |")
    return lines


def _by_script(log: Log) -> list[str]:
    lines = ["| script | scenes | cast F1 | other F1 | all F1 | precision | recall |"] + ["| --- " * 7 + "|"]
    scripts = dict.fromkeys(row.sample.split("/")[0] for row in log.rows)
    for script in scripts:
        rows = [row for row in log.rows if row.sample.split("/")[0] == script]
        cast, rest = (_only(rows, is_cast) for is_cast in (True, False))
        every = [row.score for row in rows]
        sums = {name: sum(score.parts[name] for score in every) for name in ("found", "wanted", "right", "claimed")}
        lines.append(
            f"| {script} | {len(rows)} | {cast:.3f} | {rest:.3f} | {reduced(every, 'f1'):.3f} "
            f"| {sums['right'] / max(1, sums['claimed']):.3f} | {sums['found'] / max(1, sums['wanted']):.3f} |"
        )
    return lines


def _only(rows: Sequence[Row], is_cast: bool) -> float:
    """F1 of cast alone, or of everything else."""
    return reduced([_scored(row, is_cast) for row in rows], "f1")


def _scored(row: Row, is_cast: bool) -> Score:
    def kept(items: Sequence[Sequence[str]]) -> list[Sequence[str]]:
        return [item for item in items if (item[0] == Category.CAST.value) == is_cast]

    target = {side: kept(row.target[side]) for side in ("must", "may")}
    return breakdown.scorer(Sample(row.sample, row.input, target), Output(kept(row.output.answer)))
