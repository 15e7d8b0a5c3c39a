"""A run that is killed again and again asks for nothing that was stored, and its books balance with the bill."""

import pytest

from benchmarks.breakdown_llm import killed
from tests.conftest import ROOT


@pytest.mark.slow
def test_killed_three_times_nothing_stored_is_asked_again_and_the_sums_are_right(
    capsys: pytest.CaptureFixture[str],
) -> None:
    wrong = killed(ROOT / "examples" / "the-ferry" / "the-ferry.fountain", 3, seconds=0.1, width=4)
    assert wrong == []
    assert "3 kills" in capsys.readouterr().out
