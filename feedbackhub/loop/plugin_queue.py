"""What plugins put on record: tasks to be done, and facts for others, each checked before it is stored."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ..contract.errors import Problem, Refused
from ..contract.work import Fact, Scheduled
from ..machinery.links import new_public_id
from ..store.queries import once, outbox
from .core import Core
from .tell import publish

__all__ = [
    "PLUGIN_LANE",
    "TASK",
    "add_fact",
    "add_scheduled",
    "checked_fact",
    "checked_payload",
    "checked_scheduled",
    "lane_of",
]

#: The kind of plugins' tasks in the outbox.
TASK = "plugin"
#: What the names of plugins' lanes begin with.
PLUGIN_LANE = "plugin:"
#: What the types of the core's own events begin with; their payloads hold row numbers.
CORE_FACTS = frozenset(
    {"contact", "customer", "delivery", "gesture", "invitation", "letter", "message", "response", "suppression"}
)
FACT_TYPE = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+)+")
LONGEST_TYPE, LONGEST_KEY = 80, 1000
MOST_BYTES = 64 * 1024


def lane_of(plugin: str) -> str:
    """Return the lane of a plugin's tasks, so that none of them waits for another plugin's."""
    return f"{PLUGIN_LANE}{plugin}"


def checked_payload(payload: object) -> dict[str, Any]:
    """Return a payload as JSON has it.

    Raises:
        Refused: It is no mapping of plain JSON values, or larger than 64 KB.
    """
    if not isinstance(payload, Mapping) or not all(isinstance(key, str) for key in payload):
        raise Refused(Problem("payload", "must be a mapping with texts as keys"))
    try:
        written = json.dumps(dict(payload), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise Refused(Problem("payload", f"holds what JSON does not know ({type(error).__name__})")) from None
    if len(written) > MOST_BYTES:
        raise Refused(Problem("payload", f"is larger than {MOST_BYTES // 1024} KB"))
    read: dict[str, Any] = json.loads(written)
    return read


def checked_scheduled(core: Core, plugin: str, wanted: object) -> Scheduled:
    """Return a task to be queued once nothing is wrong with it.

    Raises:
        Refused: The plugin brings no such task, or a field is wrong.
    """
    if not isinstance(wanted, Scheduled):
        raise Refused(Problem("tasks", f"{type(wanted).__name__} is no Scheduled"))
    due: object = wanted.due
    key: object = wanted.key
    known = sorted(task.name for name, task in core.plugins.each("feedbackhub_tasks") if name == plugin)
    if wanted.task not in known:
        brings = ", ".join(known) or "none"
        raise Refused(Problem("task", f"the plugin brings no task {wanted.task}; it brings {brings}"))
    if due is not None and (not isinstance(due, datetime) or due.tzinfo is None):
        raise Refused(Problem("due", "must be a moment with a time zone"))
    if not isinstance(key, str) or len(key) > LONGEST_KEY:
        raise Refused(Problem("key", f"must be a text of at most {LONGEST_KEY} characters"))
    return Scheduled(wanted.task, checked_payload(wanted.payload), wanted.due, wanted.key)


def add_scheduled(connection: Connection, core: Core, plugin: str, wanted: Scheduled, now: datetime) -> bool:
    """Queue a checked task inside a write and tell whether it was not queued before."""
    if wanted.key:
        digests = core.links.fingerprints(f"task:{wanted.task}", wanted.key)
        if not once.first_time(connection, plugin, digests, now):
            return False
    outbox.add_task(
        connection,
        kind=TASK,
        lane=lane_of(plugin),
        reference=f"{plugin}:{wanted.task}",
        dedup_key=f"{TASK}:{new_public_id()}",
        due_at=wanted.due or now,
        now=now,
        payload={"payload": wanted.payload},
    )
    return True


def checked_fact(plugin: str, fact: object) -> Fact:
    """Return an event to be published once nothing is wrong with it.

    Raises:
        Refused: Its type does not begin with the plugin's name, or its payload is no plain JSON.
    """
    if not isinstance(fact, Fact):
        raise Refused(Problem("events", f"{type(fact).__name__} is no Fact"))
    type_: object = fact.type
    if not isinstance(type_, str) or not type_.startswith(f"{plugin}."):
        raise Refused(Problem("type", f"must begin with {plugin}."))
    if plugin in CORE_FACTS:
        raise Refused(Problem("type", f"a plugin named {plugin} cannot publish: the core's own events are called so"))
    if not FACT_TYPE.fullmatch(fact.type) or len(fact.type) > LONGEST_TYPE:
        raise Refused(Problem("type", f"must be small words joined by dots, of at most {LONGEST_TYPE} characters"))
    return Fact(fact.type, checked_payload(fact.payload))


def add_fact(connection: Connection, fact: Fact, now: datetime) -> None:
    """Append a checked event inside a write."""
    publish(connection, fact.type, now, fact.payload)
