"""The bars of a new draft, on a script with two known drafts: no decision is lost, only what changed is asked."""

from pathlib import Path

import pytest

from assistant.app import App
from assistant.domain.review import Aside
from assistant.domain.revision import DraftDiff
from assistant.exports.change_report import rows
from assistant.workflows.revision import Revision, carrying, revision


class Known:
    """Both drafts broken down, with a word on every element of the first before the second came."""

    def __init__(self, folder: Path, drafts: Path) -> None:
        self.app = App.init(folder, "Seoul Identity")
        self.app.breakdown(drafts / "seoul-identity-draft-20260115.fountain")
        desk = self.app.desk("ana")
        self.before = desk.known
        desk.say(*(desk.word(identity, "accept") for identity in self.before))
        self.asked_before = self._asked()
        self.app.breakdown(drafts / "seoul-identity.fountain")
        self.asked = self._asked() - self.asked_before
        self.shown: Revision = revision(self.app.store)
        self.diff: DraftDiff = self.shown.diff
        self.aside: list[Aside] = self.app.store.aside(2)

    def _asked(self) -> int:
        return len(self.app.router.ledger.rows(self.app.store.production))


@pytest.fixture(scope="module")
def seoul(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Known:
    return Known(tmp_path_factory.mktemp("seoul"), corpus / "seoul-identity")


def test_decisions_on_unchanged_scenes_survive(seoul: Known) -> None:
    unchanged = {change.old for change in seoul.diff.changes if change.unchanged}
    there = {element.id: element.status for element in seoul.app.store.breakdown(2).elements}
    on_unchanged = [element for element in seoul.before.values() if element.scene in unchanged]
    survived = [element for element in on_unchanged if there.get(element.id) == "accepted"]
    assert len(on_unchanged) > 150
    assert len(survived) >= 0.98 * len(on_unchanged)


def test_every_decision_holds_or_lies_aside(seoul: Known) -> None:
    there = {element.id for element in seoul.app.store.breakdown(2).elements}
    lying = {item.element.id for item in seoul.aside}
    assert set(seoul.before) <= there | lying and not there & lying
    found = carrying(seoul.app.store, 2)
    assert (found.carried, found.aside) == (len(seoul.before) - len(lying), len(lying))
    assert all(item.draft == 1 and item.label.startswith("#") for item in seoul.aside)


def test_only_changed_and_new_scenes_are_asked(seoul: Known) -> None:
    changed = {change.new for change in seoul.diff.changes if change.new and not change.unchanged}
    assert 0 < seoul.asked <= len(changed)
    assert seoul.asked < len(seoul.shown.new.scenes) / 2
    fresh = [element for element in seoul.app.store.breakdown(2).elements if element.status == "proposed"]
    assert {element.scene for element in fresh} <= changed, "nobody is asked twice about a scene that stayed"


def test_the_report_lists_every_change(seoul: Known) -> None:
    old, new = seoul.shown.old, seoul.shown.new
    assert (len(old.scenes), len(new.scenes)) == (68, 93)
    assert {change.old for change in seoul.diff.changes} - {None} == set(range(1, 69))
    assert {change.new for change in seoul.diff.changes} - {None} == set(range(1, 94))
    listed = {row.scene.ordinal for row in rows(old, new, seoul.diff, {}) if row.new}
    texts = {scene.text for scene in old.scenes}
    assert {scene.ordinal for scene in new.scenes if scene.text not in texts} <= listed
