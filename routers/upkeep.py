"""Keeping the registry true: rows added by people, prices and terms held against what is known today."""

import tempfile
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from routers.registry import Registry, load_registry, merged, read_layer
from routers.types import NANO, ModelRow

STALE_AFTER = timedelta(days=180)


def write_layer(path: Path, layer: Mapping[str, Any], beneath: tuple[Path, ...] = ()) -> Registry:
    """Merge `layer` into the override file at `path` and return the registry it makes with the files beneath it.

    Raises RegistryError, and leaves the file as it was, when a row is not complete or a key is unknown.
    """
    import yaml

    mine = merged(read_layer(path) if path.is_file() else {}, layer)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        draft = Path(folder) / path.name
        draft.write_text(yaml.safe_dump(mine, sort_keys=False, allow_unicode=True), encoding="utf-8")
        registry = load_registry(*beneath, draft)
        draft.replace(path)
    return registry


def as_json(row: ModelRow) -> dict[str, Any]:
    """A row as `models show` prints it."""
    price, terms = row.price, row.terms
    return {
        "id": row.id,
        "wire": row.wire,
        "provider": row.provider,
        "regions": {region.name: sorted(region.reaches) for region in row.regions},
        "abilities": sorted(row.abilities),
        "json_mode": row.json_mode,
        "window": row.window,
        "max_output": row.max_output,
        "usd_per_million": None if price is None else {"input": _usd(price.input), "output": _usd(price.output)},
        "price_stated": "" if price is None else price.stated,
        "terms": {
            "trains": terms.trains,
            "retention_days": terms.retention_days,
            "stated_at": terms.stated_at,
            "checked": terms.checked.isoformat() if terms.checked else None,
        },
        "on_prem": row.on_prem,
        "credentials": list(row.credentials),
        "end_of_life": row.end_of_life.isoformat() if row.end_of_life else None,
    }


def audit(registry: Registry, prices: Mapping[str, Mapping[str, Any]], today: date) -> list[str]:
    """What a person should look at; `prices` is LiteLLM's local map, or empty."""
    found = []
    for row in registry.rows.values():
        found += [f"{row.id}: {what}" for what in _doubts(row, prices, today)]
    return found


def _doubts(row: ModelRow, prices: Mapping[str, Mapping[str, Any]], today: date) -> list[str]:
    doubts = []
    if row.price is None:
        doubts.append("has no price, so it is never eligible")
    elif differs := _price_differs(row, prices):
        doubts.append(differs)
    if row.terms.trains is None or row.terms.retention_days is None:
        doubts.append("its terms are not fully known, so it may only see open material")
    if row.terms.checked and today - row.terms.checked > STALE_AFTER:
        doubts.append(f"its terms were last checked on {row.terms.checked}")
    if row.end_of_life and today >= row.end_of_life:
        doubts.append(f"ended on {row.end_of_life}")
    elif row.end_of_life and row.end_of_life - today < STALE_AFTER:
        doubts.append(f"ends on {row.end_of_life}")
    return doubts


def _price_differs(row: ModelRow, prices: Mapping[str, Mapping[str, Any]]) -> str:
    """Compared only where the map knows the model; on-premises rows have prices of their own."""
    known = prices.get(row.wire) or prices.get(row.wire.split("/", 1)[-1])
    if row.on_prem or row.price is None or not known or known.get("input_cost_per_token") is None:
        return ""
    there = [_per_million(known.get(f"{side}_cost_per_token") or 0) for side in ("input", "output")]
    here = [row.price.input, row.price.output]
    if here == there:
        return ""
    return f"states ${_usd(here[0])}/${_usd(here[1])} per million, LiteLLM's map ${_usd(there[0])}/${_usd(there[1])}"


def _per_million(usd_per_token: float) -> int:
    return int((Decimal(str(usd_per_token)) * 1_000_000 * NANO).to_integral_value())


def _usd(amount: int) -> float:
    return float(Decimal(amount) / NANO)
