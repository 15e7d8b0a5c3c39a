"""Takes out what a page break puts into a script: CONTINUED, (MORE), a scene's heading printed again."""

from itertools import groupby

from assistant.screenplay.layout_words import CONTINUED, MORE, bare
from assistant.screenplay.rows import Row
from assistant.screenplay.slugs import is_slug, only_numbers, without_continued


def join_pages(rows: list[Row]) -> list[Row]:
    """The rows as if the script were on one endless page. A page's first row keeps `space` None."""
    kept: list[Row] = []
    heading: Row | None = None
    for sheet, page in groupby(rows, key=lambda row: row.sheet):
        clean = _swept if sheet is None else _trimmed
        on_page = clean(list(page))
        if on_page and heading and _repeats(on_page[0], heading):
            del on_page[0]
        if on_page and sheet is not None:
            on_page[0].space = None
        for row in on_page:
            heading = row if is_slug(row) else heading
        kept += on_page
    return kept


def _trimmed(page: list[Row]) -> list[Row]:
    """Without "CONTINUED:" among the first rows, "(CONTINUED)" or "(MORE)" among the last."""
    while page and (bare(page[0].text) in {"", *CONTINUED} or only_numbers(page[0])):
        page = page[1:]
    for place in range(len(page) - 1, max(-1, len(page) - 4), -1):
        text = page[place].text
        closes = bare(text) in CONTINUED and (page[place].left > 20 or text.startswith("(") or text.endswith(":"))
        if closes or (bare(text) in MORE and text.startswith(("(", "-", "—", "–"))):
            page = page[:place] + page[place + 1 :]
    return page


def _swept(rows: list[Row]) -> list[Row]:
    """A text without pages: the marks of its former page breaks may stand anywhere."""
    kept: list[Row] = []
    after_break = False
    for row in rows:
        text = row.text
        continued = bare(text) in CONTINUED and (text.startswith("(") or text.rstrip(" 0123456789()").endswith(":"))
        if continued or (bare(text) in MORE and text.startswith("(")):
            after_break = True
            continue
        if after_break:
            row.space, after_break = None, False
        kept.append(row)
    return kept


def _repeats(row: Row, heading: Row) -> bool:
    """The scene's own heading at the top of its next page, with CONT'D or with the same number."""
    if not is_slug(row):
        return False
    stripped = without_continued(row.text)
    same = stripped.upper() == without_continued(heading.text).upper()
    return same and (
        stripped != row.text or (row.scene_number is not None and row.scene_number == heading.scene_number)
    )
