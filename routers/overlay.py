"""Writing a registry layer: what is added is checked together with all that is there, then put in place at once."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from routers.registry import SHIPPED, Registry, build, merged, read_layer


def write_layer(path: Path, layer: Mapping[str, Any], beneath: tuple[Path, ...] = ()) -> Registry:
    """Merge `layer` into the file at `path` and return the registry it makes with the files beneath it.

    Raises RegistryError, and leaves the file as it was, when a row is not complete or a key is unknown.
    """
    import yaml

    mine = merged(read_layer(path) if path.is_file() else {}, layer)
    below = merged({}, read_layer(SHIPPED))
    for other in beneath:
        if other.is_file() and other != path:
            below = merged(below, read_layer(other))
    registry = build(merged(below, mine), path.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".models-", suffix=".yaml")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        yaml.safe_dump(mine, stream, sort_keys=False, allow_unicode=True)
    Path(temporary).replace(path)
    return registry
