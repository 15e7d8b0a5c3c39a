"""What an AWS account really has on Bedrock: rows for the registry, with the places and terms read, not assumed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from routers.errors import ProviderFault
from routers.registry import ANYWHERE, Registry

STATED_AT = "https://docs.aws.amazon.com/bedrock/latest/userguide/data-protection.html"
VALID_DAYS = 1  # an account's settings can change any hour; what was read the day before is asked again
_UNAVAILABLE = {
    "authorizationStatus": ("NOT_AUTHORIZED", "this account is not authorized for it"),
    "entitlementAvailability": ("NOT_AVAILABLE", "this account is not entitled to it"),
    "regionAvailability": ("NOT_AVAILABLE", "it is not offered in this Region"),
}


class Control(Protocol):
    """The control plane, as `BedrockProvider` reaches it."""

    def control(self, region: str, operation: str, **asked: Any) -> dict[str, Any]:
        """Ask one question."""
        ...


@dataclass(frozen=True, slots=True)
class Account:
    """What the account itself does with text in a Region; None = could not be read."""

    retention_mode: str | None
    logs_prompts: bool | None

    @property
    def retention_days(self) -> int | None:
        """Known to be zero, or not known: a model's own policy or a log that keeps prompts is no number."""
        return 0 if self.retention_mode == "none" and self.logs_prompts is False else None

    @property
    def trains(self) -> bool | None:
        """AWS states that it does not train; sharing with the provider leaves that promise."""
        return None if self.retention_mode in {None, "provider_data_share"} else False

    @property
    def note(self) -> str:
        """One line for `pa models show`."""
        logs = {True: "on", False: "off", None: "unknown"}[self.logs_prompts]
        return f"data retention mode {self.retention_mode or 'unknown'}, invocation logging {logs}"


@dataclass(frozen=True, slots=True)
class Found:
    """A registry layer for one Region, the account's facts, and what was left out and why."""

    region: str
    account: Account
    layer: Mapping[str, Any]
    left_out: tuple[tuple[str, str], ...]


def sync(control: Control, region: str, known: Registry, prices: Mapping[str, Mapping[str, Any]], today: date) -> Found:
    """Ask the account what it may use from this Region and where that may run."""
    account = read_account(control, region)
    models = {m["modelId"]: m for m in _text_models(control, region)}
    names = {row.wire: row.id for row in known.rows.values()}
    rows: dict[str, Any] = {}
    left_out: list[tuple[str, str]] = []
    why_not = {name: _unavailable(control, region, name) for name in models}
    for callable_id, base, reaches in _callable(control, region, models):
        name = names.get(f"bedrock/{callable_id}", f"bedrock/{callable_id}")
        if why := why_not.get(base, "Bedrock does not list its base model here"):
            left_out.append((name, why))
            rows[name] = _head(callable_id, region, reaches) | {"off": True, "note": why}
            continue
        facts = prices.get(callable_id) or prices.get(base) or {}
        rows[name] = _head(callable_id, region, reaches) | _row(models[base], facts, account, today)
    return Found(region, account, {"models": rows}, tuple(left_out))


def read_account(control: Control, region: str) -> Account:
    """Retention mode and prompt logging; what may not be read stays unknown."""
    mode = _try(control, region, "get_account_data_retention")
    logging = _try(control, region, "get_model_invocation_logging_configuration")
    logs = None if logging is None else bool((logging.get("loggingConfig") or {}).get("textDataDeliveryEnabled"))
    return Account(None if mode is None else mode.get("mode"), logs)


def regions_of(profile: Mapping[str, Any]) -> tuple[str, ...]:
    """Every place an inference profile may send the text to; a global one names no Region."""
    places = {arn.split(":")[3] or ANYWHERE for arn in _arns(profile)}
    if str(profile.get("inferenceProfileId", "")).startswith("global."):
        places.add(ANYWHERE)
    return tuple(sorted(places))


def _arns(profile: Mapping[str, Any]) -> list[str]:
    return [m["modelArn"] for m in profile.get("models", []) if m.get("modelArn")]


def _try(control: Control, region: str, operation: str, **asked: Any) -> dict[str, Any] | None:
    """The answer, or None where this account may not ask; without keys or a line there is no answer to have."""
    try:
        return control.control(region, operation, **asked)
    except ProviderFault as fault:
        if fault.kind in {"no_credentials", "expired_credentials", "connect"}:
            raise
        return None


