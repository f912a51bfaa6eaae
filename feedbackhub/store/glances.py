"""Connections for single questions: one statement each, which needs no transaction around it."""

from __future__ import annotations

import time
from contextlib import suppress

from sqlalchemy import Connection, Engine

from .sqlite import is_moved

__all__ = ["Glances", "KeptGlances"]


class Glances:
    """Takes a connection from the pool for each question, without BEGIN and ROLLBACK around it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    def take(self) -> Connection:
        """Return a connection; raises what SQLAlchemy raises when there is none."""
        return self._engine.connect()

    def give_back(self, connection: Connection, failed: bool) -> None:
        """Take a connection back, in order or not."""
        connection.close()

    def close(self) -> None:
        """Nothing is kept."""


class KeptGlances(Glances):
    """Keeps connections to a SQLite file open beside the pool: taking one there costs more than most questions.

    Whether they still stand for the file that is there is looked at once a second.
    """

    MOST = 16
    SECONDS = 1.0

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._engine = engine.execution_options(begin="")  # outside a transaction, each statement stands alone
        self._kept: list[Connection] = []
        self._looked = 0.0
        self._closed = False

    def take(self) -> Connection:
        """Return a connection to the file that is there now."""
        now = time.monotonic()
        if now - self._looked > self.SECONDS:
            self._looked = now
            self._drop_moved()
        try:
            return self._kept.pop()
        except IndexError:
            return self._engine.connect()

    def give_back(self, connection: Connection, failed: bool) -> None:
        """Keep a connection for the next question, unless something was wrong with it."""
        if failed or self._closed or len(self._kept) >= self.MOST:
            connection.close()
        else:
            self._kept.append(connection)

    def close(self) -> None:
        """Let go of all connections."""
        self._closed = True
        self._drop(self._taken())

    def _drop_moved(self) -> None:
        kept = self._taken()
        moved = [each for each in kept if is_moved(each)]
        self._kept.extend(each for each in kept if each not in moved)
        self._drop(moved)

    def _taken(self) -> list[Connection]:
        taken: list[Connection] = []
        with suppress(IndexError):
            while True:
                taken.append(self._kept.pop())  # one by one: others take and give back meanwhile
        return taken

    @staticmethod
    def _drop(connections: list[Connection]) -> None:
        for each in connections:
            each.close()
