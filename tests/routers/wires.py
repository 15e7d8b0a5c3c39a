"""Rows and providers for tests that talk to a loopback server over one of the three wires."""

from functools import lru_cache

from routers.bedrock import BedrockProvider
from routers.converse import Access
from routers.provider import LiteLLMProvider
from routers.types import JsonMode, Message, ModelRow, Price, Provider, Region, Request, Terms
from tests.loopback import Loopback

SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "count": {"type": "integer"}},
    "required": ["name", "count"],
    "additionalProperties": False,
}
GOOD = '{"name": "Anna", "count": 3}'
HERE = Region("eu-west-1", frozenset({"eu-west-1"}))
PRICE = Price.usd_per_million("1", "5", "test")
WIRES = ("openai", "anthropic", "bedrock")


def row(server: Loopback, wire: str, model: str = "m", mode: JsonMode | None = None) -> ModelRow:
    """A priced, confidential-proof row for a model of this server."""
    native: JsonMode = "native" if wire == "openai" else "tool"
    return ModelRow(
        id=f"{wire}/{model}",
        wire=f"{wire}/{model}",
        provider=wire,
        regions=(HERE,),
        abilities=frozenset({"json_schema", "tools", "streaming"}),
        json_mode=mode or native,
        window=100_000,
        max_output=4096,
        price=PRICE,
        terms=Terms(trains=False, retention_days=0),
        credentials=(f"{wire}_api_key",),
        base_url=server.openai if wire == "openai" else server.url,
    )


@lru_cache(maxsize=64)
def provider(server: Loopback, wire: str, **options: float) -> Provider:
    """The real door for this wire; kept, because a boto3 client takes long to make."""
    if wire == "bedrock":
        return BedrockProvider(Access(endpoint_url=server.url, keys=("AKIDTEST", "secret", None)), **options)
    return LiteLLMProvider({f"{wire}_api_key": "test-key"}.get, **options)


def ask(text: str = "How often does Anna appear?", schema: bool = True, max_tokens: int = 64) -> Request:
    """A small question."""
    turns = (Message("system", "You count."), Message("user", text))
    return Request(turns, schema=SCHEMA if schema else None, max_tokens=max_tokens)
