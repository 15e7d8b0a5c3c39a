"""A review that waits goes on in another process, after a kill, and writes each word once."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.app import App
from assistant.errors import BadInput
from assistant.review import Wanted
from assistant.workflows.review import answer, wait_for
from assistant.workflows.run import sqlite_checkpoints
from tests.conftest import ROOT

FERRY = ROOT / "examples" / "the-ferry" / "the-ferry.fountain"

CHILD = """
import sys, time
from pathlib import Path
from assistant.app import App
from assistant.workflows.review import wait_for
from assistant.workflows.run import sqlite_checkpoints
app = App.open(Path(sys.argv[1]))
with sqlite_checkpoints(app.data / "checkpoints.db") as saver:
    asked = wait_for(app.desk("ana"), saver, "r1")
    print(len(asked["items"]), flush=True)
    time.sleep(600)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example script broken down."""
    app = App.init(tmp_path / "production", "The Ferry")
    app.breakdown(FERRY)
    return app.folder


def said(question: dict[str, Any] | None, word: str, count: int) -> list[dict[str, str]]:
    assert question is not None
    return [{"id": item["id"], "decision": word} for item in question["items"][:count]]


def test_killed_while_it_waits_it_goes_on_where_it_was(folder: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(folder)], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "20"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    app = App.open(folder)
    with sqlite_checkpoints(app.data / "checkpoints.db") as saver:
        question = wait_for(app.desk("ben"), saver, "r1")
        waiting = question["waiting"] if question else 0
        given = {"who": "ben", "decisions": said(question, "accept", 3)}
        following = answer(app.desk(), saver, "r1", given)
        assert following is not None and following["waiting"] == waiting - 3
        again = answer(app.desk(), saver, "r1", given)  # the same message delivered twice
        assert again is not None and again["waiting"] == waiting - 3
    log = app.desk().log.history()
    assert [(item.who, item.action) for item in log] == [("ben", "accept")] * 3


def test_a_wrong_answer_leaves_the_question_standing(folder: Path) -> None:
    app = App.open(folder)
    with sqlite_checkpoints(app.data / "checkpoints.db") as saver:
        question = wait_for(app.desk("ana"), saver, "r2")
        with pytest.raises(BadInput, match="decision 1"):
            answer(app.desk("ana"), saver, "r2", {"decisions": [{"id": "nobody", "decision": "accept"}]})
        assert wait_for(app.desk("ana"), saver, "r2") == question
        assert app.desk().log.history() == []


def test_a_person_may_leave_and_come_back_to_the_end(folder: Path) -> None:
    app = App.open(folder)
    with sqlite_checkpoints(app.data / "checkpoints.db") as saver:
        question = wait_for(app.desk("ana"), saver, "r3")
        given = {"leave": True, "decisions": said(question, "reject", 1)}
        assert answer(app.desk("ana"), saver, "r3", given) is None
        again = wait_for(app.desk("ana"), saver, "r3")
        assert again is not None and question is not None and again["waiting"] == question["waiting"] - 1
        everything = [{"id": item.subject, "decision": "accept"} for item in app.desk().items(Wanted())]
        assert answer(app.desk("ana"), saver, "r3", {"decisions": everything}) is None
        assert wait_for(app.desk("ana"), saver, "r3") is None
    assert app.desk().items(Wanted()) == []
