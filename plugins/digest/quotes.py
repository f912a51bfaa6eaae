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

__all__ = ["Quote", "quotes"]

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
        day: When.
        about: Its theme, or what the contact was about; empty when nothing is known.
        link: The answer it belongs to.
    """

    text: str
    day: date
    about: str
    link: str


def quotes(hub: Hub, digest: Digest, since: date, until: date) -> list[Quote]:
    """Return bad answers of some days that say something in words: one for each theme, then the newest.

    Args:
        hub: The plugin's hub.
        digest: Whose filters hold.
        since: First day.
        until: Last day.
    """
    found = _of_themes(hub, digest, since, until)
    if len(found) < MOST:
        known = {each.link for each in found}
        found += [each for each in _newest(hub, digest, since, until) if each.link not in known]
    return found[:MOST]


def _of_themes(hub: Hub, digest: Digest, since: date, until: date) -> list[Quote]:
    """Return what the analysis of themes quotes of bad answers, one for each theme; nothing without it."""
    if THEMES not in hub.analyses():
        return []
    try:
        report = hub.report(THEMES, query_for(digest, since, until))
        found = list(_quoted_in(hub, report))
    except FeedbackhubError as error:
        # The words themselves are there all the same, so the reader misses nothing that could be told.
        hub.log.warning("digest %s: the themes could not be asked for quotes: %s", digest.id, error)
        return []
    return _of_different_themes(found)


def _of_different_themes(found: list[Quote]) -> list[Quote]:
    """Return one quote for each theme; an answer that has several themes is quoted once."""
    themes: set[str] = set()
    answers: set[str] = set()
    kept = []
    for each in found:
        if each.about not in themes and each.link not in answers:
            kept.append(each)
            themes.add(each.about)
            answers.add(each.link)
    return kept[:MOST]


def _quoted_in(hub: Hub, report: Report) -> Iterator[Quote]:
    """Yield the quotes in a report of themes that belong to bad answers."""
    if len(report.tables) < 2:
        return
    table = report.tables[1]
    for row, way in zip(table.rows, table.ways, strict=False):
        if len(row) < 2 or way is None or way.to != "answer":
            continue
        answer = hub.read.response(way.name)
        if answer.low and answer.counted and len(answer.comment.strip()) >= SHORTEST:
            link = f"{hub.public_url}answers/{answer.public_id}"
            yield Quote(masked(answer.comment), answer.answered_at.date(), str(row[0] or ""), link)


def _newest(hub: Hub, digest: Digest, since: date, until: date) -> list[Quote]:
    """Return the newest bad answers that say something in words, the newest first."""
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
