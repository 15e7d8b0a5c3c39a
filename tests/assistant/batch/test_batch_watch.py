"""A folder that is watched, a series in one production, and what may not be claimed at once."""

import os
import signal
from pathlib import Path
from threading import Event

import pytest

from assistant.app import App
from assistant.batch.watch import rounds
from assistant.batch.work import kept_in
from assistant.errors import NotFound
from assistant.store.batches import Item
from tests.assistant.batch.making import Driver, folder_of, found, text, until


def test_a_growing_file_is_left_until_it_rests(tmp_path: Path) -> None:
    stop = Event()
    looks = rounds(tmp_path, tmp_path / "out", 0.01, stop)
    script = tmp_path / "a.fountain"
    script.write_text("half", "utf-8")
    next(looks)
    assert script.is_file()
    script.write_text("whole and longer", "utf-8")
    next(looks)  # a change is a new round
    stop.set()
    assert list(looks) == []


def test_scripts_of_one_production_are_done_one_after_the_other(tmp_path: Path) -> None:
    batches = kept_in(tmp_path, "")
    batches.open("b", str(tmp_path), {}, None)
    pairs = [("1", "show"), ("2", "show"), ("3", "film")]
    batches.add("b", [Item(key, f"{key}.fountain", "", folder, at) for at, (key, folder) in enumerate(pairs)])
    assert batches.free("b") == ["1", "3"]
    first = batches.claim("b", "1", "me")
    assert first is not None
    assert batches.claim("b", "2", "you") is None and batches.free("b") == ["3"]
    batches.close("b", first, "done", "", {})
    assert batches.free("b") == ["2", "3"]
    batches.engine.dispose()


@pytest.mark.slow
def test_a_watched_series_takes_in_what_comes(tmp_path: Path) -> None:
    scripts, out = folder_of(tmp_path / "show", 2), tmp_path / "out"
    words = ["run", str(scripts), "-o", str(out), "-w", "1", "--series", "--watch", "0.2", "-f", "json"]
    driver = Driver(words)

    def states() -> list[str]:
        try:
            return [item.state for item in found(out).items()]
        except NotFound:
            return []

    assert until(lambda: states() == ["done", "done"])
    (scripts / "late.fountain").write_text(text(77, 2), "utf-8")
    assert until(lambda: states() == ["done"] * 3)
    (scripts / "zero.pdf").write_bytes(b"%PDF-1.4 nothing")
    assert until(lambda: states() == ["done"] * 3 + ["quarantined"])
    os.kill(driver.process.pid, signal.SIGTERM)
    status, _, told = driver.end()
    assert status in {18, 130}, told  # 130 where it was still writing its report
    app = App.open(out / "show")
    assert [draft.title for draft in app.store.drafts()] == ["Film 0", "Film 1", "Film 77"]
    app.close()
    assert len(list((out / "show" / ".pa" / "files").iterdir())) == 3  # nothing is kept of what can not be read
    pages = sorted(path.relative_to(out).as_posix() for path in out.glob("show/breakdown/*/*.json"))
    assert pages[0] == "show/breakdown/late/film-77.json" and len(pages) == 3
    assert "alembic" not in told
