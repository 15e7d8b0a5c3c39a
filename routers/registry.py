"""The models there are: shipped defaults, extended or overridden by a user's and a production's file."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from routers.errors import RegistryError
from routers.types import ABILITIES, ModelRow, Price, Prior, Region, Terms

SHIPPED = Path(__file__).parent / "models.yaml"
ANYWHERE = "*"  # a region set with this in it may reach any place, or does not say

_TOP = ("version", "prices_stated", "groups", "providers", "models")
_PROVIDER = ("credentials", "terms", "on_prem", "in_process")
_TERMS = tuple(f.name for f in fields(Terms))
_PRICE = ("input", "output", "stated", "above", "input_above", "output_above")
_PRIOR = ("mean", "weight")
_MODEL = (
    "wire",
    "provider",
    "calls",
    "reaches",
    "abilities",
    "json_mode",
    "window",
    "max_output",
    "price",
    "terms",
    "credentials",
    "on_prem",
    "in_process",
    "base_url",
    "serves",
    "legacy_from",
    "end_of_life",
    "prior",
    "task_priors",
    "guardrail",
    "note",
    "off",
)


@dataclass(frozen=True, slots=True)
class Registry:
    """All rows by id, and what `eu` or `us` stand for."""

    rows: Mapping[str, ModelRow]
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __getitem__(self, model: str) -> ModelRow:
        if model not in self.rows:
            raise RegistryError(f"No model is called {model!r}.", _nearest(model, self.rows))
        return self.rows[model]

    def expand(self, regions: Iterable[str]) -> frozenset[str]:
        """Regions with every group's name replaced by its members."""
        return frozenset(r for name in regions for r in self.groups.get(name, {name}))


def load_registry(*overrides: Path) -> Registry:
    """The shipped rows, then each file that exists, later files over earlier ones, key by key."""
    return _loaded(tuple(_seen(path) for path in (SHIPPED, *overrides) if path.is_file()))


class _Seen(NamedTuple):
    """A file and how it looks from outside; written anew it looks different."""

    path: Path
    changed: int
    size: int
    number: int


def _seen(path: Path) -> _Seen:
    stat = path.stat()
    return _Seen(path, stat.st_mtime_ns, stat.st_size, stat.st_ino)


@lru_cache(maxsize=64)
def _loaded(files: tuple[_Seen, ...]) -> Registry:
    found: dict[str, Any] = {}
    for file in files:
        layer = read_layer(file.path)
        _check_layer(layer, file.path.name)
        found = merged(found, layer)
    return build(found)


def build(data: Mapping[str, Any], source: str = "models.yaml") -> Registry:
    """Rows from plain data; raises RegistryError for anything unknown or of the wrong kind."""
    _check_layer(data, source)
    groups = {name: frozenset(map(str, members)) for name, members in data.get("groups", {}).items()}
    providers = data.get("providers", {})
    rows = {}
    for name, spec in data.get("models", {}).items():
        if spec.get("off"):
            continue
        try:
            rows[name] = _row(name, spec, providers, groups, str(data.get("prices_stated", "")))
        except (TypeError, ValueError, KeyError, InvalidOperation) as error:
            raise RegistryError(f"{source}: model {name} is not complete or not valid ({error}).", _ROW_HINT) from None
    return Registry(rows, groups)


_ROW_HINT = "A row needs wire, provider, calls and reaches; prices are strings in US dollars per million tokens."


def read_layer(path: Path) -> dict[str, Any]:
    """One file's keys, unchecked; raises RegistryError when it is not YAML."""
    import yaml

    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RegistryError(
            f"{path.name} is not YAML: {str(error).splitlines()[0]}.", "Check its indentation."
        ) from None
    if not isinstance(data, dict):
        raise RegistryError(f"{path.name} must hold keys, not a {type(data).__name__}.", "Start it with `models:`.")
    return dict(_plain_off(data))