def _text_models(control: Control, region: str) -> list[dict[str, Any]]:
    listed = control.control(region, "list_foundation_models", byOutputModality="TEXT")
    return [m for m in listed.get("modelSummaries", []) if "TEXT" in m.get("inputModalities", [])]


def _callable(
    control: Control, region: str, models: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(what to call, its base model, every place it may run): models on demand here, then inference profiles."""
    for name, model in models.items():
        if "ON_DEMAND" in model.get("inferenceTypesSupported", []):
            yield name, name, (region,)
    for profile in _profiles(control, region):
        arns = _arns(profile)
        if profile.get("status", "ACTIVE") == "ACTIVE" and arns:
            yield _callable_name(profile), arns[0].split("/", 1)[-1], regions_of(profile)


def _callable_name(profile: Mapping[str, Any]) -> str:
    """An account's own profile is called by its ARN, which the account's grants name."""
    own = profile.get("type") == "APPLICATION"
    return str(profile["inferenceProfileArn"] if own else profile["inferenceProfileId"])


def _profiles(control: Control, region: str) -> Iterator[dict[str, Any]]:
    for kind in ("SYSTEM_DEFINED", "APPLICATION"):
        asked: dict[str, Any] = {"typeEquals": kind}
        while True:
            page = control.control(region, "list_inference_profiles", **asked)
            yield from page.get("inferenceProfileSummaries", [])
            if not page.get("nextToken"):
                break
            asked["nextToken"] = page["nextToken"]


def _unavailable(control: Control, region: str, model: str) -> str:
    """Why this account can not use a model; empty = it can, or Bedrock did not say."""
    said = _try(control, region, "get_foundation_model_availability", modelId=model) or {}
    return "; ".join(why for key, (bad, why) in _UNAVAILABLE.items() if said.get(key) == bad)


def _head(callable_id: str, region: str, reaches: tuple[str, ...]) -> dict[str, Any]:
    return {"wire": f"bedrock/{callable_id}", "provider": "bedrock", "calls": [region], "reaches": list(reaches)}


def _row(model: Mapping[str, Any], facts: Mapping[str, Any], account: Account, today: date) -> dict[str, Any]:
    terms = {
        "trains": account.trains,
        "retention_days": account.retention_days,
        "stated_at": STATED_AT,
        "checked": today.isoformat(),
        "valid_days": VALID_DAYS,
    }
    row: dict[str, Any] = {
        "abilities": _abilities(model, facts),
        "json_mode": json_mode(facts),
        "terms": terms,
        "note": account.note,
    }
    for key, source in (("window", "max_input_tokens"), ("max_output", "max_output_tokens")):
        if facts.get(source):
            row[key] = int(facts[source])
    if price := price_of(facts):
        row["price"] = price
    return row | _life(model.get("modelLifecycle") or {}, today)


def json_mode(facts: Mapping[str, Any]) -> str:
    """The surest way this model can be held to a schema."""
    if facts.get("supports_native_structured_output") or facts.get("supports_bedrock_native_structured_output"):
        return "native"
    tools = facts.get("supports_function_calling") and facts.get("supports_tool_choice")
    return "tool" if tools and facts.get("supports_forced_tool_use") is not False else "prompt"


def price_of(facts: Mapping[str, Any]) -> dict[str, str] | None:
    """US dollars per million tokens, or None where the table has no price: unknown is not free."""
    given, taken = facts.get("output_cost_per_token"), facts.get("input_cost_per_token")
    if given is None or taken is None:
        return None
    million = Decimal(1_000_000)
    shown = {"input": Decimal(str(taken)) * million, "output": Decimal(str(given)) * million}
    return {key: f"{value.normalize():f}" for key, value in shown.items()}


def _abilities(model: Mapping[str, Any], facts: Mapping[str, Any]) -> list[str]:
    found = ["json_schema"]
    found += ["tools"] if facts.get("supports_function_calling") else []
    found += ["vision"] if "IMAGE" in model.get("inputModalities", []) else []
    return found + (["streaming"] if model.get("responseStreamingSupported") else [])


def _life(cycle: Mapping[str, Any], today: date) -> dict[str, str]:
    dates = {}
    if cycle.get("status") == "LEGACY":
        dates["legacy_from"] = _day(cycle.get("legacyTime")) or today.isoformat()
    if end := _day(cycle.get("endOfLifeTime")):
        dates["end_of_life"] = end
    return dates


def _day(moment: object) -> str | None:
    return moment.date().isoformat() if isinstance(moment, datetime) else None
