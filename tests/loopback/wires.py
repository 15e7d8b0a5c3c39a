"""The three formats a model provider speaks: OpenAI chat, Anthropic Messages, Bedrock Converse."""

import json
import re
from typing import Any, Protocol
from urllib.parse import unquote

from tests.loopback.eventstream import event, exception
from tests.loopback.script import Reply, Request

SSE = "text/event-stream"
JSON = "application/json"


class Wire(Protocol):
    """How one provider's format is read and written."""

    name: str
    stream_type: str

    def claim(self, request: Request) -> bool:
        """Is this request mine? Then fill in model and streaming."""
        ...

    def answer(self, request: Request, reply: Reply) -> dict[str, Any]:
        """The body of a whole answer."""
        ...

    def pieces(self, request: Request, reply: Reply) -> list[bytes]:
        """The same answer as stream pieces."""
        ...

    def error(self, kind: str) -> tuple[int, dict[str, str], dict[str, Any]]:
        """Status, headers and body of a refusal."""
        ...

    def stream_error(self, kind: str) -> bytes:
        """The piece that ends a stream in mid-flow."""
        ...


def parts(text: str, size: int) -> list[str]:
    """Text cut into stream-sized pieces; an empty text has none."""
    return [text[i : i + size] for i in range(0, len(text), size)]


def _tool(request: Request, reply: Reply) -> str:
    """The tool this reply answers through, if any."""
    return reply.call or (request.tools[0] if reply.use_tool and request.tools else "")


