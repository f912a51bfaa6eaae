"""Serving: one process on SQLite, and an end that finishes what was begun."""

import http.client
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from feedbackhub.cli.server import Server
from feedbackhub.machinery.one_at_a_time import TakenAlready, held
from tests.services.processes import free_port

PROGRAM = Path(sys.executable).with_name("feedbackhub")


class Slow:
    """An application whose answers wait until they are let go."""

    def __init__(self) -> None:
        self.asked, self.let_go = threading.Event(), threading.Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/slow":
            self.asked.set()
            self.let_go.wait(10)
        body = b"x" * 300_000
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]


@contextmanager
def serving(application: Slow, patience: float = 10) -> Iterator[tuple[Server, threading.Thread, int]]:
    server = Server(application, "127.0.0.1", 0, 1000)
    port = server.port
    thread = threading.Thread(target=server.run, args=(patience,))
    thread.start()
    try:
        yield server, thread, port
    finally:
        application.let_go.set()
        server.stop()
        thread.join(15)
        assert not thread.is_alive()


def get(port: int, path: str = "/") -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


def test_a_request_that_has_begun_is_finished_and_new_ones_are_refused() -> None:
    slow, got = Slow(), []
    with serving(slow) as (server, thread, port):
        asking = threading.Thread(target=lambda: got.append(get(port, "/slow")))
        asking.start()
        assert slow.asked.wait(5)
        server.stop()
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except ConnectionRefusedError:
                break
            time.sleep(0.05)
        else:
            raise AssertionError("still listening")
        assert thread.is_alive()
        slow.let_go.set()
        asking.join(5)
    assert [len(body) for body in got] == [300_000]


def test_an_idle_connection_does_not_delay_the_end() -> None:
    with serving(Slow()) as (server, thread, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/")
        connection.getresponse().read()
        server.stop()
        thread.join(3)
        assert not thread.is_alive()
        connection.close()


def test_a_request_that_never_ends_is_given_up() -> None:
    slow = Slow()
    with serving(slow, patience=0.2) as (server, thread, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/slow")
        assert slow.asked.wait(5)
        server.stop()
        thread.join(5)
        assert not thread.is_alive()
        connection.close()


def test_a_lock_is_held_by_one_and_free_after(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with held(path), pytest.raises(TakenAlready), held(path):
        pass
    with held(path):
        pass


def configured(folder: Path, database: str = "") -> int:
    """Set an instance up and return the port it will listen at."""
    port = free_port()
    more = ["--database", database] if database else []
    subprocess.run([PROGRAM, "init", *more], cwd=folder, check=True, capture_output=True)
    path = folder / "feedbackhub.toml"
    path.write_text(f'listen = "127.0.0.1:{port}"\n{path.read_text()}')
    return port


@contextmanager
def program(folder: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen([PROGRAM, "serve"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == f"feedbackhub serves http://127.0.0.1:8000 at 127.0.0.1:{port}\n"
        try:
            yield process
        finally:
            process.kill()


def test_serve_answers_and_ends_at_sigterm(tmp_path: Path, database_url: str) -> None:
    port = configured(tmp_path, database_url)
    with program(tmp_path, port) as process:
        assert get(port, "/healthz").strip() == b'{"status":"ok"}'
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0


def test_a_second_serve_on_sqlite_is_refused_and_points_to_postgresql(tmp_path: Path) -> None:
    port = configured(tmp_path)
    with program(tmp_path, port) as process:
        second = subprocess.run([PROGRAM, "serve"], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert second.returncode == 1
        assert second.stderr == (
            f"Error: process {process.pid} serves this instance already, and SQLite takes only one; "
            "for several, set database to a PostgreSQL address\n"
        )
        process.kill()
        process.wait()
    with program(tmp_path, port) as process:
        assert get(port, "/healthz").strip() == b'{"status":"ok"}'


def test_an_address_that_is_taken_is_one_line(tmp_path: Path) -> None:
    port = configured(tmp_path)
    with socket.create_server(("127.0.0.1", port)):
        done = subprocess.run([PROGRAM, "serve"], cwd=tmp_path, capture_output=True, text=True, check=False)
    another = "`listen` in the settings is another address (once: FEEDBACKHUB_LISTEN=127.0.0.1:8001)"
    said = f"Error: cannot listen at 127.0.0.1:{port}: Address already in use; {another}"
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, said)
