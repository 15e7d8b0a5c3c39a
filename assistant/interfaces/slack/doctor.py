"""Is everything set that serving needs? Asks Slack itself; never shows a token."""

from collections.abc import Iterator

from assistant.doctor import Check
from assistant.interfaces.slack.door import Slack, SlackRefused
from assistant.interfaces.slack.office import Office, Production
from assistant.settings import credential, has_credential

BOT = "OAuth & Permissions → Bot User OAuth Token"
APP = "Basic Information → App-Level Tokens, with connections:write"
SECRET = "Basic Information → Signing Secret; only needed for --http"
SCOPES = frozenset(
    [
        "app_mentions:read",
        "assistant:write",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:read",
        "im:history",
        "im:write",
        "usergroups:read",
        "users:read",
    ]
)


def examine(office: Office, slack: Slack | None) -> list[Check]:
    """All checks; with a connection also what Slack says."""
    tokens = {"slack_bot_token": BOT, "slack_app_token": APP, "slack_signing_secret": SECRET}
    checks = [_token(name, hint) for name, hint in tokens.items()]
    checks += map(_production, office.productions)
    return [*checks, *(_asked(office, slack) if slack else [])]


def _token(name: str, hint: str) -> Check:
    if has_credential(name):
        return Check(name.upper(), "ok", "set")
    return Check(name.upper(), "bad" if name == "slack_bot_token" else "warn", "not set", hint)


def _production(item: Production) -> Check:
    rules = item.rules
    people = len(rules.viewers) + len(rules.reviewers) + len(rules.admins)
    found = f"{len(rules.channels)} channels, {people} people or groups, script text {rules.script_text}"
    if item.embargoed:
        found += ", embargoed: direct messages only"
    if not people:
        return Check(item.title, "warn", found, "Add people or user groups to [slack] viewers, reviewers, admins.")
    deaf = [channel for channel in rules.events if channel not in rules.channels]
    hint = f"{', '.join(deaf)} is told nothing: it is not among the channels." if deaf else ""
    return Check(item.title, "warn" if deaf else "ok", found, hint)


def _asked(office: Office, slack: Slack) -> Iterator[Check]:
    try:
        who, granted = slack.granted()
    except SlackRefused as error:
        yield Check("sign-in", "bad", error.sentence, "Is the token right, and the app installed?")
        return
    yield Check("sign-in", "ok", f"{who.get('team')} as {who.get('user')}")
    yield _scopes(granted)
    yield _socket(slack)
    for item in office.productions:
        for channel in item.rules.channels:
            yield _channel(slack, item, channel)


def _scopes(granted: set[str]) -> Check:
    lacking, idle = sorted(SCOPES - granted), sorted(granted - SCOPES)
    if lacking:
        hint = "Paste docs/slack-manifest.yaml into the app's manifest and install it anew."
        return Check("scopes", "bad", f"lacks {', '.join(lacking)}", hint)
    if idle:
        return Check("scopes", "warn", f"more than is used: {', '.join(idle)}", "Take them away.")
    return Check("scopes", "ok", f"{len(granted)}, all used")


def _socket(slack: Slack) -> Check:
    token = credential("slack_app_token")
    if not token:
        return Check("Socket Mode", "warn", "no app token", "Only --http can serve.")
    try:
        slack.opens_socket(token)
    except SlackRefused as error:
        return Check("Socket Mode", "bad", error.sentence, f"{APP}; is Socket Mode on in the app?")
    return Check("Socket Mode", "ok", "Slack gives out a connection")


def _channel(slack: Slack, item: Production, channel: str) -> Check:
    try:
        facts = slack.call("conversations.info", channel=channel)["channel"]
    except SlackRefused as error:
        return Check(channel, "bad", error.sentence, "Is the id right, and is the assistant invited?")
    found = f"#{facts.get('name')} speaks of {item.title}"
    if facts.get("is_ext_shared") or facts.get("is_shared"):
        return Check(channel, "warn", f"{found}, but is shared: gets nothing", "Map a channel that is yours alone.")
    if not facts.get("is_member", True):
        return Check(channel, "warn", found, "Not invited: /invite @pa there.")
    return Check(channel, "ok", found)
