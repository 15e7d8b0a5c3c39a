"""`make demo`: the main job on the example script, in a folder of its own, with no key and no service."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / "demo"
FERRY = HERE / "the-ferry"
P = ("-P", str(FOLDER))
QUESTION = "Which scenes have the dog at night?"
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Make a production", ("init", str(FOLDER), "--title", "The Ferry")),
    ("Break the script down", ("breakdown", str(FERRY / "the-ferry.fountain"), *P)),
    ("Look at one scene", ("show", "3", *P)),
    ("Draft a schedule", ("schedule", "--time", "5", *P)),
    ("Print it", ("schedule", "export", *P)),
    ("What can not be true", ("continuity", "conflicts", *P)),
    ("Add the bible and ask", ("ingest", str(FERRY / "bible.md"), *P)),
    ("A cited answer", ("ask", QUESTION, *P)),
)


def main() -> int:
    """Run the steps; the first that fails ends the demo with its exit code."""
    for title, arguments in STEPS:
        sys.stdout.write(f"\n── {title}:  pa {' '.join(_short(word) for word in arguments)}\n")
        sys.stdout.flush()
        done = subprocess.run([sys.executable, "-m", "assistant", *arguments], check=False)
        if done.returncode:
            return done.returncode
    for report in (*sorted((FOLDER / "breakdown").glob("*.html")), *sorted((FOLDER / "schedule").glob("*.html"))):
        sys.stdout.write(f"\nOpen in a browser: {report}")
    sys.stdout.write("\n")
    return 0


def _short(word: str) -> str:
    text = word.replace(f"{HERE.parent}/", "")
    return f'"{text}"' if " " in text else text


if __name__ == "__main__":
    sys.exit(main())
