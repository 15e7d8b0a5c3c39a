"""What the tables say of a strip, a shooting day or a whole board, a plain sentence for each fact."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from assistant.domain.schedule import MAIN, DayPlan, Problem, Schedule, Strip, Verdict
from assistant.domain.screenplay import pages
from assistant.domain.unit_days import day_title, day_words
from assistant.schedule.check import place_of
from assistant.schedule.cover import MOST as MOST_COVER
from assistant.schedule.cover import cover_sets
from assistant.schedule.dood import WORKING, chart
from assistant.schedule.explain import Why, company_moves, prices

MOST = 8  # names, rules or days that a fact lists
NOTHING = "Nothing binds it; it costs least there."


def of_scene(problem: Problem, schedule: Schedule, why: Why, said: Sequence[str] = ()) -> tuple[str, ...]:
    """Why a strip stands on its day, and what other dates would cost or break. `said` are rules people said of it."""
    return tuple(_scene(problem, schedule, why, said))


def of_day(problem: Problem, schedule: Schedule, number: int, day: DayPlan, verdict: Verdict) -> tuple[str, ...]:
    """What a shooting day, its unit's n-th, holds, who works, and what the judge says of it."""
    return tuple(_day(problem, schedule, number, day, verdict))


def of_board(
    problem: Problem, schedule: Schedule, verdict: Verdict, bound: int, said: Sequence[str]
) -> tuple[str, ...]:
    """What a whole board is, costs and breaks, and the rules people said."""
    return tuple(_board(problem, schedule, verdict, bound, said))


def _scene(problem: Problem, schedule: Schedule, why: Why, said: Sequence[str]) -> Iterator[str]:
    strip = next(strip for strip in problem.strips if strip.scene == why.scene)
    number, day = next((n, day) for n, day in schedule.numbered if why.scene in day.scenes)
    what = f"Scene {strip.label} ({_slug(strip)}, {pages(strip.eighths)} pages)"
    yield f"{what} is shot on {day_words(number, day.unit)}, {_date(why.date)}."
    for reason in why.reasons or (NOTHING,):
        yield _sentence(f"said: {reason}" if reason.startswith("“") else reason)
    yield from (f"Said: {words}." for words in said)
    legal = [other for other in why.alternatives if not other.broken]
    if why.best_other:
        extra = why.best_other.extra
        price = f"it costs {extra} more" if extra > 0 else f"it costs {-extra} less" if extra else "it costs the same"
        whose = "" if why.best_other.unit == why.unit else f" with the {why.best_other.unit} unit"
        yield f"The cheapest other date that breaks nothing is {_date(why.best_other.date)}{whose}: {price}."
    broken = len(why.alternatives) - len(legal)
    if broken:
        yield f"Of {len(why.alternatives)} other dates, {broken} would break a rule."
        yield from (_sentence(words) for words in _often(why))


def _often(why: Why) -> Iterator[str]:
    """The rules that rule out most of the other dates."""
    counts: dict[str, int] = {}
    for other in why.alternatives:
        for words in other.broken:
            counts[words] = counts.get(words, 0) + 1
    for words, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:3]:
        yield f"{count} of them break this: {words}"


def _day(problem: Problem, schedule: Schedule, number: int, day: DayPlan, verdict: Verdict) -> Iterator[str]:
    strips = _strips(problem, day)
    target = next((shoot for shoot in problem.days if shoot.slot == day.slot), None)
    total = pages(sum(strip.eighths for strip in strips))
    counted = target is not None and not problem.rules.value("count_minutes")
    aim = f"; it aims at {pages(problem.target(target))}" if target and counted else ""
    yield f"{day_title(number, day.unit)} is {_date(day.date)}: {len(strips)} strips, {total} pages{aim}."
    yield f"In shooting order: {_listed([f'scene {strip.label} ({_slug(strip)})' for strip in strips], 20)}."
    places = list(dict.fromkeys(strip.location for strip in strips))
    moves = company_moves(problem, Schedule((day,)))
    yield f"The company is at {_listed(places)}; company moves: {moves}."
    yield from _people(problem, schedule, day)
    if cover := cover_sets(problem, schedule, day)[:MOST_COVER]:
        yield f"Cover sets, should the weather not hold: {_listed([f'scene {s.label} ({_slug(s)})' for s in cover])}."
    where = place_of(number, day)
    yield from (_sentence(item.words) for item in verdict.violations if item.where == where)


