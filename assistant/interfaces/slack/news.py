"""What happened in a production, found in its store and told once to the channels that chose it."""

from collections import Counter
from collections.abc import Iterator

from assistant.errors import AssistantError
from assistant.interfaces.slack.blocks import safe
from assistant.interfaces.slack.door import SlackRefused
from assistant.interfaces.slack.guard import Guard
from assistant.interfaces.slack.office import Office, Production
from assistant.store.batches import OPEN

WARN = 0.8  # of a cap
BEGUN = "begun"
ENDS = {"done": "through", "failed": "failed", "quarantined": "put aside", "cancelled": "called off"}


def look(production: Production) -> int:
    """Put what is new on its way; what was there when Slack was first served is no news. How many that was."""
    known = production.news.known()
    first = BEGUN not in known
    put = [
        production.news.put(kind, key, text, told=first)
        for kind, key, text in _happened(production)
        if key not in known
    ]
    if first:
        production.news.put(BEGUN, BEGUN, "", told=True)
    return sum(put)


def _happened(production: Production) -> Iterator[tuple[str, str, str]]:
    app = production.app
    for draft in app.store.drafts():
        yield "draft", f"draft {draft.seq}", f"Draft {draft.seq} is in."
    for board in app.boards.kept.all():
        days = len(board.schedule.shooting)
        yield "schedule", f"board {board.seq}", f"The schedule changed: board {board.seq}, {days} shooting days."
    yield from _batches(production)
    _, caps = app.spent()
    for cap in caps:
        limit = cap["limit_usd"]
        if limit and cap["spent_usd"] >= WARN * limit:
            day = f" {app.store.now().date()}" if cap["scope"] == "day" else ""
            words = f"{cap['spent_usd'] / limit:.0%} of the budget of the {cap['scope']} is used"
            yield "budget", f"budget {cap['scope']}{day} {limit}", f"{words} (${cap['spent_usd']:.2f} of ${limit:.2f})."


def _batches(production: Production) -> Iterator[tuple[str, str, str]]:
    """Batches with nothing left to do; one that was added to, or tried again, is done once more."""
    for folder, kept in production.batches():
        for batch in kept.all(str(folder)):
            if kept.items(batch.id, *OPEN):
                continue
            found = Counter(item.state for item in kept.items(batch.id))
            if found:
                told = ", ".join(f"{found[state]} {word}" for state, word in ENDS.items() if found[state])
                yield "batch", f"batch {batch.id} {told}", f"A batch is done: {told}."


def tell(office: Office, guard: Guard) -> int:
    """Look at every production and tell its channels; how many messages went out."""
    sent = 0
    for production in office.productions:
        try:
            look(production)
        except AssistantError:  # an empty or half set up production has no news
            continue
        for kind, text in production.news.take():
            sent += sum(_post(guard, production, channel, text) for channel in _listeners(production, kind))
    return sent


def _listeners(production: Production, kind: str) -> list[str]:
    rules = production.rules
    if production.embargoed:
        return []
    return [channel for channel, kinds in rules.events.items() if kind in kinds and channel in rules.channels]


def _post(guard: Guard, production: Production, channel: str, text: str) -> bool:
    try:
        if not guard.open_to_us(channel):
            return False
        guard.slack.post(channel, "", safe(f"{production.title}: {text}"))
    except SlackRefused:
        return False
    return True
