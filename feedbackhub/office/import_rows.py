"""From the fields of a row to what will be stored: checked completely before anything is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, cast

from pydantic import ValidationError

from ..contract.errors import Refused
from ..contract.intake import ContactEvent, CustomerData
from ..contract.records import Identifier
from ..loop.identify import identifiers_in
from ..loop.shelf import Version
from ..surveys.answers import Checked, check_answers
from .import_cells import Unusable, line_of, slug_of
from .import_file import Bad, Row
from .import_given import FIELDS, GivenGesture, read_given
from .import_mapping import DATES, Mapped

__all__ = ["ContactRow", "GestureRow", "GivenAnswer", "Reader"]

_SLUGS = ("source", "channel", "brand")
_LOWER = ("direction", "closed_by", "kind")
_FROZEN = ("language", "segment", "country")
_SPLIT = re.compile(r"[,;|]")
_ZEROS = re.compile(r"(\d+)\.0+")
_GESTURE = tuple(f"gesture.{name}" for name in FIELDS)
_EARLY = timedelta(hours=24)
_LONGEST_NAME = 150


@dataclass(frozen=True)
class GivenAnswer:
    """An answer that came with a row."""

    version: Version
    checked: Checked
    at: datetime
    language: str


@dataclass(frozen=True)
class ContactRow:
    """A contact to be stored, with its answer if the row holds one.

    Args:
        row: Where it stands in the file.
        event: The contact, as a source would have told it.
        given: Its customer's identifiers in their one spelling.
        frozen: Language, segment and country, also of an anonymous contact.
        answer: What the customer answered.
        gesture: What was done for the customer.
    """

    row: Row
    event: ContactEvent
    given: tuple[Identifier, ...]
    frozen: Mapping[str, str]
    answer: GivenAnswer | None
    gesture: GivenGesture | None = None


@dataclass(frozen=True)
class GestureRow:
    """A gesture to be stored; `key` is its id in the file's own world."""

    row: Row
    key: str
    source: str
    customer: CustomerData
    given: tuple[Identifier, ...]
    gesture: GivenGesture
    agent: str
    contact: str


