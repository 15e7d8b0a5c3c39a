"""How a unit's shooting days are called."""

from assistant.domain.schedule import MAIN


def day_label(number: int, unit: str) -> str:
    """Short, for a column: "4", "2nd 1"."""
    return str(number) if unit == MAIN else f"{unit} {number}"


def day_words(number: int, unit: str) -> str:
    """In a sentence: "day 4", "day 1 (2nd unit)"."""
    return f"day {number}" if unit == MAIN else f"day {number} ({unit} unit)"


def day_title(number: int, unit: str) -> str:
    """At the head of something: "Day 4", "Day 1 (2nd unit)"."""
    return f"D{day_words(number, unit)[1:]}"
