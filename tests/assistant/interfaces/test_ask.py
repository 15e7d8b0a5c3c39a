"""Asking in the terminal: JSON for programs, papers in and out, and a chat that only the person ends."""

import json
from pathlib import Path

import pytest

from assistant.app import App
from assistant.domain.answers import Answer
from assistant.interfaces.cli.chat_prompt import Known
from assistant.interfaces.cli.chat_room import Room
from tests.assistant.interfaces.test_cli import FERRY, run
from tests.conftest import ROOT

EXAMPLE = ROOT / "examples" / "the-ferry"


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with its papers."""
    folder = tmp_path_factory.mktemp("ask") / "production"
    run("init", folder, "--title", "The Ferry")
    run("breakdown", FERRY, "-P", folder)
    run("ingest", EXAMPLE / "bible.md", EXAMPLE / "callsheet-day-1.md", "-P", folder)
    return folder


def test_an_answer_has_the_public_shape_and_its_quotes_stand_in_the_file(ferry: Path) -> None:
    given = run("ask", "Which scenes have the dog at night?", "-P", ferry, "--json").json
    assert {"answer", "claims", "refused", "model", "cost_usd", "trace"} <= set(given)
    lines = FERRY.read_text(encoding="utf-8").splitlines()
    cited = [citation for claim in given["claims"] for citation in claim["citations"]]
    assert [citation["scene"] for citation in cited] == ["3", "4", "8", "11", "12", "15", "18", "20"]
    for citation in cited:
        assert citation["quote"] in lines[citation["line"] - 1]
    assert run("ask", "and by day?", "-P", ferry).out.startswith("Dog, DAY: 2 scenes (26, 28)")


def test_a_refusal_is_an_answer_too(ferry: Path) -> None:
    done = run("ask", "Which scenes have a zeppelin?", "-P", ferry, "--new", "--why")
    assert "zeppelin" in done.out
    assert "Nearest passages" in done.out
    assert "understood" in done.err
    assert run("ask", " ", "-P", ferry, code=10).err


def test_sources_are_listed_and_forgotten_for_good(ferry: Path, tmp_path: Path) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_bytes(b"From: a@example.org\r\nSubject: Tank\r\n\r\nThe plesiosaur tank is booked.\r\n")
    papers = run("ingest", mail, "-P", ferry, "--json").json["papers"]
    assert papers[0]["kind"] == "note"
    assert "plesiosaur" in run("ask", "Is the plesiosaur tank booked?", "-P", ferry).out
    kinds = {row["file"]: row["kind"] for row in run("sources", "-P", ferry, "--json").json["sources"]}
    assert kinds["bible.md"] == "bible"
    assert kinds["callsheet-day-1.md"] == "call sheet"
    assert kinds["the-ferry.fountain"] == "script"
    run("forget", "mail.eml", "-P", ferry)
    assert run("ask", "Is the plesiosaur tank booked?", "-P", ferry, "--json").json["refused"]
    assert run("forget", "mail.eml", "-P", ferry, code=11).err


def test_papers_of_a_named_kind_and_bad_ones(ferry: Path, tmp_path: Path) -> None:
    paper = tmp_path / "deal.txt"
    paper.write_text("The option ends on 3 May 2027.\n")
    assert run("ingest", paper, "--kind", "contract", "-P", ferry, "--json").json["papers"][0]["kind"] == "contract"
    assert "3 May 2027" in run("ask", "When does the option end?", "-P", ferry).out
    assert run("ingest", paper, "--kind", "poem", "-P", ferry, code=11).err
    (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04")
    assert "damaged" in run("ingest", tmp_path / "broken.docx", "-P", ferry, code=10).err
    run("forget", "deal.txt", "-P", ferry)


def test_recap_and_audit(ferry: Path, tmp_path: Path) -> None:
    recap = run("recap", "--scenes", "1-4", "-P", ferry, "--json").json
    assert len(recap["claims"]) == 4
    assert all(claim["citations"] for claim in recap["claims"])
    assert run("recap", "--scenes", "99", "-P", ferry, code=11).err
    text = tmp_path / "answer.txt"
    text.write_text("Nora is in 12 scenes. Nora is in scene 4. A zeppelin lands.\n")
    found = run("audit", text, "-P", ferry, "--json").json
    assert [item["verdict"] for item in found["claims"]] == ["supported", "contradicted", "not in the material"]
    assert "12 speeches" in run("audit", text, "-P", ferry).out or found["people"][0]["name"] == "NORA"


def test_the_chat_answers_opens_quotes_and_survives_everything(
    ferry: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    room = Room(App.open(ferry))
    room.greet()
    room.run(
        [
            "Where does the brass lantern first appear?",
            "[2]",
            "/open 99",
            "/scene 4",
            "/cast",
            "/who win",
            "/who nobody",
        ]
        + [
            "/sources",
            "/model",
            "/cost",
            "/why",
            "/export talk.md",
            "/help",
            "/wat",
            "¿Quién habla más?",
            "/new",
            "/quit",
        ]
        + ["never reached"]
    )
    shown = capsys.readouterr().out
    for words in ("› Win takes a brass lantern", "has no citation 99", "12 speeches", "Nobody is called nobody"):
        assert words in shown
    for words in (
        "builtin/rules",
        "this conversation $0.0000",
        "understood",
        "There is no command /wat",
        "quien más habla",
    ):
        assert words in shown
    assert "never reached" not in shown
    assert "1. the-ferry.fountain, Sc. 2" in (tmp_path / "talk.md").read_text(encoding="utf-8")


class Interrupted:
    """A talk that is stopped once while it answers."""

    tables = None

    def __init__(self) -> None:
        self.asked: list[str] = []

    def ask(self, question: str, heard: object = None) -> Answer:
        """Stopped by Ctrl-C the first time."""
        self.asked.append(question)
        if len(self.asked) == 1:
            raise KeyboardInterrupt
        return Answer(question, (), True, "Not in the material.")


def test_ctrl_c_stops_an_answer_and_keeps_the_conversation(ferry: Path, capsys: pytest.CaptureFixture[str]) -> None:
    room = Room(App.open(ferry))
    room.talk = talk = Interrupted()  # type: ignore[assignment]
    room.run(["a long question", "another one"])
    assert talk.asked == ["a long question", "another one"]
    assert "Stopped." in capsys.readouterr().out


def test_completion_knows_commands_scenes_and_names() -> None:
    from prompt_toolkit.completion import CompleteEvent
    from prompt_toolkit.document import Document

    known = Known(lambda: (["1", "12", "12A"], ["NORA", "brass lantern"]))

    def offered(text: str) -> list[str]:
        return [item.text for item in known.get_completions(Document(text), CompleteEvent())]

    assert offered("/sc") == ["/scene"]
    assert offered("who is in scene 12") == ["12A"]
    assert offered("where is no") == ["NORA"]
    assert offered("the bra") == ["brass lantern"]


def test_brackets_in_names_and_lines_are_shown_as_they_are(tmp_path: Path) -> None:
    script = tmp_path / "odd.fountain"
    script.write_text("INT. [/b] ROOM - DAY\n\nANN [/red] opens the [bold] box.\n\nANN\n[/] Hello.\n")
    paper = tmp_path / "[bold]x[b].md"
    paper.write_text("The [/b] key is brass.\n")
    folder = tmp_path / "made"
    run("init", folder)
    run("breakdown", script, "-P", folder)
    run("ingest", paper, "-P", folder)
    assert "[bold]x[b].md" in run("sources", "-P", folder).out
    assert "[/red]" in run("recap", "-P", folder).out
    assert "[/red]" in run("audit", paper, "-P", folder).out
    assert "key is brass" in run("ask", "Is the key brass?", "-P", folder).out


def test_chat_from_a_pipe(ferry: Path) -> None:
    from typer.testing import CliRunner

    from assistant.interfaces.cli.main import cli

    done = CliRunner().invoke(cli, ["chat", "-P", str(ferry)], input="How many scenes are there?\n/quit\n")
    assert done.exit_code == 0
    assert "31 scenes" in done.stdout
    assert json.loads(json.dumps(done.stdout))
