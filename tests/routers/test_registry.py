"""The shipped rows hold against LiteLLM's own map; overrides are layered, and slips are named."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from routers import RegistryError, build, load_registry
from routers.registry import SHIPPED
from routers.served import answered_as_asked
from routers.types import ModelRow
from routers.upkeep import as_json, audit, write_layer
from tests.routers.making import spec

REGISTRY = load_registry()
PAID = [row for row in REGISTRY.rows.values() if not row.on_prem]


def litellm_map() -> Any:
    from routers.provider import price_map

    return price_map()


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_rows_cover_the_providers() -> None:
    providers = {row.provider for row in REGISTRY.rows.values()}
    assert {
        "bedrock",
        "anthropic",
        "openai",
        "gemini",
        "mistral",
        "cohere",
        "openai_compatible",
        "builtin",
    } <= providers
    assert any(row.id.startswith("bedrock/eu.") for row in PAID)
    assert any(row.id.startswith("bedrock/us.") for row in PAID)


@pytest.mark.parametrize("row", PAID, ids=lambda row: row.id)
def test_a_shipped_row_agrees_with_the_map(row: ModelRow) -> None:
    known = litellm_map().get(row.wire) or litellm_map().get(row.wire.split("/", 1)[-1])
    assert known is not None, "LiteLLM knows no such model"
    assert row.window == known["max_input_tokens"]
    assert row.max_output == known.get("max_output_tokens")
    assert ("embedding" in row.abilities) == (known["mode"] == "embedding")
    assert ("tools" in row.abilities) == bool(known.get("supports_function_calling"))
    assert ("vision" in row.abilities) == bool(known.get("supports_vision"))


def test_no_shipped_price_differs_from_the_map() -> None:
    assert not [told for told in audit(REGISTRY, litellm_map(), date(2026, 11, 24)) if "states $" in told]


def test_unknown_terms_are_not_taken_for_good_ones() -> None:
    for row in PAID:
        if row.terms.trains is not None or row.terms.retention_days is not None:
            assert row.terms.stated_at.startswith("https://"), row.id
            assert row.terms.checked is not None, row.id


def test_european_profiles_stay_in_europe() -> None:
    for row in PAID:
        for region in row.regions:
            if row.id.startswith("bedrock/eu."):
                assert region.name in region.reaches == REGISTRY.groups["eu"]
            if row.id.startswith("bedrock/global."):
                assert region.reaches == {"*"}
    assert REGISTRY.expand({"eu", "us-east-1"}) == REGISTRY.groups["eu"] | {"us-east-1"}


def test_later_files_win_key_by_key(tmp_path: Path) -> None:
    user = write(tmp_path / "user.yaml", "providers: {bedrock: {terms: {retention_days: 0}}}\n")
    production = write(
        tmp_path / "production.yaml",
        "models:\n  onprem/example: {base_url: 'http://127.0.0.1:8000/v1'}\n"
        "  cohere/command-a-03-2025: {off: true}\n  cohere/command-r-08-2024: {'off': true}\n",
    )
    made = load_registry(user, production, tmp_path / "absent.yaml")
    terms = made["bedrock/eu.amazon.nova-lite"].terms
    assert (terms.retention_days, terms.trains) == (0, False)
    assert made["onprem/example"].base_url == "http://127.0.0.1:8000/v1"
    assert made["onprem/example"].window == 32768
    assert not {"cohere/command-a-03-2025", "cohere/command-r-08-2024"} & set(made.rows)


@pytest.mark.parametrize(
    ("text", "says", "hint"),
    [
        ("modles: {}", "unknown key 'modles'", "'models'"),
        ("models: {a: {wire: x, provder: y}}", "unknown key 'provder'", "'provider'"),
        ("models: {a: {price: {inptu: 1}}}", "unknown key 'inptu'", "'input'"),
        ("providers: {bedrock: {terms: {train: false}}}", "unknown key 'train'", "'trains'"),
        ("models: {a: {wire: x}}", "a is not complete", "wire, provider, calls and reaches"),
        ("models: [1]", "must hold keys", "models.yaml"),
        ("- 1", "must hold keys", "models:"),
        ("models: {a: [}", "is not YAML", "indentation"),
    ],
)
def test_a_slip_is_named_with_what_was_meant(tmp_path: Path, text: str, says: str, hint: str) -> None:
    with pytest.raises(RegistryError, match=says) as refused:
        load_registry(write(tmp_path / "mine.yaml", text))
    assert hint in refused.value.hint
    assert refused.value.exit_code == 12


@pytest.mark.parametrize(
    "over",
    [
        {"abilities": ["flying"]},
        {"json_mode": "yes"},
        {"window": 1.5},
        {"window": -1},
        {"price": {"input": "-1", "output": "1"}},
        {"price": {"input": "cheap", "output": "1"}},
        {"prior": {"mean": 1.5, "weight": 1}},
        {"terms": {"trains": "never"}},
        {"end_of_life": "soon"},
    ],
    ids=str,
)
def test_a_wrong_value_is_refused(over: dict[str, Any]) -> None:
    with pytest.raises(RegistryError, match="not complete or not valid"):
        build({"models": {"a": spec("acme", "1", 0.5, **over)}})


def test_an_unknown_model_suggests_the_nearest() -> None:
    with pytest.raises(RegistryError) as refused:
        REGISTRY["builtin/rule"]
    assert "builtin/rules" in refused.value.hint


def test_adding_a_row_keeps_the_file_when_it_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    layer = {"models": {"onprem/hall": spec("openai_compatible", "0", 0.7, base_url="http://127.0.0.1:1/v1")}}
    row = write_layer(path, layer)["onprem/hall"]
    assert (row.on_prem, row.price and row.price.input) == (True, 0)
    before = path.read_text(encoding="utf-8")
    with pytest.raises(RegistryError):
        write_layer(path, {"models": {"onprem/hall": {"window": "large"}}})
    assert path.read_text(encoding="utf-8") == before
    write_layer(path, {"models": {"onprem/hall": {"window": 8192}}})
    told = as_json(load_registry(path)["onprem/hall"])
    assert (told["window"], told["usd_per_million"]) == (8192, {"input": 0.0, "output": 0.0})


def test_the_audit_names_what_a_person_should_look_at() -> None:
    rows = {
        "a": spec("acme", "1", 0.5, price=None),
        "b": spec("acme", "1", 0.5, terms={"trains": False}),
        "c": spec("acme", "1", 0.5, terms={"trains": False, "retention_days": 0, "checked": "2025-01-01"}),
        "d": spec("acme", "1", 0.5, end_of_life="2026-02-01"),
        "e": spec("acme", "1", 0.5, end_of_life="2025-12-01"),
        "f": spec("acme", "1", 0.5, wire="acme/f"),
    }
    prices = {"acme/f": {"input_cost_per_token": 2e-6, "output_cost_per_token": 1e-6}}
    told = audit(build({"models": rows}), prices, date(2026, 1, 15))
    assert [line.split(":")[0] for line in told] == ["a", "b", "c", "d", "e", "f"]
    assert told[-1] == "f: states $1.0/$1.0 per million, LiteLLM's map $2.0/$1.0"


@pytest.mark.parametrize(
    ("wire", "served", "same"),
    [
        ("bedrock/eu.amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0", True),
        ("bedrock/eu.amazon.nova-lite-v1:0", "eu.amazon.nova-micro-v1:0", False),
        ("anthropic/claude-haiku-4-5", "claude-haiku-4-5-20251001", True),
        ("anthropic/claude-haiku-4-5", "claude-sonnet-4-5-20250929", False),
        ("anthropic/claude-sonnet-4-5", "claude-sonnet-4-6", False),
        ("openai/gpt-5.4", "gpt-5.4-2026-03-05", True),
        ("openai/gpt-5.4", "gpt-5.4-mini-2026-03-17", False),
        ("openai/gpt-5.4", "gpt-5.5-2026-04-23", False),
        ("mistral/mistral-small-2603", "mistral-small-2603", True),
        ("gemini/gemini-2.5-pro", "gemini-2.5-pro", True),
        ("gemini/gemini-2.5-pro", "gemini-2.5-flash", False),
        ("cohere_chat/command-r-08-2024", "command-r-08-2024", True),
        ("openai/gpt-5.4", "", True),
    ],
)
def test_the_model_that_answers_is_the_one_asked(wire: str, served: str, same: bool) -> None:
    row = build({"models": {"m": spec("acme", "1", 0.5, wire=wire)}})["m"]
    assert answered_as_asked(row, served) is same


def test_a_row_may_say_what_it_is_served_as() -> None:
    row = build({"models": {"m": spec("acme", "1", 0.5, serves=["router-pick"])}})["m"]
    assert answered_as_asked(row, "router-pick")
    assert not answered_as_asked(row, "model")


def test_the_shipped_file_has_no_key_twice() -> None:
    class Strict(yaml.SafeLoader):
        pass

    def unique(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
        keys = [loader.construct_object(key) for key, _ in node.value]  # type: ignore[no-untyped-call]
        assert len(keys) == len(set(keys))
        return dict(zip(keys, [loader.construct_object(v, deep=True) for _, v in node.value], strict=True))  # type: ignore[no-untyped-call]

    Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, unique)
    assert yaml.load(SHIPPED.read_text(encoding="utf-8"), Strict)["models"]
