"""A production's router and search put together: shipped rows and overlays, providers, ledger, caps, scorecards."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platformdirs import user_config_path

from assistant.errors import SettingsError
from assistant.logs import start
from assistant.settings import DATA_FOLDER, Settings, credential, has_credential

BUILT_IN = "builtin/rules"

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from assistant.knowledge import Embedder, Knowledge
    from assistant.llm import Llm
    from assistant.store.sources import Sources
    from routers import Evidence, Plan, Provider, Registry, Request, Router, Scorecards
    from routers.scorecards import Paid


def build_router(
    settings: Settings, folder: Path, engine: "Engine", providers: "Mapping[str, Provider] | None" = None
) -> "Router":
    """The one router of an open production. `providers` are put in place of the real ones, by name."""
    from assistant.telemetry import telemetry
    from routers import Cache, Caps, Ledger, Router, Scorecards, load_registry
    from routers.health import Health
    from routers.shared_health import SharedHealth

    start(settings.telemetry.log)
    caps = Caps(settings.budget.production_usd, settings.budget.run_usd, settings.budget.day_usd)
    ledger = Ledger(engine, caps)
    registry = load_registry(*_overlays(settings, folder))
    shown = measured(folder)
    own = rule_versions() if any(row.model == BUILT_IN for row in shown) else {}  # 0.3 s, for nothing where it has none
    return Router(
        registry=registry,
        providers={**_providers(registry), **(providers or {})},
        ledger=ledger,
        cards=Scorecards(shown + ledger.learned(), current_versions(folder), own),
        cache=Cache(engine),
        has=has_credential,
        health=SharedHealth(engine=engine) if settings.store.url else Health(),
        observer=telemetry(settings.telemetry),
    )


def wired(settings: Settings, folder: Path) -> bool:
    """May a question go to a model over LiteLLM, as far as credentials and the settings say? It asks nobody."""
    from routers import load_registry

    models = settings.models
    return any(
        row.provider not in {"bedrock", "builtin"}
        and (row.base_url is not None if row.on_prem else not models.on_prem_only)
        and not {row.id, row.provider} & set(models.forbid)
        and all(has_credential(name) for name in row.credentials)
        for row in load_registry(*_overlays(settings, folder)).rows.values()
    )


def embedder_for(settings: Settings, llm: "Llm") -> "Embedder":
    """What makes the search's vectors: the model that the settings name, else the embedded one."""
    from assistant.knowledge import RoutedEmbedder, WordLlamaEmbedder

    models = settings.models
    return RoutedEmbedder(llm, models.embedding, models.concurrency) if models.embedding else WordLlamaEmbedder()


def build_knowledge(
    settings: Settings, data: Path, production: str, sources: "Sources", embedder: "Embedder"
) -> "Knowledge":
    """The search over a production's sources; its vectors lie in the data folder, or on the settings' Chroma server."""
    from assistant.knowledge import Knowledge, Vectors

    vectors = Vectors(data / "chroma", production, embedder.fingerprint, settings.store.chroma_url)
    return Knowledge(sources, vectors, embedder)


def card_files(folder: Path) -> list[Path]:
    """Where evals keep what they measured: for all productions of this user, then for this one."""
    name = "scorecards.jsonl"
    return [user_config_path("production-assistant") / name, folder / DATA_FOLDER / name]


def measured(folder: Path) -> "list[Evidence]":
    """What evals found; a production's own figure for a model and task replaces the user's."""
    from routers.scorecards import load

    rows = {(row.task, row.model): row for path in card_files(folder) for row in load(path)}
    return list(rows.values())


def paid(folder: Path) -> "dict[tuple[str, str], Paid]":
    """What a trial took when it was measured, by task and model."""
    from routers.scorecards import load_paid

    found: dict[tuple[str, str], Paid] = {}
    for path in card_files(folder):
        found |= load_paid(path)
    return found


def current_versions(folder: Path) -> dict[str, tuple[str, str]]:
    """Each task's prompt and data version as they are now; what was measured with others is stale."""
    import prompts
    from routers.scorecards import load_data

    data: dict[str, str] = {}
    for path in card_files(folder):
        data |= load_data(path)
    return {task: (version, data.get(task, "")) for task, version in prompts.task_versions().items()}


