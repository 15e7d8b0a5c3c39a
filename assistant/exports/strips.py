"""The colour of a scene's strip, so that spreadsheet, report and breakdown sheet agree on it."""

from dataclasses import dataclass

from assistant.domain.screenplay import Scene


@dataclass(frozen=True, slots=True)
class Strip:
    """A strip colour by its key; `fill` is sRGB hex."""

    key: str
    label: str
    fill: str


STRIPS: dict[str, Strip] = {
    strip.key: strip
    for strip in (
        Strip("int-day", "INT DAY", "#ffffff"),
        Strip("ext-day", "EXT DAY", "#ffe66b"),
        Strip("int-night", "INT NIGHT", "#a9c9f5"),
        Strip("ext-night", "EXT NIGHT", "#9fd8a4"),
        Strip("int-dusk", "INT DAWN/DUSK", "#fbd5cc"),
        Strip("ext-dusk", "EXT DAWN/DUSK", "#f6b39b"),
        Strip("open", "Not said", "#dcdcdc"),
        Strip("omitted", "Omitted", "#b8b8b8"),
    )
}

_LIGHT = {
    "DAY": "day",
    "MORNING": "day",
    "AFTERNOON": "day",
    "NIGHT": "night",
    "EVENING": "night",
    "DAWN": "dusk",
    "DUSK": "dusk",
}


def strip_of(scene: Scene) -> Strip:
    """White, yellow, blue or green; pink for dawn and dusk. INT/EXT takes the exterior's: it needs the weather."""
    return STRIPS["omitted"] if scene.omitted else strip_by(scene.int_ext, scene.time_of_day)


def strip_by(int_ext: str | None, time_of_day: str | None) -> Strip:
    """The strip of a scene that is shot inside or outside, at a time of day."""
    light = _LIGHT.get(time_of_day or "")
    if light is None or int_ext is None:
        return STRIPS["open"]
    side = "int" if int_ext == "INT" else "ext"
    return STRIPS[f"{side}-{light}"]
