"""The only door to OpenTelemetry: spans and metrics with the names of its conventions for generative models.

Off unless a collector is named. What is sent are names, figures and outcomes; never a word of a script, a prompt or an
answer, nor a file's name.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from assistant import __version__
from assistant.logs import tell
from assistant.settings import TelemetrySection
from routers.observe import Attempted

OURS = "production-assistant"
SPOKEN = {"bedrock": "aws.bedrock", "xai": "x_ai"}
SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92]
TOKENS = [4.0**power for power in range(14)]
EVERY = 15_000  # milliseconds between two looks at the metrics
GRACE = 5_000  # milliseconds for the last of it
WELL = frozenset({"ok", "cached"})


_made: "list[Telemetry]" = []


@cache
def telemetry(section: TelemetrySection) -> "Telemetry":
    """The one of this process for these settings."""
    made = Telemetry(*_exporters(section)) if section.otlp else Telemetry()
    _made.append(made)
    return made


def close() -> None:
    """Send what waits and say nothing more, for a process that is about to end at once."""
    while _made:
        _made.pop().close()
    telemetry.cache_clear()


class Telemetry:
    """Tells of attempts and of scripts; silent without a processor of spans and a reader of metrics."""

    def __init__(self, spans: Any = None, reader: Any = None, service: str = OURS) -> None:
        self.on = spans is not None
        self._roots: dict[str, Any] = {}  # production → the span of what is done with it, for calls of other threads
        if not self.on:
            return
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider

        resource = Resource.create({"service.name": service, "service.version": __version__})
        self._tracing = TracerProvider(resource=resource)
        self._tracing.add_span_processor(spans)
        self._metering = MeterProvider(resource=resource, metric_readers=[reader])
        self._tracer = self._tracing.get_tracer(OURS, __version__)
        meter = self._metering.get_meter(OURS, __version__)
        self._duration = meter.create_histogram(
            "gen_ai.client.operation.duration", "s", "One attempt.", explicit_bucket_boundaries_advisory=SECONDS
        )
        self._tokens = meter.create_histogram(
            "gen_ai.client.token.usage", "{token}", "Tokens.", explicit_bucket_boundaries_advisory=TOKENS
        )
        self._cost = meter.create_counter("pa.cost", "USD", "What attempts cost.")
        self._scripts = meter.create_counter("pa.batch.scripts", "{script}", "Scripts by how they ended.")

    def __call__(self, done: Attempted) -> None:
        """One attempt is over."""
        result = done.result
        facts = {"task": done.task, "model": done.model, "region": done.region, "outcome": result.outcome}
        figures = {"tokens_in": result.tokens_in, "tokens_out": result.tokens_out, "cost_usd": result.cost / 1e9}
        tell("attempt", attempt=done.id, **facts, **figures, seconds=round(result.latency_s, 3))
        if self.on:
            self._attempted(done)

    @contextmanager
    def script(self, batch: str, key: str, production: str) -> Iterator[dict[str, str]]:
        """A span around one script of a batch; put how it ended under "state"."""
        ended: dict[str, str] = {}
        if not self.on:
            yield ended
            return
        attributes = {"pa.batch": batch, "pa.script": key[:12]}
        with self._tracer.start_as_current_span("script", attributes=attributes) as span:
            self._roots[production] = span
            try:
                yield ended
            finally:
                self._roots.pop(production, None)
                span.set_attribute("pa.state", ended.get("state", ""))
                self._scripts.add(1, {"state": ended.get("state", "")})

    def close(self) -> None:
        """Send what waits, and nothing afterwards."""
        if self.on:
            self._tracing.shutdown()
            self._metering.shutdown(GRACE)

    def _attempted(self, done: Attempted) -> None:
        from opentelemetry import trace

        result, end = done.result, int(done.ended * 1e9)
        common: dict[str, Any] = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": SPOKEN.get(done.provider, done.provider),
            "gen_ai.request.model": done.wire,
            "gen_ai.response.model": result.model_served or done.wire,
        }
        failed = {} if result.outcome in WELL else {"error.type": result.outcome}
        root = self._roots.get(done.production)
        span = self._tracer.start_span(
            f"chat {done.wire}",
            trace.set_span_in_context(root) if root is not None else None,
            trace.SpanKind.CLIENT,
            {**common, **failed, **_told(done)},
            start_time=end - int(result.latency_s * 1e9),
        )
        if failed:
            span.set_status(trace.StatusCode.ERROR)
        span.end(end)
        if result.latency_s:
            self._duration.record(result.latency_s, common | failed)
        for kind, count in (("input", result.tokens_in), ("output", result.tokens_out)):
            if count:
                self._tokens.record(count, common | {"gen_ai.token.type": kind})
        self._cost.add(result.cost / 1e9, {"pa.task": done.task, "gen_ai.request.model": done.wire})


def _told(done: Attempted) -> dict[str, Any]:
    """What a span says beyond the metrics' own attributes."""
    result = done.result
    said = {
        "gen_ai.usage.input_tokens": result.tokens_in,
        "gen_ai.usage.output_tokens": result.tokens_out,
        "cloud.region": done.region,
        "pa.task": done.task,
        "pa.attempt": done.id,
        "pa.run": done.run,
        "pa.outcome": result.outcome,
        "pa.cost_usd": result.cost / 1e9,
    }
    if result.raw_stop:
        said["gen_ai.response.finish_reasons"] = (result.raw_stop,)
    if result.request_id:
        said["gen_ai.response.id"] = result.request_id
    return said


def _exporters(section: TelemetrySection) -> tuple[Any, Any, str]:
    """Over OTLP/gRPC to the collector; headers and certificates as its own environment variables say."""
    from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    plain = section.otlp.startswith("http://")
    spans = BatchSpanProcessor(OTLPSpanExporter(endpoint=section.otlp, insecure=plain))
    metrics = OTLPMetricExporter(endpoint=section.otlp, insecure=plain)
    return spans, PeriodicExportingMetricReader(metrics, export_interval_millis=EVERY), section.service or OURS
