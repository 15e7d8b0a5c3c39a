"""Continuity in the terminal: the days, the conflicts with both quotes, a scene's facing page, a character's way."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from assistant.domain.continuity import Conflict, Continuity, MatchNote, SetNote
from assistant.domain.screenplay import Scene, Screenplay
from assistant.exports.continuity.matching import match_rows
from assistant.exports.continuity.sheet import COLUMNS, ContinuitySheet, Entry
from assistant.interfaces.cli.render import out, table

_COLOURS = {"high": "bold red", "medium": "yellow", "low": "dim"}


def summary(script: Screenplay, found: Continuity) -> None:
    """How much there is, and the open conflicts."""
    labels = _labels(script)
    waiting = found.open_conflicts
    console = out()
    away = sum(1 for item in found.conflicts if item.dismissed)
    cut = f", {found.rejected} claims cut for want of a quote" if found.rejected else ""
    dismissed = f", {away} dismissed" if away else ""
    console.print(
        f"{len(found.script_days)} script days, {len(found.states)} states, {len(waiting)} open conflicts"
        f"{dismissed}{cut}"
    )
    for note in found.notes:
        console.print(Text(note, style="yellow"))
    for item in waiting:
        console.print(_conflict(item, labels))


def days(script: Screenplay, found: Continuity) -> None:
    """One line a script day, and the reason why it begins."""
    labels = _labels(script)
    shown = table("Day", "Scene", "From", "To", "Why it begins")
    for day in found.script_days:
        scenes = [labels[ordinal] for ordinal in day.scenes]
        count = f"{len(scenes)} scene{'s' if len(scenes) != 1 else ''}"
        shown.add_row(day.label, count, scenes[0], scenes[-1], day.reason)
    out().print(shown)


def conflicts(script: Screenplay, chosen: Sequence[Conflict]) -> None:
    """Each conflict with its two quotes."""
    console, labels = out(), _labels(script)
    if not chosen:
        console.print("No open conflicts.")
    for item in chosen:
        console.print(_conflict(item, labels))
        for quote in item.evidence:
            console.print(Text(f"    Sc. {labels[quote.scene]}, l. {quote.line}: “{quote.text}”", style="italic"))
        if item.dismissed:
            console.print(Text(f"    dismissed: {item.dismissed}", style="dim"))


def scene(sheet: ContinuitySheet, wanted: Scene) -> None:
    """A facing page in text."""
    console = out()
    day = sheet.days.get(wanted.ordinal)
    console.print(Text(f"{wanted.label}  {wanted.heading.text}", style="bold"))
    if day:
        console.print(f"script day {day.label}: {day.reason}")
    for name in sheet.cast(wanted.ordinal):
        change = sheet.change(wanted.ordinal, name)
        console.print(Text(f"\n{name}", style="bold") + Text(f"  change {change}" if change else "", style="dim"))
        for title, kinds in COLUMNS:
            _entries(console, title, sheet.entries(wanted.ordinal, name, kinds), open_too=title == "Wardrobe")
    _entries(console, "Set", sheet.place(wanted))
    for item in sheet.conflicts(wanted.ordinal):
        console.print(_conflict(item, sheet.labels))
    notes(sheet.of_scene(wanted.label), quiet=True)


def character(sheet: ContinuitySheet, name: str) -> None:
    """A character from scene to scene: only what begins or changes."""
    console = out()
    look = next((item for item in sheet.looks if item.name == name), None)
    if look:
        console.print(Text(look.full_name, style="bold"))
        for state in look.lasting:
            if state.quote:
                place = f"Sc. {sheet.labels[state.scene]}, l. {state.quote.line}"
                console.print(f"  {state.kind}: {state.value}  [dim]{place}[/]")
    shown = table("Scene", "Day", "Kind", "What", "Until", "Words")
    for state in sheet.continuity.states:
        if state.subject == name and state.kind not in {"age", "look"}:
            change = f" (change {state.change})" if state.change else ""
            what = (state.value or "the script does not say") + change
            until = sheet.labels.get(state.until or 0, "")
            words = state.quote.text[:70] if state.quote else "–"
            label = sheet.continuity.label(state.scene)
            shown.add_row(sheet.labels[state.scene], label, state.kind, what, until, words)
    console.print(shown)


def match(script: Screenplay, day: str, notes: Sequence[MatchNote]) -> None:
    """The script supervisor's list for a day."""
    console = out()
    if not notes:
        console.print(f"Day {day}: nothing has to match a scene that is shot on another day.")
    for row in match_rows(script, notes):
        head = f"Sc. {row['scene']} must match Sc. {row['other']}, the scene {row['place']} it"
        console.print(Text(head, style="bold") + Text(f"  {row['shot']}, {row['link']}", style="dim"))
        for item in row["items"]:
            since = Text(item["since"], style="dim")
            console.print(Text(f"    {item['who']}  {item['kind']}  {item['what']}  ") + since)


def notes(chosen: Sequence[SetNote], quiet: bool = False) -> None:
    """Notes taken on set."""
    console = out()
    if not chosen:
        if not quiet:
            console.print("No notes from the set yet.")
        return
    shown = table("Scene", "Take", "Note", "Who", "When")
    for note in chosen:
        shown.add_row(note.scene, note.take, note.note, note.who, note.at.replace("T", " ")[:16])
    console.print(shown)


def _entries(console: Console, title: str, entries: Sequence[Entry], open_too: bool = False) -> None:
    if not entries and open_too:
        console.print(Text(f"  {title}: the script does not say", style="dim"))
    for entry in entries:
        since = f"  since {entry.since}" if entry.since else "  here"
        console.print(Text(f"  {title}: {entry.text}") + Text(since, style="dim"))


def _conflict(item: Conflict, labels: dict[int, str]) -> Text:
    scenes = "/".join(dict.fromkeys(labels[ordinal] for ordinal in item.scenes))
    head = Text(f"{item.id}  ") + Text(item.severity, style=_COLOURS[item.severity])
    return head + Text(f"  {item.kind}  Sc. {scenes}  {item.what}")


def _labels(script: Screenplay) -> dict[int, str]:
    return {scene.ordinal: scene.label for scene in script.scenes}
