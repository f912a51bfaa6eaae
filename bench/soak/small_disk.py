"""A disk that is soon full: a small tmpfs, or, where nobody may mount, a limit on how far files may grow."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.soak import databases
from bench.soak.instance import Process

__all__ = ["GrownUp", "SmallDisk", "Tmpfs", "small_disk"]

_BALLAST = "ballast"
_BLOCK = b"\0" * 65536


@dataclass(frozen=True)
class SmallDisk:
    """A folder on a disk that can be filled.

    Args:
        folder: The folder.
        kind: What it is, in words.
        whole: Whether it is a disk, on which all are short of space and what is there may be written over.
    """

    folder: Path
    kind: str
    whole: bool

    def fill(self, process: Process) -> None:
        """Leave no space, for the process at least."""
        raise NotImplementedError

    def free(self, process: Process) -> None:
        """Give the space back."""
        raise NotImplementedError


class Tmpfs(SmallDisk):
    """A file system of its own."""

    def fill(self, process: Process) -> None:
        """Write a file as large as the disk lets it grow."""
        with (self.folder / _BALLAST).open("ab", buffering=0) as ballast:
            for size in (len(_BLOCK), 4096, 1):
                try:
                    while ballast.write(_BLOCK[:size]):
                        pass
                except OSError:
                    continue

    def free(self, process: Process) -> None:
        """Remove that file."""
        (self.folder / _BALLAST).unlink()


class GrownUp(SmallDisk):
    """An ordinary folder whose files may not grow."""

    def fill(self, process: Process) -> None:
        """Let no file of the process grow."""
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))

    def free(self, process: Process) -> None:
        """Let them grow again."""
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@contextmanager
def small_disk(megabytes: int) -> Iterator[SmallDisk]:
    """Give an empty folder on a disk of that size."""
    with databases.folder() as folder:
        size = f"size={megabytes}m"
        mount = ["mount", "-t", "tmpfs", "-o", size, "feedbackhub-soak", str(folder)]
        if os.geteuid() or subprocess.run(mount, check=False, stderr=subprocess.DEVNULL).returncode:
            yield GrownUp(folder, "a limit on the growth of files", whole=False)
            return
        try:
            yield Tmpfs(folder, f"a tmpfs of {megabytes} MB", whole=True)
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
