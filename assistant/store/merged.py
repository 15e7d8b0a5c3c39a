"""Two names that a person joined, shown as one over the whole breakdown; what was proposed stays as it is below."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from assistant.domain.breakdown import Breakdown, CastMember, Element, MergeProposal, SceneBreakdown
from assistant.domain.categories import Category
from assistant.domain.review import merge_of

Decided = Mapping[str, tuple[str, Mapping[str, str]]]
"""Subject → action and change, newest word."""

_WEIGHT = {"proposed": 1, "rejected": 0, "accepted": 2, "edited": 2}
_Key = tuple[Category, str]


def joined(breakdown: Breakdown, decided: Decided) -> Breakdown:
    """The breakdown with accepted merges in effect, and without the proposals that somebody answered."""
    names = _names(decided)
    answered = {_pair(merge) for subject in decided if (merge := merge_of(subject))}
    merges = tuple(merge for merge in breakdown.merges if _pair(merge) not in answered)
    if not names:
        return dataclasses.replace(breakdown, merges=merges)
    scenes = tuple(
        SceneBreakdown(part.scene, _once(part.elements, names), part.rejected, part.synopsis)
        for part in breakdown.scenes
    )
    return Breakdown(scenes, _cast(breakdown.cast, names), merges)


def _pair(merge: MergeProposal) -> tuple[Category | None, frozenset[str]]:
    """A merge is the same whichever name is kept."""
    category = None if merge.kind == "cast" else merge.category
    return category, frozenset((merge.keep.casefold(), merge.other.casefold()))


def _names(decided: Decided) -> dict[_Key, str]:
    """Category and name → the name that is shown instead, chains followed to their end."""
    direct: dict[_Key, str] = {}
    for subject, (action, _) in decided.items():
        merge = merge_of(subject)
        if merge and action == "accept":
            direct[(merge.category or Category.CAST, merge.other)] = merge.keep
    return {key: _end(key, direct) for key in direct}


def _end(key: _Key, direct: Mapping[_Key, str]) -> str:
    category, name = key
    seen = {name}
    while (category, name) in direct and direct[(category, name)] not in seen:
        name = direct[(category, name)]
        seen.add(name)
    return name


def _once(elements: Sequence[Element], names: Mapping[_Key, str]) -> tuple[Element, ...]:
    """A scene's elements under the kept names; of two that became one, the one somebody has spoken for."""
    shown: list[Element] = []
    at: dict[_Key, int] = {}
    touched = {*names, *((category, keep) for (category, _), keep in names.items())}
    for element in elements:
        key = (element.category, element.name)
        if key not in touched:
            shown.append(element)
            continue
        element = dataclasses.replace(element, name=names.get(key, element.name))
        place = at.setdefault((element.category, element.name), len(shown))
        if place == len(shown):
            shown.append(element)
        elif _WEIGHT[element.status] > _WEIGHT[shown[place].status]:
            shown[place] = element
    return tuple(shown)


def _cast(cast: Iterable[CastMember], names: Mapping[_Key, str]) -> tuple[CastMember, ...]:
    members = {member.name: member for member in cast}
    for name, member in list(members.items()):
        keep = names.get((Category.CAST, name))
        if keep is not None and keep != name and keep in members:
            kept = members[keep]
            members[keep] = dataclasses.replace(
                kept,
                scenes=tuple(sorted({*kept.scenes, *member.scenes})),
                speaking=kept.speaking or member.speaking,
                aliases=(*kept.aliases, name, *member.aliases),
                speeches=kept.speeches + member.speeches,
            )
            del members[name]
        elif keep is not None and keep != name:  # the kept name is not in this draft: the role goes on under it
            members[name] = dataclasses.replace(member, name=keep, aliases=(*member.aliases, name))
    return tuple(members.values())