def _plain_off(data: Any) -> Any:
    """YAML reads the key `off` as false; people mean the word."""
    if not isinstance(data, dict):
        return data
    return {("off" if key is False else key): _plain_off(value) for key, value in data.items()}


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Maps are merged, everything else is replaced."""
    out = dict(base)
    for key, value in over.items():
        old = out.get(key)
        out[key] = merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return out


def _check_layer(data: Mapping[str, Any], source: str) -> None:
    _known(data, _TOP, source)
    for kind, allowed in (("providers", _PROVIDER), ("models", _MODEL)):
        for name, spec in _mapping(data.get(kind, {}), f"{source}: {kind}").items():
            where = f"{source}: {kind}.{name}"
            _known(spec, allowed, where)
            for part, keys in (("terms", _TERMS), ("price", _PRICE), ("prior", _PRIOR)):
                if spec.get(part) is not None:
                    _known(spec[part], keys, f"{where}.{part}")


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise RegistryError(f"{where} must hold keys.", "See the shipped models.yaml for the form.")
    return value


def _known(data: Any, allowed: Iterable[str], where: str) -> None:
    for key in _mapping(data, where):
        if key not in allowed:
            raise RegistryError(f"{where} has an unknown key {key!r}.", _nearest(str(key), allowed))


def _nearest(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"Did you mean {close[0]!r}?" if close else "Known: " + ", ".join(sorted(known)[:12]) + "."


def _row(
    name: str, spec: Mapping[str, Any], providers: Mapping[str, Any], groups: Mapping[str, frozenset[str]], stated: str
) -> ModelRow:
    home = providers.get(spec["provider"], {})
    reaches = frozenset(r for part in spec["reaches"] for r in groups.get(part, {part}))
    abilities = frozenset(spec.get("abilities", ()))
    if unknown := abilities - set(ABILITIES):
        raise ValueError(f"abilities {sorted(unknown)}; there are {', '.join(ABILITIES)}")
    guardrail = spec.get("guardrail")
    return ModelRow(
        id=name,
        wire=spec["wire"],
        provider=spec["provider"],
        regions=tuple(Region(str(called), reaches) for called in spec["calls"]),
        abilities=abilities,
        json_mode=_one_of(spec.get("json_mode", "prompt"), ("native", "tool", "prompt"), "json_mode"),
        window=_whole(spec.get("window")),
        max_output=_whole(spec.get("max_output")),
        price=_price(spec.get("price"), stated),
        terms=_terms(merged(home.get("terms", {}), spec.get("terms", {}))),
        credentials=tuple(spec.get("credentials", home.get("credentials", ()))),
        on_prem=bool(spec.get("on_prem", home.get("on_prem", False))),
        in_process=bool(spec.get("in_process", home.get("in_process", False))),
        base_url=spec.get("base_url"),
        serves=frozenset(spec.get("serves", ())),
        legacy_from=_day(spec.get("legacy_from")),
        end_of_life=_day(spec.get("end_of_life")),
        prior=_prior(spec.get("prior")),
        task_priors={task: _prior(prior) for task, prior in spec.get("task_priors", {}).items()},
        guardrail=(str(guardrail[0]), str(guardrail[1])) if guardrail else None,
        note=str(spec.get("note", "")),
    )


def _price(spec: Mapping[str, Any] | None, stated: str) -> Price | None:
    if spec is None or spec.get("input") is None or spec.get("output") is None:
        return None
    price = Price.usd_per_million(str(spec["input"]), str(spec["output"]), str(spec.get("stated", stated)))
    if price.input < 0 or price.output < 0:
        raise ValueError("a price below zero")
    if spec.get("above") is None:
        return price
    long = Price.usd_per_million(str(Decimal(spec["input_above"])), str(Decimal(spec["output_above"])))
    return Price(price.input, price.output, price.stated, int(spec["above"]), long.input, long.output)


def _terms(spec: Mapping[str, Any]) -> Terms:
    trains, days = spec.get("trains"), spec.get("retention_days")
    if trains not in (None, True, False):
        raise ValueError("terms.trains is true, false or null")
    stated, checked = str(spec.get("stated_at", "")), _day(spec.get("checked"))
    return Terms(trains, _whole(days), stated, checked, _whole(spec.get("valid_days")))


def _prior(spec: Mapping[str, Any] | None) -> Prior:
    if spec is None:
        return Prior(0.5, 2.0)
    mean, weight = float(spec["mean"]), float(spec.get("weight", 2.0))
    if not (0 < mean < 1 and weight > 0):
        raise ValueError("a prior's mean lies between 0 and 1 and its weight above 0")
    return Prior(mean, weight)


def _one_of(value: Any, allowed: tuple[str, ...], what: str) -> Any:
    if value not in allowed:
        raise ValueError(f"{what} {value!r}; there are {', '.join(allowed)}")
    return value


def _whole(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or int(value) != value or value < 0:
        raise ValueError(f"{value!r} is not a whole number")
    return int(value)


def _day(value: Any) -> date | None:
    return date.fromisoformat(str(value)) if value is not None else None
