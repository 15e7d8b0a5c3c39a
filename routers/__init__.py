"""Models, tasks, money, policy and health; knows nothing of film."""

# ruff: noqa: I001
from importlib import import_module
from typing import TYPE_CHECKING, Any

# fmt: off
if TYPE_CHECKING:
    from routers.budget import Caps
    from routers.builtin import BuiltinProvider
    from routers.cache import Cache
    from routers.choice import Candidate, Plan
    from routers.errors import AnswerUnusable, BudgetRefused, ContentStopped, NoAnswer, NoEligibleModel
    from routers.errors import ProviderFault, RegistryError, RouterError
    from routers.fake import FakeClock, ScriptedProvider
    from routers.health import Health
    from routers.ledger import Ledger, open_engine
    from routers.policy import DataRule, Policy
    from routers.registry import Registry, build, load_registry
    from routers.router import Router
    from routers.scorecards import Evidence, Scorecards
    from routers.streaming import Stream
    from routers.types import AttemptNote, Chunk, Completion, Message, ModelRow, Need, Price, PromptRef, Provider
    from routers.types import RawAnswer, Region, Request, Terms, Verdict
__all__ = [
    "AnswerUnusable", "AttemptNote", "BudgetRefused", "BuiltinProvider", "Cache", "Candidate", "Caps", "Chunk",
    "Completion", "ContentStopped", "DataRule", "Evidence", "FakeClock", "Health", "Ledger", "Message", "ModelRow",
    "Need", "NoAnswer", "NoEligibleModel", "Plan", "Policy", "Price", "PromptRef", "Provider", "ProviderFault",
    "RawAnswer", "Region", "Registry", "RegistryError", "Request", "Router", "RouterError", "Scorecards",
    "ScriptedProvider", "Stream", "Terms", "Verdict", "build", "load_registry", "open_engine",
]
_HOMES = "errors types fake builtin registry scorecards health policy choice budget ledger cache streaming router"


def __getattr__(name: str) -> Any:  # modules load when first asked for: SQLAlchemy alone takes 0.2 s
    for home in _HOMES.split() if name in __all__ else ():
        if hasattr(module := import_module(f"routers.{home}"), name):
            return getattr(module, name)
    raise AttributeError(f"module 'routers' has no attribute {name!r}")
