"""Snapshots: reports that read records, made by one process at a time and kept in the database for all.

A claim is stored before anything is read for a report, and erasing a person removes claims and reports alike: what is
kept was read after the last erasing, whatever went on at the same time.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..contract.errors import Unavailable
from ..contract.reports import Report
from ..machinery.clock import Clock
from ..machinery.links import new_public_id
from ..store.queries import snapshots as rows
from ..store.queries.snapshots import Claim
from ..store.store import Store
from ..version import __version__
from .report_json import BadReport, read_report, report_json

__all__ = ["KEPT", "MOST", "MOST_CHARACTERS", "Snapshot", "Snapshots"]

#: How long a report is kept, whether or not somebody looks at it.
KEPT = timedelta(days=7)
#: How many are kept at most, and how many characters they have together.
MOST, MOST_CHARACTERS = 500, 64 << 20
#: How long a claim stands when whoever made it is gone, and how often one who is there renews it.
LEASE, RENEWED = timedelta(seconds=30), 10.0
_PAUSE = 0.25
_TRIES = 3


@dataclass(frozen=True)
class Snapshot:
    """A kept report.

    Args:
        report: The report, which says of when it is.
        made_at: When its making began.
        renewed: Whether a newer one is being made.
    """

    report: Report
    made_at: datetime
    renewed: bool


class Snapshots:
    """Keeps reports for one instance.

    Args:
        store: Where.
        clock: Tells how old they are.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def find(self, analysis: str, asked: str) -> Snapshot | None:
        """Return a kept report, None when there is none.

        Args:
            analysis: Which one.
            asked: All that it depends on beside what is recorded, as text.
        """
        with self._store.read() as connection:
            row = rows.kept(connection, analysis, _digest(asked))
        if row is None or row.report is None:
            return None
        try:
            report = read_report(row.report)
        except BadReport:
            return None  # of a release that wrote it in another way
        as_of = report.as_of or row.made_at
        return Snapshot(replace(report, as_of=as_of), row.made_at, self._is_held(row.held_until))

    def being_made(self, analysis: str, asked: str) -> bool:
        """Tell whether some process makes a report at this moment."""
        with self._store.read() as connection:
            row = rows.kept(connection, analysis, _digest(asked))
        return row is not None and self._is_held(row.held_until)

    def make(self, analysis: str, asked: str, before: datetime | None, make: Callable[[], Report]) -> None:
        """Make and keep a report, or wait until the process that makes it already is done.

        Args:
            analysis: Which one.
            asked: As in `find`.
            before: When the one was made that is not wanted any more, None for none: a newer one is taken.
            make: Makes it.

        Raises:
            Unavailable: People were erased again and again while it was made.
            Whatever `make` raises.
        """
        digest = _digest(asked)
        if before is None:  # or what is kept cannot be read
            before = self._made_at(analysis, digest)
        for _ in range(_TRIES):
            claimed = self._claimed(Claim(analysis, digest, new_public_id()), before)
            if claimed is None or self._made(claimed, make):
                return
        raise Unavailable("what the report rests on was erased while it was made; try again")

    def _claimed(self, wanted: Claim, before: datetime | None) -> Claim | None:
        """Return the claim once it stands, None when somebody else has made the report meanwhile."""
        while True:
            now = self._clock.now()
            claimed = self._store.write(lambda connection, now=now: rows.claim(connection, wanted, now, now + LEASE))  # type: ignore[misc]
            if self._made_at(wanted.analysis, wanted.digest) not in (None, before):
                if claimed:
                    self._store.write(lambda connection: rows.let_go(connection, wanted))
                return None
            if claimed:
                return wanted
            time.sleep(_PAUSE)

    def _made(self, claimed: Claim, make: Callable[[], Report]) -> bool:
        """Make a report under a claim, and tell whether the claim still stood when it was there."""
        began = self._clock.now()
        try:
            with self._held(claimed):
                text = report_json(make())
        except BaseException:
            self._store.write(lambda connection: rows.let_go(connection, claimed))
            raise
        return self._store.write(lambda connection: rows.keep(connection, claimed, text, began))

    @contextmanager
    def _held(self, claimed: Claim) -> Iterator[None]:
        """Keep a claim for as long as the work takes."""
        over = threading.Event()

        def renew() -> None:
            while not over.wait(RENEWED):
                until = self._clock.now() + LEASE
                with suppress(Unavailable):  # tried again in a moment; if it never works, another process takes over
                    self._store.write(lambda connection, until=until: rows.hold(connection, claimed, until))  # type: ignore[misc]

        renewing = threading.Thread(target=renew, name="feedbackhub-snapshot", daemon=True)
        renewing.start()
        try:
            yield
        finally:
            over.set()
            renewing.join()

    def _made_at(self, analysis: str, digest: str) -> datetime | None:
        with self._store.read() as connection:
            row = rows.kept(connection, analysis, digest)
        return None if row is None else row.made_at

    def _is_held(self, until: datetime | None) -> bool:
        return until is not None and until > self._clock.now()


def _digest(asked: str) -> str:
    # Another release may answer the same question differently.
    return hashlib.sha256(f"{__version__}\n{asked}".encode()).hexdigest()