def rule_versions() -> dict[tuple[str, str], str]:
    """The built-in model's version at each task: that of its rules, since no prompt is asked."""
    import prompts
    from assistant.breakdown import RULES_VERSION
    from assistant.continuity import RULES_VERSION as CONTINUITY_RULES
    from assistant.schedule.said import RULES_VERSION as SAID_RULES

    apart = {"continuity": CONTINUITY_RULES, "schedule_rules": SAID_RULES}
    return {(task, BUILT_IN): f"rules {apart.get(task, RULES_VERSION)}" for task in prompts.task_versions()}


def ranking(plan: "Plan", cards: "Scorecards", folder: Path) -> list[dict[str, Any]]:
    """Every model's standing for a plan's task, best first, with what a trial took where that was measured."""
    took, task, own = paid(folder), plan.need.task, rule_versions()
    rows: dict[str, dict[str, Any]] = {}
    for item in plan.candidates:
        cost = took.get((task, item.row.id))
        prompt, data = cards.versions(task, item.row.id)
        rows[item.row.id] = {
            **item.as_json(),
            "chosen": plan.chosen is not None and plan.chosen.row.id == item.row.id,
            "measured_usd": cost.usd if cost else None,
            "measured_seconds": cost.seconds if cost else None,
            "prompt": own.get((task, item.row.id), prompt),
            "data": data,
        }
    return sorted(rows.values(), key=lambda row: (-row["lower_bound"], row["cost_usd"] or 0.0, row["model"]))


def user_models() -> Path:
    """Where a user's own rows live, for all productions."""
    return user_config_path("production-assistant") / "models.yaml"


def production_models(settings: Settings, folder: Path) -> Path:
    """Where a production's own rows live: the file it names, else models.yaml beside production.toml."""
    return folder / (settings.models.file or "models.yaml")


def _overlays(settings: Settings, folder: Path) -> list[Path]:
    """The user's rows, then the production's; a file that is named must be there."""
    mine = production_models(settings, folder)
    if settings.models.file and not mine.is_file():
        raise SettingsError(f"There is no file {mine}.", "Correct [models] file in production.toml.")
    return [user_models(), mine]


def _providers(registry: "Registry") -> "dict[str, Provider]":
    from routers import BuiltinProvider
    from routers.bedrock import BedrockProvider
    from routers.provider import LiteLLMProvider

    wire = LiteLLMProvider(secret=credential)
    direct: dict[str, Provider] = {row.provider: wire for row in registry.rows.values()}
    return {**direct, "bedrock": BedrockProvider(), "builtin": BuiltinProvider(_BUILT_IN)}


def _rules(request: "Request") -> str:
    """The built-in model's breakdown: the rules' findings, in the shape any model answers in."""
    from assistant.breakdown import reported

    findings: Any = request.payload
    return reported(findings).model_dump_json()


def _chat(request: "Request") -> str:
    """The built-in model's answer to a question: from the tables, or a sentence of the material, or none."""
    from assistant.knowledge.builtin import reply
    from assistant.knowledge.shape import as_shape

    question: Any = request.payload
    said = reply(question)
    return as_shape(said.claims, said.why).model_dump_json()


def _synopsis(request: "Request") -> str:
    """The built-in model's synopsis: the scene's own first sentence."""
    told: Any = request.payload
    return str(told.model_dump_json())


def _continuity(request: "Request") -> str:
    """The built-in model's continuity: the rules' findings, in the shape any model answers in."""
    found: Any = request.payload
    return str(found.model_dump_json())


def _schedule_rules(request: "Request") -> str:
    """The built-in model's rules of the shoot: what the grammar reads, in the shape any model answers in."""
    spoken: Any = request.payload
    return str(spoken.read().model_dump_json())


def _prose(request: "Request") -> str:
    """The built-in model's prose: the facts as they are, a sentence a line."""
    told: Any = request.payload
    return str(told.model_dump_json())


_BUILT_IN = {
    "breakdown": _rules,
    "continuity": _continuity,
    "chat": _chat,
    "synopsis": _synopsis,
    "schedule_rules": _schedule_rules,
    "schedule_prose": _prose,
}
