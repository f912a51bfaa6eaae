"""The application behind a real port, for a real browser."""

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from feedbackhub.cli import server as serving
from feedbackhub.cli.server import Server

Live = Callable[[Flask], str]


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    """Serve applications on free ports until the test ends; each call returns an address without a slash at its end."""
    # A browser keeps its connections, and brings nothing more over them when the test has ended.
    monkeypatch.setattr(serving, "LOOK", 0.05)
    monkeypatch.setattr(serving, "GRACE", 0.05)
    running: list[tuple[Server, threading.Thread]] = []

    def serve(app: Flask) -> str:
        server = Server(app, "127.0.0.1", 0, 1 << 20, threads=4)
        thread = threading.Thread(target=server.run, kwargs={"patience": 1.0}, daemon=True)
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{server.port}"

    yield serve
    for server, thread in running:
        server.stop()
        thread.join(timeout=10)
