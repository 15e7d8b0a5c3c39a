"""Why no board is possible, with the rules that people said named by their own words, and how to take each back."""

from collections.abc import Callable, Sequence

from assistant.domain.schedule import Problem, Result
from assistant.schedule.clash import Clash, find_clash
from assistant.schedule.units import unit_words
from assistant.store.said import KeptRule

PROOF_SECONDS = 20.0  # where the search ended before anything was proved
SECONDS = 5.0  # for each said rule that is tried without


def clash_words(
    problem: Problem, result: Result, said: Sequence[KeptRule], without: Callable[[int], Problem]
) -> tuple[str, str]:
    """The sentence and the hint of an infeasible schedule. `without` gives the problem but for one said rule."""
    clash = _proof(problem, result)
    if not clash.proved:
        return "No legal board was found in the time given.", "Give it more time: `--time 60`."
    words = list(dict.fromkeys(reason.words for reason in clash.reasons))
    named = [kept for kept in said if any(kept.rule.quote in word for word in words) or _units(kept, problem, words)]
    found = [kept for kept in said if kept not in named and find_clash(without(kept.seq), SECONDS, 1).days is not None]
    words += dict.fromkeys(f"“{kept.rule.quote}”" for kept in found)  # calls, calendars and lengths
    helps = [f"take “{kept.rule.quote}” back: `pa schedule forget {kept.id}`" for kept in (*named, *found)]
    helps += dict.fromkeys(reason.help for reason in clash.reasons if reason.help)
    return f"These rules can not hold together: {'; '.join(words)}.", " Or: ".join(helps)


def _units(kept: KeptRule, problem: Problem, words: Sequence[str]) -> bool:
    """Does a said rule give one of the scenes in these words to its units?"""
    if kept.rule.kind != "unit":
        return False
    names, may = set(kept.rule.names), set(kept.rule.others) & set(problem.units)
    given = [s for s in problem.strips if names & {s.label, s.set, s.location} and may == set(s.units)]
    return any(unit_words(strip) in word for strip in given for word in words)


def _proof(problem: Problem, result: Result) -> Clash:
    """What the solver proved; where its time ran out first, one more try."""
    if result.proved_infeasible:
        return Clash(None, result.reasons, True)
    return find_clash(problem, PROOF_SECONDS, 1)
