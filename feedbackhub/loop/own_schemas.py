"""Plugins' own tables, brought up to date one plugin at a time: one that fails holds up nobody else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from ..contract.errors import FeedbackhubError
from ..contract.work import Tables
from ..store.plugin_migrate import fits, upgrade_own
from .core import Core

__all__ = ["Upgraded", "require_own_tables", "upgrade_own_tables"]

log = logging.getLogger("feedbackhub.plugins")


@dataclass(frozen=True)
class Upgraded:
    """How one plugin's tables fared.

    Args:
        plugin: The plugin.
        before: Their revision before, empty for none.
        after: Their revision now, empty when it failed.
        reason: Why it failed, empty when it did not.
    """

    plugin: str
    before: str = ""
    after: str = ""
    reason: str = ""


def upgrade_own_tables(core: Core) -> list[Upgraded]:
    """Bring the tables of every working plugin up to date; a plugin whose tables cannot be is failed from now on."""
    now = core.clock.now()

    def upgrade(plugin: str, tables: Tables) -> Upgraded:
        before, after = upgrade_own(core.store, plugin, tables, now)
        return Upgraded(plugin, before, after)

    return _each(core, upgrade)


def require_own_tables(core: Core) -> list[Upgraded]:
    """Fail the plugins whose tables are not up to date, so that none of them works on others than it knows."""

    def look(plugin: str, tables: Tables) -> Upgraded:
        if fits(core.store, plugin, tables):
            return Upgraded(plugin)
        raise _Behind("its tables are not up to date; run: feedbackhub migrate")

    return _each(core, look)


class _Behind(FeedbackhubError):
    """A plugin's tables are not what its code expects."""


def _each(core: Core, fn: Callable[[str, Tables], Upgraded]) -> list[Upgraded]:
    fared = []
    for plugin, tables in core.plugins.each("feedbackhub_tables"):
        try:
            fared.append(fn(plugin, tables))
        except (Exception, SystemExit) as error:  # a plugin's scripts are read here too, and may raise anything
            known = isinstance(error, FeedbackhubError)
            reason = str(error) if known else f"its tables: {type(error).__name__}: {error}"[:500]
            log.warning("plugin %s is failed: %s", plugin, reason)
            core.plugins.fail(plugin, reason)
            fared.append(Upgraded(plugin, reason=reason))
    return fared
