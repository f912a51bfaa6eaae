"""The runner `celery`: claimed tasks go to workers on any machine, as numbers; those store what comes of them."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from itertools import groupby

from ..contract.errors import FeedbackhubError
from ..store.types import AnyRow
from .core import Core
from .runner import CORE_LANES, Pool, is_plugins
from .starting import give_back
from .wire import PLUGINS_QUEUE, QUEUE, WORK, new_celery, urgency

__all__ = ["CeleryRunner", "NeedsPostgres"]

log = logging.getLogger(__name__)
#: Seconds that nothing is claimed after the broker did not take something.
_REST = 2.0
#: Into how many messages a claim is split at least, so that one worker does not get all of it.
_SPREAD = 8


class NeedsPostgres(FeedbackhubError):
    """SQLite serves one process."""


class CeleryRunner:
    """Hands tasks to Celery workers, and never more than they are about to begin.

    Args:
        core: The instance.

    Raises:
        NeedsPostgres: The database is SQLite.
        Unavailable: Celery is not installed.
    """

    name = "celery"
    counts = True

    def __init__(self, core: Core) -> None:
        if core.store.is_sqlite:
            raise NeedsPostgres(
                'SQLite takes one process: for runner = "celery", set database to a PostgreSQL address'
            )
        self._core = core
        self._most = core.settings.engine.handed_over
        self._batch = core.settings.engine.batch
        self._celery = new_celery(core.settings.engine)
        self._rests_until = 0.0
        self._away = False
        self._stopped = False

    def start(self) -> None:
        """Nothing runs in this process."""
        self._stopped = False

    def pools(self, lanes: Sequence[str], under_way: Mapping[str, int]) -> list[Pool]:
        """Return how much more may be handed over: a quarter for the core's own work, the rest for all others.

        Of that rest no plugin gets more than a quarter, and no channel more than three.
        """
        if self._stopped or time.monotonic() < self._rests_until:
            return []
        own = self._most // 4
        others = self._most - own
        each = {lane: others // 4 if is_plugins(lane) else others * 3 // 4 for lane in lanes if lane not in CORE_LANES}
        mine = sum(n for lane, n in under_way.items() if lane in CORE_LANES)
        return [
            Pool({lane: own for lane in lanes if lane in CORE_LANES}, own - mine),
            Pool(
                {lane: most - under_way.get(lane, 0) for lane, most in each.items()},
                others - (sum(under_way.values()) - mine),
            ),
        ]

    def take(self, rows: Sequence[AnyRow]) -> None:
        """Hand claimed tasks to the broker; while it is away they are given back and nothing more is claimed."""
        ordered = sorted(rows, key=_address)
        messages = [
            (address, part) for address, group in groupby(ordered, _address) for part in self._parts(list(group))
        ]
        for number, ((queue, priority), part) in enumerate(messages):
            try:
                self._send(queue, priority, part)
            except Exception as error:  # the transport's own, of many kinds
                self._lost(error)
                # The one that failed, too: should it have arrived all the same, it finds itself given back.
                give_back(self._core, [row for _, each in messages[number:] for row in each])
                return
        if self._away:
            self._away = False
            log.warning("the broker is back")

    def _parts(self, rows: Sequence[AnyRow]) -> list[Sequence[AnyRow]]:
        size = max(1, min(self._batch, len(rows) // _SPREAD))
        return [rows[at : at + size] for at in range(0, len(rows), size)]

    def _send(self, queue: str, priority: int, rows: Sequence[AnyRow]) -> None:
        pairs = [[row.id, row.attempt] for row in rows]
        self._celery.send_task(WORK, args=[pairs], queue=queue, priority=priority, retry=False, ignore_result=True)

    def _lost(self, error: Exception) -> None:
        self._rests_until = time.monotonic() + _REST
        if not self._away:
            self._away = True
            log.warning("the broker does not answer (%s); work waits for it", type(error).__name__)
        try:
            self._celery.close()  # connections that hang are not used again
        except Exception as wrong:
            log.info("the broker's connections could not be closed: %s", type(wrong).__name__)

    def stop(self) -> None:
        """Hand nothing more over; what was handed over is the workers'."""
        self._stopped = True

    def wait(self, seconds: float) -> bool:
        """Let go of the broker."""
        try:
            self._celery.close()
        except Exception as wrong:
            log.info("the broker's connections could not be closed: %s", type(wrong).__name__)
        return True


def _address(row: AnyRow) -> tuple[str, int]:
    return (PLUGINS_QUEUE if is_plugins(row.lane) else QUEUE), urgency(row.priority)
