"""The plugin that `docs/plugins.md` shows loads, delivers to a real HTTP server, and tells its failures apart."""

import json
import socket
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from feedbackhub import (
    AddressRefused,
    Brand,
    Channel,
    Identifier,
    Message,
    PermanentFailure,
    Receipt,
    TemporaryFailure,
    Unreachable,
)
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.http import Http
from feedbackhub.machinery.plugin_loading import load_given
from feedbackhub.machinery.plugins import Plugins
from feedbackhub.machinery.settings import HttpSettings, Settings
from tests.docs.blocks import shown_files

CLOCK = SetClock(datetime(2026, 3, 1, tzinfo=UTC))


ANSWERS = {
    "u123": (201, b'{"id": "m-1"}'), "strange": (201, b"<html>"), "down": (500, b""), "busy": (429, b""),
    "no": (400, b""),
}  # fmt: skip


class ChatSystem(ThreadingHTTPServer):
    """A chat system with one member, `u123`; everybody else is unknown, some are answered as their names say."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.posted: list[tuple[str, str, Any]] = []


class _Handler(BaseHTTPRequestHandler):
    server: ChatSystem

    def do_POST(self) -> None:
        """Take one message."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.posted.append((self.path, self.headers["Authorization"], body))
        status, answer = ANSWERS.get(body["channel_id"], (404, b'{"error": "no"}'))
        self.send_response(status)
        if status == 429:
            self.send_header("Retry-After", "90")
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
    return imported(tmp_path, "chat")


def imported(folder: Path, name: str) -> ModuleType:
    """Return a file of the page, imported."""
    path = folder / f"{name}.py"
    path.write_text(shown_files("docs/plugins.md")[path.name], encoding="utf-8")
    spec = spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("which", [line for line in shown_files("docs/plugins.md")["test_chat.py"].splitlines()
                                   if line.startswith("def test_")])  # fmt: skip
def test_its_tests_pass(
    which: str, example: ModuleType, feedbackhub_instance: Any, feedbackhub_peer: Any, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setitem(sys.modules, "chat", example)
    tests = imported(tmp_path, "test_chat")
    getattr(tests, which.removeprefix("def ").partition("(")[0])(feedbackhub_instance, feedbackhub_peer)


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
    body = {"channel_id": "u123", "message": "How was it?", "pending_post_id": "1@feedback.example.com"}
    assert chat_system.posted == [("/api/v4/posts", "Bearer s3cret", body)]


def test_an_unknown_person_is_a_permanent_failure_and_the_address_is_dead(channel: Channel) -> None:
    with pytest.raises(PermanentFailure) as failed:
        channel.deliver(message("u999"))
    assert (str(failed.value), failed.value.address_is_dead) == ("no such person", True)


def test_a_refused_message_is_a_permanent_failure_and_the_address_lives(channel: Channel) -> None:
    with pytest.raises(PermanentFailure) as failed:
        channel.deliver(message("no"))
    assert failed.value.address_is_dead is False


def test_a_broken_server_is_a_temporary_failure(channel: Channel) -> None:
    with pytest.raises(TemporaryFailure):
        channel.deliver(message("down"))


def test_a_busy_server_says_when_to_come_again(channel: Channel) -> None:
    with pytest.raises(TemporaryFailure) as failed:
        channel.deliver(message("busy"))
    assert failed.value.retry_after == timedelta(seconds=90)


def test_a_message_that_was_taken_is_not_sent_again_for_want_of_an_id(channel: Channel) -> None:
    assert channel.deliver(message("strange")) == Receipt("")


def test_no_answer_at_all_is_a_temporary_failure(example: ModuleType) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    plugins = load(example, port, url=f"http://127.0.0.1:{port}", token="s3cret")
    with pytest.raises(Unreachable):
        plugins.channels["chat"].deliver(message("u123"))


def test_an_address_inside_the_network_is_never_called(example: ModuleType, chat_system: ChatSystem) -> None:
    plugins = load(example, url=f"http://127.0.0.1:{chat_system.server_port}", token="s3cret")
    with pytest.raises(AddressRefused):
        plugins.channels["chat"].deliver(message("u123"))
    assert chat_system.posted == []


def test_the_whole_plugin_is_no_longer_than_a_page() -> None:
    assert len(shown_files("docs/plugins.md")["chat.py"].strip().splitlines()) <= 46