def _json_or(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return {"unfinished": text}


class OpenAI:
    """POST …/chat/completions, SSE ended by [DONE]."""

    name = "openai"
    stream_type = SSE
    stops = {
        "end": "stop",
        "window": "length",
        "filtered": "content_filter",
        "guardrail": "content_filter",
        "refusal": "stop",
    }
    errors = {
        "throttled": (
            429,
            "rate_limit_error",
            "rate_limit_exceeded",
            "Rate limit reached. Too many tokens, please wait before trying again.",
        ),
        "throttled_retry_after": (429, "rate_limit_error", "rate_limit_exceeded", "Rate limit reached."),
        "daily_quota": (
            429,
            "insufficient_quota",
            "insufficient_quota",
            "You exceeded your current quota: tokens per day (TPD).",
        ),
        "internal_error": (500, "server_error", None, "The server had an error."),
        "unavailable": (503, "server_error", None, "The service is unavailable."),
        "overloaded": (503, "server_error", "overloaded", "The engine is currently overloaded."),
        "model_error": (500, "server_error", "model_error", "The model had an error."),
        "model_not_ready": (503, "server_error", "model_loading", "The model is loading."),
        "model_timeout": (408, "timeout", None, "The model took too long."),
        "expired_credentials": (401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided."),
        "no_access": (403, "invalid_request_error", "model_access", "Your project does not have access to this model."),
        "on_demand_unsupported": (404, "invalid_request_error", "model_not_found", "The model does not exist."),
        "overflow": (
            400,
            "invalid_request_error",
            "context_length_exceeded",
            "This model's maximum context length is 128000 tokens.",
        ),
        "end_of_life": (404, "invalid_request_error", "model_not_found", "The model has been deprecated."),
        "bad_request": (400, "invalid_request_error", "invalid_value", "Invalid value for a parameter."),
        "blocked_prompt": (
            400,
            "invalid_request_error",
            "content_policy_violation",
            "Your request was rejected as a result of our safety system.",
        ),
    }

    def claim(self, request: Request) -> bool:
        if not request.path.endswith("/chat/completions"):
            return False
        request.model = request.json.get("model", "")
        request.streaming = bool(request.json.get("stream"))
        return True

    def answer(self, request: Request, reply: Reply) -> dict[str, Any]:
        body = {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1700000000,
            "model": reply.served or request.model,
            "choices": [
                {"index": 0, "message": self._message(request, reply), "finish_reason": self._stop(request, reply)}
            ],
        }
        return body | ({"usage": self._usage(reply)} if reply.usage else {})

    def pieces(self, request: Request, reply: Reply) -> list[bytes]:
        tool = _tool(request, reply)
        deltas: list[dict[str, Any]] = [{"role": "assistant", "content": None if tool else ""}]
        if tool:
            deltas.append(
                {
                    "tool_calls": [
                        {"index": 0, "id": "call_1", "type": "function", "function": {"name": tool, "arguments": ""}}
                    ]
                }
            )
        for text in parts(str(reply.text), reply.chunk):
            deltas.append(
                {"tool_calls": [{"index": 0, "function": {"arguments": text}}]} if tool else {"content": text}
            )
        if reply.refusal:
            deltas.append({"refusal": reply.refusal})
        chunks = [self._chunk(request, reply, delta, None) for delta in deltas]
        chunks.append(self._chunk(request, reply, {}, self._stop(request, reply)))
        if reply.usage:
            chunks.append(self._chunk(request, reply, None, None, self._usage(reply)))
        return [*chunks, b"data: [DONE]\n\n"]

    def error(self, kind: str) -> tuple[int, dict[str, str], dict[str, Any]]:
        status, sort, code, message = self.errors[kind]
        return status, {}, {"error": {"message": message, "type": sort, "param": None, "code": code}}

    def stream_error(self, kind: str) -> bytes:
        code, message = (
            ("rate_limit_exceeded", "Rate limit reached.")
            if "throttle" in kind
            else ("server_error", "The server had an error.")
        )
        return b"data: " + json.dumps({"error": {"message": message, "type": code, "code": code}}).encode() + b"\n\n"

    def _message(self, request: Request, reply: Reply) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": reply.text, "refusal": reply.refusal or None}
        tool = _tool(request, reply)
        if tool:
            call = {"id": "call_1", "type": "function", "function": {"name": tool, "arguments": reply.text}}
            message |= {"content": None, "tool_calls": [call]}
        return message

    def _stop(self, request: Request, reply: Reply) -> str:
        if reply.stop == "end" and _tool(request, reply):
            return "tool_calls"
        return self.stops.get(reply.stop, reply.stop)

    def _usage(self, reply: Reply) -> dict[str, int]:
        taken, given = reply.tokens or (0, 0)
        return {"prompt_tokens": taken, "completion_tokens": given, "total_tokens": taken + given}

    def _chunk(self, request: Request, reply: Reply, delta: Any, stop: str | None, usage: Any = None) -> bytes:
        choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": stop}]
        body: dict[str, Any] = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1700000000}
        body |= {"model": reply.served or request.model, "choices": choices}
        return b"data: " + json.dumps(body | ({"usage": usage} if usage else {})).encode() + b"\n\n"


class Anthropic:
    """POST /v1/messages, named SSE events."""

    name = "anthropic"
    stream_type = SSE
    stops = {
        "end": "end_turn",
        "length": "max_tokens",
        "window": "model_context_window_exceeded",
        "filtered": "refusal",
        "guardrail": "refusal",
    }
    errors = {
        "throttled": (429, "rate_limit_error", "Too many tokens, please wait before trying again."),
        "throttled_retry_after": (429, "rate_limit_error", "This request would exceed your rate limit."),
        "daily_quota": (429, "rate_limit_error", "This request would exceed your daily rate limit of tokens per day."),
        "internal_error": (500, "api_error", "Internal server error."),
        "unavailable": (503, "api_error", "Service unavailable."),
        "overloaded": (529, "overloaded_error", "Overloaded"),
        "model_error": (500, "api_error", "The model had an error."),
        "model_not_ready": (503, "api_error", "The model is loading."),
        "model_timeout": (408, "timeout_error", "The request timed out."),
        "expired_credentials": (401, "authentication_error", "invalid x-api-key"),
        "no_access": (403, "permission_error", "Your account does not have access to this model."),
        "on_demand_unsupported": (404, "not_found_error", "model: not found"),
        "overflow": (400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"),
        "end_of_life": (404, "not_found_error", "model: this model has been retired"),
        "bad_request": (400, "invalid_request_error", "messages: at least one message is required"),
        "blocked_prompt": (400, "invalid_request_error", "Output blocked by content filtering policy"),
    }

    def claim(self, request: Request) -> bool:
        if not request.path.endswith("/messages"):
            return False
        request.model = request.json.get("model", "")
        request.streaming = bool(request.json.get("stream"))
        return True

    def answer(self, request: Request, reply: Reply) -> dict[str, Any]:
        body = self._shell(request, reply) | {
            "content": self._content(request, reply),
            "stop_reason": self._stop(request, reply),
        }
        return body | ({"usage": self._usage(reply)} if reply.usage else {"usage": {}})

    def pieces(self, request: Request, reply: Reply) -> list[bytes]:
        tool = _tool(request, reply)
        taken, given = reply.tokens or (0, 0)
        start = self._shell(request, reply) | {
            "content": [],
            "stop_reason": None,
            "usage": {"input_tokens": taken, "output_tokens": 1} if reply.usage else {},
        }
        block = (
            {"type": "tool_use", "id": "toolu_1", "name": tool, "input": {}} if tool else {"type": "text", "text": ""}
        )
        out = [("message_start", {"message": start}), ("content_block_start", {"index": 0, "content_block": block})]
        for text in parts(str(reply.text), reply.chunk):
            delta = {"type": "input_json_delta", "partial_json": text} if tool else {"type": "text_delta", "text": text}
            out.append(("content_block_delta", {"index": 0, "delta": delta}))
        out.append(("content_block_stop", {"index": 0}))
        end = {"delta": {"stop_reason": self._stop(request, reply), "stop_sequence": None}}
        out.append(("message_delta", end | {"usage": {"output_tokens": given} if reply.usage else {}}))
        out.append(("message_stop", {}))
        return [self._event(kind, data) for kind, data in out]

    def error(self, kind: str) -> tuple[int, dict[str, str], dict[str, Any]]:
        status, sort, message = self.errors[kind]
        return status, {}, {"type": "error", "error": {"type": sort, "message": message}}

    def stream_error(self, kind: str) -> bytes:
        sort = "rate_limit_error" if "throttle" in kind else "overloaded_error"
        return self._event("error", {"error": {"type": sort, "message": "Overloaded"}})

    def _shell(self, request: Request, reply: Reply) -> dict[str, Any]:
        return {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": reply.served or request.model,
            "stop_sequence": None,
        }

    def _content(self, request: Request, reply: Reply) -> list[dict[str, Any]]:
        tool = _tool(request, reply)
        if tool:
            return [{"type": "tool_use", "id": "toolu_1", "name": tool, "input": _json_or(str(reply.text))}]
        return [{"type": "text", "text": reply.text}] if reply.text else []

    def _stop(self, request: Request, reply: Reply) -> str:
        if reply.stop == "end" and _tool(request, reply):
            return "tool_use"
        return self.stops.get(reply.stop, reply.stop)

    def _usage(self, reply: Reply) -> dict[str, int]:
        taken, given = reply.tokens or (0, 0)
        return {"input_tokens": taken, "output_tokens": given}

    def _event(self, kind: str, data: dict[str, Any]) -> bytes:
        return f"event: {kind}\ndata: ".encode() + json.dumps({"type": kind} | data).encode() + b"\n\n"


class Bedrock:
    """POST /model/{id}/converse[-stream], binary event stream."""

    name = "bedrock"
    stream_type = "application/vnd.amazon.eventstream"
    route = re.compile(r"^/model/([^/]+)/(converse|converse-stream)$")
    stops = {
        "end": "end_turn",
        "length": "max_tokens",
        "window": "model_context_window_exceeded",
        "filtered": "content_filtered",
        "guardrail": "guardrail_intervened",
        "refusal": "content_filtered",
    }
    errors = {
        "throttled": (429, "ThrottlingException", "Too many tokens, please wait before trying again."),
        "throttled_retry_after": (429, "ThrottlingException", "Too many requests, please wait before trying again."),
        "daily_quota": (429, "ThrottlingException", "Too many tokens per day, please wait before trying again."),
        "internal_error": (500, "InternalServerException", "The system encountered an unexpected error."),
        "unavailable": (503, "ServiceUnavailableException", "Bedrock is unable to process your request."),
        "overloaded": (503, "ServiceUnavailableException", "Too many connections, please wait."),
        "model_error": (424, "ModelErrorException", "The model had an error processing the request."),
        "model_not_ready": (429, "ModelNotReadyException", "The model is not ready for inference."),
        "model_timeout": (408, "ModelTimeoutException", "The model timed out."),
        "expired_credentials": (403, "ExpiredTokenException", "The security token included in the request is expired"),
        "no_access": (403, "AccessDeniedException", "You don't have access to the model with the specified model ID."),
        "on_demand_unsupported": (
            400,
            "ValidationException",
            "Invocation of model ID with on-demand throughput isn't supported. Use an inference profile.",
        ),
        "overflow": (400, "ValidationException", "Input is too long for requested model."),
        "end_of_life": (404, "ResourceNotFoundException", "This model version has reached the end of its life."),
        "bad_request": (400, "ValidationException", "Malformed input request."),
        "blocked_prompt": (400, "ValidationException", "The prompt was blocked by content filtering policy."),
    }

    def claim(self, request: Request) -> bool:
        found = self.route.match(request.path)
        if not found:
            return False
        request.model = unquote(found[1])
        request.streaming = found[2] == "converse-stream"
        return True

    def answer(self, request: Request, reply: Reply) -> dict[str, Any]:
        body: dict[str, Any] = {
            "output": {"message": {"role": "assistant", "content": self._content(request, reply)}},
            "stopReason": self._stop(request, reply),
            "metrics": {"latencyMs": 12},
        }
        return body | ({"usage": self._usage(reply)} if reply.usage else {}) | self._trace(reply)

    def pieces(self, request: Request, reply: Reply) -> list[bytes]:
        tool = _tool(request, reply)
        out = [event("messageStart", {"role": "assistant"})]
        if tool:
            start = {"toolUse": {"toolUseId": "tool_1", "name": tool}}
            out.append(event("contentBlockStart", {"contentBlockIndex": 0, "start": start}))
        for text in parts(str(reply.text), reply.chunk):
            delta = {"toolUse": {"input": text}} if tool else {"text": text}
            out.append(event("contentBlockDelta", {"contentBlockIndex": 0, "delta": delta}))
        out.append(event("contentBlockStop", {"contentBlockIndex": 0}))
        out.append(event("messageStop", {"stopReason": self._stop(request, reply)}))
        usage = {"usage": self._usage(reply)} if reply.usage else {}
        return [*out, event("metadata", usage | {"metrics": {"latencyMs": 12}} | self._trace(reply))]

    def error(self, kind: str) -> tuple[int, dict[str, str], dict[str, Any]]:
        status, name, message = self.errors[kind]
        return status, {"x-amzn-errortype": name}, {"message": message}

    def stream_error(self, kind: str) -> bytes:
        if "throttle" in kind:
            return exception("throttlingException", "Too many tokens, please wait before trying again.")
        return exception("modelStreamErrorException", "The model had an error while streaming.")

    def _content(self, request: Request, reply: Reply) -> list[dict[str, Any]]:
        tool = _tool(request, reply)
        if tool:
            return [{"toolUse": {"toolUseId": "tool_1", "name": tool, "input": _json_or(str(reply.text))}}]
        return [{"text": reply.text}] if reply.text else []

    def _stop(self, request: Request, reply: Reply) -> str:
        if reply.stop == "end" and _tool(request, reply):
            return "tool_use"
        return self.stops.get(reply.stop, reply.stop)

    def _usage(self, reply: Reply) -> dict[str, int]:
        taken, given = reply.tokens or (0, 0)
        cached = {"cacheReadInputTokens": reply.cached} if reply.cached else {}
        return {"inputTokens": taken - reply.cached, "outputTokens": given, "totalTokens": taken + given} | cached

    def _trace(self, reply: Reply) -> dict[str, Any]:
        trace: dict[str, Any] = {}
        if reply.served:
            trace["promptRouter"] = {"invokedModelId": reply.served}
        if reply.stop == "guardrail":
            topic = {"name": "restricted", "type": "DENY", "action": "BLOCKED"}
            trace["guardrail"] = {"inputAssessment": {"gr-1": {"topicPolicy": {"topics": [topic]}}}}
        return {"trace": trace} if trace else {}


WIRES: tuple[Wire, ...] = (OpenAI(), Anthropic(), Bedrock())
