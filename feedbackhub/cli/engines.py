"""What runs beside a command for as long as it lasts: an engine, or only what every process has to write down."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from ..contract.errors import Unavailable
from ..loop.core import Core
from ..loop.engine import Engine
from ..loop.notes import Notes
from ..loop.pulse import stop
from ..loop.steady import Steady

__all__ = ["noting", "sending"]

log = logging.getLogger(__name__)


@contextmanager
def sending(core: Core) -> Iterator[Engine]:
    """Run an engine; at the end it finishes what it is sending and gives back what it has not begun.

    Raises:
        NeedsPostgres: The runner does not work on SQLite.
        Unavailable: What the runner needs is not installed.
    """
    engine = Engine(core, Steady(core.clock))
    engine.start()
    try:
        yield engine
    finally:
        engine.stop()
        try:
            stop(core)
        except Unavailable as error:
            log.info("others find out by the clock that this engine has ended: %s", error)


@contextmanager
def noting(core: Core) -> Iterator[None]:
    """Write down now and then what this process's plugins did, without sending anything."""
    notes = Notes(core)
    notes.start()
    try:
        yield
    finally:
        notes.stop()
