"""Did the model that was asked answer? Names differ by place, vendor and edition; the rest has to be the same."""

import re
from functools import lru_cache

from routers.types import ModelRow

_PLACE = re.compile(r"^(?:eu|us|us-gov|apac|jp|au|ca|global)\.")
_VENDOR = re.compile(r"^(?:amazon|anthropic|mistral|cohere|meta|openai)\.")
_EDITION = re.compile(r"[-@](?:v\d+(?::\d+)?|\d{8}|\d{4}-\d{2}-\d{2}|latest)$")


def answered_as_asked(row: ModelRow, served: str) -> bool:
    """True when the answer names no model, the one asked, or one the row says it may name."""
    if not served or row.in_process:
        return True
    if row.serves:
        return served in row.serves
    return row.on_prem or _bare(row.wire) == _bare(served)


@lru_cache(maxsize=1024)
def _bare(name: str) -> str:
    """A model's name without provider, place, vendor and edition."""
    name = _VENDOR.sub("", _PLACE.sub("", name.rsplit("/", 1)[-1].lower()))
    while (cut := _EDITION.sub("", name)) != name:
        name = cut
    return name
