"""What the chat does with a line: a question is answered, a command shows, a number opens its citation in place."""

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from assistant.domain.answers import Answer, Citation, Claim
from assistant.errors import AssistantError, NotFound
from assistant.interfaces.cli import render, render_answer
from assistant.interfaces.cli.names import spelled
from routers.errors import RouterError

if TYPE_CHECKING:
    from assistant.app import App

HELP = """\
/scene 12     a scene as it is written          /who NAME   a role: scenes, speeches, introduction
/cast         the cast by board number          /sources    what answers are quoted from
/open 2, [2]  the quoted line in its place      /why        how the last question was taken
/model        which model answers, and why      /cost       what was spent
/export FILE  the conversation as Markdown      /new        begin a new conversation
/help         this                              /quit       leave (also Ctrl-D)
Alt-Enter begins another line; Tab completes scene numbers and names; Ctrl-C stops an answer."""
AROUND = 3
_OPEN = re.compile(r"^\[?(\d{1,4})\]?$")


class Room:
    """One conversation on one terminal."""

    def __init__(self, app: "App") -> None:
        self.app = app
        self.talk = app.talk()
        self.out = render.out()
        self.answers: list[Answer] = []
        self.commands: dict[str, Callable[[str], None]] = {
            "/scene": self.scene,
            "/cast": lambda _: render.cast(self.app.book()),
            "/who": self.who,
            "/sources": lambda _: render_answer.sources(self.app.sources.all()),
            "/open": self.open,
            "/model": self.model,
            "/cost": self.cost,
            "/why": self.why,
            "/export": self.export,
            "/new": self.new,
            "/help": lambda _: self.out.print(HELP, markup=False),
        }

    def greet(self) -> None:
        """Which production, and how to get help."""
        tables = self.talk.tables
        title = self.app.settings.production.title or (tables.script.title if tables else "") or self.app.folder.name
        what = f"{len(tables.script.scenes)} scenes of {tables.file}" if tables else "no script yet: `pa ingest FILE`"
        self.out.print(Text(title, style="bold"), Text(f"{what}. /help lists the commands.", style="dim"))

    def names(self) -> tuple[Sequence[str], Sequence[str]]:
        """Scene numbers and names for completion."""
        tables = self.talk.tables
        if tables is None:
            return (), ()
        people = [name for person in tables.cast for name in (person.name, *person.aliases)]
        things = dict.fromkeys(item.name for item in tables.elements)
        return [scene.label for scene in tables.script.scenes], [*people, *things]

    def run(self, lines: Iterable[str]) -> None:
        """Take lines until there are none, or one of them leaves."""
        for line in lines:
            text = line.strip()
            if text in ("/quit", "/exit", "/q"):
                return
            if text:
                self.take(text)

    def take(self, text: str) -> None:
        """One line. Nothing a person types, and no failing model, ends the conversation."""
        try:
            if found := _OPEN.match(text):
                self.open(found.group(1))
            elif text.startswith("/"):
                name, _, rest = text.partition(" ")
                if name not in self.commands:
                    raise NotFound(f"There is no command {name}.", spelled(name, self.commands) or "/help lists them.")
                self.commands[name](rest.strip())
            else:
                self.ask(text)
        except KeyboardInterrupt:
            self.out.print(Text("Stopped. Ask something else, or the same again.", style="yellow"))
        except (AssistantError, RouterError) as error:
            self.out.print(Text(error.sentence, style="red"))
            if error.hint:
                self.out.print(Text(error.hint, style="dim"))

    def ask(self, text: str) -> None:
        """A question; claims of a model that streams are shown as soon as each of them stands."""
        came: list[Claim] = []

        def heard(claim: Claim) -> None:
            came.append(claim)
            self.out.print(Text(f"· {claim.text}", style="dim"), soft_wrap=not self.out.is_terminal)

        given = self.talk.ask(text, heard)
        self.answers.append(given)
        if came:
            self.out.print()
        render_answer.answer(given, self.out)

    def open(self, number: str) -> None:
        """The quoted line with the lines around it, the quote marked."""
        citation = self._cited(number)
        lines = self._lines(citation)
        scene = f"Sc. {citation.scene}, " if citation.scene else ""
        self.out.print(Text(f"{citation.file}, {scene}l. {citation.line}", style="bold"))
        if not lines:
            self.out.print(Text(citation.quote, style="italic"))
        at = next((n for n, (line, _) in enumerate(lines) if line == citation.line), 0)
        for line, text in lines[max(0, at - AROUND) : at + AROUND + 1]:
            shown = Text(f"{line:>6}  ", style="dim") + Text(text)
            if line == citation.line:
                shown = Text(f"{line:>6}› ", style="cyan") + _with_quote(text, citation.quote)
            self.out.print(shown, soft_wrap=not self.out.is_terminal)

    def _cited(self, number: str) -> Citation:
        last = self.answers[-1] if self.answers else None
        known = (last.citations or last.nearest) if last else ()
        if not number.isdecimal() or not 1 <= int(number) <= len(known):
            raise NotFound(f"The last answer has no citation {number or '?'}.", f"It has {len(known)}.")
        return known[int(number) - 1]

    def _lines(self, citation: Citation) -> list[tuple[int, str]]:
        """The lines of the scene, or of the paper, that a citation stands in."""
        tables = self.talk.tables
        if not citation.line:
            return []
        if tables and citation.source == tables.script.sha256 and (scene := tables.named(citation.scene)):
            return [(line.number, line.text) for line in scene.lines]
        found: dict[int, str] = {}
        for passage in self.app.sources.passages([citation.source]):
            found.update(zip(passage.numbers, passage.text.split("\n"), strict=False))
        return sorted(found.items())

    def scene(self, name: str) -> None:
        """A scene as it is written."""
        from assistant.interfaces.cli.look import scene_named

        book = self.app.book()
        render.scene(book, scene_named(book.screenplay, name))

    def who(self, name: str) -> None:
        """A role: where it is, how much it speaks, how it is introduced."""
        from assistant.knowledge.audit import portraits

        tables = self.talk.tables
        people = tables.cast if tables else ()
        wanted = name.casefold()
        found = next((p for p in people if wanted in (p.name.casefold(), *(a.casefold() for a in p.aliases))), None)
        if tables is None or found is None:
            raise NotFound(
                f"Nobody is called {name or '?'}.", spelled(name, [p.name for p in people]) or "/cast lists them."
            )
        portrait = next(item for item in portraits(tables) if item.name == found.name)
        scenes = ", ".join(tables.scenes[ordinal].label for ordinal in found.scenes)
        self.out.print(Text(f"{found.name}  (board {found.id})", style="bold"))
        self.out.print(f"in {len(found.scenes)} scenes: {scenes}", markup=False)
        self.out.print(
            f"{portrait.speeches} speeches, {portrait.words} words, {portrait.share:.0%} of all", markup=False
        )
        if portrait.described:
            self.out.print(Text(f"“{portrait.described}”", style="italic"))

    def model(self, _: str) -> None:
        """Which model would answer now."""
        plan = self.app.llm.plan("chat")
        chosen = plan.chosen.row.id if plan.chosen else "none"
        self.out.print(Text(chosen, style="bold"), Text(plan.why, style="dim"))

    def cost(self, _: str) -> None:
        """What this conversation and this production have cost."""
        here = sum(float(item.cost_usd) for item in self.answers)
        rows, _caps = self.app.spent()
        total = sum(row["usd"] for row in rows)
        self.out.print(f"this conversation ${here:.4f}, this production ${total:.4f}", markup=False)

    def why(self, _: str) -> None:
        """How the last question was taken, step by step."""
        for step in self.answers[-1].steps if self.answers else ("Nothing was asked yet.",):
            self.out.print(Text(step, style="dim"), soft_wrap=not self.out.is_terminal)

    def new(self, _: str) -> None:
        """Nothing said before is used any more."""
        self.talk.forget()
        self.answers.clear()
        self.out.print(Text("A new conversation.", style="dim"))

    def export(self, name: str) -> None:
        """The conversation with its citations as Markdown."""
        path = Path(name or "conversation.md")
        try:
            path.write_text("\n".join(_markdown(item) for item in self.answers), encoding="utf-8")
        except OSError as error:
            raise NotFound(f"{path} can not be written: {error.strerror}.", "Name another file.") from None
        self.out.print(Text(f"{len(self.answers)} answers in {path}", style="dim"))


def _with_quote(text: str, quote: str) -> Text:
    shown = Text(text)
    at = text.find(quote)
    if at >= 0:
        shown.stylize("bold reverse", at, at + len(quote))
    return shown


def _markdown(given: Answer) -> str:
    numbers = {citation: number for number, citation in enumerate(given.citations, start=1)}
    lines = [f"## {given.question}", ""]
    for claim in given.claims:
        lines.append(f"{claim.text} " + " ".join(f"[{numbers[item]}]" for item in claim.citations))
    lines += [given.why] if given.refused else []
    lines += ["", *(f"{number}. {item.file}, {item.place}: “{item.quote}”" for item, number in numbers.items()), ""]
    return "\n".join(lines)
