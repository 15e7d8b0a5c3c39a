"""The windows behind an answer's buttons: quoted lines where they stand, for the one who asked and nobody else."""

from assistant.domain.answers import Citation
from assistant.interfaces.slack.blocks import Block, modal, safe, section, sections
from assistant.interfaces.slack.office import Production
from assistant.store.slack import Note

AROUND = 2  # lines shown before and after a quote


def whole(note: Note) -> Block:
    """The answer with nothing held back."""
    return modal("The answer", sections([f"• {safe(text)}" for text in note.body["claims"]]))


def quoted(production: Production, note: Note, number: int) -> Block:
    """A citation's lines where they stand."""
    rows = note.body["citations"]
    if not 1 <= number <= len(rows):
        return modal("Gone", [section("That quote is not kept any more.")])
    item = Citation(**rows[number - 1])
    lines = _standing(production, item) or [f"> {safe(item.quote)}"]
    return modal(item.place, [section(f"*{safe(item.place)}*"), *sections(lines)])


def listed(note: Note) -> Block:
    """Every quote of an answer, one after the other."""
    items = [Citation(**fields) for fields in note.body["citations"]]
    rows = [f"*[{number}] {safe(item.place)}*\n> {safe(item.quote)}" for number, item in enumerate(items, 1)]
    return modal("All quotes", sections(rows))


def marked(number: int, text: str, here: bool) -> str:
    """A line of the script with its number; the one that is meant stands out."""
    return f"{'> ' if here else ''}{number}  {safe(text)}"


def _standing(production: Production, item: Citation) -> list[str]:
    store = production.app.store
    draft = store.draft_by_sha(item.source)
    if draft is None or not item.line:
        return []
    lines = [line for scene in store.screenplay(draft.seq).scenes for line in scene.lines]
    at = next((n for n, line in enumerate(lines) if line.number == item.line), None)
    if at is None:
        return []
    near = lines[max(0, at - AROUND) : at + AROUND + 1]
    return [marked(line.number, line.text, line.number == item.line) for line in near]
