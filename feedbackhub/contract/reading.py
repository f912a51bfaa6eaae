"""What a plugin may read: frozen records, counts, and records by columns; never database rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

from .exports import Batch, Column, Filters, RecordSet
from .gestures import Apologies, GestureRecord, StaffMember
from .records import Contact, Customer, Event, Identifier
from .reports import Basis

#: What counts are added up by.
Step = Literal["day", "month"]
#: What is frozen on every contact and invitation, and can be counted by.
DIMENSIONS = ("channel", "team", "topic", "product", "brand", "language", "segment", "country")
#: The pairs of them that are counted together.
DIMENSION_PAIRS = ("team*channel", "team*topic", "channel*topic")


@dataclass(frozen=True, slots=True)
class Invitation:
    """One ask, with its dimensions as they were frozen."""

    public_id: str
    state: str
    survey: str
    contact: str
    customer: str
    invited_at: datetime
    sent_at: datetime | None = None
    expires_at: datetime | None = None
    after_response: str = ""
    test: bool = False
    dimensions: Mapping[str, str] = field(default_factory=dict)
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to one question."""

    question: str
    role: str
    type: str
    value: Any
    score: float | None


@dataclass(frozen=True, slots=True)
class Response:
    """What came back for an invitation.

    Args:
        public_id: Its id.
        invitation, contact, customer: Ids of what it belongs to; empty for none.
        survey: The survey's name.
        answered_at: When the first answer came.
        changed_at: When the last change came.
        settled: Whether it is complete, or has been quiet for half an hour.
        counted: Whether it counts: a person's answer, no test, not discarded.
        rating: The first rating as it was given, None for none.
        score: That rating from 0 to 100.
        low: Whether that is a bad answer.
        comment: What the customer wrote, empty for nothing.
        language: Language it was answered in.
        answers: All answers, in the survey's order.
        dimensions: Frozen dimensions of the invitation.
        after_response: The response that this one was re-asked after; empty for none.
    """

    public_id: str
    invitation: str
    contact: str
    customer: str
    survey: str
    answered_at: datetime
    changed_at: datetime
    settled: bool
    counted: bool
    rating: Any
    score: float | None
    low: bool
    comment: str
    language: str
    answers: tuple[Answer, ...] = ()
    dimensions: Mapping[str, str] = field(default_factory=dict)
    after_response: str = ""
    test: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """A count.

    Args:
        day: The day, in UTC.
        survey: The survey's name.
        question: The question's id; empty for sends and responses themselves.
        value: Value of the dimension that was asked for, empty for all together.
        score: The answer's value as text; for the empty question ``sent``, ``answered`` or ``imported``.
        n: How many.
    """

    day: date
    survey: str
    question: str
    value: str
    score: str
    n: int


@dataclass(frozen=True, slots=True)
class Group:
    """Records that are alike in what they were grouped by.

    Args:
        values: What they have in common, in the order asked for; None where nothing is known, as in batches.
        n: How many there are.
    """

    values: tuple[Any, ...]
    n: int


