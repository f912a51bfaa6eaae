"""What plugins read, in few statements for each call, whatever the history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from ..contract.errors import NotFound, Problem, Refused
from ..contract.exports import Batch, Column, Filters, RecordSet
from ..contract.gestures import Apologies, GestureRecord, StaffMember
from ..contract.reading import Group, Invitation, Response, Step, SurveyInfo, Tally
from ..contract.records import Contact, Customer, Event, Identifier
from ..contract.reports import Basis
from ..machinery.addresses import AddressError, normalise
from ..store.queries import contacts, log, people, staff, subscribers
from ..store.queries import gestures as made
from ..store.queries import reading as rows
from ..store.tables import DIMENSIONS
from . import record_groups, record_sets
from . import tallies as counted
from .core import Core
from .facts import public_events
from .gestures import apologies_to
from .reading_records import (
    contact_record,
    customer_records,
    gesture_record,
    invitation_record,
    response_records,
    survey_info,
)

__all__ = ["Reading"]

_DIMENSIONS = ("", *DIMENSIONS, *(f"{one}*{other}" for one, other in counted.PAIRS))
_ALL = Filters()
_MOST_EVENTS = 1000


class Reading:
    """Reads for plugins; see `feedbackhub.Reader` for what each call returns.

    Args:
        core: The instance.
    """

    def __init__(self, core: Core) -> None:
        self._core = core

    def contact(self, public_id: str) -> Contact:
        """Return a contact; raises NotFound."""
        with self._core.store.read() as connection:
            row = contacts.contact_by_public_id(connection, public_id)
            if row is None:
                raise NotFound("no such contact")
            return contact_record(connection, row)

    def customer(self, public_id: str) -> Customer:
        """Return a customer; raises NotFound, for one who was erased too."""
        with self._core.store.read() as connection:
            row = people.customer_by_public_id(connection, public_id)
            found = rows.customers(connection, [row.id]) if row is not None else []
            if not found:
                raise NotFound("no such customer")
            return customer_records(connection, found)[0]

    def find_customers(self, identifier: Identifier) -> Sequence[Customer]:
        """Return the customers that an identifier names, newest first."""
        try:
            value = normalise(identifier.kind, identifier.value, self._core.settings.default_region)
        except AddressError:
            return ()
        with self._core.store.read() as connection:
            known = people.customers_with(connection, [Identifier(identifier.kind, value)])
            return customer_records(connection, rows.customers(connection, sorted({row.customer_id for row in known})))

    def attribute_of(self, customers: Sequence[str], name: str) -> Mapping[str, str]:
        """Return one attribute of many customers at once, by their ids; who has none of it is left out."""
        with self._core.store.read() as connection:
            found = rows.attributes(connection, customers)
            return {public_id: str(given[name]) for public_id, given in found if name in given}

    def merged(self) -> Mapping[str, str]:
        """Return the customers proven to be one person with others, and the id of the first of them."""
        with self._core.store.read() as connection:
            return people.merged_customers(connection)

    def invitation(self, public_id: str) -> Invitation:
        """Return an invitation; raises NotFound."""
        with self._core.store.read() as connection:
            row = rows.invitation_by_public_id(connection, public_id)
        if row is None:
            raise NotFound("no such invitation")
        return invitation_record(row)

    def asked_after(self, response: str) -> Sequence[Invitation]:
        """Return the asks that followed a response, newest first; raises NotFound."""
        with self._core.store.read() as connection:
            if rows.response_by_public_id(connection, response) is None:
                raise NotFound("no such response")
            return [invitation_record(row) for row in rows.invitations_after(connection, response)]

    def response(self, public_id: str) -> Response:
        """Return a response; raises NotFound."""
        with self._core.store.read() as connection:
            row = rows.response_by_public_id(connection, public_id)
            if row is None:
                raise NotFound("no such response")
            return response_records(connection, self._core, [row])[0]

    def responses_of(self, customer: str) -> Sequence[Response]:
        """Return a customer's responses, newest first; raises NotFound."""
        with self._core.store.read() as connection:
            kin = _kin(connection, customer)
            return response_records(connection, self._core, rows.responses_of(connection, kin))

    def gestures_of(self, customer: str, *, withdrawn: bool = False) -> Sequence[GestureRecord]:
        """Return what was done for a customer, newest first; raises NotFound."""
        with self._core.store.read() as connection:
            return [gesture_record(row) for row in made.made_to(connection, _kin(connection, customer), withdrawn)]

    def apologies(self, customer: str) -> Apologies:
        """Return how often a customer was apologised to of late; raises NotFound."""
        with self._core.store.read() as connection:
            kin, now = _kin(connection, customer), self._core.clock.now()
            return apologies_to(connection, self._core.settings, kin, now)

    def staff(self, role: str = "") -> Sequence[StaffMember]:
        """Return who works here, by address."""
        with self._core.store.read() as connection:
            found = [row for row in staff.users(connection) if not row.revoked and role in ("", row.role)]
        return [StaffMember(row.public_id, row.name, row.email, row.role, row.language) for row in found]

    def surveys(self, language: str = "") -> Sequence[SurveyInfo]:
        """Return the published surveys, each in its newest version and in the nearest language that it has."""
        with self._core.store.read() as connection:
            newest = rows.newest_versions(connection)
        return [survey_info(self._core.shelf.version(each), language) for each in newest]

    def columns(self, records: RecordSet) -> Sequence[Column]:
        """Return the columns of a record set; raises NotFound."""
        return record_sets.columns(records)

    def batches(
        self,
        records: RecordSet,
        filters: Filters = _ALL,
        *,
        after: str = "",
        size: int = 1000,
        only: Sequence[str] = (),
    ) -> Iterator[Batch]:
        """Yield records by columns, oldest first; raises NotFound for a cursor that is none, Refused for columns."""
        return record_sets.batches(self._core.store, records, filters, after=after, size=size, only=only)

    def grouped(
        self, records: RecordSet, by: Sequence[str], filters: Filters = _ALL, *, question: str = ""
    ) -> Sequence[Group]:
        """Return how many records there are of each kind; raises Refused."""
        return record_groups.grouped(self._core.store, records, by, filters, question)

    def count(self, records: RecordSet, filters: Filters = _ALL) -> int:
        """Return how many records there are; raises NotFound."""
        return record_sets.count(self._core.store, records, filters)

    def tallies(
        self,
        since: date,
        until: date,
        *,
        basis: Basis = "answer",
        survey: str = "",
        question: str | None = None,
        dimension: str = "",
        value: str | None = None,
        step: Step = "day",
    ) -> Sequence[Tally]:
        """Return counts by day or by month, oldest first.

        Raises:
            Refused: Nothing is counted by that dimension.
        """
        if dimension not in _DIMENSIONS:
            known = ", ".join(_DIMENSIONS[1:])
            raise Refused(Problem("dimension", f"nothing is counted by {dimension}; there are {known}"))
        wanted = rows.Cells(basis, since, until, survey, question, dimension, value)
        read = rows.tallies_by_month if step == "month" else rows.tallies
        with self._core.store.read() as connection:
            return [Tally(*each) for each in read(connection, wanted)]

    def tally_position(self) -> int:
        """Return up to which event the counts are kept."""
        with self._core.store.read() as connection:
            return subscribers.position_of(connection, counted.NAME)

    def events(
        self,
        after: int = 0,
        *,
        until: int | None = None,
        types: Sequence[str] = (),
        since: datetime | None = None,
        size: int = 500,
    ) -> Sequence[Event]:
        """Return events from the log in their order, with public ids."""
        span = log.Span(after, until, tuple(types), since)
        with self._core.store.read() as connection:
            return public_events(connection, log.events_of(connection, span, max(1, min(size, _MOST_EVENTS))))

    def count_events(
        self,
        after: int = 0,
        *,
        until: int | None = None,
        types: Sequence[str] = (),
        since: datetime | None = None,
    ) -> int:
        """Return how many events there are."""
        with self._core.store.read() as connection:
            return log.count_events(connection, log.Span(after, until, tuple(types), since))

    def event_position(self) -> int:
        """Return the newest event's position, 0 while there is none."""
        with self._core.store.read() as connection:
            return log.last_position(connection)


def _kin(connection: Connection, customer: str) -> list[int]:
    """Return all customers of the person that one of them is; raises NotFound, for one who was erased too."""
    row = people.customer_by_public_id(connection, customer)
    if row is None or row.erased_at is not None:
        raise NotFound("no such customer")
    return people.kin_of(connection, row.id)
