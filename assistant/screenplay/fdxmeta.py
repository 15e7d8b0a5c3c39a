"""What a Final Draft file says beside the script: page, element styles, revisions, tags, title page."""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from assistant.domain.screenplay import LineKind, PageSize
from assistant.screenplay.fdxxml import child, children, number
from assistant.screenplay.source import Layout

COLUMNS_PER_INCH = 10.2  # measured on Final Draft's own scene lengths
LINE = 12.0  # points
LETTER_INCHES = 11.0
A4_FROM_INCHES = 11.4

KINDS: dict[str, LineKind] = {
    "Scene Heading": "heading",
    "Action": "action",
    "Character": "character",
    "Parenthetical": "parenthetical",
    "Dialogue": "dialogue",
    "Transition": "transition",
    "Shot": "shot",
    "General": "general",
    "Cast List": "general",
    "Singing": "lyrics",
    "Lyrics": "lyrics",
    "Lyric": "lyrics",
    "Song": "lyrics",
    "New Act": "section",
    "End of Act": "section",
    "Show/Ep. Title": "section",
    "Outline 1": "section",
    "Outline 2": "section",
    "Outline 3": "section",
    "Outline 4": "section",
    "Outline Body": "synopsis",
}


@dataclass(frozen=True, slots=True)
class Revisions:
    """The file's revision sets by id; a run names the set that changed it."""

    names: dict[int, str]
    active: str = ""

    def latest(self, ids: set[int]) -> str | None:
        """The name of the youngest set among these; 0 is the untouched text."""
        touched = max(ids, default=0)
        return self.names.get(touched, str(touched)) if touched > 0 else None


def whole(written: str | None) -> int | None:
    """A plain whole number in an attribute ("12"; of a locked page "12A" the 12)."""
    found = re.match(r"[0-9]{1,5}", (written or "").strip())
    return int(found[0]) if found else None


def revisions_of(root: Element) -> Revisions:
    """Revision sets in the file's order, and the one being written in if revision mode is on."""
    listed = child(root, "Revisions")
    if listed is None:
        return Revisions({})
    names = {
        place: (revision.get("Name") or str(place)).strip()
        for revision in children(listed, "Revision")
        if (place := whole(revision.get("ID")))
    }
    on = listed.get("RevisionMode", "").lower() in {"yes", "true"}
    return Revisions(names, names.get(whole(listed.get("ActiveSet")) or 0, "") if on else "")


def kinds_of(root: Element) -> dict[str, LineKind]:
    """Which kind each element type is; types a production invented are what they paginate as."""
    own: dict[str, LineKind] = {}
    for settings in children(root, "ElementSettings"):
        behaviour = child(settings, "Behavior")
        like = behaviour.get("PaginateAs", "") if behaviour is not None else ""
        if like in KINDS:
            own[settings.get("Type", "")] = KINDS[like]
    return own | KINDS


def layout_of(root: Element) -> Layout:
    """Columns, spaces and lines per page as the file sets them; what it leaves out is as on a Letter page."""
    columns: dict[str, int] = {}
    space: dict[str, float] = {}
    kinds = kinds_of(root)
    for settings in children(root, "ElementSettings"):
        kind = kinds.get(settings.get("Type", ""))
        spec = child(settings, "ParagraphSpec")
        if kind is None or spec is None or kind in space or settings.get("Type") not in KINDS:
            continue
        left, right = number(spec.get("LeftIndent"), 0, 20), number(spec.get("RightIndent"), 0, 20)
        if left is not None and right is not None and right - left >= 0.5:
            columns[kind] = int((right - left) * COLUMNS_PER_INCH)
        before = number(spec.get("SpaceBefore"), 0, 200)
        if before is not None:
            space[kind] = before / LINE
    plain = Layout()
    return Layout(
        action=columns.get("action", plain.action),
        dialogue=columns.get("dialogue", plain.dialogue),
        parenthetical=columns.get("parenthetical", plain.parenthetical),
        character=columns.get("character", plain.character),
        transition=columns.get("transition", plain.transition),
        lines_per_page=_lines_per_page(root),
        space_before=space,
    )


def _lines_per_page(root: Element) -> float:
    page = child(root, "PageLayout")
    if page is None:
        return Layout().lines_per_page
    top = number(page.get("TopMargin"), 0, 400)
    bottom = number(page.get("BottomMargin"), 0, 400)
    height = _height(root)
    lines = (height * 72 - (72 if top is None else top) - (72 if bottom is None else bottom)) / LINE
    return max(lines, 10.0)


def _height(root: Element) -> float:
    size = child(root, "PageLayout", "PageSize")
    return (number(size.get("Height"), 5, 40) if size is not None else None) or LETTER_INCHES


def page_size_of(root: Element) -> PageSize:
    """A4 if the page is as high as that."""
    return "a4" if _height(root) >= A4_FROM_INCHES else "letter"


def tags_of(root: Element) -> dict[str, tuple[str, str]]:
    """For each tag number in the text: the category's name and the element's label."""
    data = child(root, "TagData")
    categories = {
        key: category.get("Name", "")
        for category in children(child(data, "TagCategories"), "TagCategory")
        for key in (category.get("Id"), category.get("Number"))
        if key
    }
    definitions = {
        found.get("Id", ""): (categories.get(found.get("CatId", ""), ""), found.get("Label", ""))
        for found in children(child(data, "TagDefinitions"), "TagDefinition")
    }
    tags: dict[str, tuple[str, str]] = {}
    for tag in children(child(data, "Tags"), "Tag"):
        definition = child(tag, "DefId")
        meaning = definitions.get((definition.text or "").strip()) if definition is not None else None
        if meaning and tag.get("Number"):
            tags[tag.get("Number", "")] = meaning
    return tags


def title_page_of(root: Element) -> list[tuple[str, str]]:
    """The title page as label and value: the first words are the title, what follows "written by" the authors."""
    rows = [
        text
        for paragraph in children(child(root, "TitlePage", "Content"), "Paragraph")
        if (text := "".join("".join(run.itertext()) for run in children(paragraph, "Text")).strip())
    ]
    pairs: list[tuple[str, str]] = []
    credited = False
    for row in rows:
        label = _label(row, first=not pairs, credited=credited)
        credited = label == "Credit"
        pairs.append((label, row))
    return pairs


def _label(row: str, *, first: bool, credited: bool) -> str:
    if first:
        return "Title"
    if credited:
        return "Author"
    if re.search(r"\b(by|de|par|von|di|por)\s*:?$", row, re.IGNORECASE) and len(row) < 60:
        return "Credit"
    if re.search(r"@|\+?\d[\d ()-]{7,}\d$", row) and not re.fullmatch(r"[\d./ -]+", row):
        return "Contact"
    if re.search(r"\b(draft|revision|fassung|versión|version)\b|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}", row, re.IGNORECASE):
        return "Draft date"
    return "Notes"
