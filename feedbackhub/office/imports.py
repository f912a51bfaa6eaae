"""Bringing history from files: resumable, idempotent, and asking nobody unless told to."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection

from ..contract.errors import Problem, Refused
from ..loop.core import Core
from ..loop.gesture_kinds import kinds_of
from ..loop.intake import record_contact
from ..loop.shelf import Version
from ..store.queries import imports
from .import_contacts import Memory, store_contacts
from .import_errors import ErrorFile
from .import_file import Bad, Layout, Row, Rows, layout_of
from .import_gestures import about, store_gestures
from .import_mapping import Mapped, PlannedMapping, kinds
from .import_rows import ContactRow, GestureRow, Reader

__all__ = ["Imported", "Order", "run_import"]

_BATCH = 200


@dataclass(frozen=True)
class Order:
    """What to import, and how.

    Args:
        kind: ``contacts``, ``responses`` or ``gestures``.
        path: The file.
        mapping: Which column says what.
        survey: Survey of answers whose row names none.
        errors: Where errors are written; beside the file unless given.
        encoding: The file's encoding; empty: by its first bytes.
        delimiter: Between cells; empty: by the header.
        dry_run: Check everything, store nothing.
        ask: Take contacts as if they had just ended: decide on each, and ask.
        again: Go through a file that was imported to its end before.
    """

    kind: str
    path: Path
    mapping: PlannedMapping = field(default_factory=PlannedMapping)
    survey: str = "post-contact"
    errors: Path | None = None
    encoding: str = ""
    delimiter: str = ""
    dry_run: bool = False
    ask: bool = False
    again: bool = False


@dataclass(frozen=True)
class Imported:
    """What became of an import.

    Args:
        rows: Rows of the file that were looked at, earlier runs included.
        counts: ``created``, ``known``, ``answers``, ``asked`` and ``errors``.
        resumed_after: The row after which this run went on, 0 when it began at the beginning.
        finished_before: The file had been imported to its end before, so nothing was done.
        unused: Columns that said nothing to this import.
        errors: Where the errors are, None when there are none.
    """

    rows: int
    counts: Mapping[str, int]
    resumed_after: int = 0
    finished_before: bool = False
    unused: tuple[str, ...] = ()
    errors: Path | None = None


class _RolledBack(Exception):
    """Ends a dry run's transaction; carries what would have been stored."""

    def __init__(self, outcome: Counter[str]) -> None:
        super().__init__("dry run")
        self.outcome = outcome


def run_import(core: Core, order: Order, tell: Callable[[float], None]) -> Imported:
    """Import a file, going on where an interrupted run of the same file stopped.

    Args:
        core: The instance.
        order: What and how.
        tell: Is told now and then which share of the file is done.

    Raises:
        Refused: The file or the mapping cannot be used as a whole; nothing was stored.
        Unavailable: The storage cannot take it now; a later run goes on from there.
    """
    if order.ask and order.kind != "contacts":
        raise Refused(Problem("ask", "goes with contacts only"))
    kind = kinds[order.kind]
    layout = layout_of(order.path, order.encoding, order.delimiter)
    mapped = order.mapping.for_file(kind, layout.columns, core.settings.timezone)
    errors = ErrorFile(order.errors or order.path.with_name(order.path.name + ".errors.csv"))
    run = _Run(core, order, mapped, layout, errors)
    return run.go(tell)


