"""One scene put to the router: in parts where it is long, in smaller ones where an answer was cut off; never lost."""

import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property

from assistant.breakdown import (
    Judged,
    SceneElements,
    breakdown_scene,
    judge,
    reported,
    without_doubles,
)
from assistant.domain.breakdown import Element, Quote, SceneBreakdown, Source
from assistant.domain.categories import Category
from assistant.domain.screenplay import Line, Scene
from assistant.llm import Answer, NoneStands, Question, Room
from assistant.store import Result
from assistant.workflows.parts import Part, cut_off, first_parts, in_parts, longest, too_long
from assistant.workflows.state import Context, SceneTask
from assistant.workflows.tasks import PROMPT, kept
from routers.errors import ContentStopped, NoAnswer, NoEligibleModel

LANGUAGES = {
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "de": "German",
    "it": "Italian",
    "pt": "Portuguese",
}
BUILT_IN = "builtin/rules"
FIXED_OUT = 700  # tokens of an answer for a scene of no length; one more for each byte


@dataclass
class Asking:
    """What has come of one scene so far."""

    task: SceneTask
    context: Context
    run: str
    room: Room
    elements: list[Element] = field(default_factory=list)
    rejected: int = 0
    problems: list[str] = field(default_factory=list)
    model: str = BUILT_IN
    attempt: str = ""

    @cached_property
    def found(self) -> tuple[Element, ...]:
        """What rules find in the scene."""
        return breakdown_scene(self.task.scene, self.task.facts)

    def all(self) -> Result:
        """Ask for the whole scene and give what stands, to be kept."""
        for part in in_parts(self.first(), self._answered, self.room):
            self._fall_back(part.scene, "Even the shortest part's answer was cut off.")
        elements = without_doubles(self.elements)
        done = SceneBreakdown(self.task.scene.ordinal, elements, self.rejected)
        return kept(self.task, done, self.model, self.attempt, " ".join(dict.fromkeys(self.problems)))

    def first(self) -> list[Part]:
        """The scene in as few parts as the model's window allows."""
        most = longest(self.room, self.task.background, FIXED_OUT)
        return first_parts(self.task.scene, most, FIXED_OUT, self.room)

    def _answered(self, part: Part) -> bool:
        """Ask for a part; False when question or answer was too long."""
        heard: list[Judged] = []

        def check(answer: SceneElements) -> tuple[str, ...]:
            heard.append(judge(self.task.scene, part.scene, answer, self.task.facts))
            return heard[-1].problems

        try:
            answer = self.context.llm.ask(self.question(part), check)
        except NoneStands as error:
            return self._none_stood(part, error)
        except ContentStopped as error:
            self._fall_back(part.scene, f"{error.sentence} {error.hint}")
        except (NoAnswer, NoEligibleModel) as error:
            if not too_long(error):
                raise
            return False
        else:
            self._take(heard[-1], answer)
        finally:
            self.rejected += sum(judged.cut for judged in heard)
        return True

    def _none_stood(self, part: Part, error: NoneStands) -> bool:
        if cut_off(error):
            return False
        judged = [(judge(self.task.scene, part.scene, item.output, self.task.facts), item) for item in error.answers]
        trusted = False
        if judged:
            best, answer = max(judged, key=lambda pair: (pair[0].trusted, len(pair[0].kept)))
            self._take(best, answer)
            trusted = best.trusted
        self._fall_back(part.scene, "; ".join(error.problems) or error.sentence, only_cast=trusted)
        return True

    def _take(self, judged: Judged, answer: Answer[SceneElements]) -> None:
        source = Source(answer.model, answer.prompt, answer.attempt)
        self.elements += [replace(element, source=source) for element in judged.kept]
        self.model, self.attempt = answer.model, answer.attempt

    def _fall_back(self, part: Scene, why: str, only_cast: bool = False) -> None:
        """What rules find, beside what stands of a model's answer; and the reason, for the run's summary."""
        found = self._findings(part)
        self.elements += [item for item in found if item.category is Category.CAST or not only_cast]
        what = "The cast was completed by" if only_cast else "Completed with the findings of"
        self.problems.append(f"{what} the built-in rules: {why.rstrip('.')}.")

    def _findings(self, part: Scene) -> tuple[Element, ...]:
        """What rules find in the whole scene and what of it stands in this part, and everybody who speaks in it."""
        if part is self.task.scene:
            return self.found
        here = [item for item in self.found if any(_stands(item.evidence, line) for line in part.lines)]
        known, whole = set(map(_thing, here)), set(map(_thing, self.found))
        again = (item for item in breakdown_scene(part, self.task.facts) if _thing(item) not in known)
        return (*here, *(item for item in again if item.category is Category.CAST or _thing(item) in whole))

    def question(self, part: Part) -> Question[SceneElements]:
        """What a model is asked about a part."""
        facts = self.task.facts
        findings = self._findings(part.scene)
        listed = reported(findings)
        text = f"{listed.model_dump_json()}{part.scene.content_hash}"
        return Question(
            PROMPT,
            {
                "scene": part.scene.text,
                "categories": [category.value for category in Category],
                "findings": listed.model_dump()["elements"],
                "characters": list(facts.characters),
                "glossary": {word: category.value for word, category in facts.glossary.items()},
                "context": self.task.background,
                "language": LANGUAGES.get(facts.language, "the one it is written in"),
            },
            SceneElements,
            payload=findings,
            payload_key="" if self.room.in_process else hashlib.sha256(text.encode()).hexdigest(),
            max_tokens=part.tokens,
            run=self.run,
        )


def _thing(element: Element) -> tuple[Category, str]:
    return element.category, element.name


def _stands(quote: Quote, line: Line) -> bool:
    return line.number == quote.line and quote.text in line.text


def ask_scene(task: SceneTask, context: Context, run: str, room: Room) -> Result:
    """Ask for one scene and keep of the answers what stands in the scene."""
    return Asking(task, context, run, room).all()


def first_questions(task: SceneTask, context: Context, run: str, room: Room) -> list[Question[SceneElements]]:
    """What is asked of a scene to begin with."""
    asking = Asking(task, context, run, room)
    return [asking.question(part) for part in asking.first()]
