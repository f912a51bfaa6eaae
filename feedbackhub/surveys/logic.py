"""Which questions a customer sees, given what was answered so far."""

from __future__ import annotations

from collections.abc import Mapping

from feedbackhub.surveys.condition import Value, holds
from feedbackhub.surveys.definition import Question, Survey


def is_shown(question: Question, answers: Mapping[str, Value]) -> bool:
    """Tell whether a question is shown after these (visible) earlier answers."""
    return question.show_if is None or holds(question.show_if, answers)


def visible(survey: Survey, answers: Mapping[str, Value]) -> list[Question]:
    """Return the questions shown for these answers, in order; an answer to a hidden question counts as none."""
    shown: list[Question] = []
    counted: dict[str, Value] = {}
    for question in survey.questions:
        if is_shown(question, counted):
            shown.append(question)
            if question.id in answers:
                counted[question.id] = answers[question.id]
    return shown
