"""Half price for what can wait: S3 as moto serves it, Bedrock's jobs on loopback, kills in between."""

import json
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import yaml

from assistant.app import App
from assistant.batch.bedrock import BedrockBatch
from assistant.batch.job import Ended, Job, Work
from assistant.batch.plan import Order
from assistant.batch.run import Opened, finish, looked_up, opened, stop_ordered
from assistant.errors import SettingsError
from assistant.settings import load_settings, read_toml
from tests.assistant.batch.making import Driver, folder_of, until
from tests.assistant.workflows.making import honest
from tests.loopback import Loopback, Reply, Request
from tests.loopback.jobs import BatchPlane

REGION, BUCKET = "eu-west-1", "questions-of-ours"
PRICE = (1000, 2000)  # nano-dollars a token, in and out
KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_CONFIG_FILE": os.devnull}


@pytest.fixture(scope="module")
def s3() -> Iterator[tuple[Any, str]]:
    """A client, and where it speaks to."""
    moto = pytest.importorskip("moto.server", reason="moto's server is not installed")
    server = moto.ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host.replace('0.0.0.0', '127.0.0.1')}:{port}"
    yield client(url, REGION), url
    server.stop()


def client(url: str, region: str) -> Any:
    """S3 in a region."""
    import boto3

    return boto3.client("s3", region, endpoint_url=url, aws_access_key_id="x", aws_secret_access_key="y")


def said(asked: dict[str, Any]) -> dict[str, Any]:
    """What an honest model answers to a record."""
    turns = [*asked.get("system", []), *(part for turn in asked["messages"] for part in turn["content"])]
    messages = {"messages": [{"content": part["text"]} for part in turns]}
    text = honest(Request("", "POST", "/", {}, json.dumps(messages).encode()))
    content = [{"text": f"```json\n{text}\n```"}]  # a model that was asked in words likes a fence
    usage = {"inputTokens": 900, "outputTokens": 100, "totalTokens": 1000}
    answer = {"output": {"message": {"role": "assistant", "content": content}}, "stopReason": "end_turn"}
    return {"modelOutput": answer | {"usage": usage}}


class Inline:
    """An engine that does scripts in this very thread."""

    name = note = ""

    def map(self, work: Work, job: Job, keys: Iterable[str]) -> Iterator[Ended | None]:
        """See `Executor`."""
        for key in keys:
            yield Ended(key, work(job, key))

    def stop(self) -> None:
        """See `Executor`."""

    def close(self) -> None:
        """See `Executor`."""


