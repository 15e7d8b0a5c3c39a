"""Text, Markdown and comma-separated lists."""

import csv
import io

from assistant.errors import BadInput

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_text(data: bytes, name: str) -> list[str]:
    """The lines as they are. Raises BadInput for what is no text."""
    return decoded(data, name).splitlines()


def read_csv(data: bytes, name: str) -> list[str]:
    """One line a row, cells parted by bars; the separator is taken from the file."""
    text = decoded(data, name)
    try:
        dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(text[:5000], ",;\t|")
    except csv.Error:
        dialect = csv.excel
    try:
        return [" | ".join(" ".join(cell.split()) for cell in row) for row in csv.reader(io.StringIO(text), dialect)]
    except csv.Error as error:
        raise BadInput(f"{name} is no list: {error}.", "Save it again as CSV in UTF-8.") from None


def decoded(data: bytes, name: str) -> str:
    """UTF-8, UTF-16 with its mark, else Windows' Latin. Raises BadInput for binary data."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if b"\0" in data[:10_000]:
        raise BadInput(f"{name} is no text file.", "Hand it over as .txt, .md, .docx, .xlsx, .csv, .eml or .pdf.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
