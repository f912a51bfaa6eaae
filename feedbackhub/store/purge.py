"""Purging: what was overwritten or removed must not stay readable in the files beside the database."""

from __future__ import annotations

from .store import Store, answering

__all__ = ["empty_log"]


def empty_log(store: Store) -> bool:
    """Move SQLite's write-ahead log into the database and cut it to nothing; tell whether that was possible.

    It holds every page as it was after each change, a removed row's included. A program that reads for long keeps it
    from being cut. PostgreSQL's log is the server's own, and cannot be cut from here.
    """
    if not store.is_sqlite:
        return True
    with answering():
        # Past SQLAlchemy's BEGIN: inside a transaction there is nothing to be moved.
        raw = store.engine.raw_connection()
        try:
            cursor = raw.cursor()
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            answer = cursor.fetchone()
            cursor.close()
        finally:
            raw.close()
    return answer is not None and answer[0] == 0  # 1: somebody was reading or writing
