"""What answers to "was it solved?" and "how often did you make contact?" say, whatever the questions look like."""

from __future__ import annotations

from ..contract.reading import QuestionInfo
from .counting import Asked

__all__ = ["asks_how_often", "asks_whether_solved", "contacts_of", "solved_means"]

MIDDLE = 50.0


def asks_whether_solved(question: QuestionInfo) -> bool:
    """Tell whether a question asks if the customer's issue was solved."""
    return question.role == "solved"


def solved_means(asked: Asked, value: str) -> str:
    """Return what an answer says: ``yes``, ``partly``, ``no``, or nothing for one that the question does not know.

    What is worth more than half says yes, less no, as it does on the card.

    Args:
        asked: The question.
        value: The answer, as the tallies have it.
    """
    worth = _worth(asked.question, value)
    if worth is None:
        return ""
    return "partly" if worth == MIDDLE else "yes" if worth > MIDDLE else "no"


def _worth(question: QuestionInfo, value: str) -> float | None:
    if value in question.options:
        worths = dict(zip(question.options, question.worths, strict=False))
        return worths.get(value)
    low, high = question.minimum, question.maximum
    if low is None or high is None or low >= high or not value.removeprefix("-").isdecimal():
        return None
    if not low <= int(value) <= high:
        return None
    worth = 100 * (int(value) - low) / (high - low)
    return worth if question.direction == "higher_is_better" else 100 - worth


def asks_how_often(question: QuestionInfo) -> bool:
    """Tell whether a question asks how many times the customer had to make contact about it."""
    return question.role == "contacts"


def contacts_of(value: str) -> int | None:
    """Return how many contacts an answer to that names, None for none: 3 for ``3``, and for ``3+`` the least, 3 too.

    Args:
        value: The answer, as `Reader.grouped` has it.
    """
    number = value.strip().removesuffix("+").strip()
    return int(number) if number.isdecimal() and 0 < len(number) < 4 and int(number) > 0 else None
