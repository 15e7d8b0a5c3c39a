"""What the terminal shows of models, choices and money."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from assistant.interfaces.cli.render import out, table

Rows = Sequence[Mapping[str, Any]]


def plan(found: Mapping[str, Any]) -> None:
    """The need, the choice and its reason, then every candidate with the rules that exclude it."""
    need, console = found["need"], out()
    console.print(
        f"[bold]{need['task']}[/] at {need['precision']}, {need['data_class']} material, "
        f"about {need['tokens_in']} tokens in, up to {need['tokens_out']} out"
    )
    console.print(f"→ [bold green]{found['chosen'] or 'nobody'}[/]  {found['why']}\n")
    shown = table("Model", "Region", "Score", "At least", "Worst case", "May it?")
    for item in sorted(found["candidates"], key=lambda item: (not item["eligible"], item["cost_usd"] or 0.0)):
        cost = "unknown" if item["cost_usd"] is None else f"${item['cost_usd']:.5f}"
        verdict = Text("yes", style="green") if item["eligible"] else Text("; ".join(item["rules"]), style="dim")
        name = Text(item["model"], style="bold" if item["model"] == found["chosen"] else "")
        shown.add_row(name, item["region"], f"{item['score']:.2f}", f"{item['lower_bound']:.2f}", cost, verdict)
    console.print(shown)
    console.print(
        f"[dim]Floor at {need['precision']}: {found['floor']:.2f}; the cheapest whose lower bound clears it.[/]"
    )


def ranking(task: str, rows: Rows) -> None:
    """Models by what they have shown at a task; a prior alone has no trials."""
    shown = table("", "Model", "Score", "At least", "Trials", "$ a trial", "s a trial", "May it?")
    for row in rows:
        trials = f"{row['trials']:.0f}" + (" stale" if row["stale"] else "")
        took = ["–" if row[name] is None else f"{row[name]:.{digits}f}" for name, digits in _TOOK]
        may = "yes" if row["eligible"] else row["rules"][0]
        mark = "*" if row["chosen"] else ""
        shown.add_row(mark, row["model"], f"{row['score']:.2f}", f"{row['lower_bound']:.2f}", trials, *took, may)
    out().print(shown)
    data = rows[0]["data"] if rows else ""
    asked = {row["prompt"] for row in rows if not row["prompt"].startswith("rules")}
    told = f"prompt version {', '.join(sorted(asked)) or '–'}, data {data or '–'}"
    own = {row["prompt"] for row in rows if row["prompt"].startswith("rules")}
    out().print(f"[dim]{task}: {', '.join([told, *sorted(own)])}; stale = older.[/]")


_TOOK = (("measured_usd", 6), ("measured_seconds", 2))


def models(rows: Rows) -> None:
    """One line a model."""
    shown = table("Model", "Provider", "Makes", "Called in", "In $/M", "Out $/M", "Window", "Trains", "Keeps")
    for row in rows:
        price, terms = row["usd_per_million"] or {}, row["terms"]
        keeps = terms["retention_days"]
        shown.add_row(
            row["id"],
            row["provider"],
            "vectors" if "embedding" in row["abilities"] else "answers",
            ", ".join(row["regions"]),
            _money(price.get("input")),
            _money(price.get("output")),
            str(row["window"] or "?"),
            {True: "yes", False: "no", None: "unknown"}[terms["trains"]],
            "unknown" if keeps is None else f"{keeps} d",
        )
    out().print(shown)


def facts(row: Mapping[str, Any]) -> None:
    """One model's facts, a line each."""
    shown = table("", "")
    for key, value in row.items():
        shown.add_row(key.replace("_", " "), str(value) if value not in (None, "") else "–")
    out().print(shown)


def eligibility(rows: Rows) -> None:
    """Who may, and the first rule that stops the others."""
    shown = table("Model", "Region", "Makes", "", "Rules")
    for row in rows:
        mark = Text("✓", style="green") if row["eligible"] else Text("✗", style="red")
        shown.add_row(row["model"], row["region"], row["makes"], mark, "; ".join(row["rules"]) or "–")
    out().print(shown)


def costs(rows: Rows, caps: Rows) -> None:
    """Spending by task and model, then the caps."""
    shown = table("Task", "Model", "Calls", "Tokens in", "Tokens out", "Spent")
    for row in rows:
        cells = (row["attempts"], row["tokens_in"], row["tokens_out"])
        shown.add_row(row["task"], row["model"], *(f"{cell:,}" for cell in cells), f"${row['usd']:.4f}")
    out().print(shown)
    out().print(f"Total ${sum(row['usd'] for row in rows):.4f}")
    for cap in caps:
        limit = "no cap" if cap["limit_usd"] is None else f"of ${cap['limit_usd']:.2f}"
        out().print(f"  {cap['scope']}: ${cap['spent_usd']:.4f} spent {limit}, ${cap['reserved_usd']:.4f} reserved")


def trace(rows: Rows) -> None:
    """One attempt after the other."""
    shown = table("Attempt", "Model", "Region", "Outcome", "Tokens", "Cost", "Seconds", "Why")
    for row in rows:
        tokens = f"{row['tokens_in']}+{row['tokens_out']}"
        cost = f"${row['settled'] / 1e9:.6f}"
        why = row["detail"] or row["reason"]
        cells = (row["id"], row["model"], row["region"], row["outcome"], tokens, cost, f"{row['latency_s']:.2f}", why)
        shown.add_row(*cells)
    out().print(shown)


def egress(rows: Rows) -> None:
    """What went where."""
    if not rows:
        out().print("Nothing has left this machine.")
        return
    shown = table("When", "Task", "Kind", "Characters", "To", "Region", "Under")
    for row in rows:
        when = str(row["started"])[:16].replace("T", " ")
        to = f"{row['model']} ({row['provider']})"
        size = f"{row['egress_chars']:,}"
        shown.add_row(when, row["task"], row["egress_kind"], size, to, row["region"], row["egress_rule"])
    out().print(shown)


def _money(value: float | None) -> str:
    return "unknown" if value is None else f"{value:g}"
