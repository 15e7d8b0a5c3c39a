"""The queue: once, in order in its thread, and on to another process when one goes silent."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from assistant.store import Store, schema
from assistant.store.slack import LEASE, TRIES, Jobs, News, Notes


def _stamp() -> str:
    return "2026-01-01T00:00:00+00:00"


def _jobs(store: Store, clock: Sequence[float] = (0.0,), queue: str = "") -> Jobs:
    return Jobs(store.engine, _stamp, queue or store.production, lambda: clock[0])


def test_a_job_is_taken_in_once_and_claimed_by_one(store: Store) -> None:
    one, two = _jobs(store), _jobs(store)
    assert one.put("e1", "t", {"n": 1}) and not two.put("e1", "t", {"n": 1})
    assert two.put("e2", "t", {"n": 2}) and two.put("e3", "other", {"n": 3})
    first, other = one.claim(), two.claim()
    assert first and other and (first.body["n"], other.body["n"]) == (1, 3)
    assert one.claim() is None
    one.finish(first)
    second = two.claim()
    assert second and second.body["n"] == 2


def test_a_silent_process_loses_its_job_and_a_living_one_keeps_it(store: Store) -> None:
    clock = [0.0]
    one, two = _jobs(store, clock), _jobs(store, clock)
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


def test_stop_is_for_one_thread(store: Store) -> None:
    jobs = _jobs(store)
    for event, thread in (("1", "a"), ("2", "a"), ("3", "b")):
        jobs.put(event, thread, {})
    running = jobs.claim()
    assert running and not jobs.stopped(running)
    assert jobs.stop("a") == 2
    assert jobs.stopped(running) and jobs.count("waiting") == 1


def test_two_queues_in_one_database_know_nothing_of_each_other(store: Store) -> None:
    ours, theirs = _jobs(store), _jobs(store, queue=f"{store.production[:12]}-other")
    assert ours.put("e1", "t", {"n": 1}) and theirs.put("e1", "t", {"n": 2})
    assert theirs.stop("t") == 1 and ours.count("waiting") == 1
    found = ours.claim()
    assert found and found.body["n"] == 1 and theirs.claim() is None


def test_what_was_asked_is_forgotten_when_it_is_done(store: Store) -> None:
    jobs = _jobs(store)
    jobs.put("e1", "t", {"text": "asked"})
    jobs.put("e2", "t", {"text": "dropped"})
    jobs.put("e3", "u", {"text": "at once"}, "done")
    job = jobs.claim()
    assert job and jobs.stop("t") == 2
    jobs.finish(job)
    table = schema.slack_job
    with store.engine.connect() as db:
        ours = select(table.c.body).where(table.c.thread.startswith(store.production))
        assert [row for row in db.scalars(ours) if row] == []


def test_a_job_that_is_long_over_is_let_go_and_one_that_is_not_over_stays(store: Store) -> None:
    clock, now = [0.0], ["2001-01-01T10:00:00+00:00"]
    jobs = Jobs(store.engine, lambda: now[0], store.production, lambda: clock[0])
    for event, state in (("e1", "waiting"), ("e2", "waiting"), ("e3", "done"), ("e4", "waiting"), ("e5", "waiting")):
        jobs.put(event, event, {"of": event}, state)
    done, dead = jobs.claim(), jobs.claim()
    assert done and dead and jobs.stop("e5") == 1
    jobs.finish(done)
    for _ in range(TRIES):
        clock[0] += 2 * LEASE
        jobs.claim()
    assert (jobs.count("done"), jobs.count("failed"), jobs.count("stopped")) == (2, 1, 1)
    now[0] = "2001-01-08T10:00:00+00:00"
    assert jobs.prune() == 0 and not jobs.put("e1", "e1", {})  # Slack's own repetitions are known for days
    jobs.put("e6", "e6", {}, "done")
    now[0] = "2001-01-08T10:00:01+00:00"
    other = Jobs(store.engine, lambda: "2001-01-01T00:00:00+00:00", f"{store.production[:12]}-other")
    other.put("e1", "t", {}, "done")  # of a process that served other productions, and is gone
    assert jobs.prune() == 5 and jobs.prune() == 0
    assert jobs.count("done") == 1 and jobs.count("waiting", "running") == 1 and other.count("done") == 0
    assert jobs.put("e1", "e1", {})


def test_news_is_told_once(store: Store) -> None:
    news = News(store.engine, store.production, _stamp)
    assert news.put("batch", "k", "Done.") and not news.put("batch", "k", "Done.")
    assert News(store.engine, uuid.uuid4().hex, _stamp).take() == []
    assert news.take() == [("batch", "Done.")] and news.take() == []


def test_a_note_is_found_by_its_kind_and_by_its_owner_alone(store: Store) -> None:
    notes, others = Notes(store.engine, _stamp, store.production), Notes(store.engine, _stamp, "somebody else")
    kept = notes.keep("answer", "U1", {"a": 1})
    assert notes.find(kept.id, "answer") == kept
    assert notes.find(kept.id, "review") is None and others.find(kept.id, "answer") is None
    notes.keep("use", "U1", {"p": 1}, "U1")
    notes.keep("use", "U1", {"p": 2}, "U1")
    found = notes.named("U1", "use")
    assert found and found.body == {"p": 2} and others.named("U1", "use") is None
