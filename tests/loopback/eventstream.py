"""Writes the binary frames of application/vnd.amazon.eventstream, checksums included."""

import json
import struct
import zlib
from typing import Any


def frame(headers: dict[str, str], payload: bytes) -> bytes:
    """One message: prelude, its CRC, string headers, payload, CRC over all."""
    packed = b"".join(_header(name, value) for name, value in headers.items())
    prelude = struct.pack(">II", 16 + len(packed) + len(payload), len(packed))
    head = prelude + struct.pack(">I", zlib.crc32(prelude)) + packed + payload
    return head + struct.pack(">I", zlib.crc32(head))


def event(kind: str, payload: dict[str, Any]) -> bytes:
    """A normal event such as contentBlockDelta."""
    return _message("event", kind, payload)


def exception(kind: str, message: str) -> bytes:
    """An exception event such as throttlingException, which ends the stream."""
    return _message("exception", kind, {"message": message})


def _message(sort: str, kind: str, payload: dict[str, Any]) -> bytes:
    headers = {f":{sort}-type": kind, ":content-type": "application/json", ":message-type": sort}
    return frame(headers, json.dumps(payload).encode())


def _header(name: str, value: str) -> bytes:
    return bytes([len(name)]) + name.encode() + b"\x07" + struct.pack(">H", len(value.encode())) + value.encode()
