"""One road to every provider: deadlines over all reads, proxies for the far and none for the near."""

import time

import httpx
import pytest

from routers.transport import Clocked, exchange
from tests.loopback import Fault, Loopback


def test_a_server_on_this_machine_is_not_reached_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback() as server, Loopback() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        client = httpx.Client(transport=Clocked())
        assert client.get(f"{server.url}/here").status_code == 404
        assert [r.path for r in server.requests] == ["/here"] and not proxy.requests
        client.get("http://far.example/there")
        assert [r.path for r in proxy.requests] == ["http://far.example/there"]


def test_each_call_on_a_kept_connection_has_its_own_deadline() -> None:
    with Loopback() as server:
        client = httpx.Client(transport=Clocked(), timeout=60.0)
        for _ in range(3):
            with exchange(5.0) as call:
                client.get(f"{server.url}/here")
            assert call.sent and call.status == 404 and bytes(call.body).startswith(b"{") and not call.over
        assert server.connections == 1
        server.script("m", Fault("drip", seconds=0.05))
        began = time.monotonic()
        with pytest.raises(httpx.ReadTimeout), exchange(0.3) as call:
            client.post(f"{server.openai}/chat/completions", json={"model": "m"})
        assert call.over and call.received > 0
        assert time.monotonic() - began < 5


def test_outside_of_a_call_nothing_is_changed() -> None:
    with Loopback() as server:
        assert httpx.Client(transport=Clocked()).get(f"{server.url}/here").status_code == 404


def test_one_client_closing_does_not_close_the_road() -> None:
    with Loopback() as server:
        road = Clocked()
        httpx.Client(transport=road).close()
        assert httpx.Client(transport=road).get(f"{server.url}/here").status_code == 404
