"""Carried: what a Celery worker does with a message, which names tasks by number and attempt."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from ..contract.errors import FeedbackhubError
from ..store.queries import claiming
from ..store.types import AnyRow
from .core import Core
from .keeper import Keeper
from .notes import Notes
from .pulse import CELERY_WORKER
from .starting import give_back, start_noted
from .work import work

__all__ = ["Carried"]

log = logging.getLogger(__name__)


class Carried:
    """Works on what arrives, one task after the other.

    That each begins is noted first: a message may arrive twice, or late, and what is not this attempt's is let alone.

    Args:
        core: The instance.
        leaving: Tells whether this worker is to end: what it has not begun it then gives back.
    """

    def __init__(self, core: Core, leaving: Callable[[], bool]) -> None:
        self.core, self._leaving = core, leaving
        self._keeper = Keeper(core)
        self._notes = Notes(core, CELERY_WORKER)

    def start(self) -> None:
        """Begin to hold what is being worked on."""
        self._keeper.start()
        self._notes.start()

    def close(self) -> None:
        """Let go of everything."""
        self._keeper.stop()
        self._notes.stop()
        self.core.close()

    def work(self, tasks: Sequence[claiming.Held]) -> int:
        """Do the tasks of a message and return how many were begun.

        Args:
            tasks: Numbers and attempts.
        """
        begun = 0
        try:
            for place, held in enumerate(tasks):
                if self._leaving():
                    self._give_back(tasks[place:])
                    break
                begun += self._one(held)
        except FeedbackhubError as error:
            log.warning("tasks come back when their leases end: %s", error)
        return begun

    def _one(self, held: claiming.Held) -> bool:
        row = self._row(held)
        claim = start_noted(self.core, row) if row is not None else None
        if row is None or claim is None:
            return False
        with self._keeper.holding(claim):
            work(self.core, row, claim)
        return True

    def _row(self, held: claiming.Held) -> AnyRow | None:
        with self.core.store.read() as connection:
            return claiming.claimed(connection, held)

    def _give_back(self, tasks: Sequence[claiming.Held]) -> None:
        give_back(self.core, [row for held in tasks if (row := self._row(held)) is not None])
