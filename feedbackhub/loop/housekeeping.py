"""What runs now and then: leases, expiry, mail that came back, old working copies."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from ..store.queries import claiming, inbound, inbox, invitations, open_links, outbox, snapshots
from .core import Core
from .export_files import forget_exports
from .exporting import run_exports
from .invite import cancel_unsent
from .keeping import forget_events
from .periodic import plan_periodic
from .pulse import EVERY, beat
from .returned import take_returned
from .snapshots import KEPT, MOST, MOST_CHARACTERS
from .tell import publish
from .tracing import keep_trace

log = logging.getLogger(__name__)
_BATCH = 500
_DONE_TASKS = timedelta(days=7)


def return_leases(core: Core) -> None:
    """Give tasks of dead workers back to the queue."""
    now = core.clock.now()
    core.store.write(lambda connection: claiming.return_expired(connection, now))


def expire_invitations(core: Core) -> None:
    """Close invitations whose time is over."""
    now = core.clock.now()

    def run(connection: Any) -> int:
        expired = invitations.expire(connection, now, _BATCH)
        for row in expired:
            cancel_unsent(connection, row.id, "expired", now)
            publish(connection, "invitation.expired", now, {"invitation": row.id})
        return len(expired)

    while core.store.write(run) == _BATCH:
        pass


def forget(core: Core) -> None:
    """Remove working copies that are older than the privacy settings allow."""
    now = core.clock.now()
    privacy = core.settings.privacy

    while core.store.write(lambda connection: outbox.prune(connection, now - _DONE_TASKS, _BATCH)) == _BATCH:
        pass

    kept_since = now - timedelta(days=privacy.inbox_days)
    while core.store.write(lambda connection: inbound.prune(connection, kept_since, _BATCH)) == _BATCH:
        pass

    def run(connection: Any) -> None:
        inbox.prune(connection, kept_since)
        inbox.prune_idempotency(connection, now - timedelta(days=privacy.idempotency_days))
        open_links.forget_days_but(connection, f"{now:%Y-%m-%d}")

    core.store.write(run)


def forget_snapshots(core: Core) -> None:
    """Remove kept reports that are old, and the oldest where there are too many."""
    before = core.clock.now() - KEPT

    def run(connection: Any) -> None:
        snapshots.prune(connection, before)
        snapshots.trim(connection, MOST, MOST_CHARACTERS)

    core.store.write(run)


def forget_log(core: Core) -> None:
    """Remove events that are old enough and that everybody has read."""
    removed = forget_events(core)
    if removed:
        log.info("%d old events were removed", removed)


Job = Callable[[Core], None]

#: Name, how often, and what.
JOBS: dict[str, tuple[timedelta, Job]] = {
    "pulse": (EVERY, beat),
    "trace": (timedelta(seconds=2), keep_trace),
    "leases": (timedelta(seconds=10), return_leases),
    "expiry": (timedelta(minutes=1), expire_invitations),
    "periodic": (timedelta(seconds=10), plan_periodic),
    "returned": (timedelta(minutes=1), take_returned),
    "forget": (timedelta(hours=1), forget),
    "events": (timedelta(hours=1), forget_log),
    "snapshots": (timedelta(hours=1), forget_snapshots),
    "exports": (timedelta(seconds=2), run_exports),
    "export files": (timedelta(minutes=10), forget_exports),
}

#: Jobs that talk to other systems, which may let them wait, or that take long by their nature.
MAY_WAIT = frozenset({"returned", "exports", "events"})

#: Jobs of every process: about itself, about its machine's files, or sharing the work out by claims of their own.
EACH = frozenset({"pulse", "trace", "exports", "export files"})
