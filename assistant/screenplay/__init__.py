"""From a script's file to scenes: `parse` is the one way in, whatever program wrote the file."""

from assistant.screenplay.aliases import alias_proposals
from assistant.screenplay.characters import characters
from assistant.screenplay.door import MAX_BYTES, parse, parse_bytes
from assistant.screenplay.revise import compare

__all__ = ["MAX_BYTES", "alias_proposals", "characters", "compare", "parse", "parse_bytes"]
