"""Proposes names that may be one person's. Nothing is merged here: a person decides."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from assistant.domain.breakdown import MergeProposal
from assistant.domain.characters import Character
from assistant.screenplay.people import People, people
from assistant.screenplay.wording import keys

_SHORTEST = 5  # letters of a name before one wrong letter is taken for a slip
_RARE, _OFTEN = 2, 5  # speeches of the slip, and of the name it is one of

_Name = tuple[str, ...]


def alias_proposals(found: Sequence[Character]) -> tuple[MergeProposal, ...]:
    """Pairs of characters that may be one, the better known name to keep."""
    names = {one.name: keys(one.name) for one in found}
    proposals = []
    for one, other in combinations(found, 2):
        why = _why(one, other, names)
        if why:
            keep, gone = sorted((one, other), key=lambda each: (-each.speeches, -len(each.scenes), each.name))
            together = sorted(set(one.speech_scenes) & set(other.speech_scenes))
            doubt = f"; but both speak in {len(together)} scene{'s' if len(together) > 1 else ''}" if together else ""
            proposals.append(MergeProposal("cast", keep.name, gone.name, why + doubt))
    return tuple(proposals)


def _why(one: Character, other: Character, names: dict[str, _Name]) -> str | None:
    first, second = names[one.name], names[other.name]
    if _kept_apart(first, second):
        return None
    table = people()
    return (
        _by_title(first, second, table)
        or _by_voice(first, second, table)
        or _by_full_name(one, other)
        or _by_part(first, second, list(names.values()), table)
        or _by_nickname(first, second, table)
        or _by_slip(one, other)
    )


def _kept_apart(first: _Name, second: _Name) -> bool:
    """Numbers ("THUG #1", "THUG #2"), ages ("YOUNG ANNA") and kin ("RAY'S MOTHER") make another person."""
    table = people()
    differ = set(first) ^ set(second)
    if any(any(letter.isdigit() for letter in word) or word in table.apart for word in differ):
        return True
    said = set(first) | set(second)
    return (
        bool(said & table.women)
        and bool(said & table.men)
        and not (set(first) & set(second) & (table.women | table.men))
    )


def _by_title(first: _Name, second: _Name, table: People) -> str | None:
    return "the same name with and without a title" if table.core(first) == table.core(second) else None


def _by_voice(first: _Name, second: _Name, table: People) -> str | None:
    spoken = [
        tuple(word for word in name if word not in table.voices and word not in {"OF", "DE", "VON", "DI"})
        for name in (first, second)
    ]
    return "the same name with and without “voice”" if spoken[0] == spoken[1] and spoken[0] else None


def _by_full_name(one: Character, other: Character) -> str | None:
    for known, part in ((one, other), (other, one)):
        whole = keys(known.full_name or "")
        said = people().core(keys(part.name))
        if whole and said and (said in (whole[: len(said)], whole[-len(said) :])) and part.name != known.name:
            return f"{known.name} is introduced as {known.full_name}"
    return None


def _by_part(first: _Name, second: _Name, everybody: Sequence[_Name], table: People) -> str | None:
    short, whole = sorted((table.core(first), table.core(second)), key=len)
    if not (0 < len(short) < len(whole)) or table.is_role(whole[-1]) or whole[-1] in table.voices:
        return None
    if short not in (whole[: len(short)], whole[-len(short) :]):
        return None
    holders = {
        table.core(name) for name in everybody if len(table.core(name)) > len(short) and _ends(table.core(name), short)
    }
    return "one is part of the other" if len(holders) == 1 else None


def _ends(whole: _Name, part: _Name) -> bool:
    return part in (whole[: len(part)], whole[-len(part) :])


def _by_nickname(first: _Name, second: _Name, table: People) -> str | None:
    one, other = table.core(first), table.core(second)
    if one[1:] != other[1:] and one[1:] and other[1:]:
        return None
    for given, short in ((one[0], other[0]), (other[0], one[0])):
        if short in table.nicknames.get(given, ()):
            return f"{short.title()} is short for {given.title()}"
    return None


def _by_slip(one: Character, other: Character) -> str | None:
    """A name said a few times that is one letter off a name said often."""
    rare, often = sorted((one, other), key=lambda each: each.speeches)
    long_enough = min(len(rare.name), len(often.name)) >= _SHORTEST
    if not (0 < rare.speeches <= _RARE and often.speeches >= _OFTEN and long_enough):
        return None
    if set(rare.speech_scenes) & set(often.speech_scenes):
        return None
    return "one letter differs" if _one_letter_off(rare.name, often.name) else None


def _one_letter_off(one: str, other: str) -> bool:
    """One letter wrong or missing inside the word; another last letter (MARIO, MARIA) makes another name."""
    if one == other or one[0] != other[0] or one[-1] != other[-1]:
        return False
    return any(shorter == longer for shorter, longer in _edits(one, other))


def _edits(one: str, other: str) -> Iterator[tuple[str, str]]:
    for place in range(max(len(one), len(other))):
        if len(one) == len(other):
            yield one[:place] + one[place + 1 :], other[:place] + other[place + 1 :]
            yield one[:place] + one[place : place + 2][::-1] + one[place + 2 :], other
        elif len(one) > len(other):
            yield one[:place] + one[place + 1 :], other
        else:
            yield one, other[:place] + other[place + 1 :]
