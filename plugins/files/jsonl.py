"""JSON lines: one object for each record, every column in it, null where nothing is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

from feedbackhub import Batch, Column, Export

from .texts import compact, moment

__all__ = ["JsonLines"]


class JsonLines(Export):
    """One JSON object on each line, in UTF-8."""

    name = "jsonl"
    title = "JSON lines"
    suffix = "jsonl"
    media_type = "application/jsonl"

    def write(self, columns: Sequence[Column], batches: Iterable[Batch], target: BinaryIO) -> None:
        """Write all records, a batch at a time."""
        names = [each.name for each in columns]
        for batch in batches:
            values = [_column(each, batch) for each in columns]
            lines = (compact(dict(zip(names, row, strict=True))) for row in zip(*values, strict=True))
            target.write("".join(f"{line}\n" for line in lines).encode())


def _column(column: Column, batch: Batch) -> Sequence[Any]:
    if column.kind == "moment" and (written := batch.texts.get(column.name)) is not None:
        return written
    values = batch.columns[column.name]
    if column.kind == "moment":
        return [None if each is None else moment(each) for each in values]
    return values
