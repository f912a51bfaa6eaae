"""What follows from events, or from what people do: checked, then applied in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.sql import Executable

from ..contract.errors import Problem, Refused
from ..contract.work import Effects, Fact, Scheduled
from ..store.own_statements import require_change
from .core import Core
from .own_tables import change_rows, own_metadata
from .plugin_queue import add_fact, add_scheduled, checked_fact, checked_scheduled

__all__ = ["Checked", "apply", "checked_effects"]


@dataclass(frozen=True)
class Checked:
    """Effects that break no rule."""

    changes: Sequence[Executable] = ()
    tasks: Sequence[Scheduled] = ()
    facts: Sequence[Fact] = ()


def checked_effects(core: Core, plugin: str, effects: object) -> Checked:
    """Return effects that may be applied.

    Raises:
        Refused: They are none, name a table or a task that is not the plugin's own, or a fact without its name.
    """
    if not isinstance(effects, Effects):
        raise Refused(Problem("", f"returned {type(effects).__name__}, not Effects"))
    for name in ("changes", "tasks", "events"):
        if not isinstance(getattr(effects, name), list | tuple):
            raise Refused(Problem(name, "must be a list"))
    own = own_metadata(core, plugin)
    for change in effects.changes:
        require_change(change, own)
    return Checked(
        effects.changes,
        [checked_scheduled(core, plugin, each) for each in effects.tasks],
        [checked_fact(plugin, each) for each in effects.events],
    )


def apply(
    connection: Connection, core: Core, plugin: str, effects: Checked, now: datetime, if_touched: bool = False
) -> list[int]:  # fmt: skip
    """Make the changes, queue the tasks and append the facts, inside a write; return how many rows each change touched.

    Raises:
        Conflict: The first change touched no row although it had to; the write must be given up.
    """
    counts = change_rows(connection, effects.changes, if_touched)
    for task in effects.tasks:
        add_scheduled(connection, core, plugin, task, now)
    for fact in effects.facts:
        add_fact(connection, fact, now)
    return counts
