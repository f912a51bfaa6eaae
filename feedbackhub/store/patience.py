"""No wait for an answer of PostgreSQL that never comes.

A network may swallow what passes through it and still keep connections open; a statement's answer is then waited for
for ever, and each such wait holds a thread. How long an answer may take cannot be said: a report or an upgrade may well
take minutes. So whoever has waited for a while asks the server over a new connection whether it still works on the
statement, and gives up when it does not, or does not answer that either.
"""

from __future__ import annotations

import secrets
import time
import weakref
from collections.abc import Generator
from typing import Any

from sqlalchemy import Engine, event

__all__ = ["watch_answers"]

#: Seconds without a byte after which somebody looks.
SILENCE = 4.0
_LOOK = 2
#: For what the network itself can find out: unanswered packets and dead peers, in seconds, milliseconds and times.
_NETWORK = {
    "tcp_user_timeout": 8000, "keepalives": 1, "keepalives_idle": 10, "keepalives_interval": 2, "keepalives_count": 3,
}  # fmt: skip
# What waits for us to send or to take something has not heard us, or is not heard by us.
_AT_WORK = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE application_name = %s AND state = 'active' AND wait_event_type IS DISTINCT FROM 'Client'"
)


def watch_answers(engine: Engine) -> None:
    """Let every connection of an engine give up on answers that will not come.

    Args:
        engine: One of PostgreSQL's, before it is used.
    """
    given: dict[str, Any] = {}

    @event.listens_for(engine, "do_connect")
    def _connecting(_dialect: Any, _record: Any, _cargs: Any, cparams: dict[str, Any]) -> None:
        given.update(cparams)
        for name, value in _NETWORK.items():
            cparams.setdefault(name, value)
        # A name of its own finds the connection again, also behind a pooler, where the process' number is another one.
        cparams["application_name"] = f"feedbackhub-{secrets.token_hex(8)}"

    @event.listens_for(engine, "connect")
    def _connected(raw: Any, _record: Any) -> None:
        raw.wait = _Wait(raw, engine.dialect.loaded_dbapi, given)


class _Wait:
    """What takes the place of a connection's own waiting."""

    def __init__(self, raw: Any, driver: Any, given: dict[str, Any]) -> None:
        self._raw = weakref.ref(raw)  # a circle would keep connections that somebody forgot to close
        self._waits, self._driver, self._given = type(raw).wait, driver, given
        self._name = raw.info.parameter_status("application_name")

    def __call__(self, steps: Generator[Any, Any, Any], *args: Any, **kwargs: Any) -> Any:
        """Wait for what the driver's steps wait for, as the driver does."""
        return self._waits(self._raw(), self._watched(steps), *args, **kwargs)

    def _watched(self, steps: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        heard = time.monotonic()
        try:
            wanted = next(steps)
            while True:
                ready = yield wanted
                if ready:
                    heard = time.monotonic()
                elif time.monotonic() - heard > SILENCE:
                    self._look()
                    heard = time.monotonic()
                wanted = steps.send(ready)
        except StopIteration as end:
            return end.value

    def _look(self) -> None:
        """Go on waiting only when the server says that it works on the statement."""
        if not self._at_work():
            raw = self._raw()
            if raw is not None:
                raw.pgconn.finish()
            raise self._driver.OperationalError("the server's answer was lost on the way")

    def _at_work(self) -> bool:
        asked = {**self._given, **_NETWORK, "connect_timeout": _LOOK, "application_name": "feedbackhub-look"}
        asked["options"] = f"-c statement_timeout={_LOOK * 1000}"
        try:
            connection = self._driver.connect(**asked, autocommit=True)
        except self._driver.Error:
            return False
        try:
            return bool(_within(connection, _LOOK).execute(_AT_WORK, (self._name,)).fetchone()[0])
        except self._driver.Error:
            return False
        finally:
            connection.close()


def _within(connection: Any, seconds: float) -> Any:
    """Let a connection wait no longer than that for each answer, and return it."""
    waits, error = connection.wait, type(connection).OperationalError

    def hurried(steps: Generator[Any, Any, Any], *args: Any, **kwargs: Any) -> Any:
        return waits(_limited(steps, time.monotonic() + seconds, error), *args, **kwargs)

    connection.wait = hurried
    return connection


def _limited(steps: Generator[Any, Any, Any], until: float, error: type[Exception]) -> Generator[Any, Any, Any]:
    try:
        wanted = next(steps)
        while True:
            ready = yield wanted
            if not ready and time.monotonic() > until:
                raise error("no answer in time")
            wanted = steps.send(ready)
    except StopIteration as end:
        return end.value
