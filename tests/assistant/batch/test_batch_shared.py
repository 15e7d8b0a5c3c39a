"""Several schedulers on one PostgreSQL: no script twice, also when the database is away for a while."""

import time
from collections import Counter
from pathlib import Path

import pytest

from assistant.batch.work import kept_in
from assistant.store.batches import Batches, Item
from tests.assistant.batch.making import Driver, asking, folder_of, until
from tests.assistant.batch.wire import Wire
from tests.assistant.workflows.making import honest
from tests.loopback import Loopback, Reply


def ends(batches: Batches, out: Path) -> list[Item]:
    """All scripts of the one batch."""
    return batches.items(batches.all(str(out))[0].id)


@pytest.mark.slow
def test_two_schedulers_do_no_script_twice_while_the_database_is_cut_off(tmp_path: Path, shared: str) -> None:
    scripts, out = folder_of(tmp_path / "in", 8, 4), tmp_path / "out"
    with Loopback() as server, Wire("127.0.0.1", 5432) as wire:
        url = shared.replace(":5432", f":{wire.port}")
        server.script("mine", Reply(text=honest, delay=0.2))
        settings = asking(server, tmp_path / "etc")
        words = ["run", str(scripts), "-o", str(out), "-w", "1", "--settings", str(settings), "-f", ""]
        both = [Driver([*words, "--concurrency", "4"], url) for _ in range(2)]
        assert until(lambda: len(server.requests) > 6)
        wire.cut()
        time.sleep(3)
        wire.mend()
        for driver in both:
            status, _, stderr = driver.end()
            assert status == 0, stderr
        items = ends(kept_in(out, shared), out)
        assert Counter(item.state for item in items) == {"done": 8}
        scenes = Counter(
            request.text.split("take ")[1][:1] + request.text.split("INT. ")[1][:16] for request in server.requests
        )
        assert len(server.requests) == 32, scenes
        assert not (out / ".pa" / "production.db").exists()
        billed = sum(r.billed[0] * 1000 + r.billed[1] * 2000 for r in server.requests) / 1e9
        assert sum(item.facts["cost_usd"] for item in items) == pytest.approx(billed)
