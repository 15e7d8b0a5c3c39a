"""`make demo`: the main job on the example script, in a folder of its own, with no key and no service."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / "demo"
SCRIPT = HERE / "the-ferry" / "the-ferry.fountain"
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Make a production", ("init", str(FOLDER), "--title", "The Ferry")),
    ("Break the script down", ("breakdown", str(SCRIPT), "-P", str(FOLDER))),
    ("Look at one scene", ("show", "1", "-P", str(FOLDER))),
    ("List the cast", ("cast", "-P", str(FOLDER))),
)


def main() -> int:
    """Run the steps; the first that fails ends the demo with its exit code."""
    for title, arguments in STEPS:
        sys.stdout.write(f"\n── {title}:  pa {' '.join(_short(word) for word in arguments)}\n")
        sys.stdout.flush()
        done = subprocess.run([sys.executable, "-m", "assistant", *arguments], check=False)
        if done.returncode:
            return done.returncode
    for report in sorted((FOLDER / "breakdown").glob("*.html")):
        sys.stdout.write(f"\nOpen the report: {report}\n")
    return 0


def _short(word: str) -> str:
    return word.replace(f"{HERE.parent}/", "")


if __name__ == "__main__":
    sys.exit(main())
