"""Checks of what gives results: analyses, exports, subscribers, desk sections, question types."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from ...contract.exports import Batch, Column, Export
from ...contract.records import Customer
from ...contract.reports import Analysis, Query, Report
from ...contract.screens import DeskSection, Piece, Seat
from ...contract.work import Effects
from .finding import Case, Finding, bad, good

__all__ = ["check_analyses", "check_exports", "check_questions", "check_sections", "check_subscribers"]

EMPTY = Query(date(2020, 1, 1), date(2020, 1, 31))
FULL = Query(date(2026, 3, 1), date(2026, 3, 31))
HOSTILE = ("=1+1", "\t@x", "a\r\nb\x00", "\ud800", "نص 🙂", "x" * 40_000, None, "")
COLUMNS = (
    Column("text", "text", "A text."), Column("integer", "integer", "A whole number."),
    Column("number", "number", "A number."), Column("moment", "moment", "A moment."), Column("flag", "flag", "A flag."),
    Column("list", "list", "A list."), Column("json", "json", "Anything."),
)  # fmt: skip


def check_analyses(case: Case) -> Iterator[Finding]:
    """Check every analysis of a plugin with no answer, and with one."""
    for analysis in case.objects("feedbackhub_analyses"):
        for label, query in (("no answers", EMPTY), ("one answer", FULL)):
            yield _report(analysis, f"analysis {analysis.name}: {label}", query)


def _report(analysis: Analysis, check: str, query: Query) -> Finding:
    try:
        report: object = analysis.report(query)
    except Exception as error:  # whatever it raises is what the check is about
        return bad(check, f"raised {type(error).__name__}: {error}")
    if not isinstance(report, Report):
        return bad(check, f"returned {type(report).__name__}, not a Report")
    for figure in report.figures:
        numbers = [each for each in (figure.value, figure.low, figure.high) if each is not None]
        if not all(math.isfinite(each) for each in numbers):
            return bad(check, f"{figure.label} is not finite; no data is None")
        if figure.n == 0 and figure.value is not None:
            return bad(check, f"{figure.label} rests on nothing and says {figure.value}; no data is None")
        if figure.value is not None and figure.n is None:
            return bad(check, f"{figure.label} does not say on how many answers it rests")
    without = [chart.title for chart in report.charts if not chart.table.columns]
    return bad(check, f"the chart {without[0]} has no table") if without else good(check)


def check_exports(case: Case) -> Iterator[Finding]:
    """Check every export of a plugin with no record, one, and many with hostile words."""
    for export in case.objects("feedbackhub_exports"):
        for number in (0, 1, 3000):
            yield _export(export, f"export {export.name}: {number} records", number)


def _export(export: Export, check: str, number: int) -> Finding:
    target = BytesIO()
    asked: list[int] = []

    def batches() -> Iterator[Batch]:
        for begin in range(0, number, 1000):
            asked.append(begin)
            yield _batch(begin, min(1000, number - begin))

    try:
        export.write(COLUMNS, batches(), target)
    except Exception as error:  # whatever it raises is what the check is about
        return bad(check, f"raised {type(error).__name__}: {error}")
    if target.closed:
        return bad(check, "it closed the file, which is not its own")
    if asked != list(range(0, number, 1000)):
        return bad(check, "it did not take every batch once")
    return good(check) if target.getvalue() or not number else bad(check, "it wrote nothing")


def _batch(begin: int, length: int) -> Batch:
    moment = datetime(2026, 3, 2, 9, tzinfo=UTC)
    values: dict[str, list[Any]] = {
        "text": [HOSTILE[n % len(HOSTILE)] for n in range(length)],
        "integer": [begin + n for n in range(length)],
        "number": [n / 7 for n in range(length)],
        "moment": [moment] * length,
        "flag": [bool(n % 2) for n in range(length)],
        "list": [("a", "=b")] * length,
        "json": [{"a": 1}] * length,
    }
    return Batch(values, str(begin + length), length)


def check_subscribers(case: Case) -> Iterator[Finding]:
    """Check that a batch which comes again has the same effects."""
    for subscriber in case.objects("feedbackhub_subscribers"):
        check = f"subscriber {subscriber.name}: no events have no effects"
        try:
            found: object = subscriber.handle(())
        except Exception as error:  # whatever it raises is what the check is about
            yield bad(check, f"raised {type(error).__name__}: {error}")
            continue
        if not isinstance(found, Effects):
            yield bad(check, f"returned {type(found).__name__}, not Effects")
        elif found.changes or found.tasks or found.events:
            yield bad(check, f"it had {found}")
        else:
            yield good(check)


def check_sections(case: Case) -> Iterator[Finding]:
    """Check every desk section with nobody and with somebody unknown."""
    for section in case.objects("feedbackhub_desk_sections"):
        for label, seat in (("nobody", Seat()), ("somebody", Seat(Customer("AAAAAAAAAAAA")))):
            yield _section(section, f"desk section {section.name}: {label}", seat)


def _section(section: DeskSection, check: str, seat: Seat) -> Finding:
    try:
        found: object = section.show(seat)
    except Exception as error:  # whatever it raises is what the check is about
        return bad(check, f"raised {type(error).__name__}: {error}")
    if found is not None and not isinstance(found, Piece):
        return bad(check, f"returned {type(found).__name__}, not a Piece or None")
    return good(check)


def check_questions(case: Case) -> Iterator[Finding]:
    """Check that every option of a question type is worded, and worth something sensible."""
    for question in case.objects("feedbackhub_question_types"):
        check = f"question type {question.name}: options"
        lacking = [each.value for each in question.options if not {"en", "id", "hi", "ar"} <= set(each.text)]
        wild = [each.value for each in question.options if each.score is not None and not 0 <= each.score <= 100]
        if wild:
            yield bad(check, f"{wild[0]}: a score lies between 0 and 100")
        elif lacking:
            yield bad(check, f"{lacking[0]}: word it in en, id, hi and ar")
        else:
            yield good(check)
