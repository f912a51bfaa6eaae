"""What a report is asked for, read from texts: the same for the staff area's addresses and the API."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ..contract.errors import Problem, Refused
from ..contract.reading import DIMENSIONS
from ..contract.reports import Basis, Option, Query
from ..contract.scalars import is_line

__all__ = ["LONGEST", "PERIODS", "USUAL_PERIOD", "Wanted", "read_day", "read_query"]

#: Days back from today, by what stands in addresses.
PERIODS: Mapping[str, int] = {"7d": 7, "30d": 30, "90d": 90, "365d": 365}
USUAL_PERIOD = "30d"
EARLIEST, LATEST = date(1970, 1, 1), date(9000, 1, 1)
#: The one way of writing a day that is taken; Python reads others, such as weeks, as well.
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
MOST_DAYS = 3660
LONGEST = 200


@dataclass(frozen=True)
class Wanted:
    """A report's filters as texts, empty for what was not chosen.

    Args:
        period: One of `PERIODS`; ``own`` or empty with days of one's own.
        since, until: First and last day, as ISO dates.
        basis: ``answer`` or ``contact``.
        survey: One survey.
        by: The dimension to split by.
        compare: ``no`` to leave the period before out.
        where: Values of dimensions to keep to; empty ones do not filter.
        options: The analysis' own options; empty ones are not set.
    """

    period: str = ""
    since: str = ""
    until: str = ""
    basis: str = ""
    survey: str = ""
    by: str = ""
    compare: str = ""
    where: Mapping[str, str] | None = None
    options: Mapping[str, str] | None = None


def read_query(
    wanted: Wanted, today: date, known: Sequence[Option] = (), language: str = "en", role: str = "manager",
    agent: str = "",
) -> Query:  # fmt: skip
    """Return the query that texts mean.

    Args:
        wanted: The texts.
        today: From which periods count back.
        known: The options of the analysis.
        language: The reader's language.
        role: The reader's role.
        agent: Public id of the agent that the reader is, empty for none.

    Raises:
        Refused: Naming each text that means nothing.
    """
    problems: list[Problem] = []
    since, until = _days(wanted, today, problems)
    if wanted.basis not in ("", "answer", "contact"):
        problems.append(Problem("basis", "must be answer or contact"))
    if wanted.compare not in ("", "yes", "no"):
        problems.append(Problem("compare", "must be yes or no"))
    if wanted.by and wanted.by not in DIMENSIONS:
        problems.append(Problem("by", f"must be one of {', '.join(DIMENSIONS)}"))
    where = {name: value for name, value in (wanted.where or {}).items() if value}
    texts = {"survey": wanted.survey, **where}
    problems += [Problem(name, f"is longer than {LONGEST}") for name, text in texts.items() if len(text) > LONGEST]
    problems += [Problem(name, "must be one line of text") for name, text in texts.items() if not is_line(text)]
    problems += [Problem(name, "is no dimension") for name in where if name not in DIMENSIONS]
    options = _options(wanted.options or {}, known, problems)
    if problems:
        raise Refused(*problems)
    basis: Basis = "contact" if wanted.basis == "contact" else "answer"
    return Query(
        since, until, basis, wanted.survey, wanted.by, where, wanted.compare != "no", language, role, options,
        agent,
    )


def _days(wanted: Wanted, today: date, problems: list[Problem]) -> tuple[date, date]:
    """Return the first and the last day; a named period goes before days of one's own."""
    first, last = (read_day(field, getattr(wanted, field), problems) for field in ("since", "until"))
    period = wanted.period or ("own" if wanted.since or wanted.until else USUAL_PERIOD)
    if period in PERIODS:
        return today - timedelta(days=PERIODS[period] - 1), today
    if period != "own":
        problems.append(Problem("period", f"must be one of {', '.join(PERIODS)}, own"))
        return today, today
    until = last or today
    since = first or until - timedelta(days=PERIODS[USUAL_PERIOD] - 1)
    if since > until:
        problems.append(Problem("since", "must not lie after the last day"))
    elif (until - since).days >= MOST_DAYS:
        problems.append(Problem("since", f"must lie within {MOST_DAYS} days of the last day"))
    return since, until


def read_day(field: str, text: str, problems: list[Problem]) -> date | None:
    """Return the day that a text names, None for an empty one and for one that names none, which is then a problem."""
    if not text:
        return None
    try:
        found = date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None:
        problems.append(Problem(field, "must be a day such as 2026-03-31"))
        return None
    if not EARLIEST <= found <= LATEST:
        problems.append(Problem(field, "lies too far away"))
        return None
    return found


def _options(given: Mapping[str, str], known: Sequence[Option], problems: list[Problem]) -> dict[str, str]:
    """Return the analysis' options, with their defaults where nothing is chosen."""
    found = {option.name: option.default for option in known}
    by_name = {option.name: option for option in known}
    for name, value in given.items():
        option = by_name.get(name)
        if not is_line(value):
            problems.append(Problem("options", "must be one line of text"))
        elif option is None:
            problems.append(Problem("options", f"{name[:40]} is no option of this analysis"))
        elif value and option.choices and value not in option.choices:
            choices = ", ".join(choice for choice in option.choices if choice)
            problems.append(Problem("options", f"{name} must be one of {choices}"))
        elif value:
            found[name] = value[:LONGEST]
    return found
