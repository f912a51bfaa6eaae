"""Which column says what: a mapping from the fields of feedbackhub to the columns of a file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..contract.errors import Problem, Refused
from ..contract.scalars import read_moment
from ..machinery.options import nearest
from .import_given import FIELDS

__all__ = ["DATES", "EMPTY", "Kind", "Mapped", "PlannedMapping", "kinds"]

#: In a comment each word is what the customer wrote.
OWN_WORDS = "answer.comment"
#: Words that stand for an empty cell elsewhere, unless others are named.
EMPTY = ("None", "NULL", "null", "NaN", "nan", "N/A")
DATES = ("started_at", "ended_at", "answered_at", "at", "gesture.at")
_PLAIN = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?))?", re.ASCII)

_CUSTOMER = tuple(
    f"customer.{name}" for name in ("email", "phone", "name", "language", "timezone", "segment", "country")
)
_CONTACT = ("source", "external_id", "agent.id", "agent.name", "team", "channel", "topic", "product", "brand", "tags",
            "direction", "closed_by", "started_at", "ended_at", "url")  # fmt: skip
_ANSWER = ("survey", "answered_at")
_DONE = tuple(f"gesture.{name}" for name in FIELDS)
_GESTURE = ("id", "source", *FIELDS, "agent.id", "contact.external_id")
_OPEN = ("customer.ids.", "customer.addresses.", "customer.attributes.")


@dataclass(frozen=True)
class Kind:
    """What a kind of import takes: exact fields, and beginnings of fields whose end is free."""

    name: str
    fields: tuple[str, ...]
    open: tuple[str, ...]

    def check(self, target: str) -> None:
        """Accept a field of this kind.

        Raises:
            Refused: There is no such field; the nearest one is named.
        """
        if target in self.fields or any(target.startswith(each) and target != each for each in self.open):
            return
        guess = nearest(target, [*self.fields, *(f"{each}…" for each in self.open)])
        raise Refused(Problem(target, f"is no field of {self.name}" + (f"; did you mean {guess}?" if guess else "")))

    def takes(self, column: str) -> bool:
        """Tell whether a column is named like a field."""
        return column in self.fields or any(column.startswith(each) and column != each for each in self.open)


kinds: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("contacts", (*_CONTACT, *_CUSTOMER, *_ANSWER, *_DONE), (*_OPEN, "attributes.", "rating.", "answer.")),
        Kind("responses", (*_CONTACT, *_CUSTOMER, *_ANSWER, *_DONE), (*_OPEN, "attributes.", "rating.", "answer.")),
        Kind("gestures", (*_GESTURE, *_CUSTOMER), _OPEN),
    )
}


class _Dates(BaseModel):
    model_config = ConfigDict(extra="forbid")
    formats: list[str] = []
    timezone: str = ""
    columns: dict[str, list[str]] = {}


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    map: dict[str, str] = {}
    set: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    empty: list[str] | None = None
    dates: _Dates = Field(default_factory=_Dates)


@dataclass(frozen=True)
class PlannedMapping:
    """A mapping as an operator wrote it, before a file is seen.

    Args:
        columns: Column by field.
        fixed: Values by field, for cells that are empty or missing.
        values: By field: what a word in the file stands for.
        empty: Words that stand for an empty cell; None: the usual ones, but not in comments.
        formats: Date formats that are tried for every date.
        column_formats: Date formats by field or column.
        timezone: Zone of dates that name none; empty: the company's.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    empty: tuple[str, ...] | None = None
    formats: tuple[str, ...] = ()
    column_formats: Mapping[str, Sequence[str]] = field(default_factory=dict)
    timezone: str = ""

    @classmethod
    def read(cls, path: Path) -> PlannedMapping:
        """Read a mapping file.

        Raises:
            Refused: It is no TOML, or holds something unknown.
        """
        try:
            found = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise Refused(Problem("", f"{path}: is not TOML: {error}")) from None
        except ValidationError as error:
            items = error.errors(include_url=False, include_input=False)
            raise Refused(*(Problem(".".join(map(str, i["loc"])), f"{i['msg']} (in {path})") for i in items)) from None
        dates, empty = found.dates, None if found.empty is None else tuple(found.empty)
        return cls(found.map, found.set, found.values, empty, tuple(dates.formats), dates.columns, dates.timezone)

    def more(self, columns: Mapping[str, str], fixed: Mapping[str, str], formats: Sequence[str]) -> PlannedMapping:
        """Return it with what was said on the command line on top.

        Args:
            columns: Column by field.
            fixed: Value by field.
            formats: Date formats, or ``field=format`` for one field.
        """
        by_field = {name: list(known) for name, known in self.column_formats.items()}
        general = list(self.formats)
        for each in formats:
            name, sign, text = each.partition("=")
            if sign and not each.startswith("%"):
                by_field.setdefault(name, []).append(text)
            else:
                general.append(each)
        return replace(
            self,
            columns={**self.columns, **columns},
            fixed={**self.fixed, **fixed},
            formats=tuple(general),
            column_formats=by_field,
        )

    def elsewhere(self, timezone: str, empty: Sequence[str]) -> PlannedMapping:
        """Return it for dates of another time zone, and for other words that stand for an empty cell.

        Args:
            timezone: The zone; empty: as it is.
            empty: The words; none: as they are.
        """
        return replace(self, timezone=timezone or self.timezone, empty=tuple(empty) or self.empty)

    def is_empty(self, target: str, cell: str) -> bool:
        """Tell whether a word in a field's cell stands for nothing."""
        if self.empty is None:
            return cell in EMPTY and target != OWN_WORDS
        return cell in self.empty

    def for_file(self, kind: Kind, columns: Sequence[str], zone: str) -> Mapped:
        """Return the mapping as it holds for a file.

        Args:
            kind: What is imported.
            columns: The file's columns; none when each row names its own.
            zone: The company's time zone.

        Raises:
            Refused: A field or a column does not exist, or the time zone.
        """
        for target in (*self.columns, *self.fixed, *self.values):
            kind.check(target)
        missing = [Problem(t, f"the file has no column {c!r}") for t, c in self.columns.items() if c not in columns]
        if missing and columns:
            raise Refused(*missing)
        used = set(self.columns.values())
        own = {name: name for name in columns if kind.takes(name) and name not in self.columns and name not in used}
        try:
            timezone = ZoneInfo(self.timezone or zone)
        except (OSError, ValueError, KeyError):
            raise Refused(Problem("timezone", "must be a time zone such as Asia/Jakarta")) from None
        return Mapped(kind, {**own, **self.columns}, self, timezone)


