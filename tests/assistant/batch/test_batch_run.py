"""A folder becomes productions: once, whole, with what is poisonous set aside, and goes on where it was stopped."""

import csv
import json
import os
import signal
from pathlib import Path

import pytest

from assistant.app import App
from tests.assistant.batch.making import Driver, asking, folder_of, found, until
from tests.assistant.workflows.making import honest
from tests.loopback import Loopback, Reply


@pytest.mark.slow
def test_a_folder_is_done_once_and_poison_is_set_aside(tmp_path: Path) -> None:
    scripts = folder_of(tmp_path / "in", 4)
    (scripts / "copy.fountain").write_bytes((scripts / "script-000.fountain").read_bytes())
    (scripts / "poison.pdf").write_bytes(b"%PDF-1.4 nothing")
    out = tmp_path / "out"
    words = ["run", str(scripts), "-o", str(out), "--workers", "2", "--json", "-f", "html,json"]
    status, stdout, stderr = Driver(words).end()
    events = [json.loads(line) for line in stdout.splitlines()]
    assert status == 18, stderr
    assert events[0]["event"] == "estimate" and events[0]["copies"] == 1 and events[0]["usd"] == 0
    assert events[-1]["states"] == {"done": 4, "quarantined": 1}
    items = {Path(item.file).name: item for item in found(out).items()}
    assert "PDF" in items["poison.pdf"].error or "poison" in items["poison.pdf"].error
    assert not (out / items["poison.pdf"].folder).exists()  # its reason in the tables is all that is left of it
    app = App.open(out / items["copy.fountain"].folder)
    assert app.book().sheets[0].elements
    app.close()
    rows = list(csv.DictReader((out / "batch.csv").open(encoding="utf-8", newline="")))
    assert [row["state"] for row in rows].count("done") == 4
    assert len((out / "batch.jsonl").read_text("utf-8").splitlines()) == 5
    page = (out / "batch.html").read_text("utf-8")
    assert "http" not in page.replace("http-equiv", "") and "quarantined" in page
    before = {item.key: item.updated for item in found(out).items()}
    status, stdout, _ = Driver(words).end()
    assert status == 18 and json.loads(stdout.splitlines()[0])["scripts"] == 0
    assert {item.key: item.updated for item in found(out).items()} == before


@pytest.mark.slow
def test_stopped_and_killed_and_run_twice_at_once_no_answer_is_paid_twice(tmp_path: Path) -> None:
    scripts, out = folder_of(tmp_path / "in", 6, 4), tmp_path / "out"
    with Loopback() as server:
        server.script("mine", Reply(text=honest, delay=0.15))
        settings = asking(server, tmp_path / "etc")
        words = ["run", str(scripts), "-o", str(out), "-w", "2", "--settings", str(settings), "-f", ""]
        words += ["--concurrency", "4"]
        first = Driver(words)
        assert until(lambda: len(server.requests) > 3)
        os.kill(first.process.pid, signal.SIGTERM)
        status, _, stderr = first.end()
        assert status == 130, stderr
        asked = len(server.requests)
        assert 3 < asked < 24
        assert not [item for item in found(out).items() if item.state == "running"]
        second = Driver(words)
        assert until(lambda: len(server.requests) > asked + 3)
        second.kill()
        both = Driver(["resume", str(out)]), Driver(words)
        ends = [driver.end() for driver in both]
        assert [end[0] for end in ends] == [0, 0], ends
        items = found(out).items()
        assert {item.state for item in items} == {"done"}
        assert len(server.requests) == 24  # a worker whose driver is killed brings its questions home
        spent = sum(item.facts["cost_usd"] for item in items)
        billed = sum(r.billed[0] * 1000 + r.billed[1] * 2000 for r in server.requests) / 1e9
        assert spent == pytest.approx(billed)


@pytest.mark.slow
def test_a_budget_is_never_passed_and_what_it_does_not_reach_can_be_retried(tmp_path: Path) -> None:
    scripts, out = folder_of(tmp_path / "in", 5, 3), tmp_path / "out"
    with Loopback() as server:
        server.script("mine", Reply(text=honest, tokens=(1000, 500)))  # 0.002 dollars a question
        settings = asking(server, tmp_path / "etc")
        words = ["run", str(scripts), "-o", str(out), "-w", "2", "--settings", str(settings), "-f", ""]
        status, _, stderr = Driver([*words, "--budget", "0.02", "--concurrency", "4"]).end()
        assert status == 18, stderr
        items = found(out).items()
        assert {item.state for item in items} == {"done", "failed"}
        assert all("budget" in item.error for item in items if item.state == "failed")
        assert len(server.requests) * 0.002 <= 0.02
        status, _, stderr = Driver(["retry", str(out), "--budget", "1"]).end()
        assert status == 0, stderr
        assert len(server.requests) == 15
        batch = found(out).batch
        assert batch.granted == 15 * 2_000_000
