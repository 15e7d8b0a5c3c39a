"""Decisions find their things in the next draft, or lie aside with their reason; none is lost."""

import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.breakdown import Breakdown, Element
from assistant.domain.screenplay import Scene, Screenplay
from assistant.review import Before, Carried, carry, unique_ids
from assistant.screenplay import compare
from tests.assistant.review.drafts import TEXTS, broken_down, draft, thing

WORDS = {"quay": "tin bucket", "kitchen": "bottle", "attic": "sea chest", "road": "kettle", "road_top": "kettle"}


def stands(scene: Scene, element: Element) -> Element | None:
    """The plainest judge: the words are there."""
    for line in scene.lines:
        if element.evidence.text in line.text:
            quote = dataclasses.replace(element.evidence, scene=scene.ordinal, line=line.number)
            return dataclasses.replace(element, evidence=quote)
    return None


def over(old: Screenplay, before: Breakdown, new: Screenplay, after: Breakdown) -> Carried:
    """Everything in the first draft was decided."""
    decided = frozenset(element.id for element in before.elements)
    return carry(Before(old, before, decided, 1), after, new, compare(old, new), stands)


def test_the_same_thing_keeps_its_id_under_another_number() -> None:
    old, new = draft(("1", "quay"), ("2", "kitchen")), draft(("5", "quay"), ("6", "kitchen"))
    before = broken_down(old, thing(old.scenes[0], "tin bucket", "tin bucket"))
    found = dataclasses.replace(thing(new.scenes[0], "tin bucket", "tin bucket"), id="fresh")
    done = over(old, before, new, broken_down(new, found))
    assert [element.id for element in done.breakdown.elements] == ["1-tin bucket"]
    assert (done.kept, done.aside) == (1, ())


def test_what_was_not_found_again_is_put_back_where_its_words_stand() -> None:
    old, new = draft(("1", "quay")), draft(("1", "quay_reworded"))
    before = broken_down(old, thing(old.scenes[0], "tin bucket", "tin bucket"))
    done = over(old, before, new, broken_down(new))
    assert [(element.id, element.evidence.line) for element in done.breakdown.elements] == [
        ("1-tin bucket", new.scenes[0].lines[1].number)
    ]


def test_words_gone_and_scenes_cut_or_omitted_lie_aside() -> None:
    old = draft(("1", "quay"), ("2", "kitchen"), ("3", "attic"))
    new = draft(("1", "quay_reworded"), ("3", "OMITTED"))
    before = broken_down(
        old,
        thing(old.scenes[0], "nineteen", "nineteen"),
        thing(old.scenes[1], "bottle", "bottle"),
        thing(old.scenes[2], "sea chest", "sea chest"),
    )
    done = over(old, before, new, broken_down(new))
    assert [(item.label, item.element.name, item.why, item.draft) for item in done.aside] == [
        ("1", "nineteen", "words gone", 1),
        ("2", "bottle", "scene cut", 1),
        ("3", "sea chest", "scene omitted", 1),
    ]


def test_of_a_split_each_thing_goes_to_the_part_that_has_it() -> None:
    old = draft(("1", "quay"), ("2", "road"))
    new = draft(("1", "quay"), ("2", "road_top"), ("2A", "road_tail"))
    road = old.scenes[1]
    before = broken_down(old, thing(road, "caravan", "A tractor tows a caravan"), thing(road, "goat", "A goat"))
    done = over(old, before, new, broken_down(new))
    assert {element.name: new.scene(element.scene).label for element in done.breakdown.elements} == {
        "caravan": "2",
        "goat": "2A",
    }


def test_of_a_join_everything_is_in_the_whole() -> None:
    old, new = draft(("2", "road_top"), ("2A", "road_tail")), draft(("2", "road"))
    before = broken_down(
        old, thing(old.scenes[0], "kettle", "kettle rolls"), thing(old.scenes[1], "goat", "A goat watches")
    )
    done = over(old, before, new, broken_down(new))
    assert sorted(element.id for element in done.breakdown.elements) == ["2-kettle", "2A-goat"]


DRAFTS = st.lists(st.tuples(st.sampled_from("123456"), st.sampled_from(sorted(TEXTS))), min_size=1, max_size=6)


@settings(max_examples=40, deadline=None)
@given(DRAFTS, DRAFTS)
def test_every_decision_holds_or_lies_aside(first: list[tuple[str, str]], second: list[tuple[str, str]]) -> None:
    old, new = draft(*first), draft(*second)
    before = unique_ids(
        broken_down(
            old,
            *(
                thing(scene, WORDS[name], WORDS[name])
                for scene, (_, name) in zip(old.scenes, first, strict=True)
                if name in WORDS
            ),
        )
    )
    after = broken_down(
        new,
        *(
            dataclasses.replace(thing(scene, WORDS[name], WORDS[name]), id=f"new-{scene.ordinal}")
            for scene, (_, name) in zip(new.scenes, second, strict=True)
            if name in WORDS
        ),
    )
    done = over(old, before, new, after)
    here = [element.id for element in done.breakdown.elements]
    lying = [item.element.id for item in done.aside]
    assert sorted(set(here) - {f"new-{n}" for n in range(9)} | set(lying)) == sorted(e.id for e in before.elements)
    assert not set(here) & set(lying)
    assert done.kept + len(lying) == len(before.elements)
