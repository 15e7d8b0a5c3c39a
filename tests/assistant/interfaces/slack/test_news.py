"""What happened is told once, to the channels that chose it."""

from pathlib import Path

import pytest

from assistant.batch.work import kept_in
from assistant.interfaces.slack import news
from assistant.store.batches import Item
from tests.assistant.interfaces.slack.conftest import CHANNEL, bench, production
from tests.slack_loopback.server import LoopbackSlack

pytest.importorskip("slack_bolt", reason="the slack extra is not installed")

EVENTS = (
    f'events = {{ {CHANNEL} = ["draft", "schedule"], C0SECOND = ["batch"], C0OTHER = ["draft"] }}\n'
    'batches = ["../slate"]'
)


def _told(slack: LoopbackSlack) -> list[tuple[str, str]]:
    return [(body["channel"], body["text"]) for body in slack.of("chat.postMessage")]


def _batch(out: Path, *states: str) -> None:
    """A batch whose scripts stand so, kept as `pa batch` keeps it."""
    kept = kept_in(out, "")
    batch = kept.open("b1", str(out), {}, None)
    kept.add(batch.id, [Item(str(n), f"{n}.fountain", "", str(n), n, state) for n, state in enumerate(states)])


def test_news_goes_once_to_the_channels_that_chose_it(loopback: LoopbackSlack, tmp_path: Path) -> None:
    app = production(tmp_path / "pier", loopback, EVENTS, more=["C0SECOND"])
    loopback.channels["C0SECOND"] = {"name": "second"}
    made = bench(loopback, [tmp_path / "pier"])
    assert news.tell(made.office, made.guard) == 0  # what was there before is no news
    script = tmp_path / "next.fountain"
    script.write_text("INT. BARN - DAY\n\nA horse.\n")
    app.ingest(script)
    app.boards.draft(0.5, fresh=True, place_new=True)
    _batch(tmp_path / "slate", "done", "done", "quarantined")
    _batch(tmp_path / "other", "done")
    assert news.tell(made.office, made.guard) == 3
    assert news.tell(made.office, made.guard) == 0
    assert sorted(_told(loopback)) == [
        (CHANNEL, "The Pier: Draft 2 is in."),
        (CHANNEL, "The Pier: The schedule changed: board 1, 1 shooting days."),
        ("C0SECOND", "The Pier: A batch is done: 2 through, 1 put aside."),
    ]


def test_a_channel_that_became_shared_and_an_embargoed_production_are_told_nothing(
    loopback: LoopbackSlack, tmp_path: Path
) -> None:
    events = f'events = {{ {CHANNEL} = ["draft"] }}'
    first = production(tmp_path / "one", loopback, events)
    second = production(tmp_path / "two", loopback, events.replace(CHANNEL, "C0SECOND"), "embargoed", "C0SECOND")
    loopback.channels |= {CHANNEL: {"is_ext_shared": True}, "C0SECOND": {"name": "second"}}
    made = bench(loopback, [tmp_path / "one", tmp_path / "two"])
    news.tell(made.office, made.guard)
    script = tmp_path / "next.fountain"
    script.write_text("INT. BARN - DAY\n\nA horse.\n")
    for app in (first, second):
        app.ingest(script)
    assert news.tell(made.office, made.guard) == 0 and not _told(loopback)
