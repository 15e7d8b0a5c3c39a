"""A prompt is a Markdown file with a contract: what it is for, what goes in, what comes out, which version."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, StrictUndefined, Template, meta

FOLDER = Path(__file__).parent
LOCK = FOLDER / "versions.lock"
ROLES = ("system", "user")
_SECTION = re.compile(r"^## (system|user)\n", re.MULTILINE)
_KEYS = {"id", "version", "task", "description", "inputs", "output"}


class PromptError(ValueError):
    """A prompt file breaks its contract, or is rendered with the wrong inputs."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A loaded prompt. `sections` are (role, template) in order, split before anything is filled in."""

    id: str
    version: int
    task: str
    description: str
    inputs: tuple[str, ...]
    output: str
    sections: tuple[tuple[str, str], ...]
    sha256: str


@cache
def load(identity: str) -> Prompt:
    """The prompt with this id, "breakdown/scene". Raises PromptError when it is missing or breaks its contract."""
    path = FOLDER / f"{identity}.md"
    if not path.is_file():
        raise PromptError(f"there is no prompt {identity!r}; known: {', '.join(catalogue())}")
    return parse(path.read_text(encoding="utf-8"), identity)


def parse(text: str, identity: str) -> Prompt:
    """Read a prompt file's text."""
    try:
        _, front, body = text.split("---\n", 2)
    except ValueError:
        raise PromptError(f"{identity}: front matter between two lines of --- is missing") from None
    head = yaml.safe_load(front)
    if set(head) != _KEYS:
        raise PromptError(f"{identity}: front matter must have exactly {sorted(_KEYS)}, has {sorted(head)}")
    if head["id"] != identity:
        raise PromptError(f"{identity}: the file says id {head['id']!r}")
    parts = _SECTION.split(body)
    sections = tuple(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))
    used = {name for _, template in sections for name in meta.find_undeclared_variables(_jinja().parse(template))}
    if used != set(head["inputs"]):
        raise PromptError(f"{identity}: declares {sorted(head['inputs'])}, uses {sorted(used)}")
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Prompt(
        identity,
        int(head["version"]),
        head["task"],
        head["description"],
        tuple(head["inputs"]),
        head["output"],
        sections,
        digest,
    )


def task_versions() -> dict[str, str]:
    """Each task's prompt version; of several prompts, all their versions in the order of their ids."""
    found: dict[str, list[str]] = {}
    for identity in sorted(catalogue()):
        prompt = load(identity)
        found.setdefault(prompt.task, []).append(str(prompt.version))
    return {task: "+".join(versions) for task, versions in found.items()}


def render(prompt: Prompt, inputs: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(role, text) messages. Raises PromptError naming every input that is missing or unknown."""
    missing, unknown = set(prompt.inputs) - set(inputs), set(inputs) - set(prompt.inputs)
    if missing or unknown:
        raise PromptError(f"{prompt.id}: missing inputs {sorted(missing)}, unknown inputs {sorted(unknown)}")
    return [(role, _compiled(template).render(inputs)) for role, template in prompt.sections]


def catalogue() -> list[str]:
    """Ids of all prompts."""
    return sorted(path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.glob("*/*.md"))


def locked_versions() -> dict[str, tuple[int, str]]:
    """Id → (version, sha-256) as versions.lock has them."""
    rows = (line.split() for line in LOCK.read_text(encoding="utf-8").splitlines() if line.strip())
    return {identity: (int(version), digest) for identity, version, digest in rows}


def fenced(text: str, name: str) -> str:
    """Text between two marks that it can not contain, since they are made from its own hash."""
    text = text.strip("\n")
    mark = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"<{name} {mark}>\n{text}\n</{name} {mark}>"


@cache
def _compiled(template: str) -> Template:
    """Compiled once a process: a script's scenes are asked about with one prompt."""
    return _jinja().from_string(template)


@cache
def _jinja() -> Environment:
    # Prompts are text for a model, never HTML.
    made = Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True, keep_trailing_newline=False)
    made.filters["fenced"] = fenced
    return made
