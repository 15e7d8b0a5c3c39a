"""What the terminal shows of a schedule made elsewhere: what matched, what did not, and what the judge says."""

from collections.abc import Iterator, Sequence

from assistant.interfaces.cli.render import out
from assistant.interfaces.cli.render_schedule import verdict
from assistant.workflows.schedule_import import Imported

FEW = 8


def imported(brought: Imported) -> None:
    """A sentence for everything that is not simply the same on both sides, then the verdict."""
    console = out()
    for line in _same(brought):
        console.print(line, markup=False)
    for line in _differences(brought):
        console.print(line, style="yellow", markup=False)
    verdict(brought.verdict)


def _same(brought: Imported) -> Iterator[str]:
    found, shooting = brought.found, brought.found.schedule.shooting
    span = f"{shooting[0].date:%a, %d %b %Y} to {shooting[-1].date:%a, %d %b %Y}"
    yield f"Stripboard {found.name}: {len(shooting)} shooting days, {span}"
    if found.other_boards:
        yield f"The file also has: {_some(found.other_boards)} (choose with --stripboard)"
    yield f"{_scenes(found.by_number)} matched by number"
    if found.by_heading:
        pairs = [f"{theirs} is {ours} here" for theirs, ours in found.by_heading]
        yield f"{_scenes(len(pairs))} matched by heading: {_some(pairs)}"


def _differences(brought: Imported) -> Iterator[str]:
    found = brought.found
    yield from (f"The file itself: {words}" for words in brought.faults[:FEW])
    if not found.stated:
        yield "The file names no first day; the days were counted in this production's calendar"
    elif brought.own_calendar:
        yield "production.toml names the first day: judged in this production's calendar, not in the file's"
    if not brought.problem.cast:
        yield "Nothing says who plays in which scene, so cast is not judged. Break the script down: pa breakdown FILE"
    if len(found.other_heading) > found.by_number + len(found.by_heading):
        yield "Most headings differ: is it a schedule of this script?"
    lists = {
        "Another heading in the file, matched by number": [f"{n} ({heading})" for n, heading in found.other_heading],
        "Another length in the file, the script's counts": [
            f"{number} ({theirs}, script {ours})" for number, theirs, ours in found.other_length
        ],
        "On more than one day, kept on the first": found.twice,
        "Omitted in the script, left out": found.omitted,
        "In the file and not in the script": found.unknown,
        "In the script and not in the file, so in the boneyard": found.missing,
    }
    yield from (f"{words}: {_some(items)}" for words, items in lists.items() if items)


def _some(items: Sequence[str]) -> str:
    return ", ".join(items[:FEW]) + (f" and {len(items) - FEW} more" if len(items) > FEW else "")


def _scenes(count: int) -> str:
    return f"{count} scene{'' if count == 1 else 's'}"
