"""Script text in a spreadsheet's cell: never a formula, never an illegal character, and readable back."""

import re
from collections.abc import Iterable

_STARTS_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST = 32_000  # Excel's limit is 32,767 characters


def safe(text: str) -> str:
    """Text that no spreadsheet program computes: what would start a formula gets an apostrophe in front."""
    clean = _ILLEGAL.sub("", text)[:LONGEST]
    return f"'{clean}" if _STARTS_FORMULA.match(clean) else clean


def unsafe(cell: str) -> str:
    """The inverse of `safe`."""
    return cell[1:] if cell.startswith("'") and _STARTS_FORMULA.match(cell[1:]) else cell


def join(names: Iterable[str]) -> str:
    """Several names in one cell, separated by "; "; a semicolon inside a name is written "\\;".

    The first name is left for `safe` on the whole cell; the others are made safe here, because a program that takes
    the semicolon for the end of a cell would start a new one there.
    """
    written = [name.replace("\\", "\\\\").replace(";", "\\;") for name in names]
    return "; ".join(written[:1] + [safe(name) for name in written[1:]])


def split(text: str) -> list[str]:
    """The inverse of `join`."""
    parts = [part.removeprefix(" ") for part in re.findall(r"(?s)(?:[^;\\]|\\.)+", text)]
    written = parts[:1] + [unsafe(part) for part in parts[1:]]
    return [re.sub(r"(?s)\\(.)", r"\1", part) for part in written]
