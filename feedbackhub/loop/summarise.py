"""Summarise: what the card, the lists and the counts hold of some answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..surveys import Survey
from ..surveys.condition import Value
from ..surveys.scoring import comment, headline, is_low, score, solved, wants_call

__all__ = ["answer_rows", "summary"]


def summary(survey: Survey, values: Mapping[str, Value]) -> dict[str, Any]:
    """Return what the card and the lists show of some answers, as columns of a response."""
    first = headline(survey, values)
    value = first.value if first is not None and isinstance(first.value, int) else None
    return {
        "headline_question": first.question_id if first else "",
        "headline": value,
        "headline_max": first.maximum if first and value is not None else None,
        "score": round(first.score) if first else None,
        "low": is_low(survey, values),
        "solved": solved(survey, values),
        "wants_call": wants_call(survey, values) is True,
        "comment": comment(survey, values) or "",
    }


def answer_rows(survey: Survey, values: Mapping[str, Value]) -> list[dict[str, Any]]:
    """Return one row for each answer."""
    found = []
    for question in survey.questions:
        if question.id in values:
            worth = score(question, values[question.id])
            found.append(
                {
                    "question": question.id,
                    "role": question.role or "",
                    "value": values[question.id],
                    "score": None if worth is None else round(worth),
                }
            )
    return found
