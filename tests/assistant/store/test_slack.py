"""The queue: once, in order in its thread, and on to another process when one goes silent."""

from pathlib import Path

from assistant.store import open_engine
from assistant.store.slack import LEASE, TRIES, Jobs, News, Notes


def _stamp() -> str:
    return "2026-01-01T00:00:00+00:00"


def test_a_job_is_taken_in_once_and_claimed_by_one(tmp_path: Path) -> None:
    engine = open_engine("", tmp_path)
    one, two = Jobs(engine, _stamp, lambda: 0.0), Jobs(engine, _stamp, lambda: 0.0)
    assert one.put("e1", "t", {"n": 1}) and not two.put("e1", "t", {"n": 1})
    assert two.put("e2", "t", {"n": 2}) and two.put("e3", "other", {"n": 3})
    first, other = one.claim(), two.claim()
    assert first and other and (first.body["n"], other.body["n"]) == (1, 3)
    assert one.claim() is None
    one.finish(first)
    second = two.claim()
    assert second and second.body["n"] == 2


def test_a_silent_process_loses_its_job_and_a_living_one_keeps_it(tmp_path: Path) -> None:
    engine, clock = open_engine("", tmp_path), [0.0]
    one, two = Jobs(engine, _stamp, lambda: clock[0]), Jobs(engine, _stamp, lambda: clock[0])
    one.put("e1", "t", {})
    lost = one.claim()
    clock[0] = LEASE - 1
    one.renew()
    clock[0] = LEASE + 1
    assert two.claim() is None
    clock[0] = 3 * LEASE
    assert lost and two.claim()
    one.finish(lost)  # too late: it is the other's now
    assert two.count("running") == 1
    for _ in range(TRIES):
        clock[0] += 3 * LEASE
        two.claim()
    assert two.count("failed") == 1


def test_stop_is_for_one_thread(tmp_path: Path) -> None:
    jobs = Jobs(open_engine("", tmp_path), _stamp, lambda: 0.0)
    for event, thread in (("1", "a"), ("2", "a"), ("3", "b")):
        jobs.put(event, thread, {})
    running = jobs.claim()
    assert running and not jobs.stopped(running)
    assert jobs.stop("a") == 2
    assert jobs.stopped(running) and jobs.count("waiting") == 1


def test_news_is_told_once_and_notes_are_found_by_kind(tmp_path: Path) -> None:
    engine = open_engine("", tmp_path)
    news, notes = News(engine, "p1", _stamp), Notes(engine, _stamp)
    assert news.put("batch", "k", "Done.") and not news.put("batch", "k", "Done.")
    assert News(engine, "p2", _stamp).take() == []
    assert news.take() == [("batch", "Done.")] and news.take() == []
    kept = notes.keep("answer", "U1", {"a": 1})
    assert notes.find(kept.id, "answer") == kept and notes.find(kept.id, "review") is None
    notes.keep("use", "U1", {"p": 1}, "use U1")
    notes.keep("use", "U1", {"p": 2}, "use U1")
    found = notes.find("use U1", "use")
    assert found and found.body == {"p": 2}
