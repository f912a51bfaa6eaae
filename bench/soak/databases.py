"""A database that keeps what it says it keeps: a SQLite file, or a PostgreSQL server of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.soak.tracing import tracer
from tests.services.databases import DURABLE, postgres_programs, postgres_server
from tests.services.processes import directory, free_port, unprivileged

__all__ = ["SQLITE", "Postgres", "folder", "postgres"]

#: The address of the database file in the instance's own folder.
SQLITE = ""


@dataclass(frozen=True)
class Postgres:
    """A running server.

    Args:
        url: Its address over the socket, as settings take it.
        port: Where it listens on the loopback address.
        sockets: The folder of its socket, and of its data.
    """

    url: str
    port: int
    sockets: Path

    @property
    def trace(self) -> Path:
        """What strace saw, where it was asked for."""
        return self.sockets / "trace"

    def ask(self, question: str) -> str:
        """Return the answer to a statement."""
        with psycopg.connect(f"host={self.sockets} port={self.port} user=feedbackhub dbname=postgres") as connection:
            return str(connection.execute(question.encode()).fetchall()[0][0])

    def through(self, port: int) -> str:
        """Return the address over the network, encrypted, by a port in front of the server's own."""
        return f"postgresql+psycopg://feedbackhub@127.0.0.1:{port}/postgres?sslmode=require"


@contextmanager
def postgres(traced: str = "", **options: str) -> Iterator[Postgres]:
    """Run a server with an empty database that commits durably.

    Args:
        traced: System calls that strace is to note, separated by commas; empty for a server without strace.
        options: Its settings that differ from that; with `ssl` a certificate is made.
    """
    programs = postgres_programs()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed (Debian: apt install postgresql)")
    port = free_port()
    network = {"listen_addresses": "127.0.0.1", "port": str(port)}
    before = tracer(traced, Path("trace"), "--seccomp-bpf", "-s", "70000") if traced else ()
    with ExitStack() as stack:
        encryption = stack.enter_context(_certificate()) if "ssl" in options else {}
        settings = {**DURABLE, **network, **encryption, **options}
        sockets = stack.enter_context(postgres_server(programs, before, **settings))
        try:
            yield Postgres(f"postgresql+psycopg://feedbackhub@/postgres?host={sockets}&port={port}", port, sockets)
        finally:
            if traced:  # strace keeps the signal to itself; it ends when the server has ended
                os.kill(int((sockets / "data" / "postmaster.pid").read_text("ascii").split()[0]), signal.SIGQUIT)


@contextmanager
def _certificate() -> Iterator[dict[str, str]]:
    """Make a certificate that the server's account may read, and give the settings that name it."""
    with directory("ssl") as folder:
        key, certificate = folder / "key.pem", folder / "certificate.pem"
        command: list[str | Path] = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-subj", "/CN=localhost", "-keyout", key, "-out", certificate,
        ]  # fmt: skip
        subprocess.run(unprivileged(command), check=True, capture_output=True, cwd="/")
        yield {"ssl_key_file": str(key), "ssl_cert_file": str(certificate)}


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="feedbackhub-soak-") as name:
        yield Path(name)
