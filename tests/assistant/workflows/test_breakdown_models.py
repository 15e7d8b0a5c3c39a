"""A breakdown with models over the wire that lie, break off, fail or cost too much, and what is left in the end."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.app import App
from assistant.domain.categories import Category
from assistant.exports.book import Book
from routers.errors import BudgetRefused, NoAnswer
from tests.assistant.interfaces.test_cli import run
from tests.assistant.workflows.making import (
    NOBODY,
    answer,
    claim,
    cutting,
    fenced,
    honest,
    liar,
    model,
    production,
    said,
    script,
)
from tests.conftest import ROOT
from tests.loopback import Fault, Loopback, Reply, Request

FERRY = ROOT / "examples" / "the-ferry" / "the-ferry.fountain"
PIER = {
    "EXT. PIER - NIGHT": "MARA (40) lights a lantern.\n\nMARA\nWho is there?",
    "INT. BOATHOUSE - DAY": "Mara ties a rope to the boat.\n\nIVO\nLeave the rope.",
}
Things = set[tuple[int, str, str, str]]


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as running:
        running.script("mine", Reply(text=honest))
        yield running


def things(book: Book) -> Things:
    """Everything that was found, with its evidence."""
    return {(item.scene, item.category, item.name, item.evidence.text) for item in book.breakdown.elements}


def by_rules(folder: Path, file: Path) -> Things:
    """What the built-in rules find."""
    return things(
        App.init(folder / "rules", "Rules", {"models": {"pin": {"breakdown": "builtin/rules"}}}).breakdown(file)
    )


# What lies


def test_what_is_invented_or_misquoted_never_comes_in_and_all_of_it_is_counted(
    tmp_path: Path, server: Loopback
) -> None:
    told: list[str] = []

    def lie(request: Request) -> str:
        told.append(liar(0.3, 0.2)(request))
        return told[-1]

    server.script("mine", Reply(text=lie))
    book = production(tmp_path, server).breakdown(FERRY)
    lies = [item for text in told for item in json.loads(text)["elements"] if _lie(item)]
    total = sum(len(json.loads(text)["elements"]) for text in told)
    assert 0.35 < len(lies) / total < 0.65
    assert not [item for item in book.breakdown.elements if "unicorn" in item.name or "zebra" in item.name.casefold()]
    assert book.run.rejected == len(lies)
    assert all(item.status == "proposed" for item in book.breakdown.elements)


def _lie(item: dict[str, str]) -> bool:
    return "unicorn" in item["name"] or "zebra" in item["quote"]


def test_a_scene_nobody_does_better_on_keeps_what_stands_and_says_so(tmp_path: Path, server: Loopback) -> None:
    server.script("mine", Reply(text=liar(0.8, 0.1)))
    book = production(tmp_path, server).breakdown(FERRY)
    assert things(book) >= {item for item in by_rules(tmp_path, FERRY) if item[1] == Category.CAST}
    told = dict(book.run.problems)
    assert told and all("built-in rules" in why for why in told.values())
    named = {scene.label for scene in book.screenplay.scenes}
    assert set(told) <= named
    assert {item.source.model for item in book.breakdown.elements} == {"onprem/mine", "builtin/rules"}


def test_the_next_better_model_is_asked_and_both_are_paid(tmp_path: Path, server: Loopback) -> None:
    server.script("better", Reply(text=honest))
    server.script("mine", Reply(text=liar(0.9, 0.1)))
    app = production(tmp_path, server, {"models": {"pin": NOBODY}}, prior={"mean": 0.8, "weight": 99})
    better = model(server, "better", prior={"mean": 0.9, "weight": 99}, price={"input": "5", "output": "9"})
    app.write_models({"models": {"onprem/better": better}})
    app = App.open(tmp_path, {"models": {"pin": NOBODY}})
    book = app.breakdown(FERRY)
    assert things(book) == by_rules(tmp_path, FERRY)
    assert book.run.problems == ()
    assert {item.source.model for item in book.breakdown.elements} <= {"onprem/mine", "onprem/better"}
    rows = app.router.ledger.rows(app.store.production)
    assert len(rows) == len(server.requests) == book.run.attempts > 30
    assert {row["outcome"] for row in rows} == {"ok", "rejected"}
    assert book.run.rejected > 50


def test_a_speaker_left_out_is_put_back_and_told(tmp_path: Path, server: Loopback) -> None:
    server.script("mine", Reply(text=answer([claim("props", "lantern", "lights a lantern")])))
    book = production(tmp_path, server).breakdown(script(tmp_path, {"EXT. PIER - NIGHT": PIER["EXT. PIER - NIGHT"]}))
    assert {(item.category, item.name) for item in book.breakdown.elements} == {
        (Category.CAST, "MARA"),
        (Category.PROPS, "lantern"),
    }
    assert book.run.problems[0][1].startswith("The cast was completed by the built-in rules")


def test_a_category_that_is_none_is_cut(tmp_path: Path, server: Loopback) -> None:
    server.script("mine", Reply(text=lambda request: _with(request, claim("gadgets", "lantern", "lights a lantern"))))
    book = production(tmp_path, server).breakdown(script(tmp_path, {"EXT. PIER - NIGHT": PIER["EXT. PIER - NIGHT"]}))
    assert book.run.rejected == 1


def _with(request: Request, *more: dict[str, object]) -> str:
    return json.dumps({"elements": [*json.loads(honest(request))["elements"], *more]})


@pytest.mark.parametrize("kind", ["refusal_text", "refusal_stop", "content_filter"])
def test_a_refusal_goes_to_no_other_model_and_the_scene_is_not_lost(
    tmp_path: Path, server: Loopback, kind: str
) -> None:
    server.script("mine", Fault(kind))
    file = script(tmp_path, PIER)
    app = production(tmp_path / "p", server)
    app.write_models({"models": {"onprem/other": model(server, "other", prior={"mean": 0.99, "weight": 99})}})
    book = app.breakdown(file)
    assert things(book) == by_rules(tmp_path, file)
    assert len(book.run.problems) == 2 and "did not answer because of the content" in book.run.problems[0][1]
    assert not server.seen("other")


# What breaks off


class Breaking:
    """A reply that is cut off where it is longer than the model can write."""

    def __init__(self, most: int) -> None:
        self.most, self.cut, self.whole = most, 0, 0

    def __call__(self, request: Request) -> str:
        text = honest(request)
        short = text[: self.most]
        self.cut += short != text
        self.whole += short == text
        return short


@pytest.mark.parametrize("stop", ["length", "window"])
def test_an_answer_cut_off_is_seen_every_time_and_asked_for_in_smaller_parts(
    tmp_path: Path, server: Loopback, stop: str
) -> None:
    model_ = Breaking(1600)
    server.script("mine", cutting(model_, stop))
    book = production(tmp_path, server).breakdown(FERRY)
    assert model_.cut > 10
    assert book.run.truncated == model_.cut
    assert {item[:3] for item in things(book)} == {item[:3] for item in by_rules(tmp_path, FERRY)}
    assert book.run.problems == ()


def test_what_can_not_be_told_even_in_the_smallest_part_is_filled_in_and_told(tmp_path: Path, server: Loopback) -> None:
    server.script("mine", Fault("max_tokens"))
    file = script(tmp_path, PIER)
    book = production(tmp_path / "p", server, max_output=1024).breakdown(file)
    assert things(book) == by_rules(tmp_path, file)
    assert len(book.run.problems) == 2 and "cut off" in book.run.problems[0][1]
    assert book.run.truncated == len(server.requests) > 2


def test_a_long_scene_is_asked_in_parts_that_fit_the_model_and_joined(tmp_path: Path, server: Loopback) -> None:
    words = "\n\n".join(f"Mara lights lantern {n}.\n\nMARA\nLine {n}, said slowly." for n in range(80))
    file = script(tmp_path, {"INT. BOATHOUSE - NIGHT": words, "EXT. PIER - DAY": "Ivo ties a rope."})
    book = production(tmp_path / "p", server, window=4500, max_output=1500).breakdown(file)
    assert len(server.requests) > 5
    assert book.run.truncated == 0 and book.run.problems == ()
    asked = [request.json["max_tokens"] for request in server.requests]
    assert max(asked) <= 1500 and len(set(asked)) > 1
    parts = [fenced(request, "scene") for request in server.requests]
    spoken = [line for part in parts for line in part.splitlines() if line.startswith("Line ")]
    assert sorted(spoken) == sorted(f"Line {n}, said slowly." for n in range(80)), "each line in exactly one part"
    assert not [part for part in parts if part.splitlines()[-1] == "MARA"], "no speech is torn from its cue"
    assert {item[:3] for item in things(book)} == {item[:3] for item in by_rules(tmp_path, file)}


# What is asked


def test_glossary_papers_and_language_reach_the_model(tmp_path: Path, server: Loopback) -> None:
    file = script(tmp_path, {"INT. TALLER - NOCHE": "ALMA (40) enciende una linterna.\n\nALMA\n¿Quién anda ahí?"})
    app = production(tmp_path / "p", server, {"glossary": {"linterna": "special_equipment"}})
    (tmp_path / "bible.md").write_text("# Alma\n\nAlma heredó el taller de su madre.\n\n# Otro\n\nNada.\n", "utf-8")
    app.add_paper(tmp_path / "bible.md", "bible")
    book = app.breakdown(file)
    (request,) = server.requests
    assert "language of the scene, which is Spanish" in said(request)
    assert fenced(request, "glossary") == "linterna | special_equipment"
    assert "heredó el taller" in fenced(request, "context") and "Nada" not in fenced(request, "context")
    assert (Category.SPECIAL_EQUIPMENT, "linterna") in {(item.category, item.name) for item in book.breakdown.elements}


def test_one_thing_has_one_name_and_doubts_are_proposed(tmp_path: Path, server: Loopback) -> None:
    said_of = {
        "EXT. PIER - NIGHT": [claim("props", "The Hunting Knives", "two hunting knives", quantity=2)],
        "INT. BOATHOUSE - DAY": [claim("props", "a knife", "takes the knife"), claim("props", "Knife", "the knife")],
    }
    server.script("mine", Reply(text=lambda request: answer(said_of[fenced(request, "scene").splitlines()[0]])))
    file = script(
        tmp_path, {"EXT. PIER - NIGHT": "Ivo drops two hunting knives.", "INT. BOATHOUSE - DAY": "He takes the knife."}
    )
    book = production(tmp_path / "p", server).breakdown(file)
    found = [(item.name, item.quantity) for item in book.breakdown.elements]
    assert found == [("hunting knife", 2), ("knife", None)]
    assert [(item.keep, item.other) for item in book.breakdown.merges] == [("hunting knife", "knife")]


# What it costs


def test_twice_is_the_same_and_costs_nothing(tmp_path: Path, server: Loopback) -> None:
    app = production(tmp_path, server)
    first = app.breakdown(FERRY)
    asked = len(server.requests)
    again = App.open(tmp_path, {"models": {"pin": {**NOBODY, "breakdown": "onprem/mine"}}}).breakdown(FERRY)
    assert again.screenplay.scenes == first.screenplay.scenes
    assert again.breakdown == first.breakdown
    assert len(server.requests) == asked
    # In another order of things: the same scenes in another file are answered from the result ledger.
    longer = tmp_path / "longer.fountain"
    longer.write_text(FERRY.read_text(encoding="utf-8") + "\n\nEXT. PIER - NIGHT\n\nFog.\n", encoding="utf-8")
    book = app.breakdown(longer)
    assert len(server.requests) == asked + 1
    assert book.run.attempts == 1
    rows = app.router.ledger.rows(app.store.production)
    assert book.run.cost_usd == rows[-1]["settled"] / 1e9


def test_a_lost_result_comes_from_the_cache_for_nothing(tmp_path: Path, server: Loopback) -> None:
    from sqlalchemy import delete

    from assistant.store import schema

    file = script(tmp_path, PIER)
    app = production(tmp_path / "p", server)
    first = app.breakdown(file)
    with app.store.engine.begin() as db:
        db.execute(delete(schema.result))
        db.execute(delete(schema.run))
    again = app.breakdown(file)
    assert things(again) == things(first)
    assert len(server.requests) == 2 and again.run.cost_usd == 0


def test_a_cap_stops_the_run_and_raising_it_goes_on(tmp_path: Path, server: Loopback) -> None:
    flags = {"models": {"pin": {**NOBODY, "breakdown": "onprem/mine"}, "concurrency": 2}}
    production(tmp_path, server)
    capped = App.open(tmp_path, flags | {"budget": {"run_usd": "0.02"}})
    with pytest.raises(BudgetRefused) as stopped:
        capped.breakdown(FERRY)
    assert stopped.value.exit_code == 14 and stopped.value.cap == "run"
    done = len(server.requests)
    assert 0 < done < 30
    rows = capped.router.ledger.rows(capped.store.production)
    assert sum(row["settled"] for row in rows) <= 0.02 * 1e9
    assert [row["outcome"] for row in rows].count("ok") == done
    book = App.open(tmp_path, flags | {"budget": {"run_usd": "1"}}).breakdown(FERRY)
    assert len(server.requests) == 30, "what was finished is not asked again"
    assert things(book) == by_rules(tmp_path, FERRY)
    billed = sum(request.billed[0] * 1000 + request.billed[1] * 2000 for request in server.requests)
    assert round(book.run.cost_usd * 1e9) == billed


def test_the_command_says_14_keeps_what_is_done_and_goes_on(tmp_path: Path, server: Loopback) -> None:
    app = production(tmp_path, server)
    toml = tmp_path / "production.toml"
    pins = '\n[models]\nconcurrency = 2\n[models.pin]\nbreakdown = "onprem/mine"\ncast = "builtin/rules"\n'
    toml.write_text(toml.read_text("utf-8") + f'{pins}[budget]\nrun_usd = "0.01"\n', "utf-8")
    words = ("breakdown", FERRY, "-P", tmp_path, "-f", "json")
    stopped = run(*words, code=14)
    assert "The run budget of $0.010000" in stopped.err and "Raise the run budget" in stopped.err
    done = len(server.requests)
    assert 0 < done < 30
    toml.write_text(toml.read_text("utf-8").replace('"0.01"', '"1"'), "utf-8")
    assert run(*words, "--json").json["run"]["rejected"] == 0
    assert len(server.requests) == 30
    assert len(app.router.ledger.rows(app.store.production)) >= 30


def test_an_outage_stops_the_run_and_is_gone_on_from(tmp_path: Path, server: Loopback) -> None:
    file = script(tmp_path, {f"INT. ROOM {n} - DAY": f"Mara lights lantern {n}." for n in range(6)})
    server.script("mine", [Reply(text=honest), Reply(text=honest), Fault("daily_quota")])
    app = production(tmp_path / "p", server, {"models": {"concurrency": 1}})
    with pytest.raises(NoAnswer) as down:
        app.breakdown(file)
    assert down.value.exit_code == 13
    kept = {fenced(request, "scene") for request in server.requests if request.outcome == "reply"}
    assert len(kept) == 2
    server.script("mine", Reply(text=honest))
    before = len(server.requests)
    again = App.open(tmp_path / "p", {"models": {"pin": {**NOBODY, "breakdown": "onprem/mine"}}}).breakdown(file)
    assert not kept & {fenced(request, "scene") for request in server.requests[before:]}
    assert things(again) == by_rules(tmp_path, file)
