"""The store keeps drafts, answers and breakdowns, also with a second process at the same moment."""

import dataclasses
import multiprocessing
import uuid
from pathlib import Path

import pytest
from sqlalchemy import insert

from assistant.errors import NotFound, SettingsError
from assistant.store import Result, Store, open_engine, schema
from tests.making import breakdown, script


def test_a_draft_comes_back_as_it_was_read(store: Store) -> None:
    draft = store.add_draft(script(), "pier.fountain")
    assert (draft.seq, draft.file) == (1, "pier.fountain")
    assert store.screenplay(1) == script()


def test_the_same_bytes_are_one_draft_and_others_the_next(store: Store) -> None:
    assert store.add_draft(script(), "a.fountain").seq == 1
    assert store.add_draft(script(), "b.fountain").seq == 1
    assert store.add_draft(script("b" * 64), "c.fountain").seq == 2
    assert [draft.seq for draft in store.drafts()] == [1, 2]
    assert store.current_draft().seq == 2


def test_a_length_put_right_by_hand_says_so_and_can_be_undone(store: Store) -> None:
    store.add_draft(script(), "pier.fountain")
    store.override_eighths(1, 1, 12)
    assert (store.screenplay(1).scenes[0].eighths, store.screenplay(1).scenes[0].eighths_source) == (12, "override")
    store.override_eighths(1, 1, None)
    assert store.screenplay(1) == script()
    with pytest.raises(NotFound, match="no scene 9"):
        store.override_eighths(1, 9, 1)


def test_a_kept_answer_is_never_replaced(store: Store) -> None:
    store.keep_results([Result("k", "breakdown", {"n": 1}, "m", "a1"), Result("k", "breakdown", {"n": 2}, "m", "a2")])
    assert store.results(["k", "other"]) == {"k": Result("k", "breakdown", {"n": 1}, "m", "a1")}


def test_a_breakdown_comes_back_with_decisions_laid_over_it(store: Store) -> None:
    store.add_draft(script(), "pier.fountain")
    store.save_breakdown(1, breakdown())
    assert store.breakdown(1) == breakdown()
    for action, change in (("accept", {}), ("edit", {"name": "storm lantern"})):
        row = {"production": store.production, "draft": 1, "subject": "e1", "action": action, "change": change}
        with store.engine.begin() as db:
            db.execute(insert(schema.decision).values(**row, who="ad", why="", at=store.stamp()))
    element = store.breakdown(1).scenes[0].elements[0]
    assert (element.name, element.status) == ("storm lantern", "edited")


def test_saving_again_replaces_proposals(store: Store) -> None:
    store.add_draft(script(), "pier.fountain")
    store.save_breakdown(1, breakdown())
    smaller = dataclasses.replace(breakdown(), scenes=breakdown().scenes[1:])
    store.save_breakdown(1, smaller)
    assert [element.name for element in store.breakdown(1).elements] == ["rope"]
    assert store.cast_ids() == {"MARA": "1"}


def test_productions_in_one_database_do_not_see_each_other(store: Store) -> None:
    other = Store(store.engine, uuid.uuid4().hex)
    other.open_production("Another")
    store.add_draft(script(), "pier.fountain")
    assert other.drafts() == []
    with pytest.raises(NotFound, match="No script"):
        other.current_draft()


def test_an_unreachable_database_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="can not be opened"):
        open_engine("sqlite:////nowhere/at/all.db", tmp_path)


def _add(folder: Path, production: str, sha256: str) -> None:
    engine = open_engine("", folder)
    Store(engine, production).add_draft(script(sha256), "x.fountain")
    engine.dispose()


def test_eight_processes_at_once_make_eight_drafts(tmp_path: Path) -> None:
    engine = open_engine("", tmp_path)
    store = Store(engine, "p")
    store.open_production("The Pier")
    fork = multiprocessing.get_context("spawn")
    jobs = [fork.Process(target=_add, args=(tmp_path, "p", f"{n % 4:064d}")) for n in range(8)]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join(60)
    assert [job.exitcode for job in jobs] == [0] * 8
    assert sorted(draft.seq for draft in store.drafts()) == [1, 2, 3, 4]
    engine.dispose()
