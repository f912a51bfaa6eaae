"""Analyses and their results: figures with intervals, tables, and charts with a table twin each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Literal

Basis = Literal["contact", "answer"]
Cell = str | int | float | None
PictureType = Literal["image/png", "image/svg+xml"]


@dataclass(frozen=True, slots=True)
class Query:
    """What a report is asked for.

    Args:
        since: First day.
        until: Last day, inclusive.
        basis: Which date the days are: of the contact or of the answer.
        survey: One survey, empty for all.
        by: The dimension to split by, empty for none.
        where: Values of dimensions to keep to.
        compare: Whether to compare with the period of equal length before.
        language: The reader's language.
        role: The reader's role.
        options: The analysis' own options, by name.
        agent: Public id of the agent that the reader is, empty for none.
    """

    since: date
    until: date
    basis: Basis = "answer"
    survey: str = ""
    by: str = ""
    where: Mapping[str, str] = field(default_factory=dict)
    compare: bool = True
    language: str = "en"
    role: str = "manager"
    options: Mapping[str, str] = field(default_factory=dict)
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """A way from a number on: to the answers behind it, or to another report; it keeps the filters of where it begins.

    Args:
        to: ``answers``: the list of answers; ``answer``, ``contact`` or ``customer``: the one whose public id is
            `name`; ``report``: the analysis called `name`; ``page``: the plugin's own page at the rule `name`.
        name: What it leads to, empty for the list of answers.
        values: Filters beside those kept, or in their place: a dimension, ``survey``, ``since`` and ``until`` (days as
            in 2026-03-31), ``basis``; for a report also ``by``, ``compare`` and its options as ``o-<name>``; for
            answers also ``question`` (an id, or several with commas between them) with ``score`` (one value, or a
            span like ``0-6``), ``low`` and ``comment`` (``yes``), ``agent`` and ``solved`` (``yes``, ``no``). An empty
            value drops the filter. Other names are refused. A page gets these values and no others.
    """

    to: Literal["answers", "answer", "contact", "customer", "report", "page"] = "answers"
    name: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its uncertainty; `value` is None for "no data", never 0 or NaN.

    Args:
        label: What it is.
        value: The estimate.
        low: Lower end of the interval.
        high: Upper end of the interval.
        n: How many answers it rests on.
        unit: ``points``, ``%``, ``share`` (0 to 1, shown as per cent), a currency, or empty.
        level: The interval's confidence, like 0.95.
        note: Words beside it, like "too few to say".
        few: ``none`` when there is no data, ``counts`` below 10 (show only counts), ``flag`` below 30, else empty.
        way: Where a click on it leads.
        change: Whether it tells by how much the figure before it has changed; its interval is that of the difference.
        counts: What `n` counts where that is not answers, as a heading: ``Contacts``.
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    unit: str = ""
    level: float = 0.95
    note: str = ""
    few: Literal["", "none", "counts", "flag"] = ""
    way: Way | None = None
    change: bool = False
    counts: str = ""


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table.

    Args:
        title: Its heading.
        columns: Headings of the columns.
        rows: The cells, row by row.
        note: Words below it.
        ways: Where a click on the first cell of a row leads, row by row; empty for nowhere.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    ways: Sequence[Way | None] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture and the same numbers as a table.

    Args:
        title: Its heading, and what it shows to somebody who cannot see it.
        spec: A Vega-Lite specification with its data inside; made by the builders in `feedbackhub.charts`.
        table: The twin.
    """

    title: str
    spec: Mapping[str, Any]
    table: ReportTable


@dataclass(frozen=True, slots=True)
class Report:
    """What an analysis found.

    Args:
        title: The question it answers.
        figures: The main numbers; the overview shows the first two: the one that counts most, then its change.
        charts: Pictures.
        tables: Further tables.
        notes: What the reader must know to read it rightly, a sentence each.
        as_of: For what is not counted live: when it was computed.
    """

    title: str
    figures: Sequence[Figure] = ()
    charts: Sequence[Chart] = ()
    tables: Sequence[ReportTable] = ()
    notes: Sequence[str] = ()
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """An option that the reader of a report may set.

    Args:
        name: Its name in the address.
        label: What it is.
        choices: What may be chosen, by value; free text when empty.
        default: What holds when nothing is chosen.
    """

    name: str
    label: str
    choices: Mapping[str, str] = field(default_factory=dict)
    default: str = ""


class Analysis(ABC):
    """A question that a manager has, answered with honest numbers.

    Run in a process of its own that is killed when it takes too long; the result is kept until the numbers change.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    permission: ClassVar[str] = "manager"
    options: Sequence[Option] = ()
    #: For what reads records instead of counts: how long a report stays good. It is kept in the database and shown with
    #: the moment it was made; whoever looks later sees it at once while the next one is being made.
    lasts: ClassVar[timedelta | None] = None

    def offers(self) -> Sequence[Option]:
        """Return what a reader may choose beside the filters, where that comes and goes; as a rule it is `options`.

        It is asked whenever the report or its filters are shown, so it must answer at once. While it fails, nothing is
        offered.
        """
        return self.options

    def stamp(self) -> str:
        """Return what reports depend on beside the query and what is recorded, such as when assumptions were changed.

        Reports of another stamp are made anew. Asked whenever somebody looks at one, so it must answer at once.
        """
        return ""

    @abstractmethod
    def report(self, query: Query) -> Report:
        """Answer; reads through the hub, handles no data and one answer as well as a million."""
