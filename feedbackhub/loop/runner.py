"""Runners: who does the work that the pump has claimed; nothing else in the program can tell which one it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..store.types import AnyRow
from .plugin_queue import PLUGIN_LANE

__all__ = ["CORE_LANES", "Pool", "Runner", "is_plugins"]

#: The core's own work: settling answers, reading what other systems sent.
CORE_LANES = frozenset({"core", "inbound"})


def is_plugins(lane: str) -> bool:
    """Tell whether a lane is a plugin's."""
    return lane.startswith(PLUGIN_LANE)


@dataclass(frozen=True)
class Pool:
    """Hands that some lanes share.

    Args:
        each: How many more tasks of each lane may be claimed.
        room: How many more of them all together.
    """

    each: Mapping[str, int]
    room: int


class Runner(Protocol):
    """Does claimed work."""

    #: What it is called, in the settings and in what an engine tells of itself.
    name: str
    #: Whether `pools` has to know what is under way on all machines.
    counts: bool

    def start(self) -> None:
        """Begin to take work, until `stop`."""
        ...

    def pools(self, lanes: Sequence[str], under_way: Mapping[str, int]) -> list[Pool]:
        """Return what there are hands for.

        Args:
            lanes: The lanes that have work due.
            under_way: How many tasks of each lane are claimed on all machines; empty unless `counts`.
        """
        ...

    def take(self, rows: Sequence[AnyRow]) -> None:
        """Take tasks whose claim is committed; one that cannot be taken is given back."""
        ...

    def stop(self) -> None:
        """Take no more, and give back what has not begun."""
        ...

    def wait(self, seconds: float) -> bool:
        """Wait until everything that had begun has ended, but no longer than this, and tell whether it has."""
        ...