class Reader:
    """Turns rows into what will be stored.

    Args:
        mapped: Which column says what.
        file: The file's name, which rows without ids get theirs from.
        region: Default country of phone numbers.
        survey: Survey of answers whose row names none.
        find_survey: Gives the newest version of a survey by name.
        now: The present moment.
        gestures: Kinds of gestures that may be imported.
    """

    def __init__(
        self,
        mapped: Mapped,
        file: str,
        region: str,
        survey: str,
        find_survey: Callable[[str], Version | None],
        now: datetime,
        gestures: Sequence[str],
    ) -> None:
        self._mapped, self._file, self._region = mapped, file[:_LONGEST_NAME], region
        self._survey, self._find_survey, self._now = survey, find_survey, now
        self._kinds = gestures
        self._versions: dict[str, Version | None] = {}

    def contact(self, row: Row) -> ContactRow | Bad:
        """Return the contact that a row tells of, or what is wrong with the row."""
        try:
            return self._contact(row, self._mapped.fields(row.cells))
        except Unusable as unusable:
            return self._bad(row, unusable.target, unusable.reason)

    def gesture(self, row: Row) -> GestureRow | Bad:
        """Return the gesture that a row tells of, or what is wrong with the row."""
        try:
            return self._gesture(row, self._mapped.fields(row.cells))
        except Unusable as unusable:
            return self._bad(row, unusable.target, unusable.reason)

    def _bad(self, row: Row, target: str, reason: str) -> Bad:
        return Bad(row.number, row.line, self._mapped.column_of(target) if target else "", reason)

    def _contact(self, row: Row, fields: dict[str, str]) -> ContactRow:
        answered_at = self._date("answered_at", fields.pop("answered_at", ""))
        survey = fields.pop("survey", self._survey)
        raw = {t.partition(".")[2]: fields.pop(t) for t in list(fields) if t.startswith(("rating.", "answer."))}
        if not raw and self._mapped.kind.name == "responses":
            raise Unusable("", "holds no answer")
        done = {name: fields.pop(name) for name in _GESTURE if name in fields}
        frozen = {name: fields.get(f"customer.{name}", "") for name in _FROZEN}
        fields.setdefault("source", "import")
        fields.setdefault("external_id", f"{self._file}:{row.number}")
        nested = self._nested(_anonymous(fields))
        if done.get("gesture.kind"):
            nested.setdefault("customer", _by_contact(nested))
        if "ended_at" not in nested:
            if answered_at is None:
                raise Unusable("ended_at", "must be given")
            nested["ended_at"] = answered_at
        event = _event(nested)
        ended_at = cast(datetime, event.ended_at)
        if ended_at > self._now + _EARLY:
            raise Unusable("ended_at", "lies more than a day in the future")
        given = self._identifiers(event.customer)
        frozen["country"] = frozen["country"].upper()
        answer = self._answer(survey, raw, answered_at, ended_at, frozen["language"]) if raw else None
        gesture = self._given(done, ended_at, event.agent.name if event.agent else "")
        return ContactRow(row, event, given, frozen, answer, gesture)

    def _answer(
        self, survey: str, raw: Mapping[str, str], at: datetime | None, ended_at: datetime, language: str
    ) -> GivenAnswer:
        if survey not in self._versions:
            self._versions[survey] = self._find_survey(survey)
        version = self._versions[survey]
        if version is None:
            raise Unusable("survey", f"there is no survey {survey[:80]!r}; publish it first")
        checked = check_answers(version.survey, {name: _ZEROS.sub(r"\1", text) for name, text in raw.items()})
        for problem in checked.problems:
            raise Unusable(_given_as(problem.question_id, self._mapped), problem.message)
        if not checked.values:
            raise Unusable("", "holds no answer")
        at = at or ended_at
        if at < ended_at - _EARLY:
            raise Unusable("answered_at", "lies before the end of the contact")
        # Files often know only the day of an answer, which begins before the contact ended.
        return GivenAnswer(version, checked, max(at, ended_at), language)

    def _given(self, fields: dict[str, str], ended_at: datetime, by: str) -> GivenGesture | None:
        """Return the gesture that a contact's row tells of, None when it names no kind."""
        if not fields.get("gesture.kind"):
            return None
        at = self._date("gesture.at", fields.get("gesture.at", "")) or ended_at
        if at > self._now + _EARLY:
            raise Unusable("gesture.at", "lies more than a day in the future")
        return read_given(fields, at, self._kinds, "gesture.", by)

    def _gesture(self, row: Row, fields: dict[str, str]) -> GestureRow:
        at = self._date("at", fields.get("at", ""))
        if at is not None and at > self._now + _EARLY:
            raise Unusable("at", "lies more than a day in the future")
        gesture = read_given(fields, at, self._kinds)
        nested = self._nested({t: text for t, text in fields.items() if t.startswith("customer.")})
        try:
            customer = CustomerData.model_validate(nested.get("customer", {}))
        except ValidationError as error:
            raise _first(error, "customer") from None
        return GestureRow(
            row=row,
            key=line_of("id", fields.get("id", f"{self._file}:{row.number}")),
            source=slug_of(fields.get("source", "import")),
            customer=customer,
            given=self._identifiers(customer),
            gesture=gesture,
            agent=line_of("agent.id", fields.get("agent.id", "")),
            contact=line_of("contact.external_id", fields.get("contact.external_id", "")),
        )

    def _identifiers(self, customer: CustomerData | None) -> tuple[Identifier, ...]:
        if customer is None:
            return ()
        try:
            return identifiers_in(customer, self._region)
        except Refused as refused:
            problem = refused.problems[0]
            raise Unusable(problem.field, problem.reason) from None

    def _date(self, target: str, text: str) -> datetime | None:
        try:
            return self._mapped.moment(target, text) if text else None
        except (ValueError, OverflowError) as error:
            raise Unusable(target, str(error)) from None

    def _nested(self, fields: Mapping[str, str]) -> dict[str, Any]:
        """Return dotted fields as the tables that they name."""
        found: dict[str, Any] = {}
        for target, text in fields.items():
            place = found
            *tables, last = _path(target)
            for table in tables:
                place = place.setdefault(table, {})
            place[last] = self._value(target, text)
        if "agent" in found:
            found["agent"].setdefault("id", found["agent"].get("name", ""))
        return found

    def _value(self, target: str, text: str) -> Any:
        if target in DATES:
            return self._date(target, text)
        if target in _SLUGS:
            return slug_of(text)
        if target == "tags":
            return [tag for tag in (part.strip() for part in _SPLIT.split(text)) if tag]
        return text.lower() if target in _LOWER else text


@lru_cache(maxsize=256)
def _path(target: str) -> Sequence[str]:
    """Return the parts of a field; the free end of an open one may hold dots."""
    limit = 2 if target.startswith(("customer.ids.", "customer.addresses.", "customer.attributes.")) else 1
    return target.split(".", limit)


def _anonymous(fields: dict[str, str]) -> dict[str, str]:
    """Leave out what is only frozen on the contact when nothing says who the customer is."""
    said = {t.partition(".")[2] for t in fields if t.startswith("customer.")}
    return {t: v for t, v in fields.items() if not t.startswith("customer.")} if said <= set(_FROZEN) else fields


def _by_contact(nested: Mapping[str, Any]) -> dict[str, Any]:
    """Return a customer for whom nothing speaks but the contact: a gesture is always one to somebody."""
    return {"ids": {f"{nested['source'][:56]}.contact": nested["external_id"]}}


def _given_as(question: str, mapped: Mapped) -> str:
    return next((t for t in (f"rating.{question}", f"answer.{question}") if t in mapped.columns), f"rating.{question}")


def _event(nested: dict[str, Any]) -> ContactEvent:
    try:
        return ContactEvent.model_validate(nested)
    except ValidationError as error:
        raise _first(error, "") from None


def _first(error: ValidationError, prefix: str) -> Unusable:
    item = error.errors(include_url=False, include_input=False, include_context=False)[0]
    said = [str(part) for part in item["loc"]]
    # Where a field takes one of several types, pydantic names the type as well.
    names = [prefix, *(name for name in said if not name.startswith(("literal", "function", "constrained")))]
    return Unusable(".".join(filter(None, names)), item["msg"].removeprefix("Value error, "))
