"""Who has another name than in the draft before: the speeches stay, the name above them does not."""

from collections import defaultdict

from assistant.domain.screenplay import Screenplay

_SHARE = 0.5  # of the speeches under the old name that stand under the new one
_FEWEST = 2  # speeches


def renamed(old: Screenplay, new: Screenplay) -> dict[str, str]:
    """Old name → new name, for names of cues that are gone and whose speeches stand under a name that is new."""
    before, now = _speeches(old), _speeches(new)
    found: dict[str, str] = {}
    for name in before.keys() - now.keys():
        said = before[name]
        best = max(now.keys() - before.keys(), key=lambda other: len(said & now[other]), default="")
        shared = len(said & now[best]) if best else 0
        if shared >= _FEWEST and shared >= _SHARE * len(said):
            found[name] = best
    return found


def _speeches(script: Screenplay) -> dict[str, set[str]]:
    """What each name of a cue says."""
    found: dict[str, set[str]] = defaultdict(set)
    for scene in script.scenes:
        speaker = ""
        for line in scene.lines:
            if line.kind == "character":
                speaker = line.text.partition("(")[0].strip().rstrip("^").strip().upper()
            elif line.kind == "dialogue" and speaker:
                found[speaker].add(line.text.strip())
    return dict(found)
