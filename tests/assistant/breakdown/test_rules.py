"""The built-in breakdown finds what a reader would, and does not invent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.breakdown.rules import breakdown_scene
from assistant.domain.breakdown import SceneFacts
from assistant.domain.categories import Category
from assistant.domain.screenplay import Line
from tests.assistant.breakdown.making import elements, found, scene


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("She picks up a rusty key.", ("props", "rusty key")),
        ("He hands her an envelope.", ("props", "envelope")),
        ("A desk stands in the corner.", ("set_dressing", "desk")),
        ("A woman in a red coat waits.", ("wardrobe", "red coat")),
        ("He takes off his glasses.", ("wardrobe", "glasses")),
        ("She pours wine into two glasses.", ("props", "glass")),
        ("Blood trickles from a gash above his eye.", ("makeup_hair", "gash")),
        ("His hair is disheveled.", ("makeup_hair", "disheveled hair")),
        ("Rain hammers the roof.", ("special_effects", "rain")),
        ("The car explodes.", ("special_effects", "explosion")),
        ("He falls down the stairs.", ("stunts", "fall")),
        ("He punches the guard.", ("stunts", "punch")),
        ("The sound of a SLAP.", ("sound", "slap")),
        ("The phone rings.", ("sound", "phone ring")),
        ("Music plays from the next room.", ("music", "music")),
        ("A dog barks at the gate.", ("animals", "dog")),
        ("A crowd of STUDENTS waits outside.", ("background_actors", "student")),
        ("Passengers push past.", ("background_actors", "passenger")),
        ("He aims the shotgun at the door.", ("weapons", "shotgun")),
        ("A potted plant by the window.", ("greenery", "potted plant")),
        ("In SLOW MOTION, the ball drops.", ("camera", "slow motion")),
        ("A hologram flickers above the table.", ("visual_effects", "hologram")),
        ("She lights a candle and opens a bottle of wine.", ("props", "bottle of wine")),
        ("He unfolds a zarf.", ("props", "zarf")),
        ("She carries boxes and horses graze.", ("props", "box")),
        ("Wild horses graze.", ("animals", "wild horse")),
    ],
)
def test_finds(text: str, wanted: tuple[str, str]) -> None:
    assert wanted in found(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("They fire him on the spot.", "fire"),
        ("He watches her leave.", "watch"),
        ("She does not bat an eye.", "bat"),
        ("He cranes his neck.", "crane"),
        ("She takes a shot at the answer.", "shot"),
        ("There is no gun on the table.", "gun"),
        ("He leaves without a coat.", "coat"),
        ("Her voice cuts like a knife.", "knife"),
        ("They wait at the bus stop.", "bus"),
        ("She files past the others.", "file"),
        ("Ray phones Deb.", "phone"),
        ("He trains his eyes on the road.", "train"),
        ("It smells like cigarettes and old paper.", "cigarette"),
        ("The building looms ahead.", "loom"),
        ("He fights back tears.", "fight"),
        ("Silence falls.", "fall"),
        ("The crowd explodes in laughter.", "explosion"),
        ("He opens the glove box.", "glove"),
    ],
)
def test_word_senses(text: str, word: str) -> None:
    assert not [name for _, name in found(text, "RAY", "DEB") if word in name.split()]


@pytest.mark.parametrize(
    ("text", "category", "name"),
    [
        ("She dials.", Category.PROPS, "phone"),
        ("He unlocks the door.", Category.PROPS, "key"),
        ("Mina hangs up.", Category.PROPS, "phone"),
        ("He drives off.", Category.VEHICLES, "car"),
        ("She shoots him.", Category.WEAPONS, "gun"),
        ("The horse rears.", Category.ANIMAL_WRANGLER, "horse wrangler"),
    ],
)
def test_implied(text: str, category: Category, name: str) -> None:
    (element,) = [one for one in elements(text, "MINA") if one.category is category]
    assert (element.name, element.implied) == (name, True)
    assert element.evidence.text == text


def test_what_is_named_is_not_implied_again() -> None:
    props = [one for one in elements("She takes out a cell phone and dials.") if one.category is Category.PROPS]
    assert [(one.name, one.implied) for one in props] == [("cell phone", False)]


def test_parenthetical_counts_and_dialogue_does_not() -> None:
    lines = scene(("character", "DEB (O.S.)"), ("parenthetical", "(into phone)"), ("dialogue", "A knife? A gun?"))
    made = breakdown_scene(lines, SceneFacts(("DEB",)))
    assert [(one.name, one.implied) for one in made] == [("DEB", False), ("phone", False)]


def test_quantity_and_singular() -> None:
    (sedan,) = elements("TWO BLACK SEDANS parked at odd angles.")
    assert (sedan.category, sedan.name, sedan.quantity) == (Category.VEHICLES, "black sedan", 2)
    assert sedan.evidence.line == 11 and sedan.evidence.scene == 3


def test_each_thing_once_under_its_fullest_name() -> None:
    lines = scene(("action", "A laser printer hums."), ("action", "He kicks the printer. The printer stops."))
    names = [one.name for one in breakdown_scene(lines, SceneFacts()) if one.category is Category.PROPS]
    assert names == ["laser printer"]


def test_dressing_becomes_a_prop_in_a_hand() -> None:
    lines = scene(("action", "Books line the walls."), ("action", "She grabs a book."))
    (book,) = breakdown_scene(lines, SceneFacts())
    assert (book.category, book.evidence.text) == (Category.PROPS, "She grabs a book.")
    (book,) = elements("Books line the walls.")
    assert book.category is Category.SET_DRESSING


def test_cast_from_cues_and_action() -> None:
    lines = scene(
        ("action", "Mr. Choi's hand shakes. A letter from Mr. Han."),
        ("character", "JAKE (O.S.) (CONT'D)"),
        ("dialogue", "Mina is late."),
    )
    facts = SceneFacts(("JAKE", "MR. CHOI", "MR. HAN", "MINA"))
    cast = [one.name for one in breakdown_scene(lines, facts) if one.category is Category.CAST]
    assert cast == ["MR. CHOI", "JAKE"]


def test_shared_cue_and_unique_last_name() -> None:
    lines = scene(("character", "RAY AND NED"), ("dialogue", "No!"), ("action", "Tucker laughs."))
    made = breakdown_scene(lines, SceneFacts(("RAY", "NED", "MINA TUCKER")))
    assert [one.name for one in made] == ["RAY", "NED", "MINA TUCKER"]


def test_someone_with_a_name_is_not_background() -> None:
    assert found("DR. STINGSON, a doctor, enters.", "DR. STINGSON") == {("cast_members", "DR. STINGSON")}


def test_heading_vehicle() -> None:
    (taxi,) = elements("They wait.", heading="INT. TAXI - NIGHT")
    assert (taxi.category, taxi.evidence.line, taxi.evidence.text) == (Category.VEHICLES, 10, "INT. TAXI - NIGHT")


def test_glossary_speaks_for_the_production() -> None:
    made = elements("The Beast rolls in.", glossary={"beast": Category.VEHICLES})
    assert [(one.category, one.name) for one in made] == [(Category.VEHICLES, "beast")]


def test_omitted_scene_needs_nothing() -> None:
    assert breakdown_scene(scene(("action", "A gun."), omitted=True), SceneFacts()) == ()


def test_lyrics_are_sung() -> None:
    (song,) = breakdown_scene(scene(("lyrics", "Over the hills")), SceneFacts())
    assert (song.category, song.implied) == (Category.MUSIC, True)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Dos coches negros aparcan fuera.", ("vehicles", "coche negro")),
        ("Marta, con un abrigo rojo, entra.", ("wardrobe", "abrigo rojo")),
        ("Saca un revólver del bolso.", ("weapons", "revólver")),
        ("Hay botellas de vino vacías.", ("props", "botella de vino vacía")),
        ("Suena el teléfono.", ("sound", "timbre de teléfono")),
        ("Llueve.", ("special_effects", "lluvia")),
        ("Los camiones pasan.", ("vehicles", "camión")),
    ],
)
def test_spanish(text: str, wanted: tuple[str, str]) -> None:
    assert wanted in found(text, language="es")


@pytest.mark.parametrize(
    "text", ["No hay ninguna pistola.", "Corre como un caballo.", "La sala estalla en carcajadas."]
)
def test_spanish_word_senses(text: str) -> None:
    assert found(text, language="es") == set()


def test_other_languages_still_get_their_cast() -> None:
    lines = scene(("action", "Anna öffnet die Tür."), ("character", "PAUL (OFF)"), ("dialogue", "Ja?"))
    made = breakdown_scene(lines, SceneFacts(("ANNA", "PAUL"), "de"))
    assert [one.name for one in made] == ["ANNA", "PAUL"]


_SOUP = "the a two his no like gun SEDANS phone rings Mina JAKE's of bottle wine and , . -- … “glass” red picks up 3 é"
_WORDS = st.sampled_from(sorted(set(_SOUP.split())))
_TEXT = st.one_of(st.text(max_size=120), st.lists(_WORDS, max_size=25).map(" ".join))


@given(st.lists(_TEXT, max_size=4), st.sampled_from(["en", "es", "ta"]))
def test_every_quote_stands_in_its_line(texts: list[str], language: str) -> None:
    lines = scene(*(("action", text) for text in texts))
    for one in breakdown_scene(lines, SceneFacts(("MINA", "JAKE"), language)):
        line = next(line for line in lines.lines if line.number == one.evidence.line)
        assert one.evidence.text and one.evidence.text in line.text
        assert one.name == " ".join(one.name.split())


def test_a_line_is_not_its_number() -> None:
    """Two lines of one paragraph have one number; the quote is of the right one."""
    twice = scene(("action", "A gun."))
    twice = type(twice)(3, "3", twice.heading, (*twice.lines, Line(11, "action", "A horse.")), 1, "computed")
    names = {one.name: one.evidence.text for one in breakdown_scene(twice, SceneFacts())}
    assert names == {"gun": "A gun.", "horse": "A horse."}
