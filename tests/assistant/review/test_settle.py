"""A change that was turned down is taken back, and nothing else is."""

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.revision import SceneChange
from assistant.domain.screenplay import Screenplay
from assistant.review.settle import settle, together
from assistant.screenplay import compare
from tests.assistant.review.drafts import TEXTS, draft


def settled(old: Screenplay, new: Screenplay, *kinds: str) -> Screenplay:
    """The new draft with every change of these kinds turned down."""
    diff = compare(old, new)
    return settle(old, new, diff, [change for change in diff.changes if set(kinds) & set(change.kinds)])


def texts(script: Screenplay) -> list[tuple[str | None, str]]:
    return [(scene.number, scene.text) for scene in script.scenes]


BEFORE = draft(("1", "quay"), ("2", "attic"), ("3", "kitchen"), ("4", "road"))


def test_a_reworded_scene_keeps_its_old_text() -> None:
    new = draft(("1", "quay_reworded"), ("2", "attic"), ("3", "kitchen"), ("4", "road"))
    assert texts(settled(BEFORE, new, "reworded")) == texts(BEFORE)


def test_an_added_scene_is_left_out_and_the_others_stay() -> None:
    new = draft(("1", "quay_reworded"), ("1A", "twin"), ("2", "attic"), ("3", "kitchen"), ("4", "road"))
    wanted = draft(("1", "quay_reworded"), ("2", "attic"), ("3", "kitchen"), ("4", "road"))
    assert texts(settled(BEFORE, new, "added")) == texts(wanted)


def test_a_cut_scene_stands_again_where_it_stood() -> None:
    new = draft(("1", "quay"), ("3", "kitchen"), ("4", "road"))
    assert texts(settled(BEFORE, new, "cut")) == texts(BEFORE)


def test_an_omitted_scene_is_back() -> None:
    new = draft(("1", "quay"), ("2", "OMITTED"), ("3", "kitchen"), ("4", "road"))
    back = settled(BEFORE, new, "omitted")
    assert texts(back) == texts(BEFORE)
    assert not any(scene.omitted for scene in back.scenes)


def test_a_moved_scene_goes_back() -> None:
    new = draft(("2", "attic"), ("3", "kitchen"), ("4", "road"), ("1", "quay"))
    assert texts(settled(BEFORE, new, "moved")) == texts(BEFORE)


def test_a_split_and_a_join_are_taken_back_whole() -> None:
    apart = draft(("1", "quay"), ("4", "road_top"), ("4A", "road_tail"), ("5", "kitchen"))
    whole = draft(("1", "quay"), ("4", "road"), ("5", "kitchen"))
    diff = compare(whole, apart)
    one_part = [change for change in diff.changes if change.kinds == ("split",)]
    assert texts(settle(whole, apart, diff, one_part)) == texts(whole)
    assert texts(settled(apart, whole, "joined")) == texts(apart)


def test_two_scenes_of_one_number_are_told() -> None:
    old, new = draft(("1", "quay"), ("2", "attic")), draft(("2", "quay"), ("3", "attic"))
    back = settle(old, new, compare(old, new), [compare(old, new).changes[1]])
    assert [scene.number for scene in back.scenes] == ["2", "2"]
    assert [remark.what for remark in back.remarks] == ["Two scenes are numbered 2."]


DRAFTS = st.lists(
    st.tuples(st.sampled_from("123456"), st.sampled_from([*sorted(TEXTS), "OMITTED"])), min_size=1, max_size=7
).map(lambda scenes: draft(*scenes))


@settings(max_examples=60, deadline=None)
@given(DRAFTS, DRAFTS)
def test_all_turned_down_is_the_old_draft_and_none_the_new(old: Screenplay, new: Screenplay) -> None:
    diff = compare(old, new)
    assert texts(settle(old, new, diff, ())) == texts(new)
    assert texts(settle(old, new, diff, diff.changes)) == texts(old)


@settings(max_examples=60, deadline=None)
@given(DRAFTS, DRAFTS, st.data())
def test_whatever_is_turned_down_lines_and_scenes_are_counted_through(
    old: Screenplay, new: Screenplay, data: st.DataObject
) -> None:
    diff = compare(old, new)
    rejected: list[SceneChange] = data.draw(st.lists(st.sampled_from(diff.changes), unique=True))
    back = settle(old, new, diff, rejected)
    assert [scene.ordinal for scene in back.scenes] == list(range(1, len(back.scenes) + 1))
    numbers = [line.number for scene in back.scenes for line in scene.lines]
    assert numbers == sorted(set(numbers))
    assert len(back.sha256) == 64
    gone = {change for group in together(diff.changes) if set(group) & set(rejected) for change in group}
    kept = {new.scene(change.new).text for change in diff.changes if change.new and change not in gone}
    assert kept <= {scene.text for scene in back.scenes}
