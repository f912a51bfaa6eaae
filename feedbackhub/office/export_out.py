"""Exports written at once to where the caller says, without a server and without leaving a file in the instance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from ..contract.errors import FeedbackhubError
from ..contract.exports import Batch, Column, Export
from ..loop import record_sets
from ..loop.core import Core
from ..loop.exporting import exporter
from ..machinery.containment import place_of
from .exports import ExportWish, check_span, checked, note_export

__all__ = ["Written", "write_columns", "write_export"]

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Written:
    """What was written.

    Args:
        rows: How many records.
        cursor: Where the next export goes on.
    """

    rows: int
    cursor: str


def write_export(core: Core, wish: ExportWish, target: BinaryIO, by: str, tell: Tell) -> Written:
    """Write an export to an open file, and note in the audit log who did.

    Args:
        core: The instance.
        wish: What is wanted.
        target: Where to.
        by: Who wants it.
        tell: Told how many records are written, and how many there are.

    Raises:
        Refused: Its span ends before it begins.
        NotFound: There is no such format, or nothing is known of the cursor.
        Conflict: The format lacks something.
        PluginFault: The export failed.
        Unavailable: The database does not answer.
    """
    check_span(wish.filters)
    checked(core, wish)
    note_export(core, wish, by)
    plugin, export = exporter(core, wish.format)
    wanted = record_sets.stretch(core.store, wish.records, wish.filters, wish.after)
    total = record_sets.count_of(core.store, wanted)
    told = _Told(tell, total, wish.after)
    columns, batches = record_sets.columns(wish.records), record_sets.batches_of(core.store, wanted)
    tell(0, total)
    _write(core, plugin, export, columns, told.following(batches), target)
    return Written(told.rows, told.cursor)


class _Told:
    """Counts what was taken."""

    def __init__(self, tell: Tell, total: int, cursor: str) -> None:
        self._tell, self._total = tell, total
        self.rows, self.cursor = 0, cursor

    def following(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """Yield the batches and tell how far the export is."""
        for batch in batches:
            yield batch
            self.rows += batch.length
            self.cursor = batch.cursor
            self._tell(self.rows, self._total)


def write_columns(core: Core, wish: ExportWish, target: BinaryIO) -> None:
    """Write what the columns mean to an open file, as CSV or, for JSON lines, as such.

    Args:
        core: The instance.
        wish: Of which records.
        target: Where to.
    """
    plugin, export = exporter(core, wish.format if wish.format in SIDECARS else "csv")
    own = record_sets.columns(wish.records)
    values: dict[str, Sequence[Any]] = {
        "column": [each.name for each in own],
        "kind": [each.kind for each in own],
        "personal": [each.personal for each in own],
        "about": [each.about for each in own],
    }
    batches = iter([Batch(values, own[-1].name, len(own))])
    _write(core, plugin, export, ABOUT, batches, target)


def _write(
    core: Core, plugin: str, export: Export, columns: Sequence[Column], batches: Iterator[Batch], target: BinaryIO
) -> None:
    """Let the plugin write in this thread: whoever waits for it can end it, and errors of the file are the caller's."""
    try:
        export.write(columns, batches, target)
    except (FeedbackhubError, OSError):
        raise
    except (Exception, SystemExit) as error:
        raise core.containment.blame(plugin, f"write {export.name}", place_of(error)) from error


SIDECARS = ("csv", "jsonl")
ABOUT = (
    Column("column", "text", "Name of the column"),
    Column("kind", "text", "What its values are"),
    Column("personal", "flag", "Whether it may hold personal data"),
    Column("about", "text", "What it means"),
)
