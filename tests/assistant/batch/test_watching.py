"""Whoever watches is told names and figures, and never a word of a script."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path
from typing import Any

import pytest

from assistant.app import App
from assistant.batch.metrics import TextFile, board
from assistant.errors import SettingsError
from assistant.settings import TelemetrySection
from assistant.store.batches import Item
from assistant.telemetry import Telemetry, close, telemetry
from tests.assistant.workflows.making import honest, production, script
from tests.conftest import ROOT
from tests.loopback import Loopback, Reply

CANARY = "xylophonist"
SCENES = {"INT. PIER - NIGHT": f"MARA hides a {CANARY} knife.", "EXT. MARKET - DAY": f"The {CANARY} dog barks."}


class Watch:
    """An App whose router is watched by exporters that keep all in memory."""

    def __init__(self) -> None:
        from opentelemetry.sdk.metrics.export import InMemoryMetricReader
        from opentelemetry.sdk.trace.export import SimpleSpanProcessor
        from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

        self.spans, self.reader = InMemorySpanExporter(), InMemoryMetricReader()
        self.telemetry = Telemetry(SimpleSpanProcessor(self.spans), self.reader)

    def metrics(self) -> dict[str, list[Any]]:
        """Points by metric."""
        data = self.reader.get_metrics_data()
        assert data is not None
        kept = [metric for one in data.resource_metrics for scope in one.scope_metrics for metric in scope.metrics]
        return {metric.name: list(metric.data.data_points) for metric in kept}


def broken_down(folder: Path, server: Loopback, watch: Watch) -> App:
    app = production(folder, server)
    app.router.observer = watch.telemetry
    with watch.telemetry.script("b1", "0123456789abcdef", app.store.production) as ended:
        app.breakdown(script(folder, SCENES))
        ended["state"] = "done"
    return app


def test_spans_and_metrics_speak_the_conventions_and_hold_no_text(tmp_path: Path) -> None:
    watch = Watch()
    with Loopback() as server:
        server.script("mine", Reply(text=honest, tokens=(700, 50)))
        app = broken_down(tmp_path, server, watch)
    spans = {span.name: span for span in watch.spans.get_finished_spans()}
    chat, whole = spans["chat mine"], spans["script"]
    facts = dict(chat.attributes or {})
    assert facts["gen_ai.operation.name"] == "chat" and facts["gen_ai.request.model"] == "mine"
    assert facts["gen_ai.usage.input_tokens"] == 700 and facts["gen_ai.usage.output_tokens"] == 50
    assert facts["gen_ai.provider.name"] == "openai_compatible" and facts["pa.outcome"] == "ok"
    assert chat.parent and whole.context and chat.parent.span_id == whole.context.span_id
    assert facts["pa.attempt"] in {row["id"] for row in app.router.ledger.rows(app.store.production)}
    metrics = watch.metrics()
    assert metrics["gen_ai.client.operation.duration"][0].count >= 2
    usage = {point.attributes["gen_ai.token.type"]: point.sum for point in metrics["gen_ai.client.token.usage"]}
    assert usage == {"input": 1400, "output": 100}
    assert sum(point.value for point in metrics["pa.cost"]) == pytest.approx(2 * (700 + 2 * 50) / 1e6)
    told = json.dumps([json.loads(span.to_json()) for span in watch.spans.get_finished_spans()]) + repr(metrics)
    assert CANARY not in told and "PIER" not in told and "MARA" not in told


def test_a_fault_is_an_error_span_without_its_words(tmp_path: Path) -> None:
    watch = Watch()
    with Loopback() as server:
        server.script("mine", Reply(text=f"no JSON, but {CANARY}"))
        broken_down(tmp_path, server, watch)
    failed = [span for span in watch.spans.get_finished_spans() if "error.type" in (span.attributes or {})]
    assert failed and {dict(span.attributes or {})["error.type"] for span in failed} == {"malformed"}
    assert CANARY not in "".join(span.to_json() for span in failed)


@pytest.fixture
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """A real OTLP receiver: its address, and all that it was sent."""
    import grpc

    got: list[bytes] = []

    def heard(request: bytes, _context: Any) -> bytes:
        got.append(request)
        return b""

    class Every(grpc.GenericRpcHandler):
        def service(self, details: Any) -> Any:
            return grpc.unary_unary_rpc_method_handler(heard)

    server = grpc.server(futures.ThreadPoolExecutor(2), handlers=[Every()])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"http://127.0.0.1:{port}", got
    server.stop(0).wait()


def test_a_collector_hears_of_it_over_otlp(tmp_path: Path, collector: tuple[str, list[bytes]]) -> None:
    url, got = collector
    with Loopback() as server:
        server.script("mine", Reply(text=honest, tokens=(700, 50)))
        app = production(tmp_path, server, {"telemetry": {"otlp": url, "service": "slate"}})
        app.breakdown(script(tmp_path, SCENES))
    close()
    sent = b"".join(got)
    assert b"gen_ai.client.token.usage" in sent and b"chat mine" in sent and b"slate" in sent
    assert CANARY.encode() not in sent and b"MARA" not in sent


def test_it_is_off_and_not_even_loaded_unless_asked_for() -> None:
    assert not telemetry(TelemetrySection()).on
    code = (
        "import sys; from assistant.settings import TelemetrySection; from assistant.telemetry import telemetry;"
        "telemetry(TelemetrySection()); print([m for m in sys.modules if m.startswith('opentelemetry')])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout.strip() == "[]"


def test_logs_are_json_lines_without_text(tmp_path: Path) -> None:
    path = script(tmp_path, SCENES)
    code = (
        "import sys, logging; from pathlib import Path; from assistant import logs; from assistant.app import App;"
        "logs.start('json'); logs.start('json'); app = App.init(Path(sys.argv[1]) / 'p', 'P');"
        "app.breakdown(Path(sys.argv[2]));\n"
        f"try: raise ValueError('{CANARY}')\n"
        "except ValueError: logs.LOG.exception('broke')"
    )
    words = [sys.executable, "-c", code, str(tmp_path), str(path)]
    told = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT).stderr
    lines = [json.loads(line) for line in told.splitlines()]
    attempts = [line for line in lines if line["event"] == "attempt"]
    assert len(attempts) == 2 and attempts[0]["model"] == "builtin/rules" and attempts[0]["task"] == "breakdown"
    assert lines[-1]["error"] == "ValueError" and lines[-1]["level"] == "error"
    assert CANARY not in told and "MARA" not in told


def test_nothing_is_logged_unless_asked_for() -> None:
    code = "import logging; logging.basicConfig(level=logging.INFO); from assistant.logs import tell; tell('attempt')"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stderr == ""  # a library that turns all logging on does not make us speak


def test_prometheus_reads_a_page_or_a_file(tmp_path: Path) -> None:
    items = [
        Item("1", "a.fountain", "", "a", state="done", facts={"scenes": 40, "cost_usd": 0.25, "seconds": 3.5}),
        Item("2", "b.fountain", "", "b", state="running", done=7, total=9),
    ]
    with board("0") as page:
        assert page is not None
        page.show("b1", items)
        body = urllib.request.urlopen(page.place, timeout=5).read().decode()
        with pytest.raises(SettingsError, match="can not be used"), board(page.place.split(":")[2].split("/")[0]):
            pass
    assert 'pa_batch_scripts{batch="b1",state="done"} 1' in body
    assert 'pa_batch_scenes_running{batch="b1"} 7' in body and 'pa_batch_cost_usd{batch="b1"} 0.25' in body
    assert "fountain" not in body
    TextFile(tmp_path / "pa.prom").show("b1", items)
    assert (tmp_path / "pa.prom").read_text("utf-8") == body
    with board("") as none:
        assert none is None
