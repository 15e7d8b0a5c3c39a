"""PDFs written byte by byte, for what no typesetter makes: locked, empty, endless and damaged ones."""

import hashlib

PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
IDENTITY = b"0123456789abcdef"
NO_RIGHTS = -64


def pdf(pages: list[list[str]], *, user_password: str | None = None) -> bytes:
    """Pages of text rows in Courier 12. With a password (also an empty one) the file is encrypted with 40-bit RC4."""
    key, encrypt = _lock(user_password) if user_password is not None else (b"", b"")
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>", 3: b"<</Type/Font/Subtype/Type1/BaseFont/Courier>>"}
    kids = []
    for place, rows in enumerate(pages):
        page, content = 10 + 2 * place, 11 + 2 * place
        kids.append(f"{page} 0 R")
        objects[page] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F 3 0 R>>>>/Contents {content} 0 R>>"
        ).encode()
        body = _content(rows)
        body = _rc4(_object_key(key, content), body) if key else body
        objects[content] = b"<</Length %d>>stream\n%s\nendstream" % (len(body), body)
    objects[2] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>".encode()
    if encrypt:
        objects[4] = encrypt
    return file_of(objects, encrypted=bool(encrypt))


def _content(rows: list[str]) -> bytes:
    parts = ["BT /F 12 Tf 12 TL 108 720 Td"]
    for row in rows:
        escaped = row.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        parts.append(f"({escaped}) Tj T*")
    return "\n".join([*parts, "ET"]).encode("latin-1")


def file_of(objects: dict[int, bytes], *, encrypted: bool = False) -> bytes:
    """The objects as a PDF file with its table of contents."""
    out, places = b"%PDF-1.4\n", {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    table = b"".join(
        b"%010d %05d %c \n" % ((places[n], 0, ord("n")) if n in places else (0, 65535, ord("f"))) for n in range(size)
    )
    extra = b"/Encrypt 4 0 R" if encrypted else b""
    identity = IDENTITY.hex().encode()
    trailer = b"<</Size %d/Root 1 0 R/ID[<%s><%s>]%s>>" % (size, identity, identity, extra)
    return out + b"xref\n0 %d\n" % size + table + b"trailer\n" + trailer + b"\nstartxref\n%d\n%%%%EOF\n" % start


def _lock(password: str) -> tuple[bytes, bytes]:
    padded = (password.encode() + PAD)[:32]
    owner = _rc4(hashlib.md5(PAD, usedforsecurity=False).digest()[:5], padded)
    rights = (NO_RIGHTS & 0xFFFFFFFF).to_bytes(4, "little")
    key = hashlib.md5(padded + owner + rights + IDENTITY, usedforsecurity=False).digest()[:5]
    user = _rc4(key, PAD)
    entry = b"<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P %d>>"
    return key, entry % (owner.hex().encode(), user.hex().encode(), NO_RIGHTS)


def _object_key(key: bytes, number: int) -> bytes:
    return hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0", usedforsecurity=False).digest()[:10]


def _rc4(key: bytes, data: bytes) -> bytes:
    box, at = list(range(256)), 0
    for place in range(256):
        at = (at + box[place] + key[place % len(key)]) % 256
        box[place], box[at] = box[at], box[place]
    out, left, right = bytearray(), 0, 0
    for byte in data:
        left = (left + 1) % 256
        right = (right + box[left]) % 256
        box[left], box[right] = box[right], box[left]
        out.append(byte ^ box[(box[left] + box[right]) % 256])
    return bytes(out)
