"""Inbound: the engine reads what another system told us; what it cannot read waits for a person."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from ..contract.errors import DeliveryFailure, NotFound, Problem, Refused, TemporaryFailure
from ..contract.inbound import Ignored, Incoming, Parsed, Receives, Reopened, Source
from ..contract.intake import ContactEvent
from ..machinery.containment import GivenUp, PluginFault
from ..store.queries import inbound, outbox
from ..store.types import AnyRow
from .core import Core
from .fence import Claim
from .intake import record_contact, reopen_contact
from .plain import plain
from .receivers import Called, called, incoming_url
from .retry import backoff
from .returned import store_returned
from .understand import completed, parsed, received

__all__ = ["Read", "read_inbound", "request_of"]

log = logging.getLogger(__name__)
_LONGEST = 300
_MOST_PROBLEMS = 50
_PATIENCE = timedelta(seconds=10)
_LONGEST_WAIT = timedelta(days=1)
#: What trying again later may change: a plugin that hung or is resting, not one that cannot read these bytes.
_PASSING = ("late", "resting", "busy")


@dataclass
class Read:
    """What became of a request.

    Args:
        contacts: Public ids of the contacts that it tells of.
        created: How many of them are new.
        reopened: How many contacts go on.
        returned: How many receipts, replies and the like a channel found in it.
        ignored: Why something in it does not matter.
    """

    contacts: list[str] = field(default_factory=list)
    created: int = 0
    reopened: int = 0
    returned: int = 0
    ignored: list[str] = field(default_factory=list)

    @property
    def state(self) -> str:
        """How the request stands now that it was read."""
        return "done" if self.contacts or self.reopened or self.returned or not self.ignored else "ignored"

    @property
    def result(self) -> dict[str, Any]:
        """The same as JSON; what did not happen is left out."""
        numbers = {"created": self.created, "reopened": self.reopened, "returned": self.returned}
        found: dict[str, Any] = {name: n for name, n in numbers.items() if n}
        return found | ({"ignored": self.ignored} if self.ignored else {})


class _TooEarly(Exception):
    """A request cannot be understood before an earlier one of the same sender."""


def read_inbound(core: Core, claim: Claim, reference: str) -> None:
    """Read one request of the inbox.

    Doing so twice changes nothing: contacts are known by their source's id, what came back by its key.

    Args:
        core: The instance.
        claim: The task's claim.
        reference: Row number of the request.
    """
    with core.store.read() as connection:
        row = inbound.request(connection, int(reference))
    if row is None or row.state != "received":
        core.store.write(lambda connection: outbox.finish(connection, claim.task_id, claim.attempt, core.clock.now()))
        return
    read = Read()
    found = called(core).get(row.receiver)
    if claim.tries > core.settings.engine.max_attempts:
        _fail(core, claim, row, read, [Problem("", row.result.get("waits") or "no attempt to read it came to an end")])
    elif found is None:
        _again(core, claim, row, read, f"{row.receiver} is not active", None)
    else:
        _read(core, claim, row, found, read)


def request_of(core: Core, row: AnyRow) -> Incoming:
    """Return a kept request as its receiver saw it, but for what the inbox does not keep."""
    return Incoming(row.body, row.received_at, row.headers, row.query, incoming_url(core, row.receiver, ""))


def _read(core: Core, claim: Claim, row: AnyRow, found: Called, read: Read) -> None:
    try:
        _take(core, claim, row, found, read)
    except Refused as error:
        _fail(core, claim, row, read, error.problems)
    except TemporaryFailure as error:
        _again(core, claim, row, read, error.reason, error.retry_after)
    except DeliveryFailure as error:
        _fail(core, claim, row, read, [Problem("", error.reason)])
    except _TooEarly as error:
        _again(core, claim, row, read, str(error), _PATIENCE)
    except GivenUp:
        raise  # the server stops; the task comes back when its lease runs out
    except PluginFault as error:
        if error.outcome in _PASSING:
            _again(core, claim, row, read, str(error), None)
        else:
            _fail(core, claim, row, read, [Problem("", str(error))])
    else:
        _done(core, claim, row, read)


def _take(core: Core, claim: Claim, row: AnyRow, found: Called, read: Read) -> None:
    incoming, receiver = request_of(core, row), found.receiver
    if isinstance(receiver, Source):
        for item in parsed(core, found.plugin, receiver, incoming):
            _hold(core, claim)
            _take_one(core, row, found.plugin, receiver, incoming, item, read)
    elif isinstance(receiver, Receives):
        for each in received(core, found.plugin, receiver, incoming):
            store_returned(core, found.name, each)
            read.returned += 1


def _take_one(
    core: Core, row: AnyRow, plugin: str, source: Source, incoming: Incoming, item: Parsed, read: Read
) -> None:
    if isinstance(item, ContactEvent):
        recorded = record_contact(core, completed(core, plugin, source, item, incoming))
        read.contacts.append(recorded.contact.id)
        read.created += recorded.created
    elif isinstance(item, Reopened):
        _reopen(core, row, source, item, read)
    elif isinstance(item, Ignored):
        read.ignored.append(plain(item.reason, _LONGEST))


def _reopen(core: Core, row: AnyRow, source: Source, item: Reopened, read: Read) -> None:
    try:
        reopened = reopen_contact(core, item.source or source.name, item.external_id, item.at or row.received_at)
    except NotFound:
        # Requests are read side by side, so the one that records the contact may still be waiting, or be in need of
        # a mended mapping: reopened too early, the customer would be asked all the same.
        with core.store.read() as connection:
            waiting = inbound.waiting_before(connection, row.receiver, row.id)
        if "received" in waiting:
            raise _TooEarly("an earlier request has to be read first") from None
        if "failed" in waiting:
            problem = Problem("", "its contact is not recorded, and an earlier request failed: retry that one first")
            raise Refused(problem) from None
        read.ignored.append("reopens a contact that was never recorded")
    else:
        read.contacts.append(reopened.contact.id)
        read.reopened += 1


def _hold(core: Core, claim: Claim) -> None:
    """Keep the task while looking things up in other systems takes its time."""
    now, lease = core.clock.now(), timedelta(seconds=core.settings.engine.lease_seconds)
    if claim.lease_until is not None and claim.lease_until - now <= lease / 2:
        core.store.write(lambda connection: outbox.renew(connection, claim.task_id, claim.attempt, now + lease))


def _done(core: Core, claim: Claim, row: AnyRow, read: Read) -> None:
    values: dict[str, Any] = {"state": read.state, "problems": [], "result": read.result}
    if row.kind == "channel":
        values["body"] = b""  # what came back is kept beside what it answers
    _store(core, claim, row, read, values)


def _fail(core: Core, claim: Claim, row: AnyRow, read: Read, problems: Sequence[Problem]) -> None:
    said = [{"field": plain(each.field, _LONGEST), "reason": plain(each.reason, _LONGEST)} for each in problems]
    _store(core, claim, row, read, {"state": "failed", "problems": said[:_MOST_PROBLEMS], "result": read.result})
    log.warning("request %s of %s cannot be read and waits", row.public_id, row.receiver)


def _store(core: Core, claim: Claim, row: AnyRow, read: Read, values: dict[str, Any]) -> None:
    now = core.clock.now()

    def run(connection: Connection) -> None:
        if outbox.finish(connection, claim.task_id, claim.attempt, now):
            _note(connection, row, read, {**values, "handled_at": now})

    core.store.write(run)


def _again(core: Core, claim: Claim, row: AnyRow, read: Read, why: str, wait: timedelta | None) -> None:
    if claim.tries >= core.settings.engine.max_attempts:
        _fail(core, claim, row, read, [Problem("", why)])
        return
    due = core.clock.now() + (backoff(core, claim.tries) if wait is None else min(wait, _LONGEST_WAIT))
    result = {**read.result, "waits": plain(why, _LONGEST)}

    def run(connection: Connection) -> None:
        if outbox.postpone(connection, claim.task_id, claim.attempt, due, ""):
            _note(connection, row, read, {"result": result})

    core.store.write(run)


def _note(connection: Connection, row: AnyRow, read: Read, values: dict[str, Any]) -> None:
    # Unless the request was emptied meanwhile, because its person was erased.
    if inbound.settle(connection, row.id, {**values, "attempts": row.attempts + 1}):
        inbound.link(connection, row.id, read.contacts)
