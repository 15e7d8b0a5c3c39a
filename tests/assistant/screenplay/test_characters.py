"""Who is in the script, in which scenes, and which names may be one: counted from cues and action, never merged."""

import pytest

from assistant.domain.characters import Character
from assistant.domain.screenplay import Line, LineKind, Screenplay
from assistant.screenplay.aliases import alias_proposals
from assistant.screenplay.assemble import assemble
from assistant.screenplay.characters import characters
from assistant.screenplay.source import Source


def play(text: str) -> Screenplay:
    """A small script: "." heading, "@" cue, ":" dialogue, else action; one line each."""
    kinds: dict[str, LineKind] = {".": "heading", "@": "character", ":": "dialogue"}
    rows = [row.strip() for row in text.strip().splitlines()]
    lines = [Line(number, kinds.get(row[0], "action"), row.lstrip(".@:")) for number, row in enumerate(rows, 1)]
    return assemble(Source("fountain", "x", lines))


def cast(text: str) -> dict[str, Character]:
    return {one.name: one for one in characters(play(text))}


def test_every_way_of_cueing_a_name_is_one_character() -> None:
    found = cast(
        """
        .INT. BARN - DAY
        @JOE
        :Hello.
        @JOE (CONT'D)
        :Well.
        .INT. CAR - DAY
        @JOE (V.O.)
        :I drove.
        """
    )
    assert list(found) == ["JOE"]
    assert (found["JOE"].speeches, found["JOE"].scenes) == (3, (1, 2))
    assert found["JOE"].voice_scenes == (2,)


def test_a_shared_cue_counts_for_both_and_everyone_is_nobody() -> None:
    found = cast(
        """
        .INT. BARN - DAY
        @RAY AND NED
        :Run!
        @EVERYONE
        :Run!
        """
    )
    assert {name: one.speeches for name, one in found.items()} == {"RAY": 1, "NED": 1}


def test_a_character_is_also_where_action_names_it() -> None:
    found = cast(
        """
        .INT. BARN - DAY
        JAKE COOPER (23) sweeps.
        @JAKE
        :Hello.
        .EXT. YARD - DAY
        Jake enters.
        .EXT. ROAD - DAY
        The dog takes Jake’s hat.
        .EXT. SEA - DAY
        The lake is dark. A jakelike shape.
        """
    )
    jake = found["JAKE"]
    assert jake.scenes == (1, 2, 3)
    assert (jake.full_name, jake.age) == ("JAKE COOPER", "23")
    assert [quote.text for quote in jake.appearances] == ["JAKE", "Jake", "Jake’s"]
    assert jake.introduced is not None and (jake.introduced.line, jake.introduced.text) == (2, "JAKE COOPER")


def test_quotes_stand_in_the_line_they_name() -> None:
    script = play(
        """
        .INT. BARN - DAY
        A SKINNY GUY (30s) and MRS. PARK, 61, wait. The Skinny Guy's hat falls.
        @MRS. PARK (O.S.)
        :No.
        """
    )
    texts = {line.number: line.text for scene in script.scenes for line in scene.lines}
    for one in characters(script):
        for quote in [*one.appearances, *([one.introduced] if one.introduced else [])]:
            assert quote.text in texts[quote.line]


def test_silent_people_are_found_by_age_by_what_they_are_or_by_acting() -> None:
    found = cast(
        """
        .INT. BAR - NIGHT
        A tired WOMAN (40s) stirs. The BARTENDER pours. MAYA, 34, dances. TOBIAS leans on the wall.
        The door opens and Tobias looks up. Outside, Tobias's car burns. Then Tobias leaves.
        """
    )
    assert {name: one.age for name, one in found.items()} == {
        "WOMAN": "40s",
        "BARTENDER": None,
        "MAYA": "34",
        "TOBIAS": None,
    }
    assert not any(one.speaking for one in found.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "MARIE (40 ans) coupe. Un SERVEUR entre. PAUL, 17 ans, rit. L'HOMME EN NOIR attend. BRUIT de porte.",
            {"MARIE": "40 ans", "SERVEUR": None, "PAUL": "17 ans", "HOMME EN NOIR": None},
        ),
        (
            "HANNA (ca. 30) schneidet Brot. Der POLIZIST wartet. JÜRGEN (Mitte 40) lacht. Eine ALTE FRAU (70er) geht.",
            {"HANNA": "ca. 30", "POLIZIST": None, "JÜRGEN": "Mitte 40", "ALTE FRAU": "70er"},
        ),
        (
            "ANA (30 años) corta pan. Un CAMARERO entra. La MUJER DE ROJO espera. Suena un DISPARO.",
            {"ANA": "30 años", "CAMARERO": None, "MUJER DE ROJO": None},
        ),
        ("MARIA (trent'anni) ride. Un CAMERIERE passa.", {"MARIA": "trent'anni", "CAMERIERE": None}),
        ("O GARÇOM sorri. LÚCIA, 40 anos, sai.", {"GARÇOM": None, "LÚCIA": "40 anos"}),
    ],
)
def test_people_are_introduced_in_other_languages(text: str, expected: dict[str, str | None]) -> None:
    assert {name: one.age for name, one in cast(f".INT. X - DAY\n{text}").items()} == expected