class Scene:
    """A folder of scripts, a bucket, a control plane, and a model that also answers at once."""

    def __init__(self, folder: Path, s3: tuple[Any, str], plane: BatchPlane, server: Loopback) -> None:
        self.folder, self.s3, self.plane, self.server = folder, s3[0], plane, server
        self.out = folder / "out"
        self.bucket = f"{BUCKET}-{folder.name.replace('_', '-')[-20:].strip('-')}"
        self.s3.create_bucket(Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        self.environment = KEYS | {
            "AWS_ENDPOINT_URL_S3": s3[1],
            "AWS_ENDPOINT_URL_BEDROCK": plane.url,
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": server.url,
        }

    def settings(self, minimum: int = 4, data: str = "confidential") -> Path:
        """A model on Bedrock, and a bucket for its jobs."""
        row = {
            "wire": "bedrock/amazon.mine-v1:0",
            "provider": "bedrock",
            "calls": [REGION],
            "reaches": [REGION],
            "json_mode": "native",
            "window": 32768,
            "max_output": 8192,
            "price": {"input": "1", "output": "2"},
            "terms": {"trains": False, "retention_days": 0},
        }
        rows, settings = self.folder / "models.yaml", self.folder / "settings.toml"
        rows.write_text(yaml.safe_dump({"models": {"bedrock/mine": row}}), "utf-8")
        settings.write_text(
            f'[production]\ndata_class = "{data}"\n[models]\nfile = "{rows}"\nregions = ["{REGION}"]\n'
            '[models.pin]\nbreakdown = "bedrock/mine"\ncast = "builtin/rules"\nsynopsis = "builtin/rules"\n'
            f'[bedrock_batch]\nbucket = "{self.bucket}"\nrole = "arn:aws:iam::123456789012:role/batch"\n'
            f"minimum = {minimum}\npoll = 0.2\n",
            "utf-8",
        )
        return settings

    def begin(self, scripts: Path, stop: Event, looked: Callable[[], None]) -> None:
        """The batch in this process, until it is stopped."""
        engine = self._engine(scripts, None, read_toml(self.settings()))
        assert not finish(self.opened, engine, 1, lambda items, note: looked(), stop)

    def run(self, scripts: Path, budget: int | None = None, minimum: int = 4, data: str = "confidential") -> list[str]:
        """The batch in this process; what it had to say."""
        notes: list[str] = []
        engine = self._engine(scripts, budget, read_toml(self.settings(minimum, data)))
        assert finish(self.opened, engine, 1, lambda items, note: notes.append(note), Event())
        return notes

    def _engine(self, scripts: Path, budget: int | None, layer: dict[str, Any]) -> BedrockBatch:
        options = {"tasks": ["breakdown"], "precision": None, "formats": [], "settings": layer, "workers": 1}
        options |= {"concurrency": 4, "engine": "bedrock-batch", "lease": 60.0, "series": False}
        self.opened = opened(Order(scripts, self.out, options, budget))
        return BedrockBatch(Inline(), load_settings(None, layer).bedrock_batch)

    @property
    def found(self) -> Opened:
        return looked_up(self.out)

    @property
    def spent(self) -> int:
        """Nano-dollars over all scripts, by the batch's own account."""
        return round(sum(item.facts.get("cost_usd", 0) for item in self.found.items()) * 1e9)

    def attempts(self) -> list[dict[str, Any]]:
        """All rows of all ledgers."""
        rows = []
        for item in self.found.items():
            app = App.open(self.out / item.folder)
            rows += app.router.ledger.rows(app.store.production)
            app.close()
        return rows

    def left(self) -> list[str]:
        """What lies in the bucket."""
        return [one["Key"] for one in self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])]


