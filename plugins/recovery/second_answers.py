"""A second answer beside the first, in the words of both scales: "2 of 5, then 4 of 5"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from feedbackhub import Hub, NotFound, Response

from .case import Case

__all__ = ["Compared", "compared", "rating_of", "response_of"]


@dataclass(frozen=True, slots=True)
class Compared:
    """The first and the second answer of a case.

    Args:
        first, then: The ratings, like ``2 of 5``; empty while there is none.
        response: The second answer, empty while there is none.
        is_low: Whether the second one is bad again.
        went: ``better``, ``worse`` or ``same``; empty where they cannot be compared.
        comment: What the customer wrote the second time.
    """

    first: str = ""
    then: str = ""
    response: str = ""
    is_low: bool = False
    went: str = ""
    comment: str = ""


def compared(hub: Hub, case: Case) -> Compared:
    """Return how a case's customer answered, and how after that."""
    first, again = response_of(hub, case.response), response_of(hub, case.again_response)
    went = ""
    if case.score is not None and case.again_score is not None:
        difference = case.again_score - case.score
        went = "better" if difference > 0 else "worse" if difference < 0 else "same"
    return Compared(
        rating_of(hub, first) if first else "", rating_of(hub, again) if again else "", case.again_response,
        bool(case.again_low), went, again.comment if again else "",
    )  # fmt: skip


def response_of(hub: Hub, public_id: str) -> Response | None:
    """Return an answer, None for none and for one that is not kept any more."""
    try:
        return hub.read.response(public_id) if public_id else None
    except NotFound:
        return None


def rating_of(hub: Hub, response: Response) -> str:
    """Return an answer's rating with the end of its scale as ``2|5``, or the rating alone; empty for none."""
    if response.rating is None:
        return ""
    survey = next((each for each in hub.read.surveys() if each.name == response.survey), None)
    rated = next((each.question for each in response.answers if each.value == response.rating), "")
    asked = next((each for each in survey.questions if each.id == rated), None) if survey else None
    return f"{_plain(response.rating)}|{asked.maximum}" if asked and asked.maximum else _plain(response.rating)


def _plain(rating: Any) -> str:
    return f"{rating:g}" if isinstance(rating, float) else str(rating)
