"""The circuit is a value, the clock is passed in, and the number of running calls adapts."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routers import Health, ProviderFault
from routers.errors import RECOVERY, FaultKind
from routers.health import (
    CLOSED,
    FIRST_COOLING,
    LONGEST_COOLING,
    QUOTA_COOLING,
    TRIP,
    Circuit,
    after_fault,
    after_success,
)

KEY = ("m", "eu-1")
KINDS = sorted(RECOVERY)


def faulted(circuit: Circuit, kind: FaultKind, now: float, retry_after: float | None = None) -> Circuit:
    return after_fault(circuit, ProviderFault(kind, retry_after=retry_after), now)


def test_three_faults_in_a_row_open_it() -> None:
    circuit = CLOSED
    for n in range(1, TRIP + 1):
        assert not circuit.is_open(0)
        circuit = faulted(circuit, "server", 0)
        assert circuit.faults == n
    assert circuit.is_open(FIRST_COOLING - 1)
    assert not circuit.is_open(FIRST_COOLING)


def test_a_good_answer_in_between_starts_the_count_anew() -> None:
    circuit = after_success(faulted(faulted(CLOSED, "server", 0), "reset", 0))
    assert not faulted(circuit, "server", 0).is_open(1)


def test_each_further_fault_opens_it_for_twice_as_long() -> None:
    circuit, spans = CLOSED, []
    now = 0.0
    for _ in range(12):
        circuit = faulted(circuit, "server", now)
        if circuit.is_open(now):
            spans.append(circuit.open_until - now)
            now = circuit.open_until
    assert spans[:3] == [FIRST_COOLING, 2 * FIRST_COOLING, 4 * FIRST_COOLING]
    assert spans[-1] == LONGEST_COOLING


def test_retry_after_is_kept_to_the_second() -> None:
    assert faulted(CLOSED, "throttled", 100, 7).open_until == 107
    assert faulted(CLOSED, "server", 100, 7).open_until == 107


def test_throttles_without_a_header_wait_longer_each_time() -> None:
    first = faulted(CLOSED, "throttled", 0)
    assert faulted(first, "throttled", first.open_until).open_until == 3 * first.open_until


def test_a_daily_quota_is_left_alone_for_long() -> None:
    assert faulted(CLOSED, "quota", 0).open_until == QUOTA_COOLING
    assert faulted(CLOSED, "quota", 0, 40_000).open_until == 40_000


@given(
    st.lists(st.tuples(st.sampled_from(KINDS), st.floats(0, 50), st.one_of(st.none(), st.floats(0, 900))), max_size=9)
)
def test_a_fault_never_closes_it_earlier(faults: list[tuple[FaultKind, float, float | None]]) -> None:
    circuit, now = CLOSED, 0.0
    for kind, later, retry_after in faults:
        now += later
        after = faulted(circuit, kind, now, retry_after)
        assert after.open_until >= circuit.open_until
        circuit = after


def test_every_kind_of_fault_has_a_recovery() -> None:
    health = Health()
    for kind in KINDS:
        health.note_fault((kind, "x"), kind, ProviderFault(kind), 0.0)
    assert set(health.providers_off) == {"no_credentials", "expired_credentials"}
    off = {key[0] for key, circuit in health.circuits.items() if circuit.open_until == float("inf")}
    assert off == {"access_denied", "unsupported", "not_found"}


def test_a_throttle_halves_the_limit_and_good_answers_widen_it() -> None:
    health = Health(first_limit=8)
    with health.slot(KEY, 0):
        health.note_fault(KEY, "p", ProviderFault("throttled"), 0.0)
    assert health.limits[KEY].now == 4
    for _ in range(4):
        health.note_success(KEY)
    assert 4.9 < health.limits[KEY].now < 5.1
    for _ in range(20):
        health.note_fault(KEY, "p", ProviderFault("throttled"), 0.0)
    assert health.limits[KEY].now == 1


def test_no_more_run_at_once_than_the_limit() -> None:
    health, seen, gate = Health(first_limit=3), [], threading.Barrier(3)

    def work() -> None:
        with health.slot(KEY, 10) as free:
            assert free
            seen.append(health.limits[KEY].running)
            gate.wait(10)

    threads = [threading.Thread(target=work) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 9
    assert max(seen) == 3
    assert health.limits[KEY].running == 0


def test_who_waits_too_long_gets_no_slot() -> None:
    health = Health(first_limit=1)
    with health.slot(KEY, 0) as first, health.slot(KEY, 0) as second:
        assert (first, second) == (True, False)


def test_a_slot_is_given_back_after_an_error() -> None:
    health = Health(first_limit=1)
    with pytest.raises(ZeroDivisionError), health.slot(KEY, 0):
        raise ZeroDivisionError
    with health.slot(KEY, 0) as free:
        assert free
