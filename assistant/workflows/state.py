"""What graphs pass around: ids and numbers in the state, collaborators in the context."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypedDict

from assistant.domain.breakdown import SceneFacts
from assistant.domain.categories import Category
from assistant.domain.characters import Character
from assistant.domain.screenplay import Scene, Screenplay
from assistant.knowledge import Knowledge
from assistant.llm import Llm
from assistant.store import Store
from assistant.store.sources import Sources


class Event(NamedTuple):
    """Something to show while a run works. `done` of `total` in `stage`."""

    stage: str
    done: int
    total: int
    note: str = ""


@dataclass(frozen=True)
class Context:
    """Collaborators of a run; tests pass fakes."""

    store: Store
    sources: Sources
    knowledge: Knowledge
    llm: Llm
    glossary: dict[str, Category]
    concurrency: int = 8
    progress: Callable[[Event], None] = lambda event: None
    materials: dict[int, "Material"] = field(default_factory=dict)  # drafts already taken apart in this process


class RunState(TypedDict, total=False):
    """JSON-native values only: a checkpoint of a 200-scene script stays a few kilobytes."""

    run: str
    file: str
    kind: str
    source: str
    draft: int
    pending: list[int]
    total: int
    synopses: bool  # are they asked for?
    rejected: int
    problems: list[list[str]]  # a scene's label and what went wrong with it


@dataclass(frozen=True)
class SceneTask:
    """One scene to be asked about: what the model sees, and the key its answer is kept under."""

    scene: Scene
    facts: SceneFacts
    key: str
    background: str = ""  # passages of the production's other papers


@dataclass(frozen=True)
class Material:
    """A draft with what the parser knows of it."""

    script: Screenplay
    tasks: Sequence[SceneTask]
    characters: Sequence[Character]
