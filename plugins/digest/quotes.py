"""Three things that customers wrote: what the analysis of themes quotes, else the newest bad answers with words."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from feedbackhub import FeedbackhubError, Filters, Hub, Report

from .book import Digest
from .collecting import query_for
from .masking import masked

__all__ = ["Quote", "chosen_quotes", "newest_quotes"]

MOST = 3
#: A comment shorter than that says too little to be quoted.
SHORTEST = 12
#: The analysis that quotes customers: its second table has a theme, a quote, and a way to the answer in each row.
THEMES = "themes"
COLUMNS = ("id", "comment", "low", "counted", "answered_at", "topic", "product")


@dataclass(frozen=True, slots=True)
class Quote:
    """Something that a customer wrote.

    Args:
        text: The words, without addresses and long numbers.
        day: When, None where that is not told.
        about: What it, or the contact was about, empty when nothing is known.
        link: The answer it belongs to.
    """

    text: str
    day: date | None
    about: str
    link: str


def chosen_quotes(hub: Hub, digest: Digest, since: date, until: date) -> list[Quote]:
    """Return what the analysis of themes quotes, one of each theme as far as there are so many; nothing without it."""
    if THEMES not in hub.analyses():
        return []
    try:
        found = quoted_in(hub.report(THEMES, query_for(digest, since, until)), hub.public_url)
    except FeedbackhubError as error:
        # The words themselves are there all the same, so the reader misses nothing that could be told.
        hub.log.warning("digest %s: the themes could not be asked for quotes: %s", digest.id, error)
        return []
    by_theme = {each.about: each for each in reversed(found)}
    first = [each for each in found if by_theme[each.about] is each]
    return [*first, *(each for each in found if each not in first)][:MOST]


def quoted_in(report: Report, public_url: str) -> list[Quote]:
    """Return the quotes in a report of themes."""
    if len(report.tables) < 2:
        return []
    table = report.tables[1]
    return [
        Quote(masked(str(row[1])), None, str(row[0]), f"{public_url}answers/{way.name}")
        for row, way in zip(table.rows, table.ways, strict=False)
        if len(row) > 1 and way is not None and way.to == "answer" and row[1]
    ]


def newest_quotes(hub: Hub, digest: Digest, since: date, until: date) -> list[Quote]:
    """Return the newest bad answers of some days that say something in words, the newest first.

    Args:
        hub: The plugin's hub.
        digest: Whose filters hold.
        since: First day.
        until: Last day.
    """
    begin, end = (datetime.combine(day, time(), UTC) for day in (since, until + timedelta(days=1)))
    kept: dict[str, Any] = dict(digest.filters)
    filters = Filters(begin, end, **kept)
    newest = deque(_said(hub, filters), maxlen=MOST)
    return [_quote(hub, row) for row in reversed(newest)]


def _said(hub: Hub, filters: Filters) -> Iterator[dict[str, Any]]:
    """Yield bad answers with words, oldest first; only those that count."""
    for batch in hub.read.batches("responses", filters, only=COLUMNS):
        columns = [batch.columns[name] for name in COLUMNS]
        for row in map(dict, (zip(COLUMNS, cells, strict=True) for cells in zip(*columns, strict=True))):
            if row["low"] and row["counted"] and len((row["comment"] or "").strip()) >= SHORTEST:
                yield row


def _quote(hub: Hub, row: dict[str, Any]) -> Quote:
    about = " · ".join(filter(None, (row["topic"], row["product"])))
    return Quote(masked(row["comment"]), row["answered_at"].date(), about, f"{hub.public_url}answers/{row['id']}")
