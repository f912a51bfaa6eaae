"""The file of errors of an import: which row, which column, what is wrong; no values, so nothing personal."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from pathlib import Path

from ..contract.errors import Problem, Refused
from ..contract.scalars import is_line
from .import_file import Bad
from .reports import FORMULA

__all__ = ["ErrorFile"]

_HEADER = ["row", "line", "column", "reason"]


class ErrorFile:
    """Collects errors in a file that appears with the first of them.

    Args:
        path: Where.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0

    def begin(self, after: int) -> None:
        """Keep the errors of rows up to this one, from a run that goes on; forget all others.

        Raises:
            Refused: The file holds something else.
        """
        if not self.path.exists():
            return
        with self.path.open(newline="", encoding="utf-8", errors="replace") as file:
            rows = list(csv.reader(file))
        if rows and rows[0] != _HEADER:
            raise Refused(Problem("errors", f"{self.path} is there already and holds something else"))
        kept = [row for row in rows[1:] if row and row[0].isdecimal() and int(row[0]) <= after]
        self.path.unlink()
        self._append(kept)

    def add(self, errors: Sequence[Bad]) -> None:
        """Write errors down, safe against a crash before the rows themselves are."""
        self._append([[str(e.number), str(e.line), _dead(e.column), _dead(e.reason)] for e in errors])

    def _append(self, rows: Sequence[Sequence[str]]) -> None:
        if not rows:
            return
        fresh = not self.path.exists()
        with self.path.open("a", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerows([_HEADER, *rows] if fresh else rows)
            file.flush()
            os.fsync(file.fileno())
        self.count += len(rows)


def _dead(text: str) -> str:
    shown = "".join(letter if is_line(letter) else "?" for letter in text)
    return "'" + shown if FORMULA.match(shown) else shown
