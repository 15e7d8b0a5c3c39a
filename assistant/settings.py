"""Settings, read once: default < user file < production.toml < environment < flag. Nothing else reads them."""

import difflib
import getpass
import os
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_config_path
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.domain.categories import Category
from assistant.errors import NotFound, SettingsError

PRODUCTION_FILE = "production.toml"
DATA_FOLDER = ".pa"

DataClass = Literal["open", "confidential", "embargoed"]
Precision = Literal["draft", "standard", "final"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ProductionSection(_Section):
    """What this production is and how careful its material wants to be handled."""

    id: str = Field(default="", pattern=r"^[a-z0-9-]{0,32}$")  # written once by `pa init`
    title: str = ""
    data_class: DataClass = "confidential"
    precision: Precision = "standard"
    language: str = ""  # "" = as the script tells


class StoreSection(_Section):
    """Where facts live: an SQLite file in the production's folder unless a URL is given."""

    url: str = ""
    chroma_url: str = ""


class ModelsSection(_Section):
    """Which models may be asked, beyond what the policy says by itself."""

    file: str = ""  # an overlay of rows beside production.toml
    regions: tuple[str, ...] = ()
    on_prem_only: bool = False
    pin: dict[str, str] = Field(default_factory=dict)  # task → model
    forbid: tuple[str, ...] = ()
    embedding: str = ""  # a registry row with the ability "embedding"; "" = the embedded one
    concurrency: int = Field(default=8, ge=1, le=256)


class BudgetSection(_Section):
    """Caps in US dollars; none means no cap."""

    production_usd: Decimal | None = Field(default=None, ge=0)
    day_usd: Decimal | None = Field(default=None, ge=0)
    run_usd: Decimal | None = Field(default=None, ge=0)


class BedrockBatchSection(_Section):
    """Where questions that may wait a day are put for Bedrock's batch jobs, at half the price."""

    bucket: str = ""  # {region} in it stands for the job's Region
    role: str = ""
    prefix: str = "pa"
    kms_key: str = ""
    hours: int = Field(default=24, ge=24, le=168)
    minimum: int = Field(default=100, ge=1)  # records in a job: a quota of the account and the model
    poll: float = Field(default=60.0, gt=0)  # seconds


class TelemetrySection(_Section):
    """What is told to whoever watches: nothing, unless a collector is named."""

    otlp: str = ""  # a collector that speaks OTLP over gRPC, e.g. http://127.0.0.1:4317
    service: str = ""
    log: Literal["", "json"] = ""


SlackEvent = Literal["schedule", "draft", "budget", "batch"]


class SlackSection(_Section):
    """Where in the office's Slack this production is spoken of, with whom, and how openly."""

    channels: tuple[str, ...] = ()  # channel ids
    viewers: tuple[str, ...] = ()  # user ids (U…) or user group ids (S…)
    reviewers: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()
    script_text: Literal["private", "channel"] = "private"
    events: dict[str, tuple[SlackEvent, ...]] = Field(default_factory=dict)  # channel id → what it is told
    batches: tuple[str, ...] = ()  # folders that batches write into, from this production's folder
    api_url: str = "https://slack.com/api/"


class Settings(_Section):
    """Everything that can be set, typed. Sections are the tables of production.toml."""

    production: ProductionSection = ProductionSection()
    store: StoreSection = StoreSection()
    models: ModelsSection = ModelsSection()
    budget: BudgetSection = BudgetSection()
    glossary: dict[str, Category] = Field(default_factory=dict)  # the production's own words → category
    schedule: dict[str, Any] = Field(default_factory=dict)  # read by assistant.schedule.rules
    slack: SlackSection = SlackSection()
    bedrock_batch: BedrockBatchSection = BedrockBatchSection()
    telemetry: TelemetrySection = TelemetrySection()


ENVIRONMENT = {
    "PA_DATA_CLASS": ("production", "data_class"),
    "PA_PRECISION": ("production", "precision"),
    "PA_STORE_URL": ("store", "url"),
    "PA_CHROMA_URL": ("store", "chroma_url"),
    "PA_MODELS_FILE": ("models", "file"),
    "PA_CONCURRENCY": ("models", "concurrency"),
    "PA_BUDGET_USD": ("budget", "production_usd"),
    "OTEL_EXPORTER_OTLP_ENDPOINT": ("telemetry", "otlp"),
    "OTEL_SERVICE_NAME": ("telemetry", "service"),
    "PA_LOG": ("telemetry", "log"),
}


def load_settings(folder: Path | None, flags: Mapping[str, Any] | None = None) -> Settings:
    """Merge all layers. `flags` is nested like the file; None values in it mean "not given".

    Raises SettingsError naming the file, the key and the nearest known key.
    """
    merged: dict[str, Any] = {}
    for path in (
        user_config_path("production-assistant") / "settings.toml",
        (folder or Path()) / PRODUCTION_FILE,
    ):
        if path.is_file() and (folder is not None or path.name != PRODUCTION_FILE):
            _merge(merged, read_toml(path))
    for name, (section, key) in ENVIRONMENT.items():
        if name in os.environ:
            _merge(merged, {section: {key: os.environ[name]}})
    _merge(merged, _given(flags or {}))
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        raise _explain(error) from None


def find_production(start: Path) -> Path | None:
    """The production folder that `start` lies in; else the only `*.pa` production in `start`; else None."""
    named = os.environ.get("PA_PRODUCTION")
    if named:
        return named_production(Path(named))
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / PRODUCTION_FILE).is_file():
            return folder
    beside = [path.parent for path in sorted(start.glob(f"*.pa/{PRODUCTION_FILE}"))]
    return beside[0] if len(beside) == 1 else None