@dataclass(frozen=True)
class Mapped:
    """A mapping as it holds for one file."""

    kind: Kind
    columns: Mapping[str, str]
    planned: PlannedMapping
    timezone: ZoneInfo

    def unused(self, columns: Sequence[str]) -> list[str]:
        """Return the columns that say nothing to this import."""
        used = set(self.columns.values())
        return [name for name in columns if name and name not in used]

    def column_of(self, target: str) -> str:
        """Return where a field comes from, for messages."""
        if target in self.columns:
            return self.columns[target]
        return next((column for known, column in self.columns.items() if target.startswith(f"{known}.")), target)

    def fields(self, cells: Mapping[str, str]) -> dict[str, str]:
        """Return the fields of one row that are not empty."""
        found = dict(self.planned.fixed)
        own = self._own(cells)
        for target, column in own.items():
            cell = cells.get(column, "").strip()
            if cell and not self.planned.is_empty(target, cell):
                found[target] = self.planned.values.get(target, {}).get(cell, cell)
        return {target: text for target, text in found.items() if text}  # a word may stand for nothing

    def _own(self, cells: Mapping[str, str]) -> Mapping[str, str]:
        if self.columns.keys() >= cells.keys():
            return self.columns
        used = set(self.columns.values())
        extra = {n: n for n in cells if n not in used and n not in self.columns and self.kind.takes(n)}
        return {**extra, **self.columns} if extra else self.columns

    def moment(self, target: str, text: str) -> datetime:
        """Return a date of the file as a moment.

        Raises:
            ValueError: It fits none of the formats.
        """
        column = self.columns.get(target, target)
        own = (*self.planned.column_formats.get(target, ()), *self.planned.column_formats.get(column, ()))
        for form in own or self.planned.formats:
            try:
                return self._placed(datetime.strptime(text, form))  # noqa: DTZ007 (the zone is given next)
            except ValueError:
                continue
        plain = _PLAIN.fullmatch(text)
        if plain is not None:
            return self._placed(datetime.fromisoformat(text.replace(" ", "T")))
        try:
            return read_moment(text)
        except ValueError:
            tried = ", ".join(own or self.planned.formats) or "dates such as 2026-03-01 09:30; say --date-format"
            raise ValueError(f"is no date by {tried}") from None

    def _placed(self, moment: datetime) -> datetime:
        placed = moment if moment.tzinfo is not None else moment.replace(tzinfo=self.timezone)
        return read_moment(placed.astimezone(UTC))
