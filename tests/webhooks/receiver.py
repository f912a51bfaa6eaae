"""A receiver of webhooks that behaves as it is told, badly too, and verifies everything with the official library."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError


@dataclass(frozen=True)
class Got:
    """One request: what it held, how it was answered, whether its signature held."""

    id: str
    timestamp: int
    signatures: tuple[str, ...]
    body: dict[str, Any]
    raw: bytes
    act: str
    is_genuine: bool


class Receiver:
    """Serves from when it is made until `close`.

    Attributes:
        got: All deliveries so far.
        followed: How many requests came to where a redirect points.
        secret: What signatures are checked with; nothing is checked while it is empty.
    """

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.followed = 0
        self.secret = ""
        self.acts: list[str] = []
        self.lock = threading.Lock()
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.receiver = self
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def place(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server.server_port}"

    @property
    def url(self) -> str:
        """Where events go."""
        return f"http://{self.place}/hook"

    def will(self, *acts: str) -> None:
        """Answer the next requests so, and later ones with 200."""
        self.acts = list(acts)

    @property
    def accepted(self) -> list[str]:
        """The types of what was taken, in the order of its coming."""
        return [each.body["type"] for each in self.got if each.act == "200"]

    @property
    def ids(self) -> set[str]:
        """The ids of what was taken."""
        return {each.id for each in self.got if each.act == "200"}

    def close(self) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    receiver: Receiver

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Do not mind callers who hang up."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # the body follows the head at once

    def do_GET(self) -> None:
        """Count who followed a redirect."""
        self.server.receiver.followed += 1
        self._say(200)

    def do_POST(self) -> None:
        """Take a delivery, or behave badly."""
        here = self.server.receiver
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path != "/hook":
            here.followed += 1
            self._say(200)
            return
        with here.lock:
            act = here.acts.pop(0) if here.acts else "200"
            here.got.append(self._got(raw, act, here.secret))
        name, _, argument = act.partition(":")
        getattr(self, f"_{name}", self._status)(argument or name)

    def _got(self, raw: bytes, act: str, secret: str) -> Got:
        headers = {name.lower(): value for name, value in self.headers.items()}
        is_genuine = True
        if secret:
            try:
                Webhook(secret).verify(raw, headers)
            except WebhookVerificationError:
                is_genuine = False
        signatures = tuple(headers["webhook-signature"].split(" "))
        return Got(
            headers["webhook-id"], int(headers["webhook-timestamp"]), signatures, json.loads(raw), raw, act, is_genuine
        )

    def _status(self, number: str) -> None:
        self._say(int(number))

    def _busy(self, seconds: str) -> None:
        self._say(429, **{"Retry-After": seconds})

    def _unavailable(self, seconds: str) -> None:
        self._say(503, **{"Retry-After": seconds})

    def _redirect(self, _: str) -> None:
        self._say(302, Location=f"http://{self.server.receiver.place}/internal")

    def _hang(self, _: str) -> None:
        time.sleep(3)
        self.close_connection = True

    def _drip(self, _: str) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "600")
        self.end_headers()
        for _n in range(30):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.1)

    def _reset(self, _: str) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def _garbage(self, _: str) -> None:
        self.wfile.write(b"\x00\xff not http\r\n\r\n")
        self.close_connection = True

    def _say(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""
