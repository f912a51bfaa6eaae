"""The plugin that `docs/plugins.md` shows loads, delivers to a real HTTP server, and tells its failures apart."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from feedbackhub import Brand, Channel, Identifier, Message, PermanentFailure, Receipt, TemporaryFailure
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.http import Http
from feedbackhub.machinery.plugin_loading import load_given
from feedbackhub.machinery.plugins import Plugins
from feedbackhub.machinery.settings import HttpSettings, Settings
from tests.docs.blocks import blocks

CLOCK = SetClock(datetime(2026, 3, 1, tzinfo=UTC))


class ChatSystem(ThreadingHTTPServer):
    """A chat system with one member, `u123`; everybody else is unknown, and `down` is down."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.posted: list[tuple[str, str, Any]] = []


class _Handler(BaseHTTPRequestHandler):
    server: ChatSystem

    def do_POST(self) -> None:
        """Take one message."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.posted.append((self.path, self.headers["Authorization"], body))
        status = {"u123": 201, "down": 500}.get(body["to"], 404)
        answer = json.dumps({"id": "m-1"} if status == 201 else {"error": "no"}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def chat_system() -> Iterator[ChatSystem]:
    with ChatSystem() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def example(tmp_path: Path) -> ModuleType:
    """The page's example, imported from a file as an author would have written it."""
    (block,) = blocks("docs/plugins.md", "python")
    path = tmp_path / "our_chat.py"
    path.write_text(block.text, encoding="utf-8")
    spec = spec_from_file_location("our_chat", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load(example: ModuleType, port: int = 0, **section: str) -> Plugins:
    http = Http(HttpSettings(allow=(f"127.0.0.1:{port}",) if port else ()), CLOCK)
    settings = Settings(plugins={"chat": section} if section else {})
    return load_given(settings, CLOCK, http, {"chat": example})


@pytest.fixture
def channel(example: ModuleType, chat_system: ChatSystem) -> Channel:
    port = chat_system.server_port
    plugins = load(example, port, url=f"http://127.0.0.1:{port}", token="s3cret")
    assert [(each.name, each.state, each.reason) for each in plugins.states] == [("chat", "active", "")]
    return plugins.channels["chat"]


def message(to: str) -> Message:
    link = "https://feedback.example.com/s/x"
    return Message(
        id="1@feedback.example.com", kind="first", to=Identifier("chat", to), name="Ann", language="en",
        direction="ltr", subject="How was it?", text="How was it?", html="<p>How was it?</p>", link=link,
        stop_link=f"{link}/stop", choices=(), brand=Brand("default", "Example"),
    )  # fmt: skip


def test_it_says_what_is_missing_until_it_is_configured(example: ModuleType) -> None:
    (state,) = load(example).states
    assert (state.state, state.hooks) == ("unconfigured", ())
    assert "plugins.chat.url" in state.reason


def test_the_message_is_posted_and_its_id_is_the_receipt(channel: Channel, chat_system: ChatSystem) -> None:
    assert channel.deliver(message("u123")) == Receipt("m-1")
    assert chat_system.posted == [("/messages", "Bearer s3cret", {"to": "u123", "text": "How was it?"})]


def test_an_unknown_person_is_a_permanent_failure_and_the_address_is_dead(channel: Channel) -> None:
    with pytest.raises(PermanentFailure) as failed:
        channel.deliver(message("u999"))
    assert (str(failed.value), failed.value.address_is_dead) == ("no such person", True)


def test_a_broken_server_is_a_temporary_failure(channel: Channel) -> None:
    with pytest.raises(TemporaryFailure):
        channel.deliver(message("down"))
