"""From the fields of a row to what will be stored: checked completely before anything is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, cast

from pydantic import ValidationError

from ..contract.errors import Refused
from ..contract.intake import ContactEvent, CustomerData
from ..contract.records import Identifier
from ..contract.scalars import clean_line, clean_text
from ..loop.identify import identifiers_in
from ..loop.shelf import Version
from ..surveys.answers import Checked, check_answers
from .import_file import Bad, Row
from .import_mapping import DATES, Mapped

__all__ = ["ContactRow", "GestureRow", "GivenAnswer", "Reader"]

_SLUGS = ("source", "channel", "brand")
_LOWER = ("direction", "closed_by", "kind")
_FROZEN = ("language", "segment", "country")
_NO_SLUG = re.compile(r"[^a-z0-9_.-]+")
_SPLIT = re.compile(r"[,;|]")
_ZEROS = re.compile(r"(\d+)\.0+")
_CURRENCY = re.compile(r"[A-Z]{3}")
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
    """

    row: Row
    event: ContactEvent
    given: tuple[Identifier, ...]
    frozen: Mapping[str, str]
    answer: GivenAnswer | None


@dataclass(frozen=True)
class GestureRow:
    """A gesture to be stored; `key` is its id in the file's own world."""

    row: Row
    key: str
    source: str
    customer: CustomerData
    given: tuple[Identifier, ...]
    kind: str
    value: str
    cost_cents: int | None
    currency: str
    note: str
    by: str
    at: datetime
    agent: str
    contact: str


class _Unusable(Exception):
    """Names a field and why it cannot be used."""

    def __init__(self, target: str, reason: str) -> None:
        super().__init__(reason)
        self.target, self.reason = target, reason


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
        except _Unusable as unusable:
            return self._bad(row, unusable.target, unusable.reason)

    def gesture(self, row: Row) -> GestureRow | Bad:
        """Return the gesture that a row tells of, or what is wrong with the row."""
        try:
            return self._gesture(row, self._mapped.fields(row.cells))
        except _Unusable as unusable:
            return self._bad(row, unusable.target, unusable.reason)

    def _bad(self, row: Row, target: str, reason: str) -> Bad:
        return Bad(row.number, row.line, self._mapped.column_of(target) if target else "", reason)

    def _contact(self, row: Row, fields: dict[str, str]) -> ContactRow:
        answered_at = self._date("answered_at", fields.pop("answered_at", ""))
        survey = fields.pop("survey", self._survey)
        raw = {t.partition(".")[2]: fields.pop(t) for t in list(fields) if t.startswith(("rating.", "answer."))}
        if not raw and self._mapped.kind.name == "responses":
            raise _Unusable("", "holds no answer")
        frozen = {name: fields.get(f"customer.{name}", "") for name in _FROZEN}
        fields.setdefault("source", "import")
        fields.setdefault("external_id", f"{self._file}:{row.number}")
        nested = self._nested(_anonymous(fields))
        if "ended_at" not in nested:
            if answered_at is None:
                raise _Unusable("ended_at", "must be given")
            nested["ended_at"] = answered_at
        event = _event(nested)
        ended_at = cast(datetime, event.ended_at)
        if ended_at > self._now + _EARLY:
            raise _Unusable("ended_at", "lies more than a day in the future")
        given = self._identifiers(event.customer)
        frozen["country"] = frozen["country"].upper()
        answer = self._answer(survey, raw, answered_at, ended_at, frozen["language"]) if raw else None
        return ContactRow(row, event, given, frozen, answer)

    def _answer(
        self, survey: str, raw: Mapping[str, str], at: datetime | None, ended_at: datetime, language: str
    ) -> GivenAnswer:
        if survey not in self._versions:
            self._versions[survey] = self._find_survey(survey)
        version = self._versions[survey]
        if version is None:
            raise _Unusable("survey", f"there is no survey {survey[:80]!r}; publish it first")
        checked = check_answers(version.survey, {name: _ZEROS.sub(r"\1", text) for name, text in raw.items()})
        for problem in checked.problems:
            raise _Unusable(_given_as(problem.question_id, self._mapped), problem.message)
        if not checked.values:
            raise _Unusable("", "holds no answer")
        at = at or ended_at
        if at < ended_at - _EARLY:
            raise _Unusable("answered_at", "lies before the end of the contact")
        # Files often know only the day of an answer, which begins before the contact ended.
        return GivenAnswer(version, checked, max(at, ended_at), language)

    def _gesture(self, row: Row, fields: dict[str, str]) -> GestureRow:
        kind = fields.get("kind", "").strip().lower().replace("-", "_").replace(" ", "_")
        if kind not in self._kinds:
            raise _Unusable("kind", f"must be one of {', '.join(self._kinds)}")
        at = self._date("at", fields.get("at", ""))
        if at is None or at > self._now + _EARLY:
            raise _Unusable("at", "must be given" if at is None else "lies more than a day in the future")
        nested = self._nested({t: text for t, text in fields.items() if t.startswith("customer.")})
        try:
            customer = CustomerData.model_validate(nested.get("customer", {}))
        except ValidationError as error:
            raise _first(error, "customer") from None
        cost, currency = fields.get("cost", ""), fields.get("currency", "").upper()
        if cost and not _CURRENCY.fullmatch(currency):
            raise _Unusable("currency", "must be three letters such as EUR where there is a cost")
        return GestureRow(
            row=row,
            key=_line("id", fields.get("id", f"{self._file}:{row.number}")),
            source=_slug(fields.get("source", "import")),
            customer=customer,
            given=self._identifiers(customer),
            kind=kind,
            value=_line("value", fields.get("value", "")),
            cost_cents=_cents(cost) if cost else None,
            currency=currency if cost else "",
            note=_long("note", fields.get("note", "")),
            by=_line("by", fields.get("by", "import")),
            at=at,
            agent=_line("agent.id", fields.get("agent.id", "")),
            contact=_line("contact.external_id", fields.get("contact.external_id", "")),
        )

    def _identifiers(self, customer: CustomerData | None) -> tuple[Identifier, ...]:
        if customer is None:
            return ()
        try:
            return identifiers_in(customer, self._region)
        except Refused as refused:
            problem = refused.problems[0]
            raise _Unusable(problem.field, problem.reason) from None

    def _date(self, target: str, text: str) -> datetime | None:
        try:
            return self._mapped.moment(target, text) if text else None
        except (ValueError, OverflowError) as error:
            raise _Unusable(target, str(error)) from None

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
            return _slug(text)
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


