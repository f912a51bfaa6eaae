"""Hands for plugins' tasks: a few for each plugin, apart from those that send, so that nobody waits for a slow one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from ..store.types import AnyRow

__all__ = ["AT_ONCE", "PluginHands"]

#: The most tasks of one plugin that run at the same time in one process.
AT_ONCE = 2


class PluginHands:
    """Runs claimed tasks of plugins, each in a thread of its own.

    Args:
        run: Does one task, and never raises.
        done: Called whenever one has ended.
    """

    def __init__(self, run: Callable[[AnyRow], None], done: Callable[[], None]) -> None:
        self._run_one, self._done = run, done
        self._busy: dict[str, list[threading.Thread]] = {}

    def free(self, lane: str) -> int:
        """Return how many more tasks of a lane may begin."""
        busy = [each for each in self._busy.get(lane, ()) if each.is_alive()]
        self._busy[lane] = busy
        return AT_ONCE - len(busy)

    def begin(self, row: AnyRow) -> None:
        """Run a claimed task."""
        name = f"feedbackhub-{row.lane}"
        thread = threading.Thread(target=self._run, args=(row,), name=name, daemon=True)
        self._busy.setdefault(row.lane, []).append(thread)
        thread.start()

    def _run(self, row: AnyRow) -> None:
        try:
            self._run_one(row)
        finally:
            self._done()

    def wait(self, seconds: float) -> bool:
        """Wait until every task has ended, but no longer than this, and tell whether it has."""
        until = time.monotonic() + seconds
        busy = [each for lane in self._busy.values() for each in lane]
        for thread in busy:
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in busy)
