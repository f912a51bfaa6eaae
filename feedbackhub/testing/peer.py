"""Another system: a real HTTP server on this machine that answers as told and remembers what it was asked."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

__all__ = ["Peer", "Seen"]


@dataclass(frozen=True)
class Seen:
    """One request as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.body)

    @property
    def form(self) -> Mapping[str, str]:
        """The body read as form fields."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass
class _Answer:
    status: int
    body: bytes
    headers: Mapping[str, str]
    seconds: float
    times: int | None = None


@dataclass
class _Script:
    answers: dict[tuple[str, str], list[_Answer]] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)


class Peer:
    """Serves from when it is made until `close`.

    Attributes:
        seen: All requests so far.
    """

    def __init__(self) -> None:
        self._script = _Script()
        self._server = _Server(self._script)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def place(self) -> str:
        """Host and port, as ``[http] allow`` wants them."""
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return f"http://{self.place}"

    @property
    def seen(self) -> list[Seen]:
        """All requests so far."""
        return self._script.seen

    def answers(
        self,
        method: str,
        path: str,
        body: Any = b"",
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        seconds: float = 0,
        times: int | None = None,
    ) -> None:
        """Say how to answer from now on; what nothing was said about is answered with 404.

        Args:
            method: The method.
            path: The path, without its query; ``*`` for every path.
            body: Bytes, or anything else to be written as JSON.
            status: The status.
            headers: Header fields.
            seconds: How long to wait before answering.
            times: For how many requests, before what was said earlier holds again; None for all.
        """
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = {} if isinstance(body, bytes) else {"Content-Type": "application/json"}
        answer = _Answer(status, raw, {**kind, **(headers or {})}, seconds, times)
        self._script.answers.setdefault((method, path), []).append(answer)

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, script: _Script) -> None:
        self.script = script
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def next_answer(self, method: str, path: str) -> _Answer:
        with self.lock:
            for key in ((method, path), (method, "*")):
                for answer in reversed(self.script.answers.get(key, [])):
                    if answer.times is None:
                        return answer
                    if answer.times > 0:
                        answer.times -= 1
                        return answer
        return _Answer(404, b"", {}, 0)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    # Head and body are two packets: the second would wait 40 ms for the other side to say that it has the first.
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        with self.server.lock:
            self.server.script.seen.append(Seen(self.command, parts.path, query, headers, body))
        answer = self.server.next_answer(self.command, parts.path)
        time.sleep(answer.seconds)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""
