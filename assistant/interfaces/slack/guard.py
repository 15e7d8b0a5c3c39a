"""Who may have what, where: asked before anything is read, and written down either way. In doubt the answer is no."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from assistant.interfaces.slack.door import Slack, SlackRefused
from assistant.interfaces.slack.office import Office, Production

Role = Literal["viewer", "reviewer", "admin"]
ROLES: tuple[Role, ...] = ("viewer", "reviewer", "admin")
FRESH = 60.0  # seconds that Slack's word on a person or a channel is believed


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request comes from and who made it."""

    team: str
    channel: str
    thread: str
    user: str

    @property
    def direct(self) -> bool:
        """A direct message with the assistant."""
        return self.channel.startswith("D")

    @property
    def order(self) -> str:
        """What a request must keep its place in: its thread, else what one person asks in a channel."""
        return f"{self.team}:{self.channel}:{self.thread or self.user}"


@dataclass(frozen=True)
class Access:
    """A request that may go on. `aloud`: may script text be written here?"""

    production: Production
    role: Role
    aloud: bool

    def may(self, role: Role) -> bool:
        """Is the person at least this?"""
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that may not. `say` is what the person is told; empty: nothing at all."""

    why: str
    say: str = ""


class Guard:
    """Decides by the productions' tables and by what Slack says of people, channels and groups."""

    def __init__(self, office: Office, slack: Slack, clock: Callable[[], float] = time.monotonic) -> None:
        self._office = office
        self.slack = slack
        self._clock = clock
        self._kept: dict[tuple[str, str], tuple[float, Any]] = {}

    def check(self, place: Place, what: str, least: Role = "viewer", beside: str = "") -> Access | Refusal:
        """May this person have this here? Logged. `beside`: the channel they look at beside a direct message."""
        try:
            found, production = self._decide(place, least, beside)
        except SlackRefused as error:
            found, production = Refusal(error.sentence), ""
        why = found.why if isinstance(found, Refusal) else ""
        self._office.log.add(production, place.user, place.channel, what, why)
        return found

    def open_to_us(self, channel: str) -> bool:
        """Is this a channel of ours alone?"""
        return not self._shared(channel)

    def roles(self, user: str) -> dict[str, Role]:
        """Production id → the person's role there."""
        found: dict[str, Role] = {}
        for production in self._office.productions:
            held = [role for role in ROLES if self._listed(user, getattr(production.rules, f"{role}s"))]
            if held:
                found[production.id] = held[-1]
        return found

    def name(self, user: str) -> str:
        """What decisions are signed with."""
        facts = self._user(user)
        shown = str(facts.get("real_name") or facts.get("name") or "somebody")
        return f"{shown} ({user})"

    def _decide(self, place: Place, least: Role, beside: str) -> tuple[Access | Refusal, str]:
        production = None if place.direct else self._office.of(place.channel)
        if not place.direct and production is None:
            return Refusal("unmapped channel"), ""
        stranger = self._stranger(place) or ("" if place.direct else self._shared(place.channel))
        if stranger:
            return Refusal(stranger), production.id if production else ""
        roles = self.roles(place.user)
        if production is None:
            return self._direct(place, roles, least, beside)
        if production.embargoed:
            return Refusal("embargoed", "This production answers in direct messages only."), production.id
        return self._role(production, roles, least, production.rules.script_text == "channel"), production.id

    def _direct(self, place: Place, roles: dict[str, Role], least: Role, beside: str) -> tuple[Access | Refusal, str]:
        if not roles:
            return Refusal("no role", "You have no part in a production here. An admin adds you to [slack]."), ""
        wanted = next((name for name in self._meant(place, beside) if name in roles), "")
        if not wanted and len(roles) > 1:
            titles = [item.title for item in self._office.productions if item.id in roles]
            return Refusal("no choice", f"Which production? Say: use {' | use '.join(titles)}"), ""
        production = self._office.named(wanted or next(iter(roles)))
        if production is None:
            return Refusal("no such production"), ""
        return self._role(production, roles, least, True), production.id

    def _meant(self, place: Place, beside: str) -> Iterator[str]:
        """Which production a direct message may be about: the one chosen, else the one looked at beside it."""
        chosen = self._office.notes.named(place.user, "use")
        if chosen:
            yield str(chosen.body["production"])
        kept = self._office.notes.named(place.order, "beside")
        seen = self._office.of(beside or (str(kept.body["channel"]) if kept else ""))
        if seen:
            yield seen.id

    def _role(self, production: Production, roles: dict[str, Role], least: Role, aloud: bool) -> Access | Refusal:
        role = roles.get(production.id)
        if role is None:
            return Refusal("no role", "You have no part in this production. An admin adds you to [slack].")
        access = Access(production, role, aloud)
        article = "an" if least == "admin" else "a"
        return access if access.may(least) else Refusal(f"not {least}", f"That needs the role of {article} {least}.")

    def _stranger(self, place: Place) -> str:
        facts = self._user(place.user)
        for sign in ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted"):
            if facts.get(sign):
                return f"guest: {sign}"
        return "" if place.team and facts.get("team_id") == place.team else "guest: other workspace"

    def _shared(self, channel: str) -> str:
        facts = self._ask("channel", channel, lambda: self.slack.call("conversations.info", channel=channel)["channel"])
        for sign in ("is_ext_shared", "is_pending_ext_shared", "is_org_shared", "is_shared"):
            if facts.get(sign):
                return f"shared channel: {sign}"
        return ""

    def _user(self, user: str) -> dict[str, Any]:
        facts = self._ask("user", user, lambda: self.slack.call("users.info", user=user)["user"])
        return dict(facts)

    def _listed(self, user: str, names: tuple[str, ...]) -> bool:
        return user in names or any(user in self._group(name) for name in names if name.startswith("S"))

    def _group(self, group: str) -> list[str]:
        return list(
            self._ask("group", group, lambda: self.slack.call("usergroups.users.list", usergroup=group)["users"])
        )

    def _ask(self, kind: str, name: str, ask: Callable[[], Any]) -> Any:
        kept = self._kept.get((kind, name))
        if kept and self._clock() - kept[0] < FRESH:
            return kept[1]
        found = ask()
        self._kept[kind, name] = (self._clock(), found)
        return found
