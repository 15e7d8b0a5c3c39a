"""Office files are ZIP archives of XML: opened with limits, so that a small file can not unpack into a huge one."""

import io
import zipfile
from xml.etree.ElementTree import Element

from assistant.errors import BadInput

MAX_UNPACKED = 60_000_000
MAX_RATIO = 200
MAX_MEMBERS = 5_000


def opened(data: bytes, name: str) -> zipfile.ZipFile:
    """The archive, when all of it unpacks within the limits. Raises BadInput."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BadInput(f"{name} is damaged: {error}.", "Save it again and hand over the new file.") from None
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(len(data), 10_000):
        raise BadInput(f"{name} unpacks into far more than such a file holds.", "Is it the right file?")
    if any(member.flag_bits & 1 for member in members):
        raise BadInput(f"{name} is locked with a password.", "Save it without a password, then try again.")
    return archive


def part(archive: zipfile.ZipFile, member: str, name: str) -> Element:
    """One XML part, entities and external references refused. Raises BadInput."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        with archive.open(member) as stream:
            raw = stream.read(MAX_UNPACKED + 1)
        if len(raw) > MAX_UNPACKED:
            raise BadInput(f"{name} unpacks into far more than such a file holds.", "Is it the right file?")
        root: Element = fromstring(raw, forbid_dtd=True)
    except KeyError:
        raise BadInput(f"{name} has no {member} inside.", "Save it again from the program it was written in.") from None
    except (DefusedXmlException, ParseError, zipfile.BadZipFile, OSError, ValueError, EOFError) as error:
        raise BadInput(f"{name} is damaged: {error}.", "Save it again and hand over the new file.") from None
    return root
