"""The small parts: limits, what counts as script text, names of files, whose host it is, what is a request."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.answers import Citation
from assistant.interfaces.slack import blocks
from assistant.interfaces.slack.commands import command_in
from assistant.interfaces.slack.door import own_host
from assistant.interfaces.slack.drops import tame
from assistant.interfaces.slack.intake import as_job, from_job, request_of
from assistant.interfaces.slack.leaks import Leaks
from tests.making import script
from tests.slack_loopback import payloads


@given(st.lists(st.text(max_size=5000), max_size=120))
def test_blocks_keep_slacks_limits(lines: list[str]) -> None:
    made = blocks.sections(lines)
    assert len(made) <= blocks.BLOCKS
    assert all(0 < len(item["text"]["text"]) <= blocks.TEXT for item in made)


@given(st.text(max_size=300), st.integers(0, 40))
def test_buttons_and_headers_keep_slacks_limits(text: str, count: int) -> None:
    made = blocks.cites("n" * 32, [Citation("a" * 64, text, text, n + 1, "q") for n in range(count)])
    assert all(len(row["elements"]) <= 25 for row in made)
    assert all(len(item["text"]["text"]) <= 75 for row in made for item in row["elements"])
    assert len(blocks.header(text)["text"]["text"]) <= 150
    assert len(blocks.modal(text, [])["title"]["text"]) <= 24


def test_three_words_in_a_row_are_script_text_and_slug_lines_are_not() -> None:
    leaks = Leaks(script(), ["The budget of the boat is a secret."])
    for text in ("she LIGHTS, a lantern!", "“Who is there?”", "ties a rope", "the boat is a secret"):
        assert leaks.finds(text), text
    for text in ("EXT. PIER - NIGHT", "Mara is in scenes 1 and 1A.", "2 scenes, 1 role", ""):
        assert not leaks.finds(text), text


@given(st.text(max_size=200))
def test_a_file_name_is_a_name_and_nothing_else(name: str) -> None:
    made = tame(name)
    assert made and len(made) <= 75 and not set(made) & set('/\\<>&|"') and made.strip(".") == made


def test_the_token_goes_to_slack_alone() -> None:
    api = "https://slack.com/api/"
    assert own_host("https://files.slack.com/files-pri/T-F/a.fdx", api)
    for url in ("https://slack.com.evil.example/a", "http://files.slack.com/a", "https://evilslack.com/a", "file:///a"):
        assert not own_host(url, api), url


def test_only_what_is_for_us_is_a_request_and_it_survives_the_queue() -> None:
    asked = request_of(payloads.mention("C1", "U1", "Who is &lt;Mara&gt;?"))
    assert asked is not None and asked.text == "Who is <Mara>?" and from_job(as_job(asked)).place == asked.place
    for change in ({"bot_id": "B1"}, {"edited": {}, "subtype": "message_changed"}, {"user": ""}):
        body = payloads.message("U1", "hello")
        body["event"] |= change
        assert request_of(body) is None
    assert request_of({"type": "event_callback", "event": {"type": "reaction_added"}}) is None


def test_a_word_is_a_command_only_where_it_is_meant_as_one() -> None:
    assert command_in("review", typed=False) == ("review", "")
    assert command_in("schedule the pier for Friday, who is in it?", typed=False) is None
    assert command_in("callsheet 4", typed=False) == ("callsheet", "4")
    assert command_in("Who is Mara?", typed=True) == ("ask", "Who is Mara?")
    assert command_in("", typed=True) == ("help", "")
