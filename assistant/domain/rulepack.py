"""A rule pack: the numbers that a schedule keeps to, each with its words and where it comes from."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a rule pack: a number with the words, the source and the date it was taken from."""

    key: str
    value: int
    words: str
    hard: bool = False
    on: bool = True
    source: str = ""
    dated: str = ""


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

    def with_value(self, key: str, value: int) -> "RulePack":
        rules = tuple(replace(rule, value=value, on=True) if rule.key == key else rule for rule in self.rules)
        return replace(self, rules=rules)

    def without(self, key: str) -> "RulePack":
        rules = tuple(replace(rule, on=False) if rule.key == key else rule for rule in self.rules)
        return replace(self, rules=rules)
