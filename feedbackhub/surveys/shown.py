"""A survey in one language with names filled in: what the page, the mail and the preview draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from feedbackhub.contract.scalars import as_line
from feedbackhub.surveys.condition import Value
from feedbackhub.surveys.definition import Question, Survey
from feedbackhub.surveys.kinds import TextFormat, ValueKind
from feedbackhub.surveys.logic import is_shown, visible
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
    say = partial(_said, survey, language, {**names, "answers": answer_names(survey, values, language)})
    shown = {question.id for question in visible(survey, values)}
    questions = tuple(_shown(question, question.id in shown, say) for question in survey.questions)
    thanks = survey.thanks_low if survey.thanks_low is not None and is_low(survey, values) else survey.thanks
    # A subject is a mail header: one line, whatever the author wrote.
    subject = as_line(say(survey.subject or survey.title))
    return ShownSurvey(survey.name, language, say(survey.title), subject, say(survey.intro), say(thanks), questions)


@dataclass(frozen=True, slots=True)
class ShownAsk:
    """What a message shows of a survey in one language: its first question, and the words before it.

    `same_for_all` tells that the question holds no placeholder.
    """

    language: str
    subject: str
    intro: str
    question: ShownQuestion
    same_for_all: bool


def shown_ask(survey: Survey, wanted: str | None, names: Names) -> ShownAsk:
    """Return what a message shows of a survey, the same as `show` before anything is answered.

    Args: names: what `{{ customer.name }}` and the like stand for.
    """
    language = survey.language_for(wanted)
    say = partial(_said, survey, language, names)
    first = survey.questions[0]
    # A subject is a mail header: one line, whatever the author wrote.
    subject = as_line(say(survey.subject or survey.title))
    question = _shown(first, is_shown(first, {}), say)
    return ShownAsk(language, subject, say(survey.intro), question, not _has_placeholders(first))


def _has_placeholders(question: Question) -> bool:
    texts = (question.text, *(option.text for option in question.options), *question.labels.values())
    return any("{" in each for text in texts for each in text.root.values())


def _said(survey: Survey, language: str, names: Names, text: Text | None) -> str:
    return fill(text.in_language(language, survey.default_language), names) if text is not None else ""


def _shown(q: Question, is_visible: bool, say: Callable[[Text | None], str]) -> ShownQuestion:
    return ShownQuestion(
        id=q.id, type=q.type, role=q.role, value=q.kind.value, look=q.look, text=say(q.text), help=say(q.help),
        choices=tuple(ShownChoice(value, say(text), symbol) for value, text, symbol in _choices(q)),
        format=q.text_format, longest=q.longest_answer, required=q.required,
        conditional=q.show_if is not None, visible=is_visible, template=q.kind.template, plugin=q.kind.plugin,
    )  # fmt: skip


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
