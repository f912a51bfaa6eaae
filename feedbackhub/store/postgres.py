"""How a PostgreSQL connection is taken from the pool: looked at, without a round trip to the server."""

from __future__ import annotations

import select
import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

from .later import send_before_others
from .patience import watch_answers

#: A connection that was idle for longer is asked whether it still lives: a firewall may have forgotten it silently.
_LONG = 60.0


def prepare_postgres(engine: Engine) -> None:
    """Let nobody have a connection that the server has closed, and let statements share round trips.

    A server that ends a connection says so. Whatever waits to be read from an idle connection is most likely that, so
    only then, and after a long time, the server is asked.
    """

    @event.listens_for(engine, "checkin")
    def _returned(_raw: Any, record: Any) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _taken(raw: Any, record: Any, _proxy: Any) -> None:
        used = record.info.get("used")
        if used is None or not (time.monotonic() - used > _LONG or _speaks(raw)):
            return
        try:
            engine.dialect.do_ping(raw)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError("the server has closed the connection") from error

    send_before_others(engine)
    watch_answers(engine)


def _speaks(raw: Any) -> bool:
    """Tell whether the server has said something that nobody has asked for."""
    waiting = select.poll()
    waiting.register(raw.pgconn.socket, select.POLLIN)
    return bool(waiting.poll(0))
