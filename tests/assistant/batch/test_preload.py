"""What workers share is loaded once, before them; the wire to models only where a model may be asked over it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.batch.job import Job
from assistant.settings import load_settings, read_toml
from assistant.wiring import wired
from tests.assistant.batch.making import asking
from tests.conftest import ROOT
from tests.loopback import Loopback

KEYS = ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY", "MISTRAL_API_KEY", "COHERE_API_KEY")
CODE = """
import json, sys
from pathlib import Path
from assistant.batch.job import Job, executor
from tests.assistant.batch.test_preload import libraries
folder = Path(sys.argv[1])
pool = executor({"engine": "local", "settings": json.loads(sys.argv[2])}, 1, folder)
print(*(ended.how for ended in pool.map(libraries, Job("b", str(folder)), ["k"]) if ended))
pool.close()
"""


def libraries(_job: Job, _key: str) -> str:
    """Which of the libraries that take long are loaded, as a worker's word of how a script ended."""
    return " ".join(name for name in ("chromadb", "litellm", "wordllama") if name in sys.modules)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, and a user without keys and without models of their own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for key in KEYS:
        monkeypatch.delenv(key, raising=False)
    return tmp_path


def in_a_worker(folder: Path, settings: dict[str, Any]) -> str:
    words = [sys.executable, "-c", CODE, str(folder), json.dumps(settings)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT, env=dict(os.environ))
    return done.stdout.strip()


@pytest.mark.slow
def test_without_credentials_no_worker_loads_the_wire(bare: Path) -> None:
    assert in_a_worker(bare, {}) == "chromadb wordllama"


@pytest.mark.slow
def test_with_a_server_of_ones_own_the_wire_is_loaded_before_the_first_script(bare: Path) -> None:
    with Loopback() as server:
        settings = read_toml(asking(server, bare / "etc"))
        assert in_a_worker(bare, settings) == "chromadb litellm wordllama"


def test_a_wire_is_where_a_key_or_a_server_is_and_settings_allow_it(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_models(**models: Any) -> bool:
        return wired(load_settings(None, {"models": models}), bare)

    assert not with_models()
    with Loopback() as server:
        mine = str(bare / "etc" / "models.yaml")
        asking(server, bare / "etc")
        assert with_models(file=mine) and with_models(file=mine, on_prem_only=True)
        assert not with_models(file=mine, forbid=["onprem/mine"])
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "k")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s")
    assert not with_models()  # Bedrock is asked without it
    monkeypatch.setenv(KEYS[0], "k")
    assert with_models() and not with_models(on_prem_only=True) and not with_models(forbid=["anthropic"])
