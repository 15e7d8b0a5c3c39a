"""Leaves out what is bound in after a script: a treatment or storyboard whose pages count from 1 again."""

import re

from assistant.domain.screenplay import Remark
from assistant.screenplay.headings import is_heading
from assistant.screenplay.rows import Row

_COUNT = re.compile(r"^#?\w{1,5}[.)]?\s+")


def without_appendix(rows: list[Row], labels: dict[int, int]) -> tuple[list[Row], list[Remark]]:
    """The script's rows, and a remark where sheets were left out. A second part with scenes of its own stays."""
    last = _last_sheet(labels)
    script = [row for row in rows if (row.page or 0) <= last]
    bound_in = rows[len(script) :]
    known = _headings(script)
    if not bound_in or not known or not _headings(bound_in) <= known:
        return rows, []
    what = f"The sheets from {last + 1} on count their pages anew and hold no new scenes; they were left out."
    return script, [Remark(what, bound_in[0].number)]


def _last_sheet(labels: dict[int, int]) -> int:
    """The last sheet before printed page numbers start from 1 again."""
    above, last = 0, 0
    for sheet, label in sorted(labels.items()):
        if label <= 1 < above:
            return last
        above, last = label, sheet
    return 1_000_000


def _headings(rows: list[Row]) -> set[str]:
    texts = (
        _COUNT.sub("", piece.text) if piece.text[:1].isdigit() else piece.text for row in rows for piece in row.pieces
    )
    return {text.upper() for text in texts if is_heading(text)}
