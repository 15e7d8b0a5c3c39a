"""The trade's breakdown categories: Final Draft / Movie Magic's 23, and weapons as a custom one."""

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """A breakdown category by its key in our JSON."""

    CAST = "cast_members"
    BACKGROUND = "background_actors"
    STUNTS = "stunts"
    VEHICLES = "vehicles"
    PROPS = "props"
    CAMERA = "camera"
    SPECIAL_EFFECTS = "special_effects"
    WARDROBE = "wardrobe"
    MAKEUP_HAIR = "makeup_hair"
    ANIMALS = "animals"
    ANIMAL_WRANGLER = "animal_wrangler"
    MUSIC = "music"
    SOUND = "sound"
    ART_DEPARTMENT = "art_department"
    SET_DRESSING = "set_dressing"
    GREENERY = "greenery"
    SPECIAL_EQUIPMENT = "special_equipment"
    SECURITY = "security"
    ADDITIONAL_LABOR = "additional_labor"
    VISUAL_EFFECTS = "visual_effects"
    MECHANICAL_EFFECTS = "mechanical_effects"
    MISCELLANEOUS = "miscellaneous"
    NOTES = "notes"
    WEAPONS = "weapons"


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """A category's names elsewhere. `colour` is the highlighter's, `mark` how Wikipedia's script breakdown draws it."""

    label: str  # Final Draft's and Movie Magic's name
    ucid: int  # Universal Category Identification
    colour: str  # sRGB hex
    mark: str = "highlight"  # highlight | circle | asterisk | box | underline


FACTS: dict[Category, CategoryFacts] = {
    Category.CAST: CategoryFacts("Cast Members", 100, "#d93025"),
    Category.BACKGROUND: CategoryFacts("Background Actors", 101, "#2e9e4f"),
    Category.STUNTS: CategoryFacts("Stunts", 102, "#f57c00"),
    Category.VEHICLES: CategoryFacts("Vehicles", 103, "#e0559a"),
    Category.PROPS: CategoryFacts("Props", 104, "#8e44ad"),
    Category.CAMERA: CategoryFacts("Camera", 110, "#546e7a", "box"),
    Category.SPECIAL_EFFECTS: CategoryFacts("Special Effects", 105, "#1e6fd9"),
    Category.WARDROBE: CategoryFacts("Wardrobe", 106, "#00838f", "circle"),
    Category.MAKEUP_HAIR: CategoryFacts("Makeup/Hair", 107, "#ad1457", "asterisk"),
    Category.ANIMALS: CategoryFacts("Animals", 108, "#c2185b"),
    Category.ANIMAL_WRANGLER: CategoryFacts("Animal Wrangler", 109, "#a04068"),
    Category.MUSIC: CategoryFacts("Music", 114, "#7b5a2e"),
    Category.SOUND: CategoryFacts("Sound", 113, "#8d6e3f"),
    Category.ART_DEPARTMENT: CategoryFacts("Art Department", 115, "#5c6bc0"),
    Category.SET_DRESSING: CategoryFacts("Set Dressing", 116, "#558b2f"),
    Category.GREENERY: CategoryFacts("Greenery", 117, "#33804a"),
    Category.SPECIAL_EQUIPMENT: CategoryFacts("Special Equipment", 119, "#37474f", "box"),
    Category.SECURITY: CategoryFacts("Security", 118, "#455a64"),
    Category.ADDITIONAL_LABOR: CategoryFacts("Additional Labor", 120, "#6d4c41"),
    Category.VISUAL_EFFECTS: CategoryFacts("Visual Effects", 121, "#0097a7"),
    Category.MECHANICAL_EFFECTS: CategoryFacts("Mechanical Effects", 122, "#00695c"),
    Category.MISCELLANEOUS: CategoryFacts("Miscellaneous", 125, "#757575"),
    Category.NOTES: CategoryFacts("Notes", 123, "#616161", "underline"),
    Category.WEAPONS: CategoryFacts("Weapons", 500, "#b71c1c", "box"),
}


def label(category: Category) -> str:
    """The name a crew member knows it by."""
    return FACTS[category].label
