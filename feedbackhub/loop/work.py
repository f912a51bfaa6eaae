"""What each kind of task does."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from ..contract.errors import FeedbackhubError, Unavailable
from ..store.queries import outbox, plugin_tasks
from ..store.queries.inbound import INBOUND
from ..store.types import AnyRow
from .core import Core
from .deliver import deliver
from .erase_later import ERASE, run_erasing
from .fence import DEADLY, Claim
from .inbound import read_inbound
from .invite import DELIVER
from .letter_ends import tell_failed
from .letters import LETTER, deliver_letter
from .plugin_queue import TASK
from .plugin_tasks import run_task
from .retry import backoff
from .settle import SETTLE, quiet_until, settle

log = logging.getLogger(__name__)
Handler = Callable[[Core, Claim, str], None]


def _deliver(core: Core, claim: Claim, reference: str) -> None:
    deliver(core, claim, int(reference))


def _settle(core: Core, claim: Claim, reference: str) -> None:
    now = core.clock.now()

    def run(connection: Connection) -> None:
        quiet = quiet_until(connection, int(reference))
        if quiet is not None and quiet > now:
            outbox.postpone(connection, claim.task_id, claim.attempt, quiet, "")
            return
        settle(connection, int(reference), now)
        outbox.finish(connection, claim.task_id, claim.attempt, now)

    core.store.write(run)


HANDLERS: dict[str, Handler] = {
    DELIVER: _deliver,
    SETTLE: _settle,
    INBOUND: read_inbound,
    TASK: run_task,
    LETTER: deliver_letter,
    ERASE: run_erasing,
}
#: Kinds that keep a record of their own of what became of them, and give up by themselves.
_OWN_RECORD = frozenset({DELIVER, INBOUND, TASK})


def work(core: Core, row: AnyRow, claim: Claim) -> None:
    """Run one claimed task; one that fails comes back later, and is parked after the last attempt.

    Args:
        core: The instance.
        row: The claimed task.
        claim: The right to run it.
    """
    try:
        if row.deaths >= core.settings.engine.max_attempts and row.kind not in _OWN_RECORD:
            _park(core, claim, row)
        else:
            HANDLERS[row.kind](core, claim, row.reference)
    except Unavailable as error:
        # Nothing is known of what was done: the task comes back when its lease runs out, not before.
        log.warning("task %s of kind %s waits: %s", row.id, row.kind, error)
    except Exception as error:
        log.exception("task %s of kind %s failed", row.id, row.kind)
        _put_back(core, claim, row, type(error).__name__)


def _park(core: Core, claim: Claim, row: AnyRow) -> None:
    now = core.clock.now()
    core.store.write(lambda connection: _set_aside(connection, claim, row, now, DEADLY))


def _set_aside(connection: Connection, claim: Claim, row: AnyRow, now: datetime, error: str) -> None:
    parked = outbox.park(connection, claim.task_id, claim.attempt, now, error)
    held = plugin_tasks.by_number(connection, claim.task_id) if parked and row.kind == LETTER else None
    if held is not None:
        tell_failed(connection, held.payload, now)


def _put_back(core: Core, claim: Claim, row: AnyRow, error: str) -> None:
    now = core.clock.now()

    def run(connection: Connection) -> None:
        if claim.tries >= core.settings.engine.max_attempts:
            _set_aside(connection, claim, row, now, error)
        else:
            outbox.postpone(connection, claim.task_id, claim.attempt, now + backoff(core, claim.tries), error)

    try:
        core.store.write(run)
    except FeedbackhubError:
        log.warning("task %s comes back when its lease runs out", claim.task_id)
