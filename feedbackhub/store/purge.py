"""Purging: what was overwritten or removed must not stay readable in the database's files.

SQLite's `secure_delete` overwrites removed rows with zeros, but not the copies that are left in the unused part of a
page when rows once moved to a neighbouring one: of 40 persons erased from a file of 15 MB, one was still found so.
Only rewriting the file removes them. The write-ahead log holds pages as they were before, and is cut to nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .store import Store, answering

__all__ = ["RESPONSIVE", "purge"]

#: Files up to this many bytes are rewritten within a second or two, for which a writer waits without noticing.
RESPONSIVE = 128 * 1024 * 1024


def purge(store: Store, most: int | None = None) -> bool:
    """Rewrite the database and empty its log; tell whether nothing removed can be read in the files any more.

    PostgreSQL's files are the server's own: its VACUUM removes what is dead, its log is not ours to cut.

    Args:
        store: The database; a SQLite file is rewritten while reading goes on and writing waits.
        most: Leave a file with more bytes as it is, but for its log; None: rewrite a file of any size.

    Raises:
        Unavailable: Another program is writing all the time.
    """
    if not store.is_sqlite:
        return True
    with answering():
        # Past SQLAlchemy's BEGIN: neither can be done inside a transaction.
        raw = store.engine.raw_connection()
        try:
            cursor = raw.cursor()
            small = most is None or Path(store.url.database or "").stat().st_size <= most
            if small:
                _rewrite(cursor, most is None)
            emptied = _log_emptied(cursor)
            cursor.close()
        finally:
            raw.close()
    return small and emptied


def _rewrite(cursor: Any, in_file: bool) -> None:
    if in_file:  # the working copy of a large database does not fit into memory
        cursor.execute("PRAGMA temp_store=FILE")
    try:
        cursor.execute("VACUUM")
    finally:
        if in_file:
            cursor.execute("PRAGMA temp_store=MEMORY")


def _log_emptied(cursor: Any) -> bool:
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    answer = cursor.fetchone()
    return answer is not None and answer[0] == 0  # 1: somebody was reading what the log still holds
