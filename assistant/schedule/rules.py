"""Reads rule packs: YAML files of numbers with their source and date, which a production edits."""

from pathlib import Path
from typing import Any

import yaml

from assistant.domain.rulepack import Rule, RulePack
from assistant.errors import NotFound, SettingsError

PACKS = Path(__file__).parent / "packs"
FIELDS = frozenset(Rule.__dataclass_fields__)


def pack_names() -> tuple[str, ...]:
    """The packs that ship with the program."""
    return tuple(sorted(path.stem for path in PACKS.glob("*.yaml")))


def load_pack(name: str) -> RulePack:
    """A shipped pack by name, or a production's own YAML file by path."""
    table = read_pack(name)
    return RulePack(
        name=str(table["name"]),
        rules=tuple(_rule(row) for row in table["rules"]),
        minors=tuple((int(age), int(minutes)) for age, minutes in table.get("minors", ())),
        cast_weights=tuple((int(number), int(weight)) for number, weight in table.get("cast_weights", ())),
        no_drop_up_to=int(table.get("no_drop_up_to", 0)),
        element_days=tuple((str(key), int(weight)) for key, weight in table.get("element_days", {}).items()),
    )


def read_pack(name: str) -> dict[str, Any]:
    """A pack as a table, with what it is based on filled in."""
    path = Path(name) if name.endswith((".yaml", ".yml")) else PACKS / f"{name}.yaml"
    if not path.is_file():
        raise NotFound(f"there is no rule pack {name!r}", f"shipped packs: {', '.join(pack_names())}")
    table = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(table, dict) or not isinstance(table.get("rules"), list):
        raise SettingsError(f"{path.name} is not a rule pack", "it needs `name:` and a list `rules:`")
    if "based_on" not in table:
        return table
    base = read_pack(str(table["based_on"]))
    rules = {row["key"]: row for row in base["rules"]} | {row["key"]: row for row in table["rules"]}
    return {**base, **table, "rules": list(rules.values())}


def _rule(row: dict[str, Any]) -> Rule:
    unknown = set(row) - FIELDS
    if unknown or "key" not in row:
        raise SettingsError(f"a rule has unknown fields: {', '.join(sorted(unknown)) or 'no key'}", "see feature.yaml")
    if not isinstance(row.get("value"), int):
        raise SettingsError(f"rule {row['key']!r} needs a whole number as value", "switch a rule off with on: false")
    return Rule(**{**row, "words": str(row.get("words", row["key"])), "dated": str(row.get("dated", ""))})