class _Run:
    """One import under way."""

    def __init__(self, core: Core, order: Order, mapped: Mapped, layout: Layout, errors: ErrorFile) -> None:
        self._core, self._order, self._mapped, self._layout, self._errors = core, order, mapped, layout, errors
        self._now = core.clock.now()
        self._reader = Reader(
            mapped, order.path.name, core.settings.default_region, order.survey, self._find_survey, self._now,
            kinds_of(core.settings),
        )  # fmt: skip
        self._known = Memory()
        self._met = Memory()
        self._run_id = 0
        self._counts: Counter[str] = Counter()

    def go(self, tell: Callable[[float], None]) -> Imported:
        """Work through the file."""
        done, finished = self._begin()
        unused = tuple(self._mapped.unused(self._layout.columns))
        if finished:
            return Imported(done, dict(self._counts), done, True, unused)
        self._errors.begin(done)
        rows = Rows(self._order.path, self._layout)
        last = done
        for batch in _batches(rows, done):
            self._take(batch)
            last = batch[-1].number
            tell(rows.done)
        self._finish()
        tell(1.0)
        where = self._errors.path if self._counts["errors"] else None
        return Imported(last, dict(self._counts), done, False, unused, where)

    def _begin(self) -> tuple[int, bool]:
        """Return after which row to go on, and whether there is nothing to do."""
        if self._order.dry_run:
            return 0, False
        order = self._order
        file, digest = order.path.name[:200], _digest(order, self._mapped)
        run = self._core.store.write(lambda c: imports.begin(c, order.kind, file, digest, self._now))
        self._run_id = run.id
        if run.ended_at is not None and order.again:
            clean = {"rows_done": 0, "counts": {}, "ended_at": None}
            self._core.store.write(lambda c: imports.change_run(c, run.id, **clean))
            return 0, False
        self._counts = Counter(run.counts)
        return run.rows_done, run.ended_at is not None

    def _finish(self) -> None:
        if not self._order.dry_run:
            self._core.store.write(lambda c: imports.change_run(c, self._run_id, ended_at=self._core.clock.now()))

    def _find_survey(self, name: str) -> Version | None:
        with self._core.store.read() as connection:
            return self._core.shelf.newest(connection, name)

    def _take(self, batch: Sequence[Row | Bad]) -> None:
        bad = [row for row in batch if isinstance(row, Bad)]
        readable = [row for row in batch if isinstance(row, Row)]
        if self._order.kind == "gestures":
            store, found = self._gestures(readable)
        else:
            store, found = self._contacts(readable)
        bad = sorted([*bad, *found], key=lambda each: each.number)
        self._errors.add(bad)
        self._counts += self._stored(store, Counter(errors=len(bad)), batch[-1].number)

    def _stored(self, store: Callable[[Connection], Counter[str]], more: Counter[str], last: int) -> Counter[str]:
        """Store a batch together with how far the import is."""

        def run(connection: Connection) -> Counter[str]:
            outcome = store(connection) + more
            if self._order.dry_run:
                raise _RolledBack(outcome)
            counts = dict(self._counts + outcome)
            imports.change_run(connection, self._run_id, rows_done=last, counts=counts)
            return outcome

        try:
            outcome = self._core.store.write(run)
        except _RolledBack as rolled_back:
            return rolled_back.outcome
        self._known.take(self._met)
        return outcome

    def _gestures(self, rows: Sequence[Row]) -> tuple[Callable[[Connection], Counter[str]], list[Bad]]:
        read = [self._reader.gesture(row) for row in rows]
        good = [row for row in read if isinstance(row, GestureRow)]
        with self._core.store.read() as connection:
            column = self._mapped.column_of("contact.external_id")
            good, strange, contacts = about(connection, self._core, good, column)

        def store(connection: Connection) -> Counter[str]:
            created = store_gestures(connection, self._core, good, contacts, self._now)
            return Counter(created=created, known=len(good) - created)

        return store, [row for row in read if isinstance(row, Bad)] + strange

    def _contacts(self, rows: Sequence[Row]) -> tuple[Callable[[Connection], Counter[str]], list[Bad]]:
        read = [self._reader.contact(row) for row in rows]
        good = [row for row in read if isinstance(row, ContactRow)]
        bad = [row for row in read if isinstance(row, Bad)]
        if self._order.ask:
            counts, refused = self._asked(good)
            return lambda connection: counts, bad + refused
        good, answered = self._without_own_asks(good)
        return partial(self._store_contacts, good), bad + answered

    def _without_own_asks(self, rows: Sequence[ContactRow]) -> tuple[list[ContactRow], list[Bad]]:
        """Keep apart answers to contacts that feedbackhub itself asked about: they belong to that invitation."""
        keys = {(row.event.source, row.event.external_id) for row in rows if row.answer or row.gesture}
        with self._core.store.read() as connection:
            before = imports.newest_contacts(connection, keys)
        nobody = {key for key, old in before.items() if old.customer_id is None}
        asked = {key for key, old in before.items() if old.invitation_id is not None and not old.asked_by_import}
        good, bad = [], []
        for row in rows:
            key = (row.event.source, row.event.external_id)
            if row.answer is not None and key in asked:
                bad.append(Bad(row.row.number, row.row.line, "", "feedbackhub has asked about this contact itself"))
            elif row.gesture is not None and key in nobody:
                column = self._mapped.column_of("gesture.kind")
                bad.append(Bad(row.row.number, row.row.line, column, "its contact was recorded without a customer"))
            else:
                good.append(row)
        return good, bad

    def _store_contacts(self, rows: Sequence[ContactRow], connection: Connection) -> Counter[str]:
        stored = store_contacts(connection, self._core, rows, self._known, self._now)
        # A write may run again, and what it inserted before is then gone: they count once it is durable.
        self._met = stored.met
        return Counter(created=stored.created, known=stored.known, answers=stored.answers, gestures=stored.gestures)

    def _asked(self, rows: Sequence[ContactRow]) -> tuple[Counter[str], list[Bad]]:
        """Take contacts as if they had just ended."""
        counts: Counter[str] = Counter()
        bad = []
        for row in rows:
            if row.answer is not None or row.gesture is not None:
                what = "an answer" if row.answer is not None else "a gesture"
                bad.append(Bad(row.row.number, row.row.line, "", f"holds {what}, and would be asked again"))
                continue
            if self._order.dry_run:
                counts["created"] += 1
                continue
            try:
                recorded = record_contact(self._core, row.event)
            except Refused as refused:
                problem = refused.problems[0]
                bad.append(Bad(row.row.number, row.row.line, self._mapped.column_of(problem.field), problem.reason))
                continue
            counts["created" if recorded.created else "known"] += 1
            counts["asked"] += recorded.created and recorded.contact.invitation is not None
        return counts, bad


def _batches(rows: Rows, done: int) -> Iterator[list[Row | Bad]]:
    remaining = (row for row in rows if row.number > done)
    while batch := list(islice(remaining, _BATCH)):
        yield batch


def _digest(order: Order, mapped: Mapped) -> str:
    """Return what makes a run another one: the file's bytes and what its columns mean."""
    digest = hashlib.sha256()
    with order.path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    digest.update(repr((sorted(mapped.columns.items()), mapped.planned, order.survey, order.ask)).encode())
    return digest.hexdigest()
