"""How far a run is: reported from time to time, which also keeps it ours and tells when it is not wanted any more."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from ..contract.errors import FeedbackhubError, Unavailable
from ..contract.exports import Batch
from ..store.queries import exports as rows
from ..store.types import AnyRow
from .core import Core

__all__ = ["Progress", "Stopped", "following"]

#: Seconds between two reports.
REPORT = 2.0
#: Seconds that a plugin may spend on one batch, and on closing the file or handing it on when it has had the last one.
STALL = 120.0
CLOSING = 1800.0


class Stopped(FeedbackhubError):
    """The run was cancelled, or somebody else works on it."""


class Progress:
    """The progress of one attempt.

    Args:
        core: The instance.
        run: The run as it was claimed.
        total: How many records there are to write.
    """

    def __init__(self, core: Core, run: AnyRow, total: int) -> None:
        self._core, self._run, self._total = core, run, total
        self._rows = 0
        self._limit = STALL
        self._beat = time.monotonic()
        self._reported = 0.0
        self._stopped = False
        self.cursor = ""

    @property
    def seen(self) -> dict[str, Any]:
        """How far it is, as the row keeps it."""
        return {"rows_done": self._rows, "rows_total": self._total}

    def patience(self) -> float:
        """Report now and then, and return how many more seconds the plugin may go on without getting on."""
        now = time.monotonic()
        if now - self._reported >= REPORT:
            self._reported = now
            self._report()
        return self._limit - (now - self._beat)

    def _report(self) -> None:
        lease = self._core.clock.now() + timedelta(seconds=self._core.settings.engine.lease_seconds)
        values = {**self.seen, "lease_until": lease}
        run = self._run
        try:
            ours = self._core.store.write(lambda c: rows.change_claimed(c, run.id, run.attempt, values))
        except Unavailable:
            return  # the lease is long enough for a few of these
        self._stopped = self._stopped or not ours

    def begin(self) -> None:
        """Note that the plugin asks for a batch.

        Raises:
            Stopped: Nobody wants it any more.
        """
        if self._stopped:
            raise Stopped("the export was stopped")

    def taken(self, batch: Batch) -> None:
        """Note that the plugin has written a batch and asks for the next one."""
        self._rows += batch.length
        self.cursor = batch.cursor
        self._beat = time.monotonic()

    def begin_closing(self) -> None:
        """Note that there are no more batches: what is left is closing the file and handing it on."""
        self._limit, self._beat = CLOSING, time.monotonic()


def following(progress: Progress, batches: Iterator[Batch]) -> Iterator[Batch]:
    """Yield the batches while noting how far the plugin is.

    Raises:
        Stopped: The run is not wanted any more.
    """
    for batch in batches:
        progress.begin()
        yield batch
        progress.taken(batch)
    progress.begin()
    progress.begin_closing()
