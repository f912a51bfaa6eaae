"""The processes of an instance: the one that serves on SQLite, web and worker on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence

from bench.soak.instance import Instance
from bench.soak.nursery import Child, Nursery

__all__ = ["Fleet"]


class Fleet:
    """Starts what does not run, and kills what runs.

    Args:
        instance: Whose processes.
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._nursery = Nursery(instance.config)
        self._running: dict[str, Child] = {}
        self._commands: dict[str, Sequence[str]] = (
            {"web": ("serve", "--no-engine"), "worker": ("worker",)} if instance.database else {"web": ("serve",)}
        )

    def begin(self) -> None:
        """Start what does not run, and return at once."""
        for name, words in self._commands.items():
            if name not in self._running:
                self._running[name] = self._nursery.begin(*words)

    def wait_up(self) -> None:
        """Wait until requests are answered."""
        self._instance.wait_up(self._running["web"])

    def kill(self, number: int) -> None:
        """Kill: where there are several processes, each in turn and every third time all of them.

        Args:
            number: The how manieth time it is.
        """
        names = list(self._running)
        turn = number % (len(names) + 1)
        for name in names if turn == len(names) else [names[turn]]:
            self._running.pop(name).kill()

    def stop(self) -> None:
        """Ask everything to end, and wait for it."""
        for name in list(self._running):
            self._running.pop(name).stop()

    def close(self) -> None:
        """End whatever still runs."""
        self._nursery.close()
