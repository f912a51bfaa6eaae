"""Parquet: typed columns, compressed, in groups of rows."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO

from feedbackhub import Batch, Column, Export

from .texts import clean, compact

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Parquet"]

#: Rows in a group: fewer make a file larger and slower to read, more cost memory.
GROUP = 10_000
_KEPT: Mapping[str, Callable[[Any], Any]] = {
    "text": clean,
    "list": lambda value: [clean(each) for each in value],
    "json": compact,
}


class Parquet(Export):
    """Text as string, moments as microseconds in UTC, lists as lists of strings, JSON as string."""

    name = "parquet"
    title = "Parquet"
    suffix = "parquet"
    media_type = "application/vnd.apache.parquet"

    @property
    def lacks(self) -> str:
        """The library that writes Parquet."""
        if importlib.util.find_spec("pyarrow") is None:
            return "pyarrow is not installed: pip install 'feedbackhub[exports]'"
        return ""

    def write(self, columns: Sequence[Column], batches: Iterable[Batch], target: BinaryIO) -> None:
        """Write all records, some batches in each group of rows."""
        import pyarrow as pa  # 60 MB and a tenth of a second, for those who want a Parquet file only
        import pyarrow.parquet as pq

        schema = _schema(columns)
        with pq.ParquetWriter(target, schema, compression="zstd") as writer:
            for group in _groups(_arrow(columns, schema, batch) for batch in batches):
                writer.write_table(pa.Table.from_batches(group, schema), row_group_size=2 * GROUP)


def _groups(batches: Iterator[pa.RecordBatch]) -> Iterator[list[pa.RecordBatch]]:
    group: list[pa.RecordBatch] = []
    for batch in batches:
        group.append(batch)
        if sum(each.num_rows for each in group) >= GROUP:
            yield group
            group = []
    if group:
        yield group


def _schema(columns: Sequence[Column]) -> pa.Schema:
    import pyarrow as pa  # see above

    types = {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "moment": pa.timestamp("us", tz="UTC"),
        "flag": pa.bool_(),
        "list": pa.list_(pa.string()),
        "json": pa.string(),
    }
    return pa.schema([pa.field(each.name, types[each.kind], metadata=_described(each)) for each in columns])


def _described(column: Column) -> dict[str, str]:
    return {"about": column.about, "kind": column.kind, "personal": "true" if column.personal else "false"}


def _arrow(columns: Sequence[Column], schema: pa.Schema, batch: Batch) -> pa.RecordBatch:
    import pyarrow as pa  # see above

    arrays = [_array(column, field.type, batch) for column, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _array(column: Column, kind: pa.DataType, batch: Batch) -> pa.Array:
    import pyarrow as pa  # see above

    if (written := batch.texts.get(column.name)) is not None:
        return pa.array(written, pa.string()).cast(kind)
    values, keep = batch.columns[column.name], _KEPT.get(column.kind)
    if column.kind == "text":
        with suppress(UnicodeError, pa.ArrowInvalid):  # half letters, which are put right one by one
            return pa.array(values, kind)
    return pa.array(values if keep is None else [None if each is None else keep(each) for each in values], kind)
