"""The page about the columns of exports, from the declarations of the record sets."""

from __future__ import annotations

from docs.writing import code, table
from feedbackhub.office.exports import RECORDS, columns_of

__all__ = ["columns_page"]

INTRO = """What [exports](exports.md) write, and what plugins read by `hub.read.batches`. A name means the same in all
of them. An empty cell says that nothing is known.

"""


def columns_page() -> str:
    """Return every column of every record set."""
    parts = ["# Columns of exports\n\n", INTRO]
    for records in RECORDS:
        rows = [
            (code(each.name), each.kind, "yes" if each.personal else "", each.about) for each in columns_of(records)
        ]
        parts.append(f"## {records}\n\n{table(('column', 'kind', 'personal', 'what it means'), rows)}\n")
    return "".join(parts).rstrip() + "\n"
