"""Past capacity: bounded queues, quick refusals that say when to come again, and nobody held up by the slow."""

import errno
import http.client
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from flask import Flask

from feedbackhub.cli.server import Server
from feedbackhub.contract.errors import Unavailable
from feedbackhub.loop.core import Core
from feedbackhub.store.store import Store

THREADS, WAITING = 2, 6


class Stuck:
    """An application whose answers wait until they are let go; health is told at once."""

    def __init__(self) -> None:
        self.let_go, self.begun = threading.Event(), threading.Semaphore(0)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["wsgi.input"].read()
        if environ["PATH_INFO"] != "/healthz":
            self.begun.release()
            self.let_go.wait(60)
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]


@contextmanager
def served(app: Stuck | Flask, waiting: int = WAITING, patience: float = 10) -> Iterator[tuple[Server, int]]:
    server = Server(app, "127.0.0.1", 0, 100_000, THREADS, waiting, patience)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server, server.port
    finally:
        if isinstance(app, Stuck):
            app.let_go.set()
        server.stop()
        thread.join(40)
        assert not thread.is_alive()


#: Every connection of a test, so that none is left open.
_OPENED: list[http.client.HTTPConnection] = []


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """Close what a test has opened."""
    yield
    while _OPENED:
        _OPENED.pop().close()


def asked(port: int, method: str = "GET", path: str = "/", body: bytes = b"") -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    _OPENED.append(connection)
    connection.request(method, path, body)
    return connection


def answer(connection: http.client.HTTPConnection) -> tuple[int, str | None]:
    response = connection.getresponse()
    response.read()
    return response.status, response.getheader("Retry-After")


def fill(app: Stuck, server: Server, more: int) -> list[http.client.HTTPConnection]:
    """Keep every thread busy, and let so many more wait."""
    busy = [asked(server.port, "POST", "/", b"a=1") for _ in range(THREADS)]
    for _ in busy:
        assert app.begun.acquire(timeout=10)
    waiting = [asked(server.port) for _ in range(more)]
    waits_for(lambda: len(server._hands.queue) == more)
    return busy + waiting


def waits_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_more_requests_than_may_wait_are_told_to_come_again_while_health_is_answered() -> None:
    app = Stuck()
    with served(app) as (server, port):
        there = fill(app, server, WAITING)
        refused = [asked(port) for _ in range(20)]
        assert Counter(answer(each) for each in refused) == {(503, "2"): 20}
        assert answer(asked(port, path="/healthz")) == (200, None)
        app.let_go.set()
        assert Counter(answer(each) for each in there) == {(200, None): THREADS + WAITING}
        assert answer(asked(port)) == (200, None)


def test_a_request_that_waits_too_long_is_told_to_come_again() -> None:
    app = Stuck()
    with served(app, patience=0.5) as (server, _):
        there = fill(app, server, 0) + [asked(server.port) for _ in range(3)]
        assert [answer(each) for each in there[THREADS:]] == [(503, "2")] * 3
        app.let_go.set()
        assert [answer(each) for each in there[:THREADS]] == [(200, None)] * THREADS


def test_who_was_refused_is_closed() -> None:
    app = Stuck()
    with served(app, waiting=1) as (server, port):
        fill(app, server, 1)
        with socket.create_connection(("127.0.0.1", port), timeout=5) as raw:
            raw.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            said = b"".join(iter(lambda: raw.recv(4096), b""))
    assert said.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert b"Connection: close\r\n" in said and b"Retry-After: 2\r\n" in said


@pytest.mark.parametrize(
    "begin",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc",
    ],
    ids=["silent", "in the head", "in the body"],
)
def test_slow_clients_hold_nobody_up(begin: bytes) -> None:
    app = Stuck()
    app.let_go.set()
    with served(app) as (_, port), ExitStack() as stack:
        for _ in range(200):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
            slow.sendall(begin)
        assert [answer(asked(port)) for _ in range(20)] == [(200, None)] * 20


def test_a_body_that_has_no_room_on_the_disk_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("waitress.buffers.TempfileBasedBuffer.__init__", full)
    app = Stuck()
    app.let_go.set()
    with served(app) as (_, port):
        assert answer(asked(port, "POST", "/", b"x" * 900_000)) == (503, "2")
        assert answer(asked(port, "POST", "/", b"x" * 90_000)) == (200, None)


def test_a_kept_connection_brings_one_more_request_while_the_server_ends() -> None:
    app = Stuck()
    with served(app) as (server, port):
        kept, busy = asked(port, path="/healthz"), fill(app, server, 0)
        assert answer(kept) == (200, None)
        server.stop()
        waits_for(lambda: server._hands.leaving)
        app.let_go.set()
        kept.request("GET", "/healthz")
        response = kept.getresponse()
        assert (response.status, response.getheader("Connection")) == (200, "close")
        assert [answer(each) for each in busy] == [(200, None)] * THREADS


def test_pipelined_requests_are_answered_in_their_order() -> None:
    app = Stuck()
    app.let_go.set()
    with served(app) as (_, port), socket.create_connection(("127.0.0.1", port), timeout=5) as raw:
        last = b"GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        raw.sendall(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n" * 9 + last)
        said = b"".join(iter(lambda: raw.recv(65_536), b""))
    assert said.count(b"HTTP/1.1 200 OK\r\n") == 10


def test_ten_times_the_load_gets_only_answers_and_refusals_and_nothing_hangs(app: Flask) -> None:
    statuses: Counter[int] = Counter()
    lock = threading.Lock()
    with served(app, waiting=4) as (server, port):

        def call() -> None:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            for _ in range(10):
                connection.request("GET", "/s/AAAAAAAAAAAAAAAAAAAAAAAA")
                status, _ = answer(connection)
                with lock:
                    statuses[status] += 1
                assert len(server._hands.queue) <= 4 + THREADS
            connection.close()

        callers = [threading.Thread(target=call) for _ in range(10 * (THREADS + 4))]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join(20)
        assert not any(caller.is_alive() for caller in callers)
        assert answer(asked(port, path="/healthz")) == (200, None)
        assert answer(asked(port, path="/s/AAAAAAAAAAAAAAAAAAAAAAAA"))[0] in (404, 429)
    assert set(statuses) <= {404, 429, 503}
    assert sum(statuses.values()) == 10 * len(callers)


def test_a_database_whose_connections_are_all_taken_is_unavailable(core: Core) -> None:
    """Only PostgreSQL's server counts connections; SQLite has none to run out of."""
    if core.store.is_sqlite:
        return
    store = Store(core.settings.database_url, busy_seconds=0.1)
    try:
        with ExitStack() as stack:
            for _ in range(store.engine.pool.size() + 16):  # type: ignore[attr-defined]
                stack.enter_context(store.engine.connect())
            with pytest.raises(Unavailable) as refused, store.read():
                pass
        assert refused.value.retry_after.total_seconds() == 2
        with store.read():
            pass
    finally:
        store.close()
