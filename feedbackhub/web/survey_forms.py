"""The survey's form: what stands in each field, and what a browser sends back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from ..loop.page import PageView
from ..machinery.i18n import Translator
from ..surveys import ShownChoice, ShownQuestion, ShownSurvey, Survey, Value
from .survey_words import choice_text

__all__ = ["HONEYPOT", "PROOF", "SEEN", "Field", "Picked", "fields", "first_choice", "raw_answers", "seen", "texts_of"]

# No question can have such a name: theirs hold no hyphen.
PROOF, HONEYPOT, SEEN = "page-proof", "second-line", "seen-before"
LONGEST_SEEN = 4000

Typed = Mapping[str, list[str]]
Look = Callable[["Field"], Markup]


@dataclass(frozen=True, slots=True)
class Picked:
    """One thing to pick: the choice, what a screen reader says of it, and whether it is chosen."""

    choice: ShownChoice
    spoken: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One question as the form shows it.

    Args:
        question: The question in the customer's language.
        choices: What can be picked.
        text: What stands in a text field.
        error: Why the answer was not taken, empty when it was.
        condition: When it is shown, as JSON for the script, empty for always.
        hidden: Whether its condition does not hold yet.
        own: How the plugin that brought the question's type shows it; empty for a look of the core's.
    """

    question: ShownQuestion
    choices: tuple[Picked, ...]
    text: str
    error: str
    condition: str
    hidden: bool
    own: Markup = Markup("")


def fields(
    t: Translator,
    survey: Survey,
    shown: ShownSurvey,
    typed: Typed,
    errors: Mapping[str, str],
    only: Collection[str] = (),
    look: Look | None = None,
) -> list[Field]:
    """Return the fields of a survey's form.

    Args:
        t: The customer's texts.
        survey: The definition.
        shown: The same in the customer's language.
        typed: What stands in each field.
        errors: Why answers were not taken, by question.
        only: Only these questions; empty: all.
        look: Shows questions of types that plugins brought.
    """
    conditions = {
        each.id: each.show_if.model_dump_json(by_alias=True, exclude_none=True)
        for each in survey.questions
        if each.show_if is not None
    }
    found = []
    for question in shown.questions:
        if only and question.id not in only:
            continue
        values = typed.get(question.id, [])
        picked = tuple(Picked(c, choice_text(t, question, c), c.value in values) for c in question.choices)
        text = values[0] if values else ""
        condition = conditions.get(question.id, "")
        field = Field(question, picked, text, errors.get(question.id, ""), condition, not question.visible)
        found.append(replace(field, own=look(field)) if look is not None and question.template else field)
    return found


def texts_of(values: Mapping[str, Value]) -> dict[str, list[str]]:
    """Return stored answers as a form would send them."""
    return {name: value if isinstance(value, list) else [str(value)] for name, value in values.items()}


def raw_answers(survey: Survey, form: MultiDict[str, str]) -> dict[str, list[str]]:
    """Return what a form says to a survey's own questions; fields of other surveys are left alone."""
    return {question.id: form.getlist(question.id) for question in survey.questions if question.id in form}


def first_choice(view: PageView, wanted: str) -> dict[str, list[str]]:
    """Return the choice that a link makes beforehand, nothing when the first question has no such choice."""
    if not wanted or view.survey is None:
        return {}
    first = view.survey.questions[0]
    known = [str(point) for point in first.points] or [option.value for option in first.options]
    return {first.id: [wanted]} if wanted in known and first.kind.value in ("number", "option") else {}


def seen(form: MultiDict[str, str]) -> set[str]:
    """Return the conditional questions that the customer had before them."""
    return set(form.get(SEEN, "")[:LONGEST_SEEN].split())
