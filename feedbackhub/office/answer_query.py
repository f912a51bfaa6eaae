"""Which answers are wanted, read from the texts of an address: the same filters that ways from reports carry."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import get_args

from ..contract.errors import Problem, Refused
from ..contract.reading import DIMENSIONS
from ..contract.reports import Basis
from ..contract.scalars import is_line
from ..machinery.links import is_public_id
from .lists import AnswerFilter, AnswerState
from .report_query import LONGEST, read_day

__all__ = ["FILTERS", "read_answer_filter"]

#: Everything that a list of answers can be filtered by, as it is called in addresses.
FILTERS = (
    "from", "to", "basis", "survey", *DIMENSIONS, "question", "score", "solved", "agent", "counted", "state", "low",
    "comment", "call",
)  # fmt: skip
SPAN = re.compile(r"(\d{1,6})-(\d{1,6})")
WHOLE = re.compile(r"-?\d{1,9}")
#: Scales have a few points; a longer span is a mistake.
LONGEST_SPAN = 1000
QUESTIONS = re.compile(r"[^\s,]{1,64}(,[^\s,]{1,64}){0,19}")


def read_answer_filter(
    texts: Mapping[str, str], zone: tzinfo, agent: int | None = None, judges: bool = True
) -> AnswerFilter:
    """Return the filter that texts mean.

    Args:
        texts: By name, as in `FILTERS`; empty ones do not filter. Days of a ``basis`` are counted in UTC, as reports
            count them; without one they are the company's.
        zone: The company's time zone.
        agent: Row number of the agent whose contacts alone are to be seen; None for all.
        judges: Whether the reader sees what was judged and who served; others' wishes for that are passed over.

    Raises:
        Refused: Naming each text that means nothing.
    """
    problems = [
        Problem(name, "must be one line of text") for name, text in texts.items() if text and not is_line(text)
    ]
    since, until = _moments(texts, zone, problems)
    state = texts.get("state", "") if judges else ""
    states: tuple[AnswerState, ...] = get_args(AnswerState)
    questions, values = _given(texts, problems)
    found = AnswerFilter(
        survey=texts.get("survey", ""),
        where={name: texts[name] for name in DIMENSIONS if texts.get(name)},
        state=next((each for each in states if each == state), ""),
        low=_tick("low", texts, problems), comment=_tick("comment", texts, problems),
        call=_tick("call", texts, problems), agent=agent, basis=_basis(texts), since=since, until=until,
        questions=questions, values=values, solved=_solved(texts, problems),
        served_by=texts.get("agent", "") if judges else "", counted=_tick("counted", texts, problems),
    )  # fmt: skip
    if state != found.state:
        problems.append(Problem("state", f"must be one of {', '.join(filter(None, states))}"))
    if found.served_by and not is_public_id(found.served_by):
        problems.append(Problem("agent", "is nobody's id"))
    problems += [Problem(name, f"is longer than {LONGEST}") for name, text in texts.items() if len(text) > LONGEST]
    if problems:
        raise Refused(*problems)
    return found


def _basis(texts: Mapping[str, str]) -> Basis:
    return "contact" if texts.get("basis") == "contact" else "answer"


def _moments(
    texts: Mapping[str, str], zone: tzinfo, problems: list[Problem]
) -> tuple[datetime | None, datetime | None]:
    """Return the moments between which the days lie, both days included."""
    basis = texts.get("basis", "")
    if basis not in ("", "answer", "contact"):
        problems.append(Problem("basis", "must be answer or contact"))
    first, last = (read_day(name, texts.get(name, ""), problems) for name in ("from", "to"))
    if first and last and first > last:
        problems.append(Problem("from", "must not lie after the last day"))
    where = UTC if basis else zone
    return _midnight(first, where), _midnight(last + timedelta(days=1), where) if last else None


def _midnight(day: date | None, zone: tzinfo) -> datetime | None:
    return datetime.combine(day, time(), zone).astimezone(UTC) if day else None


def _tick(name: str, texts: Mapping[str, str], problems: list[Problem]) -> bool:
    text = texts.get(name, "")
    if text not in ("", "1", "yes"):
        problems.append(Problem(name, "must be yes"))
    return text in ("1", "yes")


def _solved(texts: Mapping[str, str], problems: list[Problem]) -> bool | None:
    text = texts.get("solved", "")
    if text not in ("", "yes", "no"):
        problems.append(Problem("solved", "must be yes or no"))
    return {"yes": True, "no": False}.get(text)


def _given(texts: Mapping[str, str], problems: list[Problem]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the questions and, as the JSON that is stored, the answers to them."""
    question, score = texts.get("question", ""), texts.get("score", "")
    if question and not QUESTIONS.fullmatch(question):
        problems.append(Problem("question", "must be the id of a question, or several with commas between them"))
        return (), ()
    if score and not question:
        problems.append(Problem("score", "needs a question that it answers"))
    values = tuple(_stored(score)) if score else ()
    span = SPAN.fullmatch(score)
    if span is not None and not 0 <= int(span[2]) - int(span[1]) <= LONGEST_SPAN:
        problems.append(Problem("score", "must be one value, or a span such as 0-6"))
    return tuple(question.split(",")) if question else (), values


def _stored(score: str) -> list[str]:
    """Return what a value, or the values of a span, may be stored as."""
    # An option may be called like a span, and letters beyond ASCII are stored in either way.
    found = [json.dumps(score), json.dumps(score, ensure_ascii=False)]
    span = SPAN.fullmatch(score)
    if span is not None:
        found += map(str, range(int(span[1]), min(int(span[2]), int(span[1]) + LONGEST_SPAN) + 1))
    elif WHOLE.fullmatch(score):
        found.append(str(int(score)))
    return list(dict.fromkeys(found))
