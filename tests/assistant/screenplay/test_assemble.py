"""Scenes are made of a reader's lines: in order, with inherited times, counted lengths and what was omitted."""

import pytest

from assistant.domain.screenplay import Line, LineKind
from assistant.errors import BadInput
from assistant.screenplay.assemble import assemble, is_omitted
from assistant.screenplay.languages import guess
from assistant.screenplay.source import SceneMark, Source


def source(*texts: str, marks: dict[int, SceneMark] | None = None, revisions: list[str] | None = None) -> Source:
    """Lines by their first character: "." heading, "@" cue, "=" synopsis, "*" revised in blue, else action."""
    kinds: dict[str, LineKind] = {".": "heading", "@": "character", "=": "synopsis"}
    lines = [
        Line(
            number,
            kinds.get(text[0], "action"),
            text.lstrip(".@=*"),
            revision="Blue" if text[0] == "*" else None,
        )
        for number, text in enumerate(texts, 1)
    ]
    return Source("fountain", "x", lines, marks=marks or {}, revisions=revisions or [])


def test_scenes_are_in_script_order_and_lines_before_them_are_the_preamble() -> None:
    play = assemble(source("FADE IN:", ".INT. BARN - DAY", "Hay.", ".EXT. YARD - NIGHT", "Rain."))
    assert [line.text for line in play.preamble] == ["FADE IN:"]
    assert [(scene.ordinal, scene.set, len(scene.lines)) for scene in play.scenes] == [(1, "BARN", 2), (2, "YARD", 2)]
    assert play.eighths == sum(scene.eighths for scene in play.scenes) == 2


def test_the_time_is_inherited_from_the_scene_before() -> None:
    play = assemble(
        source(
            ".INT. A - NIGHT",
            ".INT. B - CONTINUOUS",
            ".INT. C",
            ".INT. D - LATER",
            ".INT. E - DAY",
            ".INT. F - MÁS TARDE",
        )
    )
    assert [scene.time_of_day for scene in play.scenes] == ["NIGHT", "NIGHT", None, "NIGHT", "DAY", "DAY"]
    assert [scene.heading.inherits for scene in play.scenes] == [False, True, False, True, False, True]


def test_nothing_is_inherited_at_the_start_nor_from_an_omitted_scene() -> None:
    marks = {2: SceneMark(omitted=True)}
    play = assemble(source(".INT. A - LATER", ".INT. B - NIGHT", ".INT. C - SAME", marks=marks))
    assert [scene.time_of_day for scene in play.scenes] == [None, "NIGHT", None]


def test_marks_are_applied() -> None:
    mark = SceneMark(number="12A", eighths=11, page=4, synopsis="Ray hides.", revision="Pink")
    scene = assemble(source(".INT. A - DAY", marks={1: mark})).scenes[0]
    assert (scene.number, scene.eighths, scene.eighths_source) == ("12A", 11, "fdx")
    assert (scene.page, scene.synopsis, scene.revision) == (4, "Ray hides.", "Pink")
    assert (
        assemble(source(".INT. A - DAY", marks={1: mark}), ignore_lengths=True).scenes[0].eighths_source == "computed"
    )


def test_what_the_file_does_not_say_is_read_from_the_lines() -> None:
    play = assemble(source(".7B. INT. A - DAY", "=Ray hides.", "*He runs.", revisions=["Blue", "Pink"]))
    scene = play.scenes[0]
    assert (scene.number, scene.set, scene.synopsis, scene.revision) == ("7B", "A", "Ray hides.", "Blue")


def test_an_omitted_scene_keeps_its_body_as_notes() -> None:
    scene = assemble(source(".INT. A - DAY", "Dust.", marks={1: SceneMark(number="3", omitted=True)})).scenes[0]
    assert (scene.eighths, scene.omitted, scene.number) == (0, True, "3")
    assert [line.kind for line in scene.lines] == ["heading", "note"]


@pytest.mark.parametrize(
    "text",
    [
        "OMITTED",
        "Omitted",
        "12 OMITTED",
        "SCENES 12-15 OMITTED",
        "12A. OMITTED 12A",
        "SUPPRIMÉE",
        "ENTFÄLLT",
        "CENA OMITIDA",
    ],
)
def test_a_heading_that_only_says_omitted(text: str) -> None:
    assert is_omitted(text)
    assert assemble(source(f".{text}", ".INT. A - DAY")).scenes[0].omitted


@pytest.mark.parametrize("text", ["INT. OMITTED ROOM - DAY", "THE CUT", "12", "INT. BARN - DAY"])
def test_other_headings_are_not_omitted(text: str) -> None:
    assert not is_omitted(text)


def test_a_script_without_headings_is_refused_with_a_hint() -> None:
    with pytest.raises(BadInput, match="No scene heading") as failure:
        assemble(source("Just a letter."))
    assert "INT. KITCHEN - DAY" in failure.value.hint


@pytest.mark.parametrize(
    ("headings", "text", "language"),
    [
        ([".INT. KÜCHE - TAG"], "Hanna.", "de"),
        ([".INT. BAR - DIA"], "O homem não está em casa, mas ela ainda olha para o mar.", "pt"),
        ([".INT. BAR - DIA"], "El hombre no está en la casa y ella mira hacia el mar.", "es"),
        ([".INT. BAR"], "La femme est dans la cuisine avec son fils.", "fr"),
        ([".INT. BAR"], "La donna è nella cucina con il figlio, ma non parla.", "it"),
        ([".INT. BAR - DAY"], "മഴ പെയ്യുന്നു. അവൾ വാതിൽ തുറക്കുന്നു.", "ml"),
        ([".INT. BAR - DAY"], "Она открывает дверь и смотрит на улицу.", "ru"),
        ([".INT. BAR - DAY"], "彼女はドアを開ける。", "ja"),
        ([".INT. BAR"], "…", "en"),
    ],
)
def test_the_language_is_told_by_letters_headings_and_small_words(
    headings: list[str], text: str, language: str
) -> None:
    assert assemble(source(*headings, text)).language == language


def test_one_foreign_heading_does_not_make_a_foreign_script() -> None:
    assert guess(["en", "en", "fr"], []) == "en"
