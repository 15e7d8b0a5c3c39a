"""A production whose models are a loopback server's, and models that read, lie, obey and break off."""

import json
import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from assistant.app import App
from tests.loopback import Loopback, Reply, Request

NOBODY = {"cast": "builtin/rules"}  # names are not compared by a model unless a test says so
Claim = dict[str, Any]
_FENCED = r"<{name} (\w+)>\n(.*?)\n?</{name} \1>"


def production(folder: Path, server: Loopback, flags: Mapping[str, Any] | None = None, **row: Any) -> App:
    """A new production that asks the model "mine", which is a model of the server."""
    settings: dict[str, Any] = {"models": {"pin": {**NOBODY, "breakdown": "onprem/mine"}, "concurrency": 8}}
    for section, values in (flags or {}).items():
        settings[section] = {**settings.get(section, {}), **values}
    app = App.init(folder, "Made", settings)
    app.write_models({"models": {"onprem/mine": model(server, "mine", **row)}})
    return app


def model(server: Loopback, name: str, **row: Any) -> dict[str, Any]:
    """A registry row for a model of the server; one dollar in, two out, for a million tokens."""
    return {
        "wire": f"openai/{name}",
        "provider": "openai_compatible",
        "calls": ["here"],
        "reaches": ["here"],
        "abilities": ["json_schema"],
        "json_mode": "native",
        "window": 32768,
        "max_output": 8192,
        "price": {"input": "1", "output": "2"},
        "base_url": server.openai,
    } | row


def said(request: Request) -> str:
    """All turns of a request as one text."""
    return "\n".join(message["content"] for message in request.json["messages"])


def fenced(request: Request, name: str) -> str:
    """What stands between two marks of a request."""
    found = re.search(_FENCED.format(name=name), said(request), re.DOTALL)
    return found[2] if found else ""


def honest(request: Request) -> str:
    """A model that answers what the rules had found, and no more."""
    rows = [line.split(" | ", 2) for line in fenced(request, "findings").splitlines() if line.count(" | ") >= 2]
    return answer([claim(*row) for row in rows])


def claim(category: str, name: str, quote: str, implied: bool = False, quantity: int | None = None) -> Claim:
    """One element as a model reports it; words that do not stand in the quote are implied by it."""
    loose = not implied and category != "cast_members" and name.split()[-1].lower()[:4] not in quote.lower()
    return {"category": category, "name": name, "quote": quote, "implied": implied or loose, "quantity": quantity}


def answer(claims: list[Claim]) -> str:
    """Claims as the JSON that is asked for."""
    return json.dumps({"elements": claims})


def liar(invented: float, misquoted: float) -> Callable[[Request], str]:
    """A model that makes up a share of what it reports, and gets the words of another share wrong.

    What it invents is called UNICORN and more; what it misquotes carries the word "zebra" in its quote.
    """

    def lie(request: Request) -> str:
        chance = random.Random(fenced(request, "scene"))
        claims = json.loads(honest(request))["elements"]
        told: list[Claim] = []
        for item in claims:
            drawn = chance.random()
            if drawn < invented:
                told.append(claim("props", f"unicorn {len(told)}", f"a unicorn {len(told)} walks in"))
                told.append(item) if item["category"] == "cast_members" else None
            elif drawn < invented + misquoted:
                told.append({**item, "name": f"zebra {item['name']}"[:60], "quote": f"{item['quote']} zebra"})
            else:
                told.append(item)
        return answer(told)

    return lie


def script(folder: Path, scenes: Mapping[str, str], name: str = "script.fountain") -> Path:
    """A Fountain file with these headings and texts."""
    path = folder / name
    path.write_text("\n\n".join(f"{heading}\n\n{text}" for heading, text in scenes.items()) + "\n", encoding="utf-8")
    return path


def cutting(told: Callable[[Request], str], stop: str = "length") -> Reply:
    """A reply whose stop reason says whether it was cut: what does not end as an answer does was."""

    class Cut(Reply):
        def render(self, request: Request) -> Reply:
            text = told(request)
            return Reply(text, stop="end" if text.endswith("]}") else stop).render(request)

    return Cut()