@dataclass(frozen=True, slots=True)
class QuestionInfo:
    """A question of a published survey, newest version.

    Args:
        id: Its id.
        type: Its type, like ``csat``.
        role: What its answers mean, empty for nothing.
        text: Its words.
        minimum, maximum: Ends of its scale, None where it has none.
        direction: ``higher_is_better`` or ``lower_is_better``.
        options: The values of its options.
        worths: What each option is worth, from 0 to 100 with 100 being good; None for one that says nothing of it.
        labels: What each option is called.
    """

    id: str
    type: str
    role: str
    text: str
    minimum: int | None
    maximum: int | None
    direction: str
    options: tuple[str, ...] = ()
    worths: tuple[float | None, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SurveyInfo:
    """A published survey, newest version."""

    name: str
    type: str
    title: str
    version: int
    questions: tuple[QuestionInfo, ...] = ()


class Reader(Protocol):
    """Everything that may be read; each raises `NotFound` for an id that is not there."""

    def contact(self, public_id: str) -> Contact:
        """Return a contact."""
        ...

    def customer(self, public_id: str) -> Customer:
        """Return a customer."""
        ...

    def find_customers(self, identifier: Identifier) -> Sequence[Customer]:
        """Return the customers that an identifier names, newest first."""
        ...

    def attribute_of(self, customers: Sequence[str], name: str) -> Mapping[str, str]:
        """Return one attribute of many customers at once, by their ids; who has none of it, or was erased, is left out.

        Args:
            customers: Ids of customers.
            name: The attribute's name.
        """
        ...

    def merged(self) -> Mapping[str, str]:
        """Return the customers proven to be one person with others: each one's id, and the id of the first of them.

        Records name the customer that they were recorded with; whoever follows people through them needs this.
        """
        ...

    def invitation(self, public_id: str) -> Invitation:
        """Return an invitation."""
        ...

    def asked_after(self, response: str) -> Sequence[Invitation]:
        """Return the asks that followed a response (`Hub.ask`), newest first."""
        ...

    def response(self, public_id: str) -> Response:
        """Return a response."""
        ...

    def responses_of(self, customer: str) -> Sequence[Response]:
        """Return a customer's responses, newest first, those of the same person's other rows included."""
        ...

    def gestures_of(self, customer: str, *, withdrawn: bool = False) -> Sequence[GestureRecord]:
        """Return what was done for a customer, newest first, for the same person's other rows included.

        Args:
            customer: The customer's id.
            withdrawn: Whether to return those as well that were taken back.
        """
        ...

    def apologies(self, customer: str) -> Apologies:
        """Return how often a customer was apologised to of late, the same person's other rows included."""
        ...

    def staff(self, role: str = "") -> Sequence[StaffMember]:
        """Return who works here, by address: those of one role, or all."""
        ...

    def surveys(self, language: str = "") -> Sequence[SurveyInfo]:
        """Return the published surveys, in the nearest language that each has; in its own first one when empty."""
        ...

    def columns(self, records: RecordSet) -> Sequence[Column]:
        """Return the columns of a record set."""
        ...

    def batches(
        self,
        records: RecordSet,
        filters: Filters = ...,
        *,
        after: str = "",
        size: int = 1000,
        only: Sequence[str] = (),
    ) -> Iterator[Batch]:
        """Yield records by columns, oldest first, in a stable order.

        Args:
            records: Which kind.
            filters: Which of them.
            after: Cursor to go on from.
            size: Most records in a batch.
            only: Names of the columns wanted, all when empty; fewer are quicker.
        """
        ...

    def grouped(
        self, records: RecordSet, by: Sequence[str], filters: Filters = ..., *, question: str = ""
    ) -> Sequence[Group]:
        """Return how many records there are of each kind, counted from the records themselves.

        It crosses what the tallies do not, and takes time for each record: the place for it is an analysis that
        `lasts`, or a bounded number of days.

        Args:
            records: Which kind; of responses only those that count.
            by: Names of columns that are texts, whole numbers or flags; ``day`` stands for the day, in UTC, of the
                moment that the filters' basis means, ``answer`` for the value given to `question`, written as in
                `Tally.score`.
            filters: Which records.
            question: The question whose answers ``answer`` means; responses that leave it open are left out.

        Raises:
            Refused: A column is not there, or holds what cannot be grouped by; or there are more than 200,000 groups.
        """
        ...

    def count(self, records: RecordSet, filters: Filters = ...) -> int:
        """Return how many records there are."""
        ...

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
        """Return counts by day, or added up by month.

        Args:
            since: First day.
            until: Last day, inclusive.
            basis: Which date the days are.
            survey: One survey, empty for all.
            question: One question, ``""`` for sends and responses themselves, None for all.
            dimension: ``channel``, ``team``, ``topic``, ``product``, ``brand``, ``language``, ``segment``, ``country``
                or a pair like ``team*channel`` (its values joined by U+001F); empty for all together.
            value: One value of the dimension, None for each.
            step: ``day``, or ``month``: then a count's day is the first one of that month that it holds, which keeps
                reports on years as quick as those on weeks.
        """
        ...

    def tally_position(self) -> int:
        """Return up to which event the counts are kept; equal positions mean equal counts."""
        ...

    def events(
        self,
        after: int = 0,
        *,
        until: int | None = None,
        types: Sequence[str] = (),
        since: datetime | None = None,
        size: int = 500,
    ) -> Sequence[Event]:
        """Return events from the log in their order, as subscribers see them: what was erased since is left out.

        Args:
            after: Only those behind this position.
            until: Only those up to this position.
            types: Types wanted; a trailing ``*`` stands for any; none for all.
            since: Only those from this moment on.
            size: Most events, at most 1000.
        """
        ...

    def count_events(
        self,
        after: int = 0,
        *,
        until: int | None = None,
        types: Sequence[str] = (),
        since: datetime | None = None,
    ) -> int:
        """Return how many events `events` would go through, from one call to the next."""
        ...

    def event_position(self) -> int:
        """Return the newest event's position, 0 while there is none."""
        ...
