"""What a model is asked about a scene's continuity, and the shape its answer must have."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, Field

from assistant.domain.continuity import CONFLICT_KINDS, SEVERITIES, STATE_KINDS, Conflict, State

STATES_PROMPT = "continuity/states"


class FoundState(BaseModel):
    """One state that begins in the scene, as a model reports it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: str = Field(min_length=1, max_length=120)
    kind: str = Field(json_schema_extra={"enum": list(STATE_KINDS)})
    value: str = Field(min_length=1, max_length=160)
    quote: str = Field(min_length=1)


class FoundConflict(BaseModel):
    """Two quotes that can not both be true: one of an earlier scene, one of this."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str = Field(json_schema_extra={"enum": list(CONFLICT_KINDS)})
    severity: str = Field(json_schema_extra={"enum": list(SEVERITIES)})
    subject: str = Field(min_length=1, max_length=120)
    what: str = Field(min_length=1, max_length=300)
    earlier_scene: int
    earlier_quote: str = Field(min_length=1)
    quote: str = Field(min_length=1)


class SceneContinuity(BaseModel):
    """A model's whole answer for a scene."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    states: list[FoundState] = Field(default_factory=list)
    conflicts: list[FoundConflict] = Field(default_factory=list)


def reported(states: Iterable[State], conflicts: Iterable[Conflict]) -> SceneContinuity:
    """A scene's findings in the shape any model answers in; what stays open is no finding."""
    return SceneContinuity(
        states=[
            FoundState(subject=item.subject, kind=item.kind, value=item.value[:160], quote=item.quote.text)
            for item in states
            if item.quote and item.value
        ],
        conflicts=[
            FoundConflict(
                kind=item.kind,
                severity=item.severity,
                subject=item.subject,
                what=item.what,
                earlier_scene=item.evidence[0].scene,
                earlier_quote=item.evidence[0].text,
                quote=item.evidence[1].text,
            )
            for item in conflicts
        ],
    )
