"""What a person can do with a task: have it run now, or call it off; each kind by the rules of what it is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from ..contract.errors import Conflict, NotFound
from ..loop.core import Core
from ..loop.erase_later import ERASE
from ..loop.invite import DELIVER
from ..loop.letter_ends import tell_dropped
from ..loop.letters import LETTER
from ..loop.plugin_queue import PLUGIN_LANE, TASK
from ..loop.redeliver import cancel_now, retry_now
from ..loop.settle import SETTLE
from ..machinery.i18n import N_
from ..store.queries import tasks as rows
from ..store.queries.inbound import INBOUND
from ..store.types import AnyRow
from . import requests
from .audit import record
from .tasks import Wanted, kind_of, number_of, wanted_rows

__all__ = ["DONE", "Deed", "discard", "discard_all", "discard_tasks", "retry", "retry_all", "retry_tasks"]

#: What is said of a task with which was done what was asked.
DONE = "done"
#: Why something was not done, in words for people.
_REASONS = {
    "answered": N_("the customer has answered already"),
    "over": N_("this ask is over"),
    "not_failed": N_("it did not fail"),
    "another": N_("the customer is asked another way"),
    "asked": N_("the customer was asked anew meanwhile"),
    "not_waiting": N_("it does not wait any more"),
}
_RUNS = N_("it runs now")
_ENDED = N_("it has ended")
_OWED = N_("what it does is owed and cannot be called off")
_PERIODIC = N_("periodic work comes again by itself")
_GONE = N_("what it was to do is gone")
_BATCH = 100
#: Does something with a task and returns `DONE`, or why it did not.
Deed = Callable[[Connection, Core, AnyRow, datetime, str], str]


def retry(connection: Connection, core: Core, row: AnyRow, now: datetime, by: str) -> str:
    """Have a task run now inside a write, its tries counted anew: one that is parked, waits or was called off."""
    if row.state == "claimed":
        return _RUNS
    if row.state == "done":
        return _ENDED
    if row.kind == DELIVER:
        return _deliver_again(connection, core, row, now, by)
    if row.kind == INBOUND:
        return _read_again(connection, row, now, by)
    if row.state == "cancelled" and row.kind in (TASK, LETTER, ERASE) and row.payload is None:
        return _GONE
    rows.run_now(connection, row, now)
    record(connection, now, by, "task.retried", _subject(row), {"kind": kind_of(row), "lane": row.lane})
    return DONE


def discard(connection: Connection, core: Core, row: AnyRow, now: datetime, by: str) -> str:
    """Call a task off inside a write; until it is removed, `retry` takes that back."""
    if row.state == "claimed":
        return _RUNS
    if row.state not in ("due", "parked"):
        return _ENDED
    kind = kind_of(row)
    if kind == "periodic":
        return _PERIODIC
    if row.kind in (ERASE, SETTLE):
        return _OWED
    if row.kind == DELIVER:
        return _call_delivery_off(connection, row, now, by)
    if row.kind == INBOUND:
        return _discard_request(connection, row, now, by)
    if rows.call_off(connection, row.id, now) and row.kind == LETTER:
        tell_dropped(connection, row.payload, now)
    record(connection, now, by, "task.discarded", _subject(row), {"kind": kind, "lane": row.lane})
    return DONE


def _subject(row: AnyRow) -> str:
    if row.lane.startswith(PLUGIN_LANE):
        return f"plugin:{row.reference}"
    if row.kind == LETTER:
        return f"plugin:{(row.payload or {}).get('plugin', '')}"
    return f"lane:{row.lane}"


def _deliver_again(connection: Connection, core: Core, row: AnyRow, now: datetime, by: str) -> str:
    found = rows.deliveries(connection, [int(row.reference)]).get(int(row.reference))
    if found is None:
        return _GONE
    outcome = retry_now(connection, core, found.public_id, now)
    if outcome != DONE:
        return _REASONS[outcome]
    record(connection, now, by, "delivery.retried", f"delivery:{found.public_id}")
    return DONE


def _call_delivery_off(connection: Connection, row: AnyRow, now: datetime, by: str) -> str:
    found = rows.deliveries(connection, [int(row.reference)]).get(int(row.reference))
    if found is None:
        rows.call_off(connection, row.id, now)
        return DONE
    outcome = cancel_now(connection, found.public_id, now)
    if outcome != DONE:
        return _REASONS[outcome]
    record(connection, now, by, "delivery.cancelled", f"delivery:{found.public_id}")
    return DONE


def _read_again(connection: Connection, row: AnyRow, now: datetime, by: str) -> str:
    found = rows.requests(connection, [int(row.reference)]).get(int(row.reference))
    if found is None:
        return _GONE
    try:
        requests.read_again(connection, found.public_id, by, now)
    except Conflict as error:
        return str(error)
    return DONE


def _discard_request(connection: Connection, row: AnyRow, now: datetime, by: str) -> str:
    rows.call_off(connection, row.id, now)
    found = rows.requests(connection, [int(row.reference)]).get(int(row.reference))
    if found is not None:
        requests.read_no_more(connection, found.public_id, by, now)
    return DONE


def retry_tasks(core: Core, ids: Sequence[str], by: str) -> dict[str, int]:
    """Have tasks run now, and return how many fared in which way: `DONE`, or the reason why not.

    Raises:
        NotFound: One of them does not exist; nothing was changed.
    """
    return _each(core, ids, by, retry)


def discard_tasks(core: Core, ids: Sequence[str], by: str) -> dict[str, int]:
    """Call tasks off, and return how many fared in which way: `DONE`, or the reason why not.

    Raises:
        NotFound: One of them does not exist; nothing was changed.
    """
    return _each(core, ids, by, discard)


def _each(core: Core, ids: Sequence[str], by: str, deed: Deed) -> dict[str, int]:
    now, numbers = core.clock.now(), [number_of(core, each) for each in dict.fromkeys(ids)]

    def run(connection: Connection) -> dict[str, int]:
        fared: dict[str, int] = {}
        for number in numbers:
            row = rows.held(connection, number)
            if row is None:
                raise NotFound("there is no such task")
            said = deed(connection, core, row, now, by)
            fared[said] = fared.get(said, 0) + 1
        return fared

    return core.store.write(run)


def retry_all(core: Core, wanted: Wanted, by: str) -> dict[str, int]:
    """Have every task run now that is wanted, some at a time, and return how many fared in which way."""
    return _all(core, wanted, by, retry)


def discard_all(core: Core, wanted: Wanted, by: str) -> dict[str, int]:
    """Call every task off that is wanted, some at a time, and return how many fared in which way."""
    return _all(core, wanted, by, discard)


def _all(core: Core, wanted: Wanted, by: str, deed: Deed) -> dict[str, int]:
    now, after, fared = core.clock.now(), 0, dict[str, int]()
    while True:
        with core.store.read() as connection:
            numbers = [row.id for row in wanted_rows(connection, wanted, after, _BATCH)]
        if not numbers:
            return fared
        for said in core.store.write(_batch(core, numbers, wanted, now, by, deed)):
            fared[said] = fared.get(said, 0) + 1
        after = numbers[-1]


def _batch(
    core: Core, numbers: Sequence[int], wanted: Wanted, now: datetime, by: str, deed: Deed
) -> Callable[[Connection], list[str]]:
    states = wanted.terms.states

    def run(connection: Connection) -> list[str]:
        held = [rows.held(connection, number) for number in numbers]
        # What has moved on since it was looked at is none of those that were wanted.
        return [deed(connection, core, row, now, by) for row in held if row is not None and row.state in states]

    return run
