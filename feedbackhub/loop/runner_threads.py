"""The runner `threads`: hands in this very process, for the channels, for the core's own work, and for each plugin."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence

from ..contract.errors import FeedbackhubError
from ..store.types import AnyRow
from .core import Core
from .crew import Crew
from .keeper import Keeper
from .plugin_hands import PluginHands
from .runner import CORE_LANES, Pool, is_plugins
from .starting import give_back, start
from .work import work

__all__ = ["ThreadsRunner"]

log = logging.getLogger(__name__)
#: Hands for the core's own work, so that it never waits for a slow channel.
_OWN = 4


class ThreadsRunner:
    """Runs tasks in threads.

    Args:
        core: The instance.
        low: Called when hands are free, or will be soon.
    """

    name = "threads"
    counts = False

    def __init__(self, core: Core, low: Callable[[], None]) -> None:
        self._core = core
        self._keeper = Keeper(core)
        self._sending = Crew("send", core.settings.engine.threads, self._run, low)
        self._own = Crew("own", _OWN, self._run, low)
        self._plugins = PluginHands(self._run, low)

    def start(self) -> None:
        """Begin to take work."""
        self._keeper.start()
        self._sending.start()
        self._own.start()

    def pools(self, lanes: Sequence[str], under_way: Mapping[str, int]) -> list[Pool]:
        """Return what there are hands for, and a little more that waits beside them."""
        own = [lane for lane in lanes if lane in CORE_LANES]
        plugins = {lane: self._plugins.free(lane) for lane in lanes if is_plugins(lane)}
        channels = [lane for lane in lanes if lane not in CORE_LANES and not is_plugins(lane)]
        return [
            Pool(plugins, sum(plugins.values())),
            self._pool(self._own, own),
            self._pool(self._sending, channels),
        ]

    def _pool(self, crew: Crew, lanes: Sequence[str]) -> Pool:
        # What is rated must not wait: it would go out all at once when its turn comes.
        rates = self._core.settings.engine.rates
        each = {lane: max(0, crew.hands_for(lane)) if lane in rates else crew.room(lane) for lane in lanes}
        return Pool(each, sum(each.values()))

    def take(self, rows: Sequence[AnyRow]) -> None:
        """Begin claimed tasks as hands get free."""
        for row in rows:
            if is_plugins(row.lane):
                self._plugins.begin(row)
        self._own.take([row for row in rows if row.lane in CORE_LANES])
        self._sending.take([row for row in rows if row.lane not in CORE_LANES and not is_plugins(row.lane)])

    def stop(self) -> None:
        """Begin nothing more, and give back what has not begun."""
        give_back(self._core, [*self._sending.stop(), *self._own.stop()])

    def wait(self, seconds: float) -> bool:
        """Wait until everything that had begun has ended, and tell whether it has."""
        until = time.monotonic() + seconds
        ended = [each.wait(max(0.0, until - time.monotonic())) for each in (self._sending, self._own, self._plugins)]
        if all(ended):
            self._keeper.stop()
        return all(ended)

    def _run(self, row: AnyRow) -> None:
        try:
            claim = start(self._core, row)
            if claim is not None:
                with self._keeper.holding(claim):
                    work(self._core, row, claim)
        except FeedbackhubError as error:
            log.warning("task %s comes back when its lease runs out: %s", row.id, error)
        except Exception:
            log.exception("task %s comes back when its lease runs out", row.id)
