"""Is everything set that serving needs? Asks Slack itself; never shows a token."""

from assistant.doctor import Check
from assistant.interfaces.slack.door import Slack, SlackRefused
from assistant.interfaces.slack.office import Office
from assistant.settings import has_credential

TOKENS = {
    "slack_bot_token": "OAuth & Permissions → Bot User OAuth Token",
    "slack_app_token": "Basic Information → App-Level Tokens, with connections:write (Socket Mode)",
    "slack_signing_secret": "Basic Information → Signing Secret (only for --http)",
}


def examine(office: Office, slack: Slack | None) -> list[Check]:
    """All checks; with a connection also what Slack says."""
    checks = [_token(name, hint) for name, hint in TOKENS.items()]
    for item in office.productions:
        rules = item.rules
        people = len(rules.viewers) + len(rules.reviewers) + len(rules.admins)
        hint = "" if people else "Add people or user groups to [slack] viewers, reviewers, admins."
        found = f"{len(rules.channels)} channels, {people} people or groups, script text {rules.script_text}"
        checks.append(Check(item.title, "ok" if people else "warn", found, hint))
    return [*checks, *(_asked(office, slack) if slack else [])]


def _token(name: str, hint: str) -> Check:
    if has_credential(name):
        return Check(name.upper(), "ok", "set")
    return Check(name.upper(), "bad" if name == "slack_bot_token" else "warn", "not set", hint)


def _asked(office: Office, slack: Slack) -> list[Check]:
    try:
        who = slack.call("auth.test")
    except SlackRefused as error:
        return [Check("Slack", "bad", error.sentence, "Is the token right, and the app installed?")]
    checks = [Check("Slack", "ok", f"{who.get('team')} as {who.get('user')}")]
    return [*checks, *(_channel(slack, channel) for item in office.productions for channel in item.rules.channels)]


def _channel(slack: Slack, channel: str) -> Check:
    try:
        facts = slack.call("conversations.info", channel=channel)["channel"]
    except SlackRefused as error:
        return Check(channel, "bad", error.sentence, "Is the id right, and is the assistant invited?")
    if facts.get("is_ext_shared") or facts.get("is_shared"):
        return Check(channel, "warn", "shared with others: gets nothing", "Map a channel that is yours alone.")
    member = facts.get("is_member", True)
    return Check(channel, "ok" if member else "warn", f"#{facts.get('name')}", "" if member else "/invite it there.")
