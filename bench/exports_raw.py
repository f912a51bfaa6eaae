"""The peer of exports: the same columns by the same joins, from the driver straight into Python's own writers.

No guarding of cells, no types beyond the driver's, no progress, no lease: as fast as it goes with these libraries.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import sqlite

from feedbackhub.contract.exports import Filters
from feedbackhub.store.queries.record_sets import SETS

ROWS = 10_000


def write_csv(database: Path, target: Path) -> None:
    """Write all responses with `csv.writer`."""
    names, batches = _read(database)
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for batch in batches:
            writer.writerows(batch)


def write_parquet(database: Path, target: Path) -> None:
    """Write all responses with pyarrow, compressed as ours are."""
    import pyarrow as pa  # as in the plugin: only for those who want such a file
    import pyarrow.parquet as pq

    names, batches = _read(database)
    writer: Any = None
    for batch in batches:
        columns = [pa.array(values) for values in zip(*batch, strict=True)]
        # A column that is empty so far says nothing of its type.
        columns = [each.cast(pa.string()) if pa.types.is_null(each.type) else each for each in columns]
        table = pa.table(columns, names=names)
        writer = writer or pq.ParquetWriter(target, table.schema, compression="zstd")
        writer.write_table(table)
    writer.close()


PEERS: Mapping[str, Callable[[Path, Path], None]] = {"csv": write_csv, "parquet": write_parquet}


def _read(database: Path) -> tuple[list[str], Iterator[list[tuple[Any, ...]]]]:
    records = SETS["responses"]
    query = select(*(each.labelled for each in records.fields)).select_from(records.joins.whole())
    query = query.where(*records.terms(Filters())).order_by(records.number)
    sql = str(query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    cursor = sqlite3.connect(f"file:{database}?mode=ro", uri=True).execute(sql)
    return [each.column.name for each in records.fields], iter(lambda: cursor.fetchmany(ROWS), [])
