"""Character look sheets: what an artist, an image tool or the make-up truck needs, each trait with its words."""

from typing import Any

from assistant.domain.continuity import LookSheet, State, plain
from assistant.exports.continuity.sheet import ContinuitySheet

_PAPER = {"letter": "us-letter", "a4": "a4"}
_OPEN = "The script does not say."


def looks_data(sheet: ContinuitySheet) -> dict[str, Any]:
    """What the look sheets print; a character of whom nothing is said has none."""
    script = sheet.screenplay
    return {
        "title": script.title,
        "draft": script.draft,
        "paper": _PAPER[script.page_size],
        "language": script.language,
        "people": [_person(sheet, look) for look in _told(sheet)],
    }


def looks_markdown(sheet: ContinuitySheet) -> str:
    """The same as Markdown, to be pasted into any tool."""
    lines = [f"# {sheet.screenplay.title}: look sheets", ""]
    for look in _told(sheet):
        person = _person(sheet, look)
        lines += [f"## {person['name']}", "", f"> {person['prompt']}", ""]
        lines += [f"- {kind}: {what} — “{quote}” ({place})" for kind, what, quote, place in person["lasting"]]
        if person["passing"]:
            lines += ["", "| Day | Scene | What | Words |", "|---|---|---|---|"]
            lines += [
                f"| {day} | {scene} | {_cell(what)} | {_cell(quote)} |" for day, scene, what, quote in person["passing"]
            ]
        if person["open"]:
            lines += ["", f"Open: wardrobe in {', '.join(person['open'])}. {_OPEN}"]
        lines.append("")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _told(sheet: ContinuitySheet) -> list[LookSheet]:
    return [look for look in sheet.looks if look.lasting or look.passing]


def _person(sheet: ContinuitySheet, look: LookSheet) -> dict[str, Any]:
    return {
        "name": look.full_name,
        "prompt": look.prompt,
        "lasting": [[_kind(state), plain(state), _words(state), _place(sheet, state)] for state in look.lasting],
        "passing": [_row(sheet, state) for state in look.passing],
        "open": [f"{sheet.labels[state.scene]} ({sheet.days[state.scene].label})" for state in look.open],
    }


def _row(sheet: ContinuitySheet, state: State) -> list[str]:
    what = plain(state) if state.kind == "wardrobe" else state.value
    change = f"change {state.change}: " if state.change else ""
    return [sheet.days[state.scene].label, sheet.labels[state.scene], f"{change}{what}", _words(state)]


def _kind(state: State) -> str:
    return "hair and make-up" if state.kind == "hair_makeup" else state.kind


def _words(state: State) -> str:
    return state.quote.text if state.quote else ""


def _place(sheet: ContinuitySheet, state: State) -> str:
    line = f", l. {state.quote.line}" if state.quote else ""
    return f"Sc. {sheet.labels[state.scene]}{line}"
