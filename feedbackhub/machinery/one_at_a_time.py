"""A lock on a file: one process at a time, let go by the operating system whatever happens to its holder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..contract.errors import FeedbackhubError

__all__ = ["TakenAlready", "held"]


class TakenAlready(FeedbackhubError):
    """Another process holds the lock.

    Args:
        path: The file.
        holder: The other process' number, as far as known.
    """

    def __init__(self, path: Path, holder: str) -> None:
        super().__init__(f"{path} is held by process {holder or 'unknown'}")
        self.path, self.holder = path, holder


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock of a file, which is made when missing and left behind.

    Raises:
        TakenAlready: Another process holds it.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+", encoding="ascii", errors="replace") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise TakenAlready(path, file.read(20).strip()) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
