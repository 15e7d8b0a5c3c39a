"""From a script's file to scenes: `parse` is the one way in, whatever program wrote the file."""

from assistant.screenplay.door import parse, parse_bytes

__all__ = ["parse", "parse_bytes"]
