"""Reads a provider's failure: which kind it is, whether the model may have worked on it, when to come back."""

import email.utils
import json
import re
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from routers.errors import FaultKind, ProviderFault
from routers.types import RawAnswer

if TYPE_CHECKING:
    from routers.transport import Exchange

# Every class of litellm.exceptions; a test enumerates the module and fails on one that is not here.
LITELLM: Mapping[str, FaultKind] = {
    "APIConnectionError": "connect",
    "APIError": "server",
    "APIResponseValidationError": "bad_body",
    "AuthenticationError": "expired_credentials",
    "BadGatewayError": "server",
    "BadRequestError": "bad_request",
    "BlockedPiiEntityError": "content_filter",
    "BudgetExceededError": "quota",
    "ContentPolicyViolationError": "content_filter",
    "ContextWindowExceededError": "too_long",
    "GuardrailRaisedException": "content_filter",
    "ImageFetchError": "bad_request",
    "InternalServerError": "server",
    "InvalidRequestError": "bad_request",
    "JSONSchemaValidationError": "bad_body",
    "LiteLLMUnknownProvider": "unsupported",
    "MidStreamFallbackError": "stream_broken",
    "MockException": "unmapped",
    "ModelNotMappedError": "unsupported",
    "ModifyResponseException": "content_filter",
    "NotFoundError": "not_found",
    "OpenAIError": "unmapped",
    "PaymentRequiredError": "quota",
    "PermissionDeniedError": "access_denied",
    "RateLimitError": "throttled",
    "RejectedRequestError": "content_filter",
    "SensitiveDataRouteException": "content_filter",
    "ServiceUnavailableError": "server",
    "Timeout": "timeout",
    "UnprocessableEntityError": "bad_request",
    "UnsupportedParamsError": "unsupported",
    "VectorStoreSearchError": "bad_request",
}

# Error codes of Bedrock, over HTTP and inside an event stream (there with a small first letter).
BEDROCK: Mapping[str, FaultKind] = {
    "AccessDeniedException": "access_denied",
    "ConflictException": "server",
    "ExpiredToken": "expired_credentials",
    "ExpiredTokenException": "expired_credentials",
    "IncompleteSignature": "expired_credentials",
    "InternalFailure": "server",
    "InternalServerException": "server",
    "InvalidClientTokenId": "expired_credentials",
    "InvalidSignatureException": "expired_credentials",
    "MissingAuthenticationToken": "no_credentials",
    "ModelErrorException": "model_error",
    "ModelNotReadyException": "not_ready",
    "ModelStreamErrorException": "model_error",
    "ModelTimeoutException": "timeout",
    "OptInRequired": "access_denied",
    "RequestExpired": "expired_credentials",
    "ResourceNotFoundException": "not_found",
    "ServiceQuotaExceededException": "quota",
    "ServiceUnavailable": "server",
    "ServiceUnavailableException": "server",
    "ThrottlingException": "throttled",
    "TooManyRequestsException": "throttled",
    "UnrecognizedClientException": "expired_credentials",
    "ValidationException": "bad_request",
}

STATUS: Mapping[int, FaultKind] = {
    401: "expired_credentials",
    402: "quota",
    403: "access_denied",
    404: "not_found",
    408: "timeout",
    413: "too_long",
    424: "model_error",
    429: "throttled",
}

# What a provider's own sentence adds to its error class; the first that fits wins.
_SAID: tuple[tuple[FaultKind, tuple[FaultKind, ...], str], ...] = (
    ("quota", ("throttled",), r"per day|daily|insufficient_quota|\b[TR]PD\b|billing|credit balance"),
    ("not_ready", ("server",), r"model is (?:still )?loading|not ready"),
    ("expired_credentials", ("access_denied",), r"expired|security token|signature"),
    ("unsupported", ("bad_request", "not_found"), r"on-demand throughput|inference profile|not support|unsupported"),
    ("content_filter", ("bad_request",), r"content.?(?:filter|policy|management)|safety system|guardrail"),
    (
        "too_long",
        ("bad_request",),
        r"too long|context.{0,12}(?:length|window)|maximum.{0,20}tokens|input tokens exceed",
    ),
    ("not_found", ("bad_request",), r"end of its life|model identifier is invalid"),
)

# Kinds whose provider sentence can not carry our text or a key, so it may be shown and kept.
_SHOWN: frozenset[FaultKind] = frozenset(
    {"throttled", "quota", "server", "model_error", "not_ready", "access_denied", "unsupported", "not_found"}
)


def refine(kind: FaultKind, said: str) -> FaultKind:
    """The kind, narrowed by what the provider says."""
    return next((new for new, of, pattern in _SAID if kind in of and re.search(pattern, said, re.IGNORECASE)), kind)


def from_status(status: int, kind: FaultKind) -> FaultKind:
    """The status decides where it is plain; the error class where it is not."""
    if status in STATUS:
        return "expired_credentials" if kind == "expired_credentials" else STATUS[status]
    return "server" if status >= 500 and kind not in {"model_error", "not_ready"} else kind


def from_wire(call: "Exchange") -> FaultKind:
    """The kind of a failure without a usable answer, by how far the call came."""
    if call.over:
        return "timeout" if call.first_byte is None else "slow"
    if call.first_byte is None:
        return "reset" if call.sent else "connect"
    return "bad_body"


def fault(
    kind: FaultKind, who: str, call: "Exchange", partial: RawAnswer | None = None, said: str = ""
) -> ProviderFault:
    """The fault to raise. A plain refusal costs nothing; whatever was sent and not refused may have been worked on."""
    refused = call.status >= 400 and kind not in {"timeout", "slow"}
    shown = said[:200] if kind in _SHOWN else ""
    sentence = f"{who}: {kind.replace('_', ' ')}" + (f" ({call.status})" if call.status >= 400 else "")
    return ProviderFault(
        kind,
        f"{sentence}: {shown}" if shown else sentence,
        sent=call.sent and not refused,
        retry_after=retry_after(call.headers),
        partial=partial,
        request_id=request_id(call.headers),
    )


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from any of the three ways a server says it."""
    if (ms := headers.get("retry-after-ms", "")).isdigit():
        return int(ms) / 1000
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        when = email.utils.parsedate_tz(value)
        return max(0.0, email.utils.mktime_tz(when) - time.time()) if when else None


def request_id(headers: Mapping[str, str]) -> str:
    """The provider's name for this request, for its support desk."""
    names = ("x-amzn-requestid", "x-request-id", "request-id", "x-goog-request-id")
    return next((headers[name] for name in names if headers.get(name)), "")


def said(body: bytes | bytearray) -> str:
    """The sentence and the code inside an error body of any format."""
    try:
        parsed: Any = json.loads(bytes(body))
    except ValueError:
        return ""
    parsed = parsed[0] if isinstance(parsed, list) and parsed else parsed
    inner = parsed.get("error", parsed) if isinstance(parsed, dict) else {}
    if not isinstance(inner, dict):
        return str(inner)
    return " ".join(str(inner[key]) for key in ("message", "code") if inner.get(key))
