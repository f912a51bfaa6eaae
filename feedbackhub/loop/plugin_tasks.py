"""Tasks of plugins: run one, and say when it runs again; the semantics are those of `feedbackhub.Task`."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from ..contract.errors import DeliveryFailure, FeedbackhubError, PermanentFailure, TemporaryFailure
from ..contract.work import Call, Task
from ..machinery.containment import GivenUp, PluginFault
from ..store.queries import outbox
from ..store.queries import plugin_tasks as rows
from .core import Core
from .fence import DEADLY, Claim, Held, fenced
from .plain import plain
from .slots import next_slot

__all__ = ["gone", "run_task", "task_of"]

#: The longest that a failure may ask to be left alone.
LONGEST_WAIT = timedelta(days=7)
#: How long a task waits whose plugin rests after failing again and again, or has no thread free.
RESTING = timedelta(seconds=15)
NOT_TRIED = ("resting", "busy")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Run:
    """One run: what is run, for whom, and where its row stands.

    Args:
        base: The attempts made before this slot, or before a person asked to try again.
    """

    core: Core
    claim: Claim
    plugin: str
    task: Task
    payload: Mapping[str, Any]
    due: datetime
    base: int

    @property
    def attempt(self) -> int:
        """1 for the first."""
        return self.claim.tries - self.base

    def state(self, **changes: Any) -> dict[str, Any]:
        """Return what the row keeps, changed."""
        return {"payload": self.payload, "due": self.due.isoformat(), "base": self.base, **changes}


def task_of(core: Core, plugin: str, name: str) -> Task | None:
    """Return a plugin's task, None when no working plugin brings it."""
    tasks = (task for owner, task in core.plugins.each("feedbackhub_tasks") if owner == plugin)
    return next((task for task in tasks if task.name == name), None)


def run_task(core: Core, claim: Claim, reference: str) -> None:
    """Run a plugin's task, outside any transaction and for a limited time, and record what came of it.

    Args:
        core: The instance.
        claim: The task's claim.
        reference: ``<plugin>:<task>``.
    """
    with core.store.read() as connection:
        row = rows.by_number(connection, claim.task_id)
    if row is None or row.attempt != claim.attempt:
        return
    plugin, _, name = reference.partition(":")
    task = task_of(core, plugin, name)
    if task is None:
        fenced(core, claim, lambda c, now: _park(c, claim, now, gone(core, plugin, name)))
        return
    kept = row.payload or {}
    due = datetime.fromisoformat(kept["due"]) if "due" in kept else row.due_at
    base = int(kept.get("base", 0))
    # A person who asked to try again may have let the tries begin anew beneath it.
    run = _Run(core, claim, plugin, task, kept.get("payload", {}), due, base if base < claim.tries else 0)
    if row.deaths >= core.settings.engine.max_attempts:
        _give_up(run, DEADLY)
    else:
        _run(run)


def gone(core: Core, plugin: str, task: str) -> str:
    """Say why nobody can do a task."""
    state = core.plugins.state(plugin)
    if state is None:
        return f"The plugin {plugin} is not installed."
    if state.state != "active":
        return f"The plugin {plugin} is {state.state}."
    return f"The plugin {plugin} brings no task {task}."


def _park(connection: Connection, claim: Claim, now: datetime, reason: str) -> None:
    outbox.park(connection, claim.task_id, claim.attempt, now, reason)


def _run(run: _Run) -> None:
    what = f"task {run.task.name}"
    if run.attempt > len(run.task.retries) + 1:
        _give_up(run, "No attempt came to an end.")
        return
    call = Call(run.payload, run.attempt, run.due)
    limit = run.task.limit.total_seconds()
    try:
        with Held(run.core, run.claim):
            run.core.containment.call(run.plugin, what, run.task.run, call, limit=limit)
    except GivenUp:
        # Nothing is known of what was done: the task comes back when its lease runs out.
        log.warning("task %s of plugin %s was still under way when the server stopped", run.task.name, run.plugin)
    except PermanentFailure as error:
        _give_up(run, error.reason)
    except PluginFault as fault:
        _rest(run, fault) if fault.outcome in NOT_TRIED else _again(run, fault)
    except FeedbackhubError as error:
        _again(run, error)
    else:
        _done(run)


def _done(run: _Run) -> None:
    def change(connection: Connection, now: datetime) -> None:
        if run.task.every is None:
            outbox.finish(connection, run.claim.task_id, run.claim.attempt, now)
        else:
            _next_slot(connection, run, run.task.every, now, "")

    fenced(run.core, run.claim, change)


def _next_slot(connection: Connection, run: _Run, every: timedelta, now: datetime, error: str) -> None:
    """Plan periodic work anew: after this slot and after now, so that missed slots are made up for only once."""
    slot = next_slot(max(now, run.due), every, run.task.at)
    state = run.state(due=slot.isoformat(), base=run.claim.tries)
    outbox.go_on(connection, run.claim.task_id, run.claim.attempt, slot, state, error)


def _again(run: _Run, error: FeedbackhubError) -> None:
    """Try again after the next span, or after what the failure asks for; not after the last attempt."""
    reason = error.reason if isinstance(error, DeliveryFailure | PluginFault) else str(error)
    if run.attempt > len(run.task.retries):
        _give_up(run, reason)
        return
    wait = run.task.retries[run.attempt - 1]
    asked = error.retry_after if isinstance(error, TemporaryFailure) else None
    if isinstance(asked, timedelta):
        wait = min(max(asked, timedelta(seconds=1)), LONGEST_WAIT)

    def change(connection: Connection, now: datetime) -> None:
        every = run.task.every
        if every is not None and now + wait >= next_slot(max(now, run.due), every, run.task.at):
            _next_slot(connection, run, every, now, plain(reason))
            return
        outbox.go_on(connection, run.claim.task_id, run.claim.attempt, now + wait, run.state(), plain(reason))

    fenced(run.core, run.claim, change)


def _give_up(run: _Run, reason: str) -> None:
    """Set the task aside for a person; periodic work waits for its next slot, with the error shown until then."""

    def change(connection: Connection, now: datetime) -> None:
        if run.task.every is None:
            _park(connection, run.claim, now, plain(reason))
        else:
            _next_slot(connection, run, run.task.every, now, plain(reason))

    fenced(run.core, run.claim, change)


def _rest(run: _Run, fault: PluginFault) -> None:
    """Wait for the plugin to come to itself; that is no attempt."""

    def change(connection: Connection, now: datetime) -> None:
        state = run.state(base=run.base + 1)
        outbox.go_on(connection, run.claim.task_id, run.claim.attempt, now + RESTING, state, plain(fault.reason))

    fenced(run.core, run.claim, change)
