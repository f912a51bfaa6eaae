"""Calls to other systems: what is refused, what is limited, what is kept out of errors and logs."""

from __future__ import annotations

import ipaddress
import logging
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from feedbackhub.contract import hub as contract
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.http import AddressRefused, Http, Unreachable, is_public
from feedbackhub.machinery.settings import HttpSettings

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

PRIVATE = [
    "http://127.0.0.1/",
    "http://localhost/",
    "http://127.1/",
    "http://0/",
    "http://0.0.0.0/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://[fd00::1]/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
]
NO_ADDRESS = [
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "//example.com/",
    "example.com",
    "",
    "http://",
    "http:///x",
    "http://user:secret@example.com/",
    "http://example.com\\@127.0.0.1/",
    "http://example.com/\r\nX: y",
    "http://exam ple.com/",
    "http://ex\u00e4mple.com/",
    "http://[::1",
]


class Peer(BaseHTTPRequestHandler):
    """A server that answers what its path asks for."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # the body follows the head at once

    def do_GET(self) -> None:
        """Answer by the path's name."""
        getattr(self, "at_" + self.path.strip("/").partition("?")[0])()

    def do_POST(self) -> None:
        """Answer with what was sent."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.reply(201, body, {"X-Token": self.headers.get("Authorization", "")})

    def reply(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        """Send an answer."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def at_json(self) -> None:
        """Give some JSON and set a cookie."""
        self.reply(200, b'{"id": 7}', {"Set-Cookie": "seen=1", "X-Cookie": self.headers.get("Cookie", "none")})

    def at_redirect(self) -> None:
        """Point elsewhere."""
        self.reply(302, headers={"Location": "/json"})

    def at_busy(self) -> None:
        """Ask for patience in seconds."""
        self.reply(503, headers={"Retry-After": "120"})

    def at_busy_until(self) -> None:
        """Ask for patience until a moment."""
        self.reply(429, headers={"Retry-After": "Sun, 01 Mar 2026 12:05:00 GMT"})

    def at_nonsense(self) -> None:
        """Ask for patience in words."""
        self.reply(503, headers={"Retry-After": "tomorrow or so"})

    def at_large(self) -> None:
        """Give more than anybody wants."""
        self.reply(200, b"x" * 100_000)

    def at_drip(self) -> None:
        """Give a byte now and then, for longer than the caller waits."""
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(200):
            self.wfile.write(b".")
            self.wfile.flush()
            time.sleep(0.1)

    def at_silence(self) -> None:
        """Say nothing for longer than the caller waits."""
        time.sleep(20)
        self.reply(200)

    def at_hangup(self) -> None:
        """Promise more than is sent."""
        self.send_response(200)
        self.send_header("Content-Length", "10")
        self.end_headers()
        self.wfile.write(b"abc")
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


