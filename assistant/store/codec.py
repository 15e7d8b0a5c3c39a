"""Domain nouns to JSON and back, by their own type annotations."""

import dataclasses
from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Built once a class: building one costs milliseconds."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def dump(value: Any) -> dict[str, Any]:
    """A frozen dataclass as JSON-native values."""
    plain: dict[str, Any] = _adapter(type(value)).dump_python(value, mode="json")
    return plain


def load(kind: type[T], plain: Any) -> T:
    """The dataclass that `dump` came from. Raises pydantic's ValidationError on foreign data."""
    value: T = _adapter(kind).validate_python(plain)
    return value


def without(value: Any, *names: str) -> Any:
    """A copy of a dataclass with the named tuple fields emptied."""
    return dataclasses.replace(value, **dict.fromkeys(names, ()))
