"""Structured logs: one JSON object a line on stderr, of what this program says itself, without any script's text."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

LOG = logging.getLogger("assistant")


def start(style: str) -> None:
    """`json` writes JSON lines from now on; "" leaves logging as it is."""
    if style != "json" or any(isinstance(handler.formatter, JsonLines) for handler in LOG.handlers):
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
    LOG.propagate = False


def tell(event: str, **facts: Any) -> None:
    """Say that something happened, if logs were started. Facts are names and figures, never what a script says."""
    if LOG.handlers:
        LOG.info(event, extra={"facts": facts})


class JsonLines(logging.Formatter):
    """Time, level, logger, event and facts; of an exception its kind and its place, as its words may quote a script."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said: dict[str, Any] = {"ts": at, "level": record.levelname.lower(), "logger": record.name}
        said |= {"event": record.getMessage(), "pid": record.process, **getattr(record, "facts", {})}
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            last = traceback.extract_tb(error.__traceback__)[-1:]
            said["error"] = type(error).__name__
            said["at"] = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in last]
        return json.dumps(said, ensure_ascii=False, default=str)
