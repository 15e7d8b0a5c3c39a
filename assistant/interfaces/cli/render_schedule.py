"""What the terminal shows of boards: strips in the trade's colours, the judge's words, the day out of days."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from rich.text import Text

from assistant.domain.schedule import MAIN, Problem, Slot, Strip, Verdict
from assistant.domain.screenplay import pages
from assistant.domain.unit_days import day_title
from assistant.interfaces.cli.render import out, table
from assistant.schedule import check
from assistant.schedule.dood import Chart
from assistant.schedule.explain import Comparison, Why
from assistant.store.schedules import Board

WIDE = 100  # columns from which locations have one of their own; below, only moves to them are marked
NIGHT = frozenset({"NIGHT", "EVENING"})
CODES = {"W": "", "H": "yellow", "D": "red", "P": "green"}


def board(problem: Problem, found: Board) -> None:
    """The strips day by day, with the day breaks a 1st AD expects, then price, bound and broken rules."""
    strips = {strip.scene: strip for strip in problem.strips}
    locked = {lock.scene for lock in problem.locks}
    wide = out().width >= WIDE
    shown = table("Scene", "I/E", "Set", "D/N", "Pages", "Cast", *(("Location",) if wide else ()))
    for number, day in found.schedule.numbered:
        placed = [strips[scene] for scene in day.scenes if scene in strips]
        for before, strip in zip((None, *placed), placed, strict=False):
            move = before is not None and before.location != strip.location
            lock = " 🔒" if strip.scene in locked else ""
            name = Text(f" {strip.label}{lock} ", style=_strip(strip))
            at = Text(f"{'→ ' if move else ''}{strip.set}", style="bold" if move and not wide else "")
            where = Text(f"{'→ ' if move else ''}{strip.location}", style="bold" if move else "")
            cells = (strip.light or "–", pages(strip.eighths), ", ".join(strip.cast) or "–")
            shown.add_row(name, strip.int_ext or "–", strip.set if wide else at, *cells, *((where,) if wide else ()))
        total = pages(sum(strip.eighths for strip in placed))
        words = f"End of {day_title(number, day.unit)} – {day.date:%a, %d %b %Y}"
        shown.add_row("", "", words, "", total, "", *(("",) if wide else ()), style="bold reverse")
    out().print(shown)
    waiting = [strips[scene].label for scene in found.schedule.boneyard if scene in strips]
    if waiting:
        out().print(f"[yellow]In the boneyard:[/] {', '.join(waiting)}  (place them: pa schedule --place-new)")
    _price(problem, found)


def boards(found: Sequence[Board]) -> None:
    """One line a board."""
    shown = table("Board", "Draft", "Days", "Cost", "Why", "Made")
    for item in found:
        made = item.created.replace("T", " ")[:16]
        days = str(len(item.schedule.shooting))
        shown.add_row(str(item.seq), str(item.draft), days, str(item.facts["cost"]), item.why, made)
    out().print(shown)


def verdict(judged: Verdict) -> None:
    """The price by rule, then what is broken (red) or strained (yellow)."""
    shown = table("Rule", "Cost")
    rules = dict.fromkeys(line.rule for line in judged.lines)
    for rule in sorted(rules, key=lambda rule: -judged.of(rule)):
        shown.add_row(rule, str(judged.of(rule)))
    out().print(shown)
    out().print(f"Total {judged.cost}; cast wait {judged.waiting_minutes} minutes on set between scenes")
    for item in judged.violations:
        out().print(f"[{'red' if item.hard else 'yellow'}]{item.where}: {item.words}[/]")
    if not judged.hard:
        out().print("[green]No hard rule is broken.[/]")


def why(scene: str, reason: Why) -> None:
    """What speaks for the day, and the other dates from the cheapest on."""
    console = out()
    whose = "" if reason.unit == MAIN else f" by the {reason.unit} unit"
    console.print(f"Scene {scene} is shot on [bold]{reason.date:%a, %d %b %Y}[/]{whose}:")
    for line in reason.reasons or ("nothing binds it; it costs least here",):
        console.print(f"  · {line}")
    shown = table("Instead on", "Extra cost", "Breaks")
    for other in sorted(reason.alternatives, key=lambda a: (len(a.broken), a.extra))[:12]:
        by = "" if other.unit == MAIN else f" ({other.unit} unit)"
        shown.add_row(f"{other.date:%a, %d %b}{by}", f"{other.extra:+}", "; ".join(other.broken) or "nothing")
    console.print(shown)


def rules(pack: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """The rule pack, dearest rules first."""
    out().print(f"Pack [bold]{pack}[/]; change a number in production.toml under \\[schedule.rules]", markup=True)
    shown = table("Rule", "Value", "", "Costs", "In words", "Source")
    for row in sorted(rows, key=lambda row: -row["costs"]):
        state = "off" if not row["on"] else "hard" if row["hard"] else "soft"
        source = f"{row['source']} {row['dated']}".strip()
        shown.add_row(row["rule"], str(row["value"]), state, str(row["costs"] or "–"), row["words"], source)
    out().print(shown)


def what_if(outcome: Mapping[str, Any]) -> None:
    """One sentence."""
    if "rule" in outcome:
        saved = outcome["saving"]
        words = "no legal board was found without it" if saved is None else f"the board would cost {saved} less"
        out().print(f"Without “{outcome['words']}” {words} (now {outcome['cost_with']}).")
        return
    broken = "; ".join(outcome["broken"]) or "breaks nothing"
    by = "" if outcome["unit"] == MAIN else f" with the {outcome['unit']} unit"
    out().print(f"Scene {outcome['scene']} on {outcome['date']}{by}: {outcome['extra']:+} in cost; {broken}.")


def comparison(first: int, second: int, found: Comparison, labels: Mapping[int, str]) -> None:
    """Figures side by side, the rules whose price differs, then the strips that moved."""
    shown = table("", f"Board {first}", f"Board {second}", "Difference")
    for column in shown.columns[1:]:
        column.justify = "right"
    parts = tuple((f"  {rule}", (one, other)) for rule, one, other in found.lines if one != other)
    rows = (("Cost", found.cost), *parts, ("Shooting days", found.days), ("Cast work days", found.work_days))
    rows += (("Cast hold days", found.hold_days), ("Company moves", found.moves), ("Hard rules broken", found.hard))
    for name, (one, other) in rows:
        shown.add_row(name, str(one), str(other), f"{other - one:+}" if other != one else "")
    out().print(shown)
    out().print(f"{len(found.changed)} strips change their date")
    for scene, before, after in found.changed:
        out().print(f"  {labels.get(scene, scene)}: {_day(before)} → {_day(after)}")


def dood(made: Chart, cast: Collection[str]) -> None:
    """The chart; days off are dotted columns, totals stand at the right and below. Only `cast` show their ids."""
    shown = table(
        "Id", "Name", *(_column(day, made.shoot_days[at]) for at, day in enumerate(made.dates)), "W", "H", "All"
    )
    for row in made.rows:
        cells = [
            Text(cell or ("·" if made.shoot_days[at] is None else ""), style=_code(cell))
            for at, cell in enumerate(row.cells)
        ]
        ident = row.id if row.id in cast else ""
        shown.add_row(ident, row.name, *cells, str(row.work), str(row.hold), str(row.total))
    busy = [str(made.working(at)) if number else "" for at, number in enumerate(made.shoot_days)]
    sums = (sum(row.work for row in made.rows), sum(row.hold for row in made.rows), sum(row.total for row in made.rows))
    shown.add_section()
    shown.add_row("", "Working", *busy, *(str(total) for total in sums))
    out().print(shown)


def _price(problem: Problem, found: Board) -> None:
    judged = check(problem, found.schedule)
    facts, console = found.facts, out()
    gap = f"{(judged.cost - facts['lower_bound']) / judged.cost:.0%}" if judged.cost else "0%"
    console.print(
        f"\nBoard {found.seq}: {len(found.schedule.shooting)} shooting days, cost {judged.cost}; "
        f"no legal board costs less than {facts['lower_bound']} (gap {gap}: {facts['bound_how']})"
    )
    for item in judged.hard:
        console.print(f"[red]broken:[/] {item.where}: {item.words}")
    if facts.get("moved"):
        console.print(f"{len(facts['moved'])} strips changed their date; at least {facts['moves_bound']} had to")
    soft = [item for item in judged.violations if not item.hard]
    for item in soft[:8]:
        console.print(f"[yellow]watch:[/] {item.where}: {item.words}")
    if len(soft) > 8:
        console.print(f"[yellow]… and {len(soft) - 8} more: pa schedule check[/]")


def _strip(strip: Strip) -> str:
    night = strip.time_of_day in NIGHT
    if strip.exterior:
        return "black on green3" if night else "black on yellow3"
    return "white on blue3" if night else "black on white"


def _column(day: date, number: str | None) -> str:
    return f"{day:%a}\n{day:%d}\n{number or ''}"


def _code(cell: str) -> str:
    return next((style for mark, style in CODES.items() if mark in cell and style), "")


def _day(slot: Slot | None) -> str:
    if slot is None:
        return "boneyard"
    return f"{slot[0]:%a %d %b}" + ("" if slot[1] == MAIN else f" ({slot[1]} unit)")
