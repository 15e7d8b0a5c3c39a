"""Puts said rules beside what production.toml says: windows, orders, fixed dates, calls, terms, calendar."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from assistant.domain.rulepack import RulePack
from assistant.domain.said import SaidRule, days_between
from assistant.domain.schedule import MAIN, Band, FixedDate, Lock, Precedence, Problem, Strip, Window
from assistant.domain.shoot import DayLength, ScheduleRules, Unit
from assistant.schedule.problem import filling
from assistant.schedule.said.known import Known, Target

SAID = "said"
BEYOND = timedelta(days=120)  # weekday rules reach this far past the calendar, should days be added to it


def merged(rules: ScheduleRules, said: Sequence[SaidRule], base: Problem, known: Known) -> ScheduleRules:
    """The rules with the said ones. `base` is the problem without them; names that are gone from it bind nothing."""
    if not said:
        return rules
    merger = _Merger(base, known)
    told = _calendar(rules, said)
    return replace(
        told,
        pack=_pack(told.pack, said),
        lengths=told.lengths + tuple(merger.lengths(said)),
        windows=told.windows + tuple(merger.windows(said)),
        fixed=together((*told.fixed, *merger.fixed(said))),
        precedences=tuple(dict.fromkeys((*told.precedences, *merger.orders(said)))),
        bands=tuple({**dict(told.bands), **merger.bands(said)}.items()),
        units=merger.units(told.units, said),
        locks=tuple({lock.scene: lock for lock in (*merger.locks(said), *told.locks)}.values()),
        wages=told.wages + tuple(_terms(said, "wage")),
        ages=told.ages + tuple(_terms(said, "age")),
        drops=told.drops + tuple((name, False) for rule in said if rule.kind == "keep" for name in rule.names),
    )


def together(fixed: Iterable[FixedDate]) -> tuple[FixedDate, ...]:
    """One rule a scene: what keeps all of its fixed dates."""
    found: dict[int, FixedDate] = {}
    for item in fixed:
        old = found.get(item.scene)
        words = "; ".join(dict.fromkeys(filter(None, (old.words, item.words)))) if old else item.words
        found[item.scene] = FixedDate(item.scene, old.dates & item.dates if old else item.dates, words)
    return tuple(found.values())


def _calendar(rules: ScheduleRules, said: Sequence[SaidRule]) -> ScheduleRules:
    off, holidays = set(rules.days_off), set(rules.holidays)
    start, days = rules.start, rules.days
    for rule in said:
        if rule.kind == "start":
            start = rule.dates[0]
        elif rule.kind == "length":
            days = rule.number
        elif rule.kind == "work":
            off -= set(rule.weekdays)
        elif rule.subject == "company" and rule.kind == "only":
            off = set(range(7)) - set(rule.weekdays)
        elif rule.subject == "company" and rule.kind == "never":
            off |= set(rule.weekdays)
            holidays |= set(rule.dates)
    return replace(rules, days_off=frozenset(off), holidays=frozenset(holidays), start=start, days=days)


def _pack(pack: RulePack, said: Sequence[SaidRule]) -> RulePack:
    for rule in said:
        if rule.dates or rule.weekdays:
            continue  # of some days alone
        if rule.kind == "aim_pages":
            pack = pack.with_value("day_target", filling(pack, rule.number or 0), SAID)
        if rule.kind == "most_pages":
            most = filling(pack, rule.number or 0)
            target = min(pack.value("day_target", most), most)
            # the smallest whole percentage that lets a day be that long: one eighth more is over it
            pack = pack.with_value("day_target", target, SAID).with_value(
                "day_cap_percent", -(-most * 100 // target), SAID
            )
    return pack


def _terms(said: Sequence[SaidRule], kind: str) -> Iterator[tuple[str, int]]:
    return ((name, rule.number or 0) for rule in said if rule.kind == kind for name in rule.names)


class _Merger:
    """Turns names into strips and weekdays into dates."""

    def __init__(self, base: Problem, known: Known) -> None:
        self._known = known
        self._strips: dict[str, Strip] = {strip.label: strip for strip in base.strips}
        self._first, self._last = base.days[0].date, base.days[-1].date

    def lengths(self, said: Sequence[SaidRule]) -> Iterator[DayLength]:
        for rule in said:
            if rule.kind not in ("half", "most_pages", "aim_pages"):
                continue
            most, aim = (rule.number if rule.kind == kind else None for kind in ("most_pages", "aim_pages"))
            yield from (DayLength(day, most, aim) for day in self._dates(rule))

    def windows(self, said: Sequence[SaidRule]) -> Iterator[Window]:
        for rule in said:
            if rule.kind not in ("never", "only") or rule.subject not in ("cast", "location", "element"):
                continue
            there, dates = self._known.names(rule.subject), self._dates(rule)
            only = frozenset(dates) if rule.kind == "only" else None
            never = frozenset() if only is not None else frozenset(dates)
            for name in rule.names:
                if name in there:
                    yield Window(rule.subject, name, only, never, _said(rule))

    def fixed(self, said: Sequence[SaidRule]) -> Iterator[FixedDate]:
        for rule in said:
            if rule.kind not in ("never", "only") or rule.subject not in ("set", "scene"):
                continue
            dates = set(self._dates(rule))
            open_on = dates if rule.kind == "only" else set(self._horizon(rule)) - dates
            for strip in self._of(rule):
                yield FixedDate(strip.scene, frozenset(open_on), _said(rule))

    def orders(self, said: Sequence[SaidRule]) -> Iterator[Precedence]:
        for rule in said:
            if rule.kind not in ("order", "first", "last"):
                continue
            mine = self._of(rule)
            others = [self._strips[name] for name in rule.others if name in self._strips]
            if rule.kind != "order":
                inside = {strip.scene for strip in mine}
                others = [strip for strip in self._strips.values() if strip.scene not in inside]
            pairs = ((one, other) for one in mine for other in others)
            for one, other in pairs:
                before, after = (other, one) if rule.kind == "last" else (one, other)
                yield Precedence(before.scene, after.scene, rule.number or 0, _said(rule))

    def bands(self, said: Sequence[SaidRule]) -> dict[int, Band]:
        told = [(rule, rule.band) for rule in said if rule.kind == "band"]
        return {strip.scene: band for rule, band in told if band for strip in self._of(rule)}

    def units(self, units: Sequence[Unit], said: Sequence[SaidRule]) -> tuple[Unit, ...]:
        """The units with the scenes that they are said to shoot in place of what the file says of these."""
        there, told = {MAIN, *(unit.name for unit in units)}, dict[int, set[str]]()
        for rule in said:
            may = there & set(rule.others) if rule.kind == "unit" else set()
            told |= {strip.scene: may for strip in self._of(rule)} if may else {}

        def with_told(scenes: Sequence[int], name: str, *, main: bool) -> tuple[int, ...]:
            kept = [scene for scene in scenes if scene not in told]
            return (*kept, *(scene for scene, may in told.items() if name in may and (MAIN in may) == main))

        return tuple(
            replace(
                unit,
                scenes=with_told(unit.scenes, unit.name, main=False),
                either=with_told(unit.either, unit.name, main=True),
            )
            for unit in units
        )

    def locks(self, said: Sequence[SaidRule]) -> Iterator[Lock]:
        return (Lock(strip.scene, rule.dates[0]) for rule in said if rule.kind == "lock" for strip in self._of(rule))

    def _of(self, rule: SaidRule) -> list[Strip]:
        return [self._strips[label] for label in self._known.scenes_of(Target(rule.subject, rule.names))]

    def _horizon(self, rule: SaidRule) -> tuple[date, ...]:
        first = min(self._first, *rule.dates) if rule.dates else self._first
        return days_between(first, self._last + BEYOND)

    def _dates(self, rule: SaidRule) -> tuple[date, ...]:
        """The rule's dates; weekdays count inside the dates of an "only", and beside those of a "never"."""
        if not rule.weekdays:
            return rule.dates
        if rule.kind == "only" and rule.dates:
            return tuple(day for day in rule.dates if day.weekday() in rule.weekdays)
        return rule.dates + tuple(day for day in self._horizon(rule) if day.weekday() in rule.weekdays)


def _said(rule: SaidRule) -> str:
    return f"“{rule.quote}”"
