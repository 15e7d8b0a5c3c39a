"""`python -m prompts` writes versions.lock; it refuses where a text changed and its version did not."""

import sys

from prompts._prompt import LOCK, catalogue, load, locked_versions


def main() -> int:
    """Write the lock. Exit code 1 and the names where a version must be raised first."""
    before = locked_versions() if LOCK.exists() else {}
    loaded = [load(identity) for identity in catalogue()]
    stale = [p.id for p in loaded if p.id in before and before[p.id][0] == p.version and before[p.id][1] != p.sha256]
    if stale:
        sys.stderr.write(f"changed without a new version: {', '.join(stale)}\n")
        return 1
    LOCK.write_text("".join(f"{p.id} {p.version} {p.sha256}\n" for p in loaded), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
