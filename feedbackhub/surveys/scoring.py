"""What answers are worth: pure functions over a survey and its checked values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from feedbackhub.surveys.condition import Value
from feedbackhub.surveys.definition import Question, Survey
from feedbackhub.surveys.kinds import NO, NOT_RATINGS, YES, Direction
from feedbackhub.surveys.texts import Option


@dataclass(frozen=True, slots=True)
class Headline:
    """The answer that stands for the whole response; `score` runs from 0 (worst) to 100 (best)."""

    question_id: str
    role: str | None
    type: str
    value: int | str
    minimum: int | None
    maximum: int | None
    direction: Direction
    score: float
    low: bool


def is_scored(question: Question) -> bool:
    """Tell whether answers to this question rate the service."""
    if question.role in NOT_RATINGS:
        return False
    if question.kind.value == "number":
        return True
    return question.kind.value == "option" and any(option.score is not None for option in question.options)


def score(question: Question, value: Value) -> float | None:
    """Return the worth of one answer, 0 (worst) to 100 (best) whatever its scale and direction; None if it has none."""
    if not is_scored(question):
        return None
    worth = _worth(question, value)
    if worth is None:
        return None
    return worth if question.direction == "higher_is_better" else 100 - worth


def _worth(question: Question, value: Value) -> float | None:
    if isinstance(value, int):
        points = question.points
        return 100 * (value - points[0]) / (points[-1] - points[0]) if value in points else None
    option = question.option(value) if isinstance(value, str) else None
    return option.score if option else None


def option_worth(question: Question, worth: float) -> Option | None:
    """Return the one option that is worth this much, None when no option is, or several are."""
    found = [option for option in question.options if (own := score(question, option.value)) is not None
             and round(own) == round(worth)]  # fmt: skip
    return found[0] if len(found) == 1 else None


def scores(survey: Survey, values: Mapping[str, Value]) -> dict[str, float]:
    """Return the worth of every answer that has one, by question id."""
    found = {q.id: score(q, values[q.id]) for q in survey.questions if q.id in values}
    return {question_id: worth for question_id, worth in found.items() if worth is not None}


def is_low_answer(question: Question, value: Value) -> bool:
    """Tell whether one answer is a bad one: 0 to 6 for NPS, below the middle of its scale for all else."""
    worth = score(question, value)
    return worth is not None and worth < question.kind.low_below


def headline_question(survey: Survey) -> Question | None:
    """Return the question that stands for the survey: the first scored one that everybody sees, else the first."""
    scored = [question for question in survey.questions if is_scored(question)]
    always = [question for question in scored if question.show_if is None]
    return next(iter(always or scored), None)


def headline(survey: Survey, values: Mapping[str, Value]) -> Headline | None:
    """Return the answer to the headline question, None while it is unanswered."""
    question = headline_question(survey)
    value = values.get(question.id) if question else None
    if question is None or value is None or isinstance(value, list):
        return None
    worth = score(question, value)
    if worth is None:
        return None
    return Headline(question.id, question.role, question.type, value, question.minimum, question.maximum,
                    question.direction, worth, is_low_answer(question, value))  # fmt: skip


def is_low(survey: Survey, values: Mapping[str, Value]) -> bool:
    """Tell whether the customer is unhappy: by the headline, or by any other score while that is unanswered."""
    first = headline(survey, values)
    if first is not None:
        return first.low
    return any(is_low_answer(q, values[q.id]) for q in survey.questions if q.id in values)


def solved(survey: Survey, values: Mapping[str, Value]) -> bool | None:
    """Tell whether the customer says it was solved, None when not asked, not answered, or answered in between.

    A score of at least 50 counts as solved, so yes-no, a scale and options with scores all work.
    """
    for question in survey.questions:
        if question.role == "solved" and question.id in values:
            worth = score(question, values[question.id])
            return None if worth is None else worth > 50 if worth != 50 else None
    return None


def comment(survey: Survey, values: Mapping[str, Value]) -> str | None:
    """Return the customer's own words: all answers with the role comment, a blank line between them."""
    said = [values.get(question.id) for question in survey.questions if question.role == "comment"]
    return "\n\n".join(text for text in said if isinstance(text, str) and text) or None


def wants_call(survey: Survey, values: Mapping[str, Value]) -> bool | None:
    """Tell whether the customer asks to be called, None when not asked or not answered."""
    return {YES: True, NO: False}.get(answer_with_role(survey, values, "call_back") or "")


def answer_with_role(survey: Survey, values: Mapping[str, Value], role: str) -> str | None:
    """Return the answer to the first answered question with this role as text, None when there is none."""
    for question in survey.questions:
        value = values.get(question.id)
        if question.role == role and value is not None:
            return ", ".join(value) if isinstance(value, list) else str(value)
    return None
