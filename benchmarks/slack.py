"""`python -m benchmarks.slack [--processes N] [--store URL]`: 200 mentions in ten seconds over Socket Mode.

Real `pa slack serve` processes on a loopback Slack, with the example script. Prints how soon each mention was
acknowledged, and whether each was answered once and in order; exit code 1 where a bar is missed.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests.assistant.interfaces.slack.conftest import ANA, CHANNEL, people, production
from tests.slack_loopback import payloads
from tests.slack_loopback.server import LoopbackSlack

ROOT = Path(__file__).resolve().parent.parent
FERRY = ROOT / "examples" / "the-ferry" / "the-ferry.fountain"
MENTIONS, SECONDS, THREADS = 200, 10.0, 20
BAR = 1.0
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-loopback", "SLACK_APP_TOKEN": "xapp-loopback"}


def main() -> int:
    """Print the figures; exit code 1 where a bar is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--store", default="", help="a PostgreSQL address; default: the production's own file")
    given = parser.parse_args()
    with ExitStack() as stack:
        slack = stack.enter_context(LoopbackSlack())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "ferry"
        people(slack)
        table = f'[store]\nurl = "{given.store}"\n' if given.store else ""
        production(folder, slack, table, title="The Ferry", script_text=FERRY.read_text(encoding="utf-8"))
        for _ in range(given.processes):
            command = [sys.executable, "-m", "assistant", "slack", "serve", "-P", str(folder)]
            process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **TOKENS})
            stack.callback(process.wait, 60)
            stack.callback(process.terminate)
        _until(lambda: slack.connected() == given.processes, 120)
        return measured(slack, given.processes)


def measured(slack: LoopbackSlack, processes: int) -> int:
    """Send, wait for the answers, and print."""
    asked: dict[str, list[str]] = defaultdict(list)
    sent: list[str] = []
    started = time.monotonic()
    for n in range(MENTIONS):
        time.sleep(max(0.0, started + n * SECONDS / MENTIONS - time.monotonic()))
        thread, scene = f"17000000{n % THREADS:02d}.000001", str(1 + n // THREADS % 5)
        body = payloads.mention(CHANNEL, ANA, f"Who is in scene {scene}?", thread)
        asked[thread].append(scene)
        sent.append(slack.push("events_api", body))
        if n % 10 == 0:
            sent.append(slack.push("events_api", body, retry=1))
    pushed = time.monotonic() - started
    _until(lambda: len(slack.of("chat.stopStream")) >= MENTIONS and not slack.unacked(), 300)
    answered = time.monotonic() - started
    acks = sorted(slack.acks[identity] for identity in sent)
    wrong = disorder(slack, asked)
    what = f"{MENTIONS} mentions and {len(sent) - MENTIONS} repeats in {pushed:.1f} s"
    print(f"{what}, {processes} process(es), load {os.getloadavg()[0]:.1f}")
    print(f"ack: median {statistics.median(acks):.3f} s, slowest {acks[-1]:.3f} s (bar {BAR} s)")
    print(
        f"answers: {len(slack.of('chat.stopStream'))}, the last after {answered:.1f} s; out of order or wrong: {wrong}"
    )
    return int(acks[-1] > BAR or wrong > 0)


def disorder(slack: LoopbackSlack, asked: dict[str, list[str]]) -> int:
    """Answers that are not the one that stands at this place of its thread."""
    said: dict[str, list[str]] = defaultdict(list)
    for body in slack.of("chat.stopStream"):
        said[slack.streams[body["ts"]]].append(json.dumps(body["chunks"]))
    right: dict[str, str] = {}
    for thread, scenes in asked.items():
        for scene, words in zip(scenes, said[thread], strict=False):
            right.setdefault(scene, words)
    return sum(said[thread] != [right[scene] for scene in scenes] for thread, scenes in asked.items())


def _until(true: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise SystemExit("it did not come in time")
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main())