class QuietServer(ThreadingHTTPServer):
    """A server that does not mind callers who hang up."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def peer() -> Iterator[str]:
    """Run a server on a loopback port and give its host and port."""
    server = QuietServer(("127.0.0.1", 0), Peer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def http(peer: str) -> Iterator[Http]:
    """Give a client that may call the peer."""
    client = Http(HttpSettings(allow=(peer,), timeout_seconds=0.5, max_answer_kb=50), SetClock(NOW))
    yield client
    client.close()


@pytest.fixture
def guarded() -> Iterator[Http]:
    """Give a client that may call public addresses only."""
    client = Http(HttpSettings(timeout_seconds=0.5))
    yield client
    client.close()


@pytest.mark.parametrize("url", PRIVATE + NO_ADDRESS)
def test_private_and_malformed_addresses_are_refused_in_the_same_words(guarded: Http, url: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        guarded.get(url)
    said = refused.value.reason.removeprefix(f"{refused.value.target}: ")
    assert said == "this address may not be called; private hosts are allowed by [http] allow"
    assert "secret" not in str(refused.value)


def test_a_listening_private_port_sees_no_connection(guarded: Http) -> None:
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.2)
        with pytest.raises(AddressRefused):
            guarded.post(f"http://localhost:{trap.getsockname()[1]}/", json={})
        with pytest.raises(TimeoutError):
            trap.accept()


def test_a_name_that_resolves_to_a_private_address_is_refused(guarded: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["93.184.215.14", "127.0.0.1"])
    connected: list[object] = []

    def resolve(host: str, port: int, *_: object, **__: object) -> list[object]:
        address = next(answers) if host == "rebinding.example" else host
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def connect(_self: socket.socket, address: object) -> None:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(Unreachable):
        guarded.get("http://rebinding.example/")
    with pytest.raises(AddressRefused):
        guarded.get("http://rebinding.example/")
    assert connected == [("93.184.215.14", 80)]


def test_only_the_allowed_port_of_a_private_host_is_open(peer: str, http: Http) -> None:
    assert http.get(f"http://{peer}/json").status == 200
    with pytest.raises(AddressRefused):
        http.get(f"http://{peer.partition(':')[0]}:1/json")
    with pytest.raises(AddressRefused):
        http.get(f"http://{peer}@127.0.0.1:1/")


def test_the_client_is_what_plugins_are_promised(http: Http) -> None:
    promised: contract.Http = http
    assert promised is http


def test_an_answer_holds_status_headers_and_json(peer: str, http: Http) -> None:
    answer = http.get(f"http://{peer}/json")
    assert (answer.status, answer.reason, answer.ok, answer.json()) == (200, "OK", True, {"id": 7})
    assert answer.headers["content-length"] == "9"


def test_cookies_are_not_kept(peer: str, http: Http) -> None:
    http.get(f"http://{peer}/json")
    assert http.get(f"http://{peer}/json").headers["x-cookie"] == "none"


def test_json_and_token_are_sent(peer: str, http: Http) -> None:
    answer = http.post(f"http://{peer}/x", json={"a": 1}, token=SecretStr("abc"))
    assert (answer.status, answer.json(), answer.headers["x-token"]) == (201, {"a": 1}, "Bearer abc")


def test_a_redirect_is_an_answer_and_not_followed(peer: str, http: Http) -> None:
    answer = http.get(f"http://{peer}/redirect")
    assert (answer.status, answer.headers["location"], answer.ok) == (302, "/json", False)


@pytest.mark.parametrize(
    ("path", "wait"),
    [("busy", timedelta(minutes=2)), ("busy_until", timedelta(minutes=5)), ("nonsense", None), ("json", None)],
)
def test_retry_after_is_read_as_seconds_or_date(peer: str, http: Http, path: str, wait: timedelta | None) -> None:
    assert http.get(f"http://{peer}/{path}").retry_after == wait


def test_a_large_body_is_cut(peer: str, http: Http) -> None:
    answer = http.get(f"http://{peer}/large")
    assert (len(answer.body), answer.truncated) == (51_200, True)


@pytest.mark.parametrize("path", ["drip", "silence"])
def test_a_slow_server_is_given_up_in_time(peer: str, http: Http, path: str) -> None:
    started = time.monotonic()
    with pytest.raises(Unreachable, match="no answer within 0.5 seconds"):
        http.get(f"http://{peer}/{path}")
    assert time.monotonic() - started < 10


def test_a_server_that_hangs_up_is_unreachable(peer: str, http: Http) -> None:
    with pytest.raises(Unreachable):
        http.get(f"http://{peer}/hangup")


def test_errors_and_logs_hold_neither_query_nor_token(peer: str, http: Http, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with pytest.raises(Unreachable) as failure:
        http.get(f"http://{peer}/silence", params={"key": "canary"}, token="canary")
    http.get(f"http://{peer}/json?key=canary", token="canary")
    said = [str(vars(record)) for record in caplog.records if record.name.startswith("feedbackhub")]
    assert (len(said), "canary" in "".join(said), "canary" in str(failure.value)) == (1, False, False)
    assert failure.value.__cause__ is None
    assert failure.value.target == f"http://{peer}"


@given(st.ip_addresses(v=4))
def test_the_guard_never_opens_what_the_standard_library_calls_not_global(address: ipaddress.IPv4Address) -> None:
    mapped = ipaddress.IPv6Address(f"::ffff:{address}")
    assert is_public(address) <= (address.is_global and not address.is_multicast and not address.is_loopback)
    assert is_public(mapped) == is_public(address)
