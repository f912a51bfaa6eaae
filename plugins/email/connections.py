"""Kept connections: each is used by one thread at a time and closed when nobody has needed it for a while."""

from __future__ import annotations

import contextlib
import select
import smtplib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(slots=True)
class Kept:
    """One open connection; `clean` when the last mail over it was accepted, which leaves nothing behind."""

    smtp: smtplib.SMTP
    uses: int = 0
    idle_since: float = 0.0
    clean: bool = False


class Connections:
    """Lends connections out, and takes them back when the conversation went well."""

    def __init__(self, connect: Callable[[], smtplib.SMTP], idle: float, uses: int) -> None:
        self._connect, self._idle, self._uses = connect, idle, uses
        self._lock = threading.Lock()
        self._kept: list[Kept] = []
        self._timer: threading.Timer | None = None
        self._closed = False

    @contextlib.contextmanager
    def lent(self) -> Iterator[Kept]:
        """Lend a connection, a kept one if there is any; one that failed under its borrower is thrown away."""
        with self._used(self._take()) as kept:
            yield kept

    @contextlib.contextmanager
    def fresh(self) -> Iterator[Kept]:
        """Lend a new connection."""
        with self._used(Kept(self._connect())) as kept:
            yield kept

    @contextlib.contextmanager
    def _used(self, kept: Kept) -> Iterator[Kept]:
        try:
            yield kept
        except BaseException:
            kept.smtp.close()
            raise
        self._give_back(kept)

    def close(self) -> None:
        """Say goodbye on all connections and keep none from now on."""
        with self._lock:
            self._closed = True
            timer, self._timer = self._timer, None
            kept, self._kept = self._kept, []
        if timer:
            timer.cancel()
        for each in kept:
            leave(each.smtp)

    def _take(self) -> Kept:
        while True:
            with self._lock:
                kept = self._kept.pop() if self._kept else None
            if kept is None:
                return Kept(self._connect())
            if self._young(kept) and (kept.clean and is_quiet(kept.smtp) or is_alive(kept.smtp)):
                return kept
            leave(kept.smtp)

    def _young(self, kept: Kept) -> bool:
        return time.monotonic() - kept.idle_since < self._idle

    def _give_back(self, kept: Kept) -> None:
        kept.uses += 1
        kept.idle_since = time.monotonic()
        with self._lock:
            keep = not self._closed and kept.uses < self._uses and kept.smtp.sock is not None
            if keep:
                self._kept.append(kept)
                self._watch()
        if not keep:
            leave(kept.smtp)

    def _watch(self) -> None:
        if self._timer is None:
            self._timer = threading.Timer(self._idle, self._close_idle)
            self._timer.daemon = True
            self._timer.start()

    def _close_idle(self) -> None:
        with self._lock:
            old = [kept for kept in self._kept if not self._young(kept)]
            self._kept = [kept for kept in self._kept if self._young(kept)]
            self._timer = None
            if self._kept and not self._closed:
                self._watch()
        for kept in old:
            leave(kept.smtp)


def is_quiet(smtp: smtplib.SMTP) -> bool:
    """Tell whether the server has neither left nor said anything, without asking it."""
    try:
        return smtp.sock is not None and not select.select([smtp.sock], (), (), 0)[0]
    except (OSError, ValueError):  # closed, or beyond what this call can look at
        return False


def is_alive(smtp: smtplib.SMTP) -> bool:
    """Ask whether the server still listens, and clear what a refused mail left behind."""
    try:
        return smtp.rset()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False


def leave(smtp: smtplib.SMTP) -> None:
    """End a connection politely; a server that is gone already is left just so."""
    try:
        smtp.quit()
    except (smtplib.SMTPException, OSError):
        smtp.close()
