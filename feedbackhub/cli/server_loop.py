"""The loop of the built-in server: waits for connections to become readable or writable.

waitress's own loop asks every connection before each wait what it is interested in. This one is told when that changes,
so that a thousand idle connections cost nothing.
"""

from __future__ import annotations

import selectors
from collections import deque
from typing import Any

from waitress import wasyncore  # type: ignore[import-untyped]

__all__ = ["Loop"]

_READ, _WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Loop:
    """Calls what happens on sockets; also the map in which waitress keeps them, by their numbers."""

    def __init__(self) -> None:
        self.map = _Map(self)
        self._selector = selectors.DefaultSelector()
        self._masks: dict[int, int] = {}
        self._touched: deque[Any] = deque()
        self._wake: Any = None
        self._closed = False

    def wakes(self, trigger: Any) -> None:
        """Let a trigger of waitress wake the loop."""
        self._wake = trigger

    def look_at(self, channel: Any) -> None:
        """See to a connection whose state another thread has changed."""
        self._touched.append(channel)
        self.ring()

    def ring(self) -> None:
        """End the wait now; safe in a signal handler."""
        if self._closed:
            return
        try:
            self._wake.pull_trigger()
        except OSError:
            if not self._closed:  # else it was closed this very moment, and nobody waits any more
                raise

    def add(self, number: int, each: Any) -> None:
        """Listen to a new socket."""
        self._masks[number] = _READ
        self._selector.register(number, _READ, each)

    def remove(self, number: int) -> None:
        """Forget a socket that will be closed."""
        if self._masks.pop(number, 0):
            self._selector.unregister(number)

    def turn(self, seconds: float) -> None:
        """Wait for something to happen, at most so long, and see to it."""
        for key, events in self._selector.select(seconds):
            if self.map.get(key.fd) is key.data:
                self._happened(key.data, events)
        while self._touched:
            self.settle(self._touched.popleft())

    def _happened(self, each: Any, events: int) -> None:
        if events & _READ:
            if each.readable():
                wasyncore.read(each)
            else:
                each.deaf = True
                if each.readable():  # a thread has finished meanwhile, and did not know that it should ring
                    wasyncore.read(each)
        if events & _WRITE and each._fileno is not None:
            wasyncore.write(each)
        self.settle(each)

    def settle(self, each: Any) -> None:
        """Wait for what this socket is interested in from now on."""
        number = each._fileno
        if number is None:
            return
        if getattr(each, "close_when_flushed", False) and not each.total_outbufs_len:
            wasyncore.write(each)  # closes it
            if each._fileno is None:
                return
        deaf = getattr(each, "deaf", False)
        if deaf and each.readable():
            deaf = each.deaf = False
        mask = (0 if deaf else _READ) | (_WRITE if each.writable() else 0)
        before = self._masks.get(number, 0)
        if mask == before:
            return
        self._masks[number] = mask
        if not before:
            self._selector.register(number, mask, each)
        elif mask:
            self._selector.modify(number, mask, each)
        else:
            self._selector.unregister(number)

    def close(self) -> None:
        """Close every socket."""
        self._closed = True
        wasyncore.close_all(self.map)
        self._selector.close()


class _Map(dict[int, Any]):
    """Sockets by number; tells the loop who comes and goes."""

    def __init__(self, loop: Loop) -> None:
        super().__init__()
        self._loop = loop

    def __setitem__(self, number: int, each: Any) -> None:
        super().__setitem__(number, each)
        self._loop.add(number, each)

    def __delitem__(self, number: int) -> None:
        super().__delitem__(number)
        self._loop.remove(number)
