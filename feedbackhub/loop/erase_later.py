"""Erasing at plugins: asked for in the transaction that erases a person, and repeated until each has done it.

Until then the identifiers wait in the task, for nothing else tells the plugin whom it is about: sealed, so that who
reads the database finds nothing of the person, and gone with the task.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from ..contract.errors import FeedbackhubError
from ..contract.records import Identifier
from ..machinery.containment import GivenUp, PluginFault
from ..machinery.links import new_public_id
from ..machinery.sealing import opened, sealed
from ..store.queries import outbox, own_schema
from ..store.queries import plugin_tasks as rows
from .core import Core
from .fence import Claim, fenced
from .letter_ends import call_off_for_good
from .letters import LETTER, letter_references
from .plugin_queue import TASK, lane_of

__all__ = ["ERASE", "KeyLost", "absent", "clear_work", "erase_at", "owe", "reason_of", "run_erasing", "settle_debt"]

ERASE = "erase"
SEAL = "erase-later"
#: Before the engine takes over from whoever erases; a machine that dies in between leaves it to the engine.
GRACE = timedelta(minutes=2)
#: Spans between attempts; the last is repeated for as long as it takes.
AGAIN = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))
log = logging.getLogger("feedbackhub.plugins")


class KeyLost(FeedbackhubError):
    """What was sealed cannot be opened any more."""


def absent(connection: Connection, core: Core) -> list[str]:
    """Return the plugins that do not work at present but have left tables or a folder, which may be about people."""
    folder = core.settings.data_dir / "plugins"
    left = {each.name for each in folder.iterdir() if each.is_dir()} if folder.is_dir() else set()
    left |= set(own_schema.owners(connection).values())
    return sorted(left - core.plugins.brought.keys())


def owe(
    connection: Connection, core: Core, plugins: Sequence[str], identifiers: Sequence[Identifier], now: datetime
) -> dict[str, str]:
    """Note inside a write that these plugins have to erase a person, and return the key of each one's task."""
    keys = {plugin: f"{ERASE}:{new_public_id()}" for plugin in plugins}
    whom = sealed(core.links.derive(SEAL), json.dumps([[each.kind, each.value] for each in identifiers]))
    for plugin, key in keys.items():
        outbox.add_task(
            connection,
            kind=ERASE,
            lane=lane_of(plugin),
            reference=plugin,
            dedup_key=key,
            due_at=now + GRACE,
            now=now,
            payload={"whom": whom},
        )
    return keys


def clear_work(
    connection: Connection, core: Core, identifiers: Sequence[Identifier], mentioned: Sequence[str], now: datetime
) -> int:
    """Call off inside a write the letters to a person, and every task and letter that names them; return how many.

    Args:
        connection: Inside a write.
        core: The instance.
        identifiers: What the person is known by.
        mentioned: Those of them that stand for one person alone wherever they are found.
        now: The present moment.
    """
    prints = [print_ for each in identifiers for print_ in letter_references(core, each)]
    theirs = set(rows.of_references(connection, LETTER, prints)) if prints else set()
    names = [each.lower() for each in mentioned]
    for kind in (LETTER, TASK) if names else ():
        for row in rows.with_payload(connection, kind):
            said = json.dumps(row.payload, ensure_ascii=False).lower()
            if any(name in said for name in names):
                theirs.add(row.id)
    return call_off_for_good(connection, theirs, now)


def erase_at(core: Core, plugin: str, identifiers: Sequence[Identifier]) -> int:
    """Let a plugin erase a person and return how many items went.

    Raises:
        PluginFault: It failed, took too long or returned no number.
        FeedbackhubError: It says that it cannot.
    """
    keeper = core.plugins.keepers[plugin]
    went: object = core.containment.call(plugin, "erase", keeper.erase_person, tuple(identifiers))
    if isinstance(went, bool) or not isinstance(went, int):
        raise core.containment.blame(plugin, "erase", f"returned {type(went).__name__}, not how many items went")
    return went


def settle_debt(core: Core, key: str, reason: str) -> None:
    """Store that a plugin has erased a person, or why it could not: then the engine asks again.

    Args:
        core: The instance.
        key: The key of its task.
        reason: Why not, without personal data; empty when it has.
    """
    now = core.clock.now()

    def run(connection: Connection) -> None:
        row = rows.by_keys(connection, [key]).get(key)
        if row is None or row.state != "due":
            return
        if reason:
            outbox.postpone(connection, row.id, row.attempt, now + AGAIN[0], reason)
        else:
            rows.remove(connection, row.id, row.attempt)

    core.store.write(run)


def run_erasing(core: Core, claim: Claim, reference: str) -> None:
    """Ask a plugin once more to erase a person; this is never given up, only called off with the plugin's purge.

    Args:
        core: The instance.
        claim: The task's claim.
        reference: The plugin.
    """
    with core.store.read() as connection:
        row = rows.by_number(connection, claim.task_id)
    if row is None or row.attempt != claim.attempt or not row.payload:
        return
    reason = ""
    if reference in core.plugins.keepers:
        try:
            erase_at(core, reference, _identifiers(core, row.payload))
        except GivenUp:
            return  # the task comes back when its lease runs out
        except FeedbackhubError as error:
            reason = reason_of(error)
            log.error("plugin %s could not erase a person: %s", reference, reason)
    elif reference not in core.plugins.brought:
        reason = f"The plugin {reference} is not active; what it keeps goes when it is, or when it is purged."
    fenced(core, claim, lambda c, now: _note(c, claim, reason, now))


def reason_of(error: FeedbackhubError) -> str:
    """Say why a plugin could not erase, without its own words, which may quote whom it is about."""
    return error.reason if isinstance(error, PluginFault) else f"raised {type(error).__name__}"


def _identifiers(core: Core, payload: Mapping[str, Any]) -> list[Identifier]:
    whom = opened(core.links.derived(SEAL), payload["whom"])
    if whom is None:
        raise KeyLost("the instance's key that sealed whom to erase is gone")
    return [Identifier(kind, value) for kind, value in json.loads(whom)]


def _note(connection: Connection, claim: Claim, reason: str, now: datetime) -> None:
    if reason:
        wait = AGAIN[min(claim.tries, len(AGAIN)) - 1]
        outbox.postpone(connection, claim.task_id, claim.attempt, now + wait, reason)
    else:
        rows.remove(connection, claim.task_id, claim.attempt)
