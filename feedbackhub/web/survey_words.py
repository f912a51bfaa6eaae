"""What survey pages say beside the survey's own texts."""

from __future__ import annotations

from collections.abc import Mapping

from ..machinery.i18n import N_, Translator
from ..surveys import AnswerProblem, ShownChoice, ShownQuestion

__all__ = ["CLOSED", "choice_text", "missing_text", "problem_text"]

# Kind of page: status, title, what to do next.
CLOSED: Mapping[str, tuple[int, str, str]] = {
    "unknown": (
        404,
        N_("This link does not work"),
        N_("It may have been cut off on its way. Please open it once more from the message that you received."),
    ),
    "expired": (
        410,
        N_("This link has expired"),
        N_("The time for answering is over. If something is still open, please contact us."),
    ),
    "answered": (
        409,
        N_("You have answered already"),
        N_("Thank you. Your answer is stored and can no longer be changed."),
    ),
    "cancelled": (
        410,
        N_("This question has been taken back"),
        N_("Your request is being worked on again, so there is nothing to rate yet."),
    ),
    "revoked": (
        410,
        N_("This link is not in use any more"),
        N_("Thank you for wanting to tell us. If something is still open, please contact us."),
    ),
    "stopped": (
        410,
        N_("You are no longer asked"),
        N_("You told us not to ask you any more, and we keep to that."),
    ),
}

PROBLEMS: Mapping[str, str] = {
    "several": N_("Please choose only one answer."),
    "not_a_number": N_("Please choose one of the numbers."),
    "out_of_range": N_("Please choose a number from {minimum} to {maximum}."),
    "unknown_option": N_("Please choose one of the answers."),
    "not_text": N_("This could not be read. Please type it again."),
    "too_long": N_("Please shorten this to at most {longest} characters."),
    "bad_format": N_("Please check this once more: something in it does not fit."),
}
FORMATS: Mapping[str | int, str] = {
    "phone": N_("This does not look like a phone number, such as +1 202 555 0143."),
    "email": N_("This does not look like an e-mail address, such as name@example.com."),
}


def problem_text(t: Translator, problem: AnswerProblem) -> str:
    """Say why an answer was not taken, and what would be."""
    known = PROBLEMS[problem.code]
    if problem.code == "bad_format":
        known = FORMATS.get(problem.facts.get("format", ""), known)
    return t(known, **problem.facts)


def missing_text(t: Translator) -> str:
    """Say that a question waits for its answer."""
    return t("Please answer this question.")


def choice_text(t: Translator, question: ShownQuestion, choice: ShownChoice) -> str:
    """Return what a screen reader says of one thing to pick; a face is said by its words, a star by its place."""
    if question.value != "number":
        return choice.label
    if choice.label and question.look == "faces":
        return choice.label
    place = t("{n} of {most}", n=choice.value, most=question.choices[-1].value)
    return t("{place}: {words}", place=place, words=choice.label) if choice.label else place