def _people(problem: Problem, schedule: Schedule, day: DayPlan) -> Iterator[str]:
    made, when = chart(problem, schedule), day.date
    mine = {ident for strip in _strips(problem, day) for ident in strip.cast}
    at = made.dates.index(when)
    working = [row.name for row in made.rows if row.cells[at] in WORKING and row.id in mine]
    held = [row.name for row in made.rows if row.cells[at] == "H"] if day.unit == MAIN else []
    if working:
        yield f"{_listed(working, 20)} {'works' if len(working) == 1 else 'work'}."
    if held:
        yield f"{_listed(held, 20)} {'is' if len(held) == 1 else 'are'} on hold and paid."
    starts = [row.name for row in made.rows if row.start == when and row.id in mine]
    ends = [row.name for row in made.rows if row.finish == when and row.id in mine]
    if starts:
        yield f"First day of {_listed(starts, 20)}."
    if ends:
        yield f"Last day of {_listed(ends, 20)}."


def _board(problem: Problem, schedule: Schedule, verdict: Verdict, bound: int, said: Sequence[str]) -> Iterator[str]:
    days, made = schedule.shooting, chart(problem, schedule)
    strips = [strip for day in days for strip in _strips(problem, day)]
    total = pages(sum(strip.eighths for strip in strips))
    if days:
        yield f"{len(days)} shooting days, from {_date(days[0].date)} to {_date(days[-1].date)}."
        yield from _shares(schedule)
        yield f"They hold {len(strips)} strips, {total} pages."
        longest = max(days, key=lambda day: sum(strip.eighths for strip in _strips(problem, day)))
        length = pages(sum(strip.eighths for strip in _strips(problem, longest)))
        number = next(number for number, day in schedule.numbered if day is longest)
        yield f"The longest day is {day_words(number, longest.unit)} with {length} pages."
    yield f"It costs {verdict.cost}; no legal board costs less than {bound}."
    words = {rule.key: rule.text for rule in problem.rules.rules}
    for key, amount in prices(verdict)[:MOST]:
        if amount:
            yield f"{amount} of it: {words.get(key, key)}."
    work, hold = sum(row.work for row in made.rows), sum(row.hold for row in made.rows)
    yield f"The cast works {work} days and is held for {hold}."
    yield f"Company moves inside days: {company_moves(problem, schedule)}."
    if schedule.boneyard:
        labels = {strip.scene: strip.label for strip in problem.strips}
        yield f"In the boneyard: {_listed([f'scene {labels.get(scene, scene)}' for scene in schedule.boneyard])}."
    yield from (f"Broken on {item.where}: {item.words}." for item in verdict.hard[:MOST])
    if not verdict.hard:
        yield "No hard rule is broken."
    yield from (f"Said: {words}." for words in said)


def _shares(schedule: Schedule) -> Iterator[str]:
    """How many of the days are another unit's."""
    counts = Counter(day.unit for day in schedule.shooting if day.unit != MAIN)
    yield from (f"{count} of them are the {unit} unit's." for unit, count in counts.items())


def _strips(problem: Problem, day: DayPlan) -> list[Strip]:
    strips = {strip.scene: strip for strip in problem.strips}
    return [strips[scene] for scene in day.scenes if scene in strips]


def _slug(strip: Strip) -> str:
    return " ".join(filter(None, (strip.int_ext, strip.set, strip.light)))


def _date(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B %Y}"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."


def _listed(items: Sequence[str], most: int = MOST) -> str:
    if len(items) > most:
        return f"{', '.join(items[:most])} and {len(items) - most} more"
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
