"""The least that a durable answer can cost here: a bare Flask page behind the same server, with one writing thread.

Nothing is looked up, checked, translated or told to anybody: a form is read, and an answer's rows and one of an outbox
are written in raw SQL by a thread that commits whatever waits with one fsync. ``python -m bench.bare PORT FOLDER``.
"""

from __future__ import annotations

import queue
import sqlite3
import sys
import threading
from concurrent.futures import Future
from pathlib import Path

from flask import Flask, redirect, request
from werkzeug.wrappers import Response

from feedbackhub.cli.server import Server, stopped_by_signals

_TABLES = """
CREATE TABLE response (id INTEGER PRIMARY KEY, invitation TEXT UNIQUE, answers TEXT, created_at TEXT);
CREATE TABLE answer (response_id INTEGER, question TEXT, value TEXT, PRIMARY KEY (response_id, question));
CREATE TABLE task (id INTEGER PRIMARY KEY, kind TEXT, reference INTEGER, due_at TEXT);
"""
_GROUP = 64
_Job = tuple[str, dict[str, str], "Future[int]"]


class Writer(threading.Thread):
    """Writes answers, many with one commit."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        self.jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._path = path

    def run(self) -> None:
        """Write whatever comes, for ever."""
        database = sqlite3.connect(self._path, isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.executescript(_TABLES)
        while True:
            group = [self.jobs.get()]
            while len(group) < _GROUP and not self.jobs.empty():
                group.append(self.jobs.get())
            database.execute("BEGIN IMMEDIATE")
            numbers = [_write(database, invitation, answers) for invitation, answers, _ in group]
            database.execute("COMMIT")
            for number, (_, _, done) in zip(numbers, group, strict=True):
                done.set_result(number)


def _write(database: sqlite3.Connection, invitation: str, answers: dict[str, str]) -> int:
    at = "2026-01-01 00:00:00"
    insert = "INSERT INTO response (invitation, answers, created_at) VALUES (?, ?, ?) RETURNING id"
    number: int = database.execute(insert, (invitation, str(answers), at)).fetchone()[0]
    database.executemany("INSERT INTO answer VALUES (?, ?, ?)", [(number, *each) for each in answers.items()])
    database.execute("INSERT INTO task (kind, reference, due_at) VALUES ('tell', ?, ?)", (number, at))
    return number


def bare_app(folder: Path) -> Flask:
    """Return the application."""
    app, writer = Flask("bare"), Writer(folder / "bare.db")
    writer.start()

    @app.get("/")
    def hello() -> str:
        return "hello"

    @app.post("/s/<token>")
    def take(token: str) -> Response:
        done: Future[int] = Future()
        writer.jobs.put((token, dict(request.form), done))
        done.result()
        return redirect(f"/s/{token}/thanks", 303)

    return app


if __name__ == "__main__":
    server = Server(bare_app(Path(sys.argv[2])), "127.0.0.1", int(sys.argv[1]), 1_000_000)
    with stopped_by_signals(server):
        server.run()
