"""SMTP servers, channels that speak to them, and a clock that stands still."""

import logging
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from feedbackhub.machinery.clock import SetClock
from feedbackhub_plugins.email import EmailChannel, Settings
from tests.mail.smtp_server import Running, Server

Serve = Callable[..., Server]
Connect = Callable[..., EmailChannel]


@pytest.fixture
def clock() -> SetClock:
    """A clock that stands still."""
    return SetClock(datetime(2026, 3, 2, 9, 30, tzinfo=UTC))


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of our own making for the loopback address; its key lies beside it."""
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
            "-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem"),
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder / "certificate.pem"


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    """The server's side of TLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    return context


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start SMTP servers that live as long as the test."""
    with ExitStack() as running:

        def start(**options: Any) -> Server:
            server = Server()
            controller = Running(server, **options)
            controller.start()
            running.callback(controller.stop)
            server.port, server.loop = controller.port, controller.loop
            # aiosmtpd has just connected once itself.
            server.connections = 0
            return server

        yield start


@pytest.fixture
def connect(clock: SetClock) -> Iterator[Connect]:
    """Make channels to a server that are closed at the end of the test."""
    with ExitStack() as open_channels:

        def make(server: Server, **options: Any) -> EmailChannel:
            given = {"host": "127.0.0.1", "port": server.port, "security": "none", "timeout": 5,
                     "sender": "Shop <shop@example.org>", "hostname": "test.example.org"}  # fmt: skip
            channel = EmailChannel(Settings.model_validate(given | options), clock, logging.getLogger("test"))
            open_channels.callback(channel.close)
            return channel

        yield make
