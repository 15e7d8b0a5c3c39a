"""Why no board is possible, with the rules that people said named by their own words, and how to take each back."""

from collections.abc import Callable, Sequence

from assistant.domain.schedule import Problem, Result
from assistant.schedule.clash import find_clash
from assistant.store.said import KeptRule

SECONDS = 5.0  # for each said rule that is tried without


def clash_words(result: Result, said: Sequence[KeptRule], without: Callable[[int], Problem]) -> tuple[str, str]:
    """The sentence and the hint of an infeasible schedule. `without` gives the problem but for one said rule."""
    words = list(dict.fromkeys(reason.words for reason in result.reasons))
    named = [kept for kept in said if any(kept.rule.quote in word for word in words)]
    if result.proved_infeasible:
        found = [kept for kept in said if kept not in named and _mends(without(kept.seq))]
        words += dict.fromkeys(f"“{kept.rule.quote}”" for kept in found)
        named += found
    proof = "These rules can not hold together" if result.proved_infeasible else "No board was found"
    told = "; ".join(words) or "no legal board was found in the time given"
    helps = [f"take “{kept.rule.quote}” back: `pa schedule forget {kept.id}`" for kept in named]
    helps += dict.fromkeys(reason.help for reason in result.reasons if reason.help)
    return f"{proof}: {told}.", " Or: ".join(helps) or "Give it more time: `--time 60`."


def _mends(problem: Problem) -> bool:
    """Is there a board? Calls, calendars and lengths are no rules that the search could leave out by itself."""
    return find_clash(problem, SECONDS, 1).days is not None
