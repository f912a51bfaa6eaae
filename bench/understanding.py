"""Measure what managers wait for beside a million answers: pages from the tallies, crossings, and what is kept a while.

The tables are filled first, in a folder that is used again by the next run: ``python -m bench.understanding --folder
FOLDER``. What the tallies say is held against a count of every answer before anything is measured.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from bench.__main__ import show
from bench.databases import kept_postgres
from bench.fill import DAYS, fill, fill_tally
from bench.instance import made
from bench.large import cluster_in
from bench.load import cpu_seconds
from bench.rows_card import NAMES
from bench.table import Figure, Rounds
from feedbackhub import Filters, Query
from feedbackhub.app import create_app
from feedbackhub.loop.core import Core
from feedbackhub.loop.reading import Reading
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.tokens import digest_of
from feedbackhub.office.users import invite_user
from feedbackhub.store import tables
from feedbackhub.store.queries import snapshots, staff

__all__ = ["main", "rows"]

SURVEY, QUESTION = "post-contact", "satisfaction"
#: Pages that the tallies alone fill: an analysis and what it is split by.
PAGES = (
    ("nps", ""), ("nps", "team"), ("nps", "channel"), ("satisfaction", ""), ("satisfaction", "team"),
    ("satisfaction", "channel"), ("solved", ""), ("solved", "team"),
)  # fmt: skip
CROSSED = ("team", "topic", "product", "answer")


def main(argv: Sequence[str] | None = None) -> int:
    """Fill, compare, measure, print; return 1 when a promise is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True, help="where the filled databases are kept")
    parser.add_argument("--responses", type=int, default=1_000_000, help="answers in the tables")
    parser.add_argument("--databases", nargs="+", choices=tuple(NAMES), default=tuple(NAMES))
    parser.add_argument("--rounds", type=int, default=5, help="rounds, of which the median counts")
    chosen = parser.parse_args(argv)
    folder = chosen.folder.resolve()
    return show(each for kind in chosen.databases for each in rows(kind, folder, chosen.responses, chosen.rounds))


def rows(kind: str, folder: Path, responses: int, rounds: int) -> Iterator[Figure]:
    """Measure on one database."""
    with filled(kind, folder, responses) as core:
        agree(core)
        beside = f"{NAMES[kind]}, {responses:,} answers"
        yield from pages(core, beside, rounds)
        yield from crossings(core, beside)
        yield from kept(core, beside)


@contextmanager
def filled(kind: str, folder: Path, responses: int) -> Iterator[Core]:
    """Give an instance with so many answers, filled when it is not there yet."""
    place = folder / f"{kind}-{responses}-whole"
    place.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        url = stack.enter_context(kept_postgres(cluster_in(place / "cluster"))) if kind == "postgres" else ""
        _, core, _ = stack.enter_context(made(url, place))
        with core.store.read() as connection:
            there = connection.execute(select(func.count()).select_from(tables.response)).scalar_one()
            counted = connection.execute(select(tables.tally.c.n).limit(1)).scalar()
        if not there:
            fill(core, responses, SURVEY)
        if counted is None:
            then = replace(core, clock=SetClock(_filled_at(core)))
            fill_tally(then, responses, SURVEY)
            fill_tally(then, responses, "nps")
        _dimensions(core)
        yield core


def _filled_at(core: Core) -> datetime:
    """Return the moment that the answers were made before, so that they are counted on the days that they are of."""
    first = select(tables.response.c.created_at).order_by(tables.response.c.id).limit(1)
    with core.store.read() as connection:
        found: datetime = connection.execute(first).scalar_one()
    return found + timedelta(days=DAYS - 1, seconds=1)


def _dimensions(core: Core) -> None:
    """Give every ask a topic and a product, which the tallies of this measurement do not know."""
    with core.store.read() as connection:
        if connection.execute(select(tables.invitation.c.topic).limit(1)).scalar():
            return
    values = "topic = 'Topic ' || (id % 23), product = 'Product ' || (id % 11)"
    for table in ("invitation", "contact"):
        core.store.write(lambda connection, table=table: connection.execute(text(f"UPDATE {table} SET {values}")))  # type: ignore[misc]
    if not core.store.is_sqlite:
        core.store.write(lambda connection: connection.execute(text("ANALYZE")))


