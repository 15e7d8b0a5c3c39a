"""Embedding models: how many texts a call takes, what Bedrock is sent, and the vectors in an answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from routers.types import ModelRow, PromptRef, Request

PASSAGES = PromptRef("passages")
QUESTION = PromptRef("question")
"""What a request for vectors is about, kept in its record; some models place a question otherwise than a passage."""

MOST = 256
_MOST_OF = {"amazon.titan-embed": 1, "cohere.embed": 96}  # on Bedrock


def most_texts(row: ModelRow) -> int:
    """How many texts this model takes in one call."""
    family = _family(row.wire) if row.provider == "bedrock" else ""
    return _MOST_OF.get(family, MOST)


def invoke_body(wire: str, request: Request) -> dict[str, Any] | None:
    """What Bedrock's InvokeModel wants for these texts; None for a model that is not known here."""
    texts = [message.text for message in request.messages]
    family = _family(wire)
    if family == "amazon.titan-embed" and len(texts) == 1:
        return {"inputText": texts[0]}
    if family == "cohere.embed":
        kind = "search_query" if request.prompt == QUESTION else "search_document"
        return {"texts": texts, "input_type": kind, "truncate": "END", "embedding_types": ["float"]}
    return None


def invoked(said: Mapping[str, Any], wanted: int) -> list[list[float]] | None:
    """The vectors of an InvokeModel answer; None where they are not all there."""
    rows = said.get("embeddings", [said["embedding"]] if "embedding" in said else None)
    if isinstance(rows, Mapping):
        rows = rows.get("float")
    return _checked(dict(enumerate(rows)), wanted) if isinstance(rows, list) else None


def vectors_of(data: object, wanted: int) -> list[list[float]] | None:
    """The vectors of an OpenAI-compatible answer in the order of what was asked; None where they are not all there."""
    if not isinstance(data, list):
        return None
    items = [item if isinstance(item, Mapping) else vars(item) for item in data]
    return _checked({item.get("index", at): item.get("embedding") for at, item in enumerate(items)}, wanted)


def _checked(found: Mapping[Any, Any], wanted: int) -> list[list[float]] | None:
    """As many as were asked for, all numbers, all of one length."""
    if set(found) != set(range(wanted)):
        return None
    rows: Sequence[Any] = [found[at] for at in range(wanted)]
    whole = all(isinstance(row, list) and row and all(isinstance(x, int | float) for x in row) for row in rows)
    return [[float(x) for x in row] for row in rows] if whole and len({len(row) for row in rows}) == 1 else None


def _family(wire: str) -> str:
    return next((family for family in _MOST_OF if family in wire), "")