def named_production(folder: Path) -> Path:
    """`folder` if it is a production. Raises NotFound."""
    if not (folder / PRODUCTION_FILE).is_file():
        raise NotFound(f"{folder} is not a production.", "Make one with `pa init FOLDER`.")
    return folder.resolve()


def production_template(title: str, identity: str) -> str:
    """What a new production.toml says."""
    clean = re.sub(r"[\x00-\x1f\"\\]", " ", title).strip()
    return (
        "# This production's settings; docs/settings.md explains each of them.\n\n"
        f'[production]\nid = "{identity}"\ntitle = "{clean}"\n'
        'data_class = "confidential"  # open | confidential | embargoed\n'
        'precision = "standard"  # draft | standard | final\n\n'
        '# Your own words and their categories:\n[glossary]\n# "hero knife" = "weapons"\n'
    )


def user_name() -> str:
    """Who decides, when nobody says: PA_WHO, else the name this user is signed in under."""
    try:
        return os.environ.get("PA_WHO") or getpass.getuser()
    except (OSError, KeyError):  # a container's user without a name
        return "somebody"


def credential(name: str) -> str | None:
    """The value of a named credential (`anthropic_api_key` is ANTHROPIC_API_KEY); handed on, never kept."""
    return os.environ.get(name.upper()) or None


def has_credential(name: str) -> bool:
    """Is this credential set? For `aws`: keys, a profile, a role, or AWS's own files."""
    if name != "aws":
        return credential(name) is not None
    signs = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_BEARER_TOKEN_BEDROCK")
    container = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
    files = [Path.home() / ".aws" / "credentials", Path.home() / ".aws" / "config"]
    return any(os.environ.get(sign) for sign in (*signs, container)) or any(path.is_file() for path in files)


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file's tables. Raises SettingsError."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path.name} is not valid TOML: {error}.", "Correct the file, then run again.") from None
    except OSError as error:
        raise SettingsError(f"{path} can not be read: {error.strerror}.", "Check its permissions.") from None


def _merge(into: dict[str, Any], layer: Mapping[str, Any]) -> None:
    for key, value in layer.items():
        if isinstance(value, Mapping) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = dict(value) if isinstance(value, Mapping) else value


def _given(flags: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in flags.items():
        if isinstance(value, Mapping):
            inner = _given(value)
            if inner:
                kept[key] = inner
        elif value is not None:
            kept[key] = value
    return kept


def _explain(error: ValidationError) -> SettingsError:
    first = error.errors()[0]
    where = [str(part) for part in first["loc"]]
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(where[-1], _known(where[:-1]), n=1)
        hint = f"Did you mean `{near[0]}`?" if near else f"Known here: {', '.join(_known(where[:-1]))}."
        return SettingsError(f"Unknown setting `{'.'.join(where)}`.", hint)
    return SettingsError(f"Setting `{'.'.join(where)}`: {first['msg']}.", "See docs/settings.md for every setting.")


def _known(section: list[str]) -> list[str]:
    model: Any = Settings
    for part in section:
        field = getattr(model, "model_fields", {}).get(part)
        model = field.annotation if field else None
    return sorted(getattr(model, "model_fields", {}))