def agree(core: Core) -> None:
    """Hold the tallies against every answer.

    Raises:
        RuntimeError: They differ.
    """
    reader, (since, until) = Reading(core), whole(core)
    for name in ("team", "channel"):
        tallies = reader.tallies(since, until, survey=SURVEY, question=QUESTION, dimension=name)
        told = Counter({(each.day.isoformat(), each.value, each.score): each.n for each in tallies})
        groups = reader.grouped("responses", ("day", name, "answer"), Filters(survey=SURVEY), question=QUESTION)
        if told != Counter({(each.values[0], each.values[1] or "", each.values[2]): each.n for each in groups}):
            raise RuntimeError(f"the tallies by {name} are not those of the answers")


def pages(core: Core, beside: str, rounds: int) -> Iterator[Figure]:
    """Time whole pages in the server, each asked for the first time, with a process for analyses that is there."""
    client, (first, until) = manager(core), whole(core)
    core.analyst.report("nps", Query(until, until))
    spans = (("a year", until - timedelta(days=364)), ("three years", first))
    for (name, by), (span, since) in product(PAGES, spans):
        seen = Rounds()
        for turn in range(rounds):
            address = f"/reports/{name}?period=own&from={since - timedelta(days=turn)}&to={until}&by={by}"
            began, busy = time.perf_counter(), cpu_seconds(os.getpid())
            answer = client.get(address)
            cpu = cpu_seconds(os.getpid()) - busy
            seen.note(ms=(time.perf_counter() - began) * 1000, cpu=cpu * 1000)
            if answer.status_code != 200 or 'class="note working"' in answer.text:
                raise RuntimeError(f"{address} shows no report")
        what = f"page {name}{' by ' + by if by else ''}, {span}, {beside}"
        yield Figure(what, "in the server", seen["ms"], "ms", 300, 150, False, f"{seen['cpu']:.0f} CPU-ms")


def crossings(core: Core, beside: str) -> Iterator[Figure]:
    """Time counts of the answers themselves: all, and those of 92 days."""
    reader, (_, until) = Reading(core), whole(core)
    end = datetime(until.year, until.month, until.day, tzinfo=UTC) + timedelta(days=1)
    for words, since, basis in (
        ("all", None, "answer"), ("92 days", end - timedelta(days=92), "answer"),
        ("92 days of contacts", end - timedelta(days=92), "contact"),
    ):  # fmt: skip
        filters = Filters(since=since, until=since and end, basis=basis, survey=SURVEY)  # type: ignore[arg-type]
        began, busy = time.perf_counter(), cpu_seconds(os.getpid())
        found = reader.grouped("responses", CROSSED, filters, question=QUESTION)
        seconds, cpu = time.perf_counter() - began, cpu_seconds(os.getpid()) - busy
        told = f"{sum(each.n for each in found):,} answers, {len(found):,} groups, {cpu:.1f} CPU-s"
        yield Figure(f"answers by {', '.join(CROSSED)}, {words}, {beside}", "counted", seconds, "s", beside=told)


def kept(core: Core, beside: str) -> Iterator[Figure]:
    """Time what is made in the background and kept: of a year, the first time and from then on."""
    _, until = whole(core)
    query = Query(until - timedelta(days=364), until)
    core.store.write(snapshots.forget_all)
    for analysis in core.analyst.all():
        if analysis.lasts is None:
            continue
        times, busy = [], cpu_seconds(os.getpid())
        for _ in range(2):
            began = time.perf_counter()
            core.analyst.report(analysis.name, query)
            times.append(time.perf_counter() - began)
        told = f"{cpu_seconds(os.getpid()) - busy:.1f} CPU-s, then kept: {times[1] * 1000:.0f} ms"
        yield Figure(f"{analysis.name}, a year, {beside}", "made", times[0], "s", beside=told)


def whole(core: Core) -> tuple[date, date]:
    """Return the first and the last day that hold answers, with some to spare."""
    today = core.clock.now().date()
    return today - timedelta(days=DAYS + 100), today


def manager(core: Core) -> FlaskClient:
    """Return a browser in which a manager is signed in."""
    now = core.clock.now()
    token = f"session-{now.timestamp()}"
    user, _ = invite_user(core.store, core.clock, f"bench{now.timestamp()}@example.org", "Bench", "manager", "bench")
    core.store.write(lambda c: staff.change_user(c, user.id, {"password_hash": "unusable"}))
    core.store.write(lambda c: staff.add_session(c, digest_of(token), user.id, now, now + timedelta(hours=12)))
    client = create_app(core).test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return client


if __name__ == "__main__":
    sys.exit(main())
