"""The one door to pypdfium2: a PDF's text layer as words with their places, or the reason why there is none."""

import ctypes
import re
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from assistant.domain.screenplay import PageSize
from assistant.errors import BadInput
from assistant.screenplay.appendix import without_appendix
from assistant.screenplay.indents import classify
from assistant.screenplay.pdf_bombs import ASK, refuse_bombs
from assistant.screenplay.pdf_clean import clean, page_numbers, unstamp
from assistant.screenplay.pdf_page import Page, Word, rows_of
from assistant.screenplay.running_heads import colour_stars, draft_of, heads_of, revisions_of
from assistant.screenplay.source import A4, LETTER, Source
from assistant.screenplay.title_page import split_title_page

MAX_PAGES = 1500
MAX_LETTERS_PER_PAGE = 40_000
MAX_LETTERS = 6_000_000
_BLANK = frozenset({9, 10, 13, 32, 0xA0})
_SPELLED = {0: "\ufffd", 0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl"}
_SPELLED |= dict.fromkeys((0x2, 0xFFFE, 0xAD), "-")  # how pdfium gives a hyphen at the end of a row
_one_at_a_time = threading.Lock()  # pdfium keeps global state


def read_pdf(data: bytes, sha256: str) -> Source:
    """The classified lines of a screenplay PDF; BadInput where it is locked, scanned, oversized or no screenplay."""
    pages, meta_title = _read(data)
    heads = heads_of(rows_of(pages))
    rows, printed = clean(rows_of(unstamp(pages)))
    colour_stars(rows, heads)
    title_page, rows = split_title_page(rows, meta_title)
    rows, remarks = without_appendix(rows, printed)
    page_numbers(rows, printed)
    lines, marks = classify(rows)
    if not marks:
        raise BadInput(
            "No scene headings were found in this PDF.",
            "A screenplay's scenes start with a heading such as INT. KITCHEN - DAY. " + ASK,
        )
    size: PageSize = "a4" if pages[-1].height > 815 else "letter"
    title = next((value for key, value in title_page if key == "Title"), "")
    return Source(
        format="pdf",
        sha256=sha256,
        lines=lines,
        marks=marks,
        title=title,
        title_page=title_page,
        page_size=size,
        layout=A4 if size == "a4" else LETTER,
        draft=next((value for key, value in title_page if key == "Draft date"), "") or draft_of(heads),
        revisions=revisions_of(heads),
        remarks=remarks,
    )


def pdf_lines(data: bytes) -> list[tuple[int, str]]:
    """(page, line) of any PDF with a text layer, for papers that are no script. Raises BadInput."""
    rows = rows_of(_read(data)[0])
    return [(row.page or 0, " | ".join(piece.text for piece in row.pieces)) for row in rows]


def _read(data: bytes) -> tuple[list[Page], str]:
    refuse_bombs(data)
    with _one_at_a_time:
        pages, meta_title = _load(data)
    _refuse_wordless(pages)
    return pages, meta_title


def _load(data: bytes) -> tuple[list[Page], str]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _unreadable(str(error), data) from error
    with closing(document):
        count = len(document)
        if not count:
            raise BadInput("The PDF has no pages.", ASK)
        if count > MAX_PAGES:
            raise BadInput(f"The PDF has {count:,} pages; a screenplay has at most {MAX_PAGES:,}.", ASK)
        try:
            pages = list(_pages(document, count))
        except pypdfium2.PdfiumError as error:
            raise _unreadable(str(error), data) from error
        return pages, str(document.get_metadata_value("Title") or "").strip()


def _unreadable(reason: str, data: bytes) -> BadInput:
    """pdfium may still name the reason of an earlier file, so a lock is only believed where the file has one."""
    if re.search("password|security", reason, re.IGNORECASE) and b"/Encrypt" in data:
        return BadInput("The PDF is locked with a password.", "Save it without a password, then try again.")
    return BadInput("The PDF is damaged or has no pages.", ASK)


def _pages(document: Any, count: int) -> Iterator[Page]:
    letters = 0
    for index in range(count):
        with closing(document[index]) as page, closing(page.get_textpage()) as textpage:
            found = textpage.count_chars()
            letters += found
            if found > MAX_LETTERS_PER_PAGE or letters > MAX_LETTERS:
                raise BadInput(f"Page {index + 1} of the PDF holds far more text than a page can show.", ASK)
            left, bottom, right, top = page.get_bbox()
            words = _words(textpage, found)
            yield Page(right - left, top - bottom, [_shifted(word, left, bottom) for word in words])


def _shifted(word: Word, left: float, bottom: float) -> Word:
    """Measured from the paper's corner, which need not be where the file counts from."""
    if not left and not bottom:
        return word
    return Word(word.text, word.left - left, word.right - left, word.base - bottom, word.size)


def _words(textpage: Any, count: int) -> list[Word]:
    """pdfium parts words by spaces, real or implied; only a word's two ends are measured."""
    from pypdfium2 import raw

    words: list[Word] = []
    codes: list[int] = []
    for index in range(count + 1):
        code = raw.FPDFText_GetUnicode(textpage, index) if index < count else 32
        if code not in _BLANK:
            codes.append(code)
        elif codes:
            words += _measured(textpage, index - len(codes), codes)
            codes = []
    return words


def _measured(textpage: Any, first: int, codes: list[int]) -> list[Word]:
    """The word with its place; none for slanted words, which are stamps; two where a hyphen ends a row."""
    left, base = _origin(textpage, first)
    _, end_base = _origin(textpage, first + len(codes) - 1)
    if abs(base - end_base) <= 2:
        return [] if _is_slanted(textpage, first, codes) else [_word(textpage, first, codes, left, base)]
    bases = [_origin(textpage, first + at)[1] for at in range(len(codes))]
    cuts = [at for at in range(1, len(codes)) if abs(bases[at] - bases[at - 1]) > 2]
    words: list[Word] = []
    if len(cuts) * 3 < len(codes):
        for start, end in zip([0, *cuts], [*cuts, len(codes)], strict=True):
            words += _measured(textpage, first + start, codes[start:end])
    return words


def _is_slanted(textpage: Any, first: int, codes: list[int]) -> bool:
    from pypdfium2 import raw

    return len(codes) < 3 and abs(raw.FPDFText_GetCharAngle(textpage, first)) % 3.14159 > 0.05


def _origin(textpage: Any, index: int) -> tuple[float, float]:
    from pypdfium2 import raw

    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(textpage, index, x, y)
    return x.value, y.value


def _word(textpage: Any, first: int, codes: list[int], left: float, base: float) -> Word:
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(textpage, first + len(codes) - 1, box)
    text = "".join(_SPELLED.get(code) or chr(code) for code in codes)
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Word(unicodedata.normalize("NFC", text), left, max(box.right, left), base, box.top - box.bottom)


def _refuse_wordless(pages: list[Page]) -> None:
    text = "".join(word.text for page in pages for word in page.words)
    if len(text) < 8 * len(pages) and len(text) < 400:
        raise BadInput(
            "The PDF has no text layer; its pages are pictures (a scan).",
            "Run it through text recognition (OCR) first, or ask for the script as Fountain or FDX.",
        )
    odd = sum(unicodedata.category(letter) in ("Cc", "Co", "Cn", "Cs") or letter == "\ufffd" for letter in text)
    if odd > 0.05 * len(text):
        raise BadInput("The PDF's fonts do not say which letters they draw, so its text can not be read.", ASK)