def _given_as(question: str, mapped: Mapped) -> str:
    return next((t for t in (f"rating.{question}", f"answer.{question}") if t in mapped.columns), f"rating.{question}")


def _event(nested: dict[str, Any]) -> ContactEvent:
    try:
        return ContactEvent.model_validate(nested)
    except ValidationError as error:
        raise _first(error, "") from None


def _first(error: ValidationError, prefix: str) -> _Unusable:
    item = error.errors(include_url=False, include_input=False, include_context=False)[0]
    said = [str(part) for part in item["loc"]]
    # Where a field takes one of several types, pydantic names the type as well.
    names = [prefix, *(name for name in said if not name.startswith(("literal", "function", "constrained")))]
    return _Unusable(".".join(filter(None, names)), item["msg"].removeprefix("Value error, "))


def _slug(text: str) -> str:
    return _NO_SLUG.sub("-", text.strip().lower()).strip("-._")[:64]


def _line(target: str, text: str) -> str:
    try:
        text = clean_line(text)
    except ValueError as error:
        raise _Unusable(target, str(error)) from None
    if len(text) > 200:
        raise _Unusable(target, "has more than 200 characters")
    return text


def _long(target: str, text: str) -> str:
    try:
        text = clean_text(text)
    except ValueError as error:
        raise _Unusable(target, str(error)) from None
    if len(text) > 10_000:
        raise _Unusable(target, "has more than 10000 characters")
    return text


def _cents(text: str) -> int:
    try:
        cents = Decimal(text) * 100
        whole = int(cents)
    except (InvalidOperation, ValueError, OverflowError):
        raise _Unusable("cost", "must be an amount such as 12.50") from None
    if whole != cents or not 0 <= whole < 10**12:
        raise _Unusable("cost", "must be an amount such as 12.50")
    return whole
