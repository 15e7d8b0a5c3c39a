"""The same batch on a Dask cluster over loopback; a worker that is killed loses no script."""

import os
import signal
from pathlib import Path

import pytest

from assistant.batch.work import kept_in
from tests.assistant.batch.making import Driver, asking, folder_of, until
from tests.assistant.workflows.making import honest
from tests.loopback import Loopback, Reply

distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")


@pytest.mark.slow
def test_a_killed_worker_loses_no_script(tmp_path: Path, shared: str) -> None:
    scripts, out = folder_of(tmp_path / "in", 6, 3), tmp_path / "out"
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=2, host="127.0.0.1", dashboard_address=None, silence_logs=50
    )
    with cluster, Loopback() as server:
        server.script("mine", Reply(text=honest, delay=0.2))
        settings = asking(server, tmp_path / "etc")
        engine = cluster.scheduler_address.replace("tcp://", "dask://")
        words = ["run", str(scripts), "-o", str(out), "--settings", str(settings), "-f", "", "--engine", engine]
        driver = Driver([*words, "-w", "2", "--concurrency", "4", "--lease", "6"], shared)
        assert until(lambda: len(server.requests) > 5)
        os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
        status, _, stderr = driver.end()
        assert status == 0, stderr
        batches = kept_in(out, shared)
        items = batches.items(batches.all(str(out))[0].id)
        assert [item.state for item in items] == ["done"] * 6
        assert 18 <= len(server.requests) <= 18 + 4  # what was on its way in the killed process is asked again
