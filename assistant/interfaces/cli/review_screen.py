"""The review at the keyboard: one key a decision, each kept before the next proposal is shown."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.layout import ConditionalContainer, HSplit, Layout, VSplit, Window
from prompt_toolkit.layout.controls import BufferControl, FormattedTextControl
from prompt_toolkit.layout.menus import CompletionsMenu

from assistant.domain.categories import FACTS, Category
from assistant.domain.review import Action, Decision, merge_subject
from assistant.errors import AssistantError
from assistant.interfaces.cli.names import category_named
from assistant.interfaces.cli.review_card import card, legend
from assistant.review import Desk, Item, Wanted


@dataclass
class Sitting:
    """Where a person is in the queue; knows no keyboard. Items stay in place while the sitting lasts."""

    desk: Desk
    wanted: Wanted
    at: int = 0
    note: str = ""
    said: int = 0
    settled: set[str] = field(default_factory=set)
    _steps: list[tuple[int, int]] = field(default_factory=list)  # where undo leads back to, and how many words

    def __post_init__(self) -> None:
        self.items = self.desk.items(self.wanted)
        self.shown = self.desk.store.breakdown(self.desk.draft).elements

    @property
    def item(self) -> Item | None:
        """What is asked about now; None past the end."""
        return self.items[self.at] if self.at < len(self.items) else None

    def say(self, action: Action, why: str = "", change: dict[str, str] | None = None) -> None:
        """One word on the present item."""
        if self.item:
            self._keep([self.desk.word(self.item.subject, action, why, change)])

    def accept_kind(self) -> None:
        """Accept everything of this category that has not been decided in this sitting, from here on and before."""
        item = self.item
        if item is None:
            return
        alike = [other for other in self.items if other.kind == item.kind and other.subject not in self.settled]
        self._keep([self.desk.word(other.subject, "accept") for other in alike])
        self.note = f"{len(alike)} accepted; u takes them back."

    def swap(self) -> None:
        """Keep the other name of a doubtful pair."""
        item = self.item
        if item and item.merge:
            turned = replace(item.merge, keep=item.merge.other, other=item.merge.keep)
            self.items[self.at] = Item(merge_subject(turned), merge=turned)

    def skip(self) -> None:
        """On to the next without a word."""
        self.at = min(self.at + 1, len(self.items))
        self.note = ""

    def undo(self) -> None:
        """Take back the last word of this sitting and show its item again."""
        if not self._steps:
            self.note = "Nothing to take back."
            return
        subjects = self.desk.undo()
        self.settled -= set(subjects)
        self.at, count = self._steps.pop()
        self.said -= count
        self.note = f"{count} taken back." if count > 1 else "Taken back."

    def _keep(self, decisions: list[Decision]) -> None:
        try:
            self.desk.say(*decisions)
        except AssistantError as error:
            self.note = f"{error.sentence} {error.hint}"
            return
        self._steps.append((self.at, len(decisions)))
        self.said += len(decisions)
        self.settled |= {item.subject for item in decisions}
        self.note = ""
        while self.item is not None and self.item.subject in self.settled:
            self.at += 1


def sit(sitting: Sitting, **terminal: Any) -> int:
    """Run the review until the queue ends or the person leaves; how many decisions were made."""
    _Screen(sitting).application(**terminal).run()
    return sitting.said


class _Screen:
    """Keys and windows around a sitting. `asks` is what the line at the bottom waits for."""

    def __init__(self, sitting: Sitting) -> None:
        self.sitting = sitting
        self.asks = ""
        self.change: dict[str, str] = {}
        self.line = Buffer(
            completer=WordCompleter(
                [facts.label for facts in FACTS.values()], sentence=True, match_middle=True, ignore_case=True
            ),
            complete_while_typing=Condition(lambda: self.asks == "category"),
            multiline=False,
            accept_handler=self._typed,
        )
        self.main = Window(FormattedTextControl(self._page, focusable=True, show_cursor=False))

    def application(self, **terminal: Any) -> "Application[None]":
        """The full-screen program; `terminal` may bring its own input and output."""
        typing = Condition(lambda: bool(self.asks))
        asked = Window(FormattedTextControl(lambda: f" {self.asks} › "), dont_extend_width=True, height=1)
        field_ = VSplit([asked, Window(BufferControl(self.line), height=1)])
        hint = Window(
            FormattedTextControl(lambda: f" {self.sitting.note or 'Enter takes it, Esc leaves it.'}"), height=1
        )
        foot = [
            ConditionalContainer(HSplit([CompletionsMenu(max_height=6), hint, field_]), typing),
            ConditionalContainer(Window(FormattedTextControl(self._foot), height=3, wrap_lines=True), ~typing),
        ]
        self.layout = Layout(HSplit([self.main, *foot]), focused_element=self.main)
        return Application(self.layout, key_bindings=self._bindings(~typing), full_screen=True, **terminal)

    def _page(self) -> ANSI:
        from prompt_toolkit.application import get_app

        item = self.sitting.item
        if item is None:
            return ANSI("\n  That was the last one. u takes the last word back, any other key leaves.")
        size = get_app().output.get_size()
        place = (self.sitting.at + 1, len(self.sitting.items))
        return ANSI(card(item, place, self.sitting.desk.script, self.sitting.shown, max(size.columns - 1, 40)))

    def _foot(self) -> str:
        item = self.sitting.item
        note = self.sitting.note
        return f" {note}\n" + (f" {legend(item)}" if item else "")

    def _bindings(self, deciding: Any) -> KeyBindings:
        keys = KeyBindings()
        does: dict[str, Callable[[], None]] = {
            "a": lambda: self.sitting.say("accept"),
            "s": self.sitting.skip,
            "u": self.sitting.undo,
            "A": self.sitting.accept_kind,
            "e": self._edit,
            "r": lambda: self._ask("why (Enter for no reason)"),
        }

        @keys.add("<any>", filter=deciding)
        def _(event: Any) -> None:
            key = event.data
            if self.sitting.item is None and key != "u":
                event.app.exit()
            elif key in does:
                does[key]()
            elif key == "q":
                event.app.exit()

        @keys.add("c-c")
        def _(event: Any) -> None:
            event.app.exit()

        @keys.add("escape", eager=True, filter=~deciding)
        def _(event: Any) -> None:
            self._ask("")

        return keys

    def _edit(self) -> None:
        item = self.sitting.item
        if item and item.merge:
            self.sitting.swap()
        elif item and item.element:
            self.change = {}
            self._ask("name", item.element.name)

    def _ask(self, what: str, text: str = "") -> None:
        self.asks, self.sitting.note = what, ""
        self.line.text = text
        self.line.cursor_position = len(text)
        self.layout.focus(self.line if what else self.main)

    def _typed(self, line: Buffer) -> bool:
        text, asked, item = line.text.strip(), self.asks, self.sitting.item
        if asked.startswith("why"):
            self._ask("")
            self.sitting.say("reject", text)
        elif asked == "name" and item and item.element:
            if text and text != item.element.name:
                self.change["name"] = text
            self._ask("category", FACTS[item.element.category].label)
        elif asked == "category" and item and item.element:
            self._recategorise(text, item.element.category)
        return True  # keep the text we have set for the next question

    def _recategorise(self, text: str, now: Category) -> None:
        try:
            category = _begun(text) or (category_named(text) if text else now)
        except AssistantError as error:
            self.sitting.note = f"{error.sentence} {error.hint}"
            self.asks = "category"
            return
        self._ask("")
        if category is not now:
            self.change["category"] = category.value
        if self.change:
            self.sitting.say("edit", "", self.change)
        else:
            self.sitting.note = "Nothing was changed; a accepts it as it is."


def _begun(text: str) -> Category | None:
    """The only category whose label begins like this."""
    found = [
        category for category, facts in FACTS.items() if text and facts.label.casefold().startswith(text.casefold())
    ]
    return found[0] if len(found) == 1 else None
