"""What one Fountain line looks like on its own: a cue, a transition, a heading with its number, an omitted scene."""

import re
from dataclasses import dataclass

from assistant.screenplay.fountain_inline import is_escaped, plain
from assistant.screenplay.headings import is_heading, scene_number

LONGEST_HEADING = 200
NUMBER = r"\w[\w.–/-]*(?: [\w.–/-]+)*|[.–/-][\w.–/-]+"
_NUMBERED = re.compile(rf"(.*?)(?<!\\)#({NUMBER})#\s*")
_EXTENSION = re.compile(r"\s*\([^()]*\)")
_PAGE_BREAK = re.compile(r"={3,}")
_RANGE = r"\d+[A-Z]{0,2}(?:\s*(?:-|–|—|TO|THRU|THROUGH|AND|&|,)\s*\d+[A-Z]{0,2})*|[A-Z]{1,2}\d+"
_OMITTED_WORD = r"OMIT(?:TED)?|OMITIDA|OMITIDO|SUPPRIMÉE?|OMESSA|ENTFÄLLT"
_OMITTED = re.compile(rf"(?:SCENES?\s+)?(?:({_RANGE})\s*[.:–—-]?\s*)?\(?(?:{_OMITTED_WORD})\)?\.?(?:\s+({_RANGE}))?")
_OMITTED_BESIDE = re.compile(rf"(?:{_OMITTED_WORD})\s*[:.–—-]\s.+|.+\s\((?:{_OMITTED_WORD})\)")
_SENTENCE = re.compile(r"[.!?。！？…,，、;；:：]")


@dataclass(frozen=True, slots=True)
class Slug:
    """A heading as written: its text without marks, its number, and whether it says the scene is omitted."""

    text: str
    number: str | None
    omitted: bool


def slug(raw: str) -> Slug:
    """The heading in `raw`, from which a forcing dot was already taken."""
    text = " ".join(raw.split())
    match = _NUMBERED.fullmatch(text)
    body, number = (match.group(1), match.group(2)) if match else (text, None)
    words = plain(body.strip())
    gone = _OMITTED.fullmatch(words.upper())
    if gone and number is None:
        number = gone.group(1) or gone.group(2)
    number = number or scene_number(words)
    return Slug(words, number, bool(gone or _OMITTED_BESIDE.fullmatch(words.upper())))


def looks_like_heading(raw: str) -> bool:
    """Whether an unforced line reads as a slug line, or as the place of an omitted one."""
    text = raw.strip()
    if not text or len(text) > LONGEST_HEADING:
        return False
    found = slug(text)
    if found.omitted and found.text.isupper() and _OMITTED.fullmatch(found.text):
        return True
    return is_heading(found.text)


def is_forced_heading(text: str) -> bool:
    """A single full stop and then anything but space or a second one."""
    return len(text) > 1 and text[0] == "." and text[1] != "." and not text[1].isspace()


def forced_text(raw: str) -> str:
    """A forced heading without its dot and its scene number."""
    return slug(raw[1:]).text


def is_strict_heading(raw: str) -> bool:
    """A heading nobody could take for action: all capitals, a dot or slash after INT, and its parts set apart."""
    text = slug(raw).text
    return looks_like_heading(raw) and text == text.upper() and bool(re.search(r"\w\. ?\S.*\s[-–—]{1,2}\s?\S", text))


def is_page_break(text: str) -> bool:
    """Three or more equals signs and nothing else."""
    return bool(_PAGE_BREAK.fullmatch(text.strip()))


def is_transition(raw: str) -> bool:
    """Capitals ending in "TO:" and nothing after the colon, not even a space."""
    return raw.endswith("TO:") and raw == raw.upper()


def is_centered(text: str) -> bool:
    """Between > and <, with something in it."""
    inner = text[1:-1].strip()
    return text[:1] == ">" and text[-1:] == "<" and bool(inner) and not is_escaped(text, len(text) - 1)


def cue_name(text: str) -> str:
    """The name in a cue without its extensions: "EVE (O.S.) (cont'd)" → "EVE"."""
    return _EXTENSION.sub("", text).strip()


def split_dual(text: str) -> tuple[str, bool]:
    """The cue without the caret that makes it the second of a dual dialogue."""
    if text.endswith("^") and not is_escaped(text, len(text) - 1):
        return text[:-1].rstrip(), True
    return text, False


def is_cue(text: str) -> bool:
    """Capitals with a letter among them; what stands in brackets may be in any case."""
    name = cue_name(split_dual(text)[0])
    if not any(char.isalpha() for char in name) or "^" in name.replace("\\^", ""):
        return False
    if any(char.isupper() for char in name):
        return name == name.upper()
    return False


def is_caseless_cue(text: str, after: str) -> bool:
    """A short line without punctuation in a script that has no capitals, over a parenthetical or a speech."""
    name = cue_name(split_dual(text)[0])
    letters = [char for char in name if char.isalpha()]
    caseless = bool(letters) and all(char.upper() == char.lower() for char in letters)
    return caseless and len(name) <= 12 and not _SENTENCE.search(name) and bool(after.strip())


def is_parenthetical(text: str) -> bool:
    """In parentheses from end to end."""
    bare = text.strip("*_")
    return len(bare) > 1 and bare[0] in "(（" and bare[-1] in ")）" and not is_escaped(text, len(text) - 1)