def test_names_are_found_behind_an_elision_and_in_a_german_genitive() -> None:
    found = cast(".INT. CAFÉ - JOUR\n@ÉMILE\n:Oui.\n.EXT. RUE - NUIT\nL'ami d'Émile court.")
    assert found["ÉMILE"].scenes == (1, 2)
    found = cast(".INT. KÜCHE - TAG\n@HANNA\n:Nein.\n.EXT. WALD - NACHT\nHannas Hut liegt da.")
    assert found["HANNA"].scenes == (1, 2)


def test_a_full_name_is_told_to_everyone_it_may_belong_to() -> None:
    found = cast(
        """
        .INT. LAB - DAY
        DR. ELENA VASQUEZ (50s, sharp) works. Her assistant TIM O'SHEA (20s) yawns.
        @ELENA
        :Hi.
        @DR. VASQUEZ
        :Hi.
        .INT. HALL - DAY
        Tim follows.
        """
    )
    assert {name: one.full_name for name, one in found.items()} == {
        "ELENA": "DR. ELENA VASQUEZ",
        "DR. VASQUEZ": "DR. ELENA VASQUEZ",
        "TIM O'SHEA": None,
    }
    assert found["TIM O'SHEA"].scenes == (1, 2)
    assert pairs(*found.values()) == {("DR. VASQUEZ", "ELENA")}


def test_sounds_props_places_and_groups_are_no_characters() -> None:
    assert (
        cast(
            """
            .INT. BAR - NIGHT
            BANG! A GUN falls. The MUSTANG (1967) starts. A SAFETY TEAM runs. TWO GUARDS shout.
            A neon sign: "BARTENDER WANTED". SMOKE rises. Smoke fills the room. SUPER: LONDON, 1940.
            CRASH. THE RADIO plays. He SWERVES. The BLACK DODGE RAM stops. The Mustang roars.
            """
        )
        == {}
    )


def test_the_longest_name_is_the_one_that_is_meant() -> None:
    found = cast(
        """
        .INT. BAR - NIGHT
        @SMITH
        :Here.
        @MRS. SMITH
        :There.
        .EXT. YARD - DAY
        Mrs. Smith waits.
        .EXT. ROAD - DAY
        Smith drives past YOUNG SMITH (8).
        """
    )
    assert found["SMITH"].scenes == (1, 3)
    assert found["MRS. SMITH"].scenes == (1, 2)
    assert found["YOUNG SMITH"].scenes == (3,)
    assert found["SMITH"].full_name is None


def test_who_is_only_thought_of_is_not_there() -> None:
    found = cast(
        """
        .INT. BAR - NIGHT
        @NED
        :Here.
        .EXT. YARD - DAY
        She looks at a photo of Ned and thinks about Ned.
        .EXT. ROAD - DAY
        The hat of Ned.
        """
    )
    assert found["NED"].scenes == (1, 3)


def test_a_relative_is_another_person() -> None:
    found = cast(
        """
        .INT. BAR - NIGHT
        RAY'S MOTHER (60s) enters.
        @RAY
        :Mother.
        """
    )
    assert set(found) == {"RAY", "RAY'S MOTHER"}


def test_omitted_scenes_have_nobody() -> None:
    assert (
        cast(
            """
            .OMITTED
            @JOE
            :No.
            .INT. BAR - NIGHT
            """
        )
        == {}
    )


def person(name: str, speeches: int = 1, full_name: str | None = None, scenes: tuple[int, ...] = ()) -> Character:
    return Character(name, (), speeches, speech_scenes=scenes, full_name=full_name)


def pairs(*found: Character) -> set[tuple[str, str]]:
    return {(proposal.keep, proposal.other) for proposal in alias_proposals(found)}


def test_titles_full_names_and_voices_are_proposed() -> None:
    assert pairs(person("SMITH", 9), person("MR. SMITH")) == {("SMITH", "MR. SMITH")}
    assert pairs(person("JOHN SMITH", 9), person("JOHN")) == {("JOHN SMITH", "JOHN")}
    assert pairs(person("JOHN", 9, "JOHN SMITH"), person("MR. SMITH", 2)) == {("JOHN", "MR. SMITH")}
    assert pairs(person("RAY", 9), person("RAY'S VOICE")) == {("RAY", "RAY'S VOICE")}
    assert pairs(person("JAMES", 9), person("JIM", 2)) == {("JAMES", "JIM")}
    assert pairs(person("CARRIS", 39), person("CARIS", 1)) == {("CARRIS", "CARIS")}


def test_other_people_are_never_proposed() -> None:
    assert pairs(person("THUG #1", 9), person("THUG #2")) == set()
    assert pairs(person("GUARD", 9), person("GUARD 2")) == set()
    assert pairs(person("JAKE", 9), person("YOUNG JAKE")) == set()
    assert pairs(person("RAY", 9), person("RAY'S MOTHER")) == set()
    assert pairs(person("MR. SMITH", 9), person("MRS. SMITH")) == set()
    assert pairs(person("MARIO", 9), person("MARIA")) == set()
    assert pairs(person("SMITH", 9), person("JOHN SMITH"), person("JANE SMITH")) == set()
    assert pairs(person("VOICE", 9), person("MUFFLED VOICE")) == set()
    assert pairs(person("OLD WOMAN", 9), person("OLDER WOMAN")) == set()


def test_a_proposal_says_why_and_what_speaks_against_it() -> None:
    (proposal,) = alias_proposals([person("SMITH", 9, scenes=(1, 2)), person("MR. SMITH", scenes=(2,))])
    assert proposal.kind == "cast"
    assert proposal.why == "the same name with and without a title; but both speak in 1 scene"
