"""The verdict: what the database and the mail server hold, compared with what was acknowledged."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from bench.soak.client import Client
from bench.soak.instance import Instance
from bench.soak.ledger import Ledger
from bench.soak.postbox import Mail, Postbox
from feedbackhub.loop import tallies
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.opening import open_core
from feedbackhub.machinery.settings_load import load_settings
from feedbackhub.store.queries.tallies import whole_tally
from feedbackhub.store.tables import contact, decision, event, response

__all__ = ["broken", "compared", "damaged", "inside", "listed", "mail_problems"]

Problems = dict[str, int]


def broken(problems: Mapping[str, int]) -> list[str]:
    """Return what is wrong, a line each; empty when everything is as it must be."""
    return [f"{what}: {n:,}" for what, n in problems.items() if n]


def listed(client: Client) -> list[dict[str, Any]]:
    """Return all responses, as the API lists them."""
    return list(_listed(client))


def _listed(client: Client) -> Iterator[dict[str, Any]]:
    after = ""
    while True:
        answer = client.call("GET", f"/api/v1/responses?limit=100&after={after}")
        if answer.status != 200:
            raise RuntimeError(f"the list of responses: {answer.status} {answer.body[:300]!r}")
        page = json.loads(answer.body)
        yield from page["items"]
        if not page["more"]:
            return
        after = page["next"]


def compared(ledger: Ledger, responses: Sequence[Mapping[str, Any]]) -> Problems:
    """Compare the answers that are there with those that were acknowledged.

    Args:
        ledger: What was sent and what was acknowledged; nothing in it may be unknown any more.
        responses: What the API lists.
    """
    found = Counter(each["invitation"] for each in responses)
    said = {each["invitation"]: (each["value"], each["comment"], each["revision"]) for each in responses}
    answered = [each for each in ledger.entries if each.answered]
    sent = {each.invitation for each in ledger.entries if each.answer_sent}
    return {
        "acknowledged answers lost": sum(each.invitation not in said for each in answered),
        "acknowledged answers with another content": sum(
            said[each.invitation][:2] != (each.rating, each.comment) for each in answered if each.invitation in said
        ),
        "invitations answered twice": sum(n > 1 for n in found.values()),
        "answers kept more often than sent": sum(
            said[each.invitation][2] > each.answer_sent for each in answered if each.invitation in said
        ),
        "answers that nobody gave": len(found.keys() - sent),
        "outcomes still unknown": ledger.unsure,
    }


def inside(instance: Instance, ledger: Ledger) -> Problems:
    """Look into the database of an instance that does not run.

    Args:
        instance: The instance.
        ledger: What was acknowledged.
    """
    core = open_core(load_settings(instance.config, {}))
    try:
        return {**_rows(core, ledger), **_counts(core)}
    finally:
        core.close()


def _rows(core: Core, ledger: Ledger) -> Problems:
    with core.store.read() as connection:
        contacts = Counter(connection.scalars(select(contact.c.external_id)))
        public = set(connection.scalars(select(contact.c.public_id)))
        decided = Counter(connection.scalars(select(decision.c.contact_id)))
        every = set(connection.scalars(select(contact.c.id)))
        told = Counter(
            (row.type, row.payload.get("response") or row.payload.get("contact"))
            for row in connection.execute(
                select(event.c.type, event.c.payload).where(event.c.type.in_(("response.recorded", "contact.recorded")))
            )
        )
        responses = connection.execute(select(func.count()).select_from(response)).scalar_one()
    return {
        "acknowledged contacts lost": sum(each.contact not in public for each in ledger.entries if each.contact),
        "contacts twice": sum(n > 1 for n in contacts.values()),
        "contacts without a decision": len(every - decided.keys()),
        "contacts decided twice": sum(n > 1 for n in decided.values()),
        "events told twice": sum(n > 1 for n in told.values()),
        "responses or contacts without their event": responses + len(every) - len(told),
    }


def _counts(core: Core) -> Problems:
    engine = Engine(core)
    while engine.follow():
        continue
    with core.store.read() as connection:
        kept = {cell: n for cell, n in whole_tally(connection).items() if n}
        return {"tallies unlike a recount": int(kept != tallies.recount(connection))}


def damaged(instance: Instance) -> Problems:
    """Return what SQLite itself finds wrong with the file of an instance; nothing on PostgreSQL."""
    if instance.database:
        return {}
    database = sqlite3.connect(instance.file)
    try:
        said = [row[0] for row in database.execute("PRAGMA integrity_check")]
        strays = database.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        database.close()
    return {
        "damage found by integrity_check": len([each for each in said if each != "ok"]),
        "rows that point nowhere": len(strays),
    }


def mail_problems(ledger: Ledger, box: Postbox, deaths: Sequence[float], hands: int) -> Problems:
    """Compare the mails that came with the customers who had to get one.

    Args:
        ledger: Who was recorded.
        box: What came.
        deaths: When a process was killed that may have been sending.
        hands: How many mails such a process has under way at most.
    """
    copies = box.copies()
    wanted = [f"{each.number}@example.org" for each in ledger.entries if each.contact and each.silent]
    second = [later for mails in box.twice() for later in zip(mails, mails[1:], strict=False)]
    return {
        "mails missing": sum(to not in copies for to in wanted),
        "second copies with another Message-ID": box.renamed(),
        "second copies without a death in between": sum(not _died(first, later, deaths) for first, later in second),
        "more second copies than were under way at deaths": max(0, len(second) - hands * len(deaths)),
    }


def _died(first: Mail, later: Mail, deaths: Sequence[float]) -> bool:
    """Tell whether a process died after it had handed a mail over and before it was handed over again."""
    return any(first.at - 0.1 <= at <= min(first.at + 2.0, later.at) for at in deaths)
