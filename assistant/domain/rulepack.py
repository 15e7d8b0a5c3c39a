"""A rule pack: the numbers that a schedule keeps to, each with its words and where it comes from."""

import re
from dataclasses import dataclass, replace

from assistant.domain.screenplay import pages


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a rule pack: a number with the words, the source and the date it was taken from.

    In the words `{n}` stands for the number, `{pages}` for it as pages, `{hours}` for it as hours of so many minutes.
    """

    key: str
    value: int
    words: str
    hard: bool = False
    on: bool = True
    source: str = ""
    dated: str = ""

    @property
    def text(self) -> str:
        """The words with the number as it is now."""
        number = {"{n}": str(self.value), "{pages}": pages(self.value), "{hours}": f"{self.value / 60:g}"}
        return re.sub(r"\{(?:n|pages|hours)\}", lambda match: number[match[0]], self.words)


@dataclass(frozen=True, slots=True)
class RulePack:
    """An editable set of rules; a number that is not in it is no rule."""

    name: str
    rules: tuple[Rule, ...]
    minors: tuple[tuple[int, int], ...] = ()  # (up to this age, minutes of work a day)
    cast_weights: tuple[tuple[int, int], ...] = ()  # (board number up to, weight a day)
    no_drop_up_to: int = 0  # board numbers engaged for the run
    element_days: tuple[tuple[str, int], ...] = ()  # category → weight a day

    def rule(self, key: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.key == key), None)

    def value(self, key: str, default: int = 0) -> int:
        """The rule's number, or `default` where the rule is absent or switched off."""
        rule = self.rule(key)
        return rule.value if rule and rule.on else default

    def on(self, key: str) -> bool:
        rule = self.rule(key)
        return bool(rule and rule.on)

    def with_value(self, key: str, value: int, source: str | None = None, words: str = "") -> "RulePack":
        """With another number, with who says so where that is somebody else, and with other words where they differ."""
        return replace(self, rules=tuple(_stated(r, value, source, words) if r.key == key else r for r in self.rules))

    def without(self, key: str) -> "RulePack":
        rules = tuple(replace(rule, on=False) if rule.key == key else rule for rule in self.rules)
        return replace(self, rules=rules)


def _stated(rule: Rule, value: int, source: str | None, words: str) -> Rule:
    said = replace(rule, value=value, on=True, words=words or rule.words)
    return said if source is None else replace(said, source=source, dated="")
