"""A survey in one language with names filled in: what the page, the mail and the preview draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from feedbackhub.surveys.condition import Value
from feedbackhub.surveys.definition import Question, Survey
from feedbackhub.surveys.kinds import TextFormat, ValueKind
from feedbackhub.surveys.logic import visible
from feedbackhub.surveys.piping import Names, answer_names, fill
from feedbackhub.surveys.scoring import is_low
from feedbackhub.surveys.texts import Text

# Only faces of Unicode 6, which machines without an emoji font have too.
FACES = {2: "😞😊", 3: "😞😐😊", 4: "😠😞😊😃", 5: "😠😞😐😊😃", 6: "😡😠😞😊😃😍", 7: "😡😠😞😐😊😃😍"}
STAR = "★"


@dataclass(frozen=True, slots=True)
class ShownChoice:
    """One thing to pick: its value, its words (empty for an unlabelled point) and its symbol (empty for an option)."""

    value: str
    label: str
    symbol: str


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """One question in the customer's language; `visible` tells whether its condition holds now.

    `template` shows it in a way of the `plugin` that brought its type.
    """

    id: str
    type: str
    role: str | None
    value: ValueKind
    look: str
    text: str
    help: str
    choices: tuple[ShownChoice, ...]
    format: TextFormat | None
    longest: int
    required: bool
    conditional: bool
    visible: bool
    template: str = ""
    plugin: str = ""


@dataclass(frozen=True, slots=True)
class ShownSurvey:
    """All texts of a survey in one language; `thanks` fits the answers given so far."""

    name: str
    language: str
    title: str
    subject: str
    intro: str
    thanks: str
    questions: tuple[ShownQuestion, ...]


def show(survey: Survey, wanted: str | None, names: Names, values: Mapping[str, Value] | None = None) -> ShownSurvey:
    """Return the survey in its language nearest to the one wanted.

    Args: names: what `{{ customer.name }}` and the like stand for; values: checked answers so far, which decide about
        visibility, `{{ answers.… }}` and the words of thanks.
    """
    values = values or {}
    language = survey.language_for(wanted)
    filled = {**names, "answers": answer_names(survey, values, language)}

    def say(text: Text | None) -> str:
        return fill(text.in_language(language, survey.default_language), filled) if text is not None else ""

    shown = {question.id for question in visible(survey, values)}
    questions = tuple(
        ShownQuestion(
            id=q.id, type=q.type, role=q.role, value=q.kind.value, look=q.look, text=say(q.text), help=say(q.help),
            choices=tuple(ShownChoice(value, say(text), symbol) for value, text, symbol in _choices(q)),
            format=q.text_format, longest=q.longest_answer, required=q.required,
            conditional=q.show_if is not None, visible=q.id in shown, template=q.kind.template, plugin=q.kind.plugin,
        )
        for q in survey.questions
    )  # fmt: skip
    thanks = survey.thanks_low if survey.thanks_low is not None and is_low(survey, values) else survey.thanks
    # A subject is a mail header: one line, whatever the author wrote.
    subject = " ".join(say(survey.subject or survey.title).split())
    return ShownSurvey(survey.name, language, say(survey.title), subject, say(survey.intro), say(thanks), questions)


def _choices(question: Question) -> list[tuple[str, Text | None, str]]:
    if not question.points:
        return [(option.value, option.text, option.symbol) for option in question.options]
    symbols = _symbols(question)
    return [(str(point), question.labels.get(point), symbols[index]) for index, point in enumerate(question.points)]


def _symbols(question: Question) -> list[str]:
    count = len(question.points)
    if question.look == "faces":
        faces = FACES[count]
        return list(faces if question.direction == "higher_is_better" else reversed(faces))
    if question.look == "stars":
        return [STAR] * count
    return [str(point) for point in question.points]