@pytest.fixture
def scene(tmp_path: Path, s3: tuple[Any, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    with Loopback() as server, BatchPlane(s3[0], said) as plane:
        server.script("amazon.mine-v1:0", Reply(text=honest_at_once, tokens=(900, 100)))
        made = Scene(tmp_path, s3, plane, server)
        for name, value in made.environment.items():
            monkeypatch.setenv(name, value)
        yield made


def honest_at_once(request: Request) -> str:
    """The same model on a line."""
    turns = [*request.json.get("system", []), *(part for turn in request.json["messages"] for part in turn["content"])]
    messages = {"messages": [{"content": part["text"]} for part in turns]}
    return honest(Request("", "POST", "/", {}, json.dumps(messages).encode()))


def half(records: int) -> int:
    """What so many answers of a job cost."""
    return records * (900 * PRICE[0] + 100 * PRICE[1]) // 2


def test_answers_of_a_job_are_verified_and_cost_half(scene: Scene) -> None:
    notes = scene.run(folder_of(scene.folder / "in", 3, 4), budget=10**9)
    assert len(scene.plane.made) == 1 and not scene.server.requests
    job = scene.plane.made[0]
    assert job["modelInvocationType"] == "Converse" and job["modelId"] == "amazon.mine-v1:0"
    estimate = scene.opened.estimate
    assert estimate and estimate.usd * 2e9 == pytest.approx(sum(scene.found.batch.options["needs"].values()), rel=0.01)
    assert any("12 of 12 answers" in note for note in notes)
    assert scene.spent == half(12) == scene.found.batch.granted
    outcomes = [row["outcome"] for row in scene.attempts()]
    assert outcomes.count("ok") == 12 and outcomes.count("cached") == 12 and "running" not in outcomes
    app = App.open(scene.out / "script-000")
    assert app.book().sheets[0].elements[0].source.model == "bedrock/mine"
    app.close()
    assert scene.left() == []  # nothing of a script stays in the bucket


def test_on_a_shared_postgresql_it_is_the_same(scene: Scene, shared: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PA_STORE_URL", shared)
    scene.run(folder_of(scene.folder / "in", 2, 4), budget=10**9)
    assert len(scene.plane.made) == 1 and not scene.server.requests
    assert scene.spent == half(8) == scene.found.batch.granted
    assert not (scene.out / ".pa" / "production.db").exists() and scene.left() == []


@pytest.mark.slow
def test_killed_between_submission_and_answers_it_neither_asks_nor_pays_twice(scene: Scene) -> None:
    scripts = folder_of(scene.folder / "in", 3, 4)
    scene.plane.go.clear()
    words = ["run", str(scripts), "-o", str(scene.out), "-w", "1", "-f", "", "--settings", str(scene.settings())]
    first = Driver([*words, "--engine", "bedrock-batch"])
    assert until(lambda: "look" in scene.plane.calls, 120), first.end()
    first.kill()
    with pytest.raises(SettingsError, match="under way at Bedrock"):
        finish(scene.found, Inline(), 1, lambda items, note: None, Event())
    second = Driver(["resume", str(scene.out)])
    looked = scene.plane.calls.count("look")
    assert until(lambda: scene.plane.calls.count("look") > looked + 1, 120)
    os.kill(second.process.pid, signal.SIGTERM)
    assert second.end()[0] == 130
    scene.plane.go.set()
    scene.run(scripts)
    assert {item.state for item in scene.found.items()} == {"done"}
    assert len(scene.plane.made) == 1 and not scene.server.requests
    assert scene.spent == half(12) and scene.plane.billed == [12 * 900, 12 * 100]


def test_a_submission_that_was_cut_off_is_found_by_its_name(scene: Scene) -> None:
    scripts = folder_of(scene.folder / "in", 1, 4)
    scene.plane.refusal = (500, "InternalServerException", "Try again.")
    scene.plane.taken = True  # it took the job all the same, and could not say so
    with pytest.raises(SettingsError, match="may not have taken"):
        scene.run(scripts)
    assert len(scene.plane.made) == 1
    scene.plane.refusal = None
    scene.run(scripts)
    assert len(scene.plane.made) == 1 and not scene.server.requests and scene.spent == half(4)


def test_a_submission_that_was_not_taken_is_made_again_and_keeps_nothing_reserved(scene: Scene) -> None:
    scripts = folder_of(scene.folder / "in", 1, 4)
    scene.plane.refusal = (500, "InternalServerException", "Try again.")
    with pytest.raises(SettingsError, match="may not have taken"):
        scene.run(scripts, budget=10**9)
    assert [row["outcome"] for row in scene.attempts()] == ["running"] * 4
    scene.plane.refusal = None
    scene.run(scripts, budget=10**9)
    rows = [row for row in scene.attempts() if row["run"].startswith("batch-")]
    assert sorted(row["outcome"] for row in rows) == ["fault"] * 4 + ["ok"] * 4
    assert not any(row["reserved"] for row in rows)
    assert len(scene.plane.made) == 1 and scene.spent == half(4) == scene.found.batch.granted


def test_a_cancelled_job_is_stopped_and_what_it_had_answered_is_used(scene: Scene) -> None:
    scripts, count = folder_of(scene.folder / "in", 1, 4), iter(range(100))
    scene.plane.go.clear()
    scene.plane.answer = lambda asked: said(asked) if next(count) < 2 else {}
    stop = Event()
    scene.begin(scripts, stop, lambda: stop.set() if "look" in scene.plane.calls else None)
    found = scene.found
    found.batches.cancel(found.batch.id)
    stop_ordered(found)
    assert scene.plane.made[0]["status"] == "Stopping"
    found.batches.reopen(found.batch.id)
    notes = scene.run(scripts)
    assert any("2 of 4 answers" in note and "Stopped" in note for note in notes)
    assert len(scene.server.requests) == 2 and scene.spent == half(2) + 2 * 2 * half(1)
    assert scene.left() == []


def test_records_that_fail_or_do_not_stand_are_asked_at_once(scene: Scene) -> None:
    count = iter(range(100))

    def mixed(asked: dict[str, Any]) -> dict[str, Any]:
        number = next(count)
        if number == 0:
            return {"error": {"errorCode": 400, "errorMessage": "too long"}}
        if number == 1:
            return {}  # the job ended before it came to this one
        if number == 2:
            return {"modelOutput": said(asked)["modelOutput"] | {"stopReason": "max_tokens"}}
        if number == 3:
            lie = said(asked)
            lie["modelOutput"]["output"]["message"]["content"] = [{"text": '{"elements": "none"}'}]
            return lie
        return said(asked)

    scene.plane.answer, scene.plane.ending = mixed, "PartiallyCompleted"
    scene.run(folder_of(scene.folder / "in", 2, 4))
    assert len(scene.server.requests) == 4
    assert scene.spent == half(6) + 4 * 2 * half(1)  # what was cut off, or lied, is charged all the same
    rows = [row for row in scene.attempts() if row["run"].startswith("batch-")]
    assert sorted(row["outcome"] for row in rows) == ["fault", "fault", *["ok"] * 5, "truncated"]
    assert not any("too long" in row["detail"] for row in rows)


@pytest.mark.parametrize("ending", ["Failed", "Expired"])
def test_a_job_that_came_to_nothing_costs_nothing_and_all_is_asked_at_once(scene: Scene, ending: str) -> None:
    scene.plane.answer, scene.plane.ending = (lambda asked: {}), ending
    notes = scene.run(folder_of(scene.folder / "in", 1, 4))
    assert len(scene.server.requests) == 4 and scene.spent == 4 * 2 * half(1)
    assert any(f"0 of 4 answers from bedrock/mine in {REGION}: {ending}" in note for note in notes)


def test_too_few_for_a_job_are_asked_at_once(scene: Scene) -> None:
    notes = scene.run(folder_of(scene.folder / "in", 1, 4), minimum=100)
    assert any("4 questions for bedrock/mine" in note and "a job takes 100" in note for note in notes)
    assert len(scene.server.requests) == 4 and not scene.plane.made
    assert scene.spent == 4 * 2 * half(1)
    assert not any(row["egress_chars"] for row in scene.attempts() if row["run"].startswith("batch-"))


def test_embargoed_text_is_put_into_no_bucket(scene: Scene) -> None:
    scene.run(folder_of(scene.folder / "in", 1, 4), data="embargoed")
    assert not scene.plane.made and scene.left() == [] and len(scene.server.requests) == 4


def test_a_refused_job_leaves_nothing_reserved(scene: Scene) -> None:
    scene.plane.refusal = (400, "ValidationException", "The model is not supported for batch inference.")
    with pytest.raises(SettingsError, match="takes no job"):
        scene.run(folder_of(scene.folder / "in", 1, 4))
    assert {row["outcome"] for row in scene.attempts()} == {"fault"}
    assert {item.state for item in scene.found.items()} == {"waiting"} and not scene.server.requests


def test_text_is_stored_in_the_region_of_the_job_or_nowhere(scene: Scene) -> None:
    scene.s3.delete_bucket(Bucket=scene.bucket)
    elsewhere = client(scene.environment["AWS_ENDPOINT_URL_S3"], "eu-central-1")
    elsewhere.create_bucket(Bucket=scene.bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    with pytest.raises(SettingsError, match="lies in eu-central-1, the job runs in eu-west-1"):
        scene.run(folder_of(scene.folder / "in", 1, 4))
    assert scene.left() == [] and not scene.plane.made
