"""What a survey's parts must agree on: ranges, options, conditions, placeholders, translations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from feedbackhub.surveys.condition import TESTS, Condition
from feedbackhub.surveys.definition import Question, Survey, nearest
from feedbackhub.surveys.piping import template_problems
from feedbackhub.surveys.source import Path
from feedbackhub.surveys.texts import Text


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit, at a path; `offset` counts lines inside a text."""

    path: Path
    message: str
    offset: int = 0


def findings(survey: Survey) -> Iterator[Finding]:
    """Yield everything that makes a well-formed survey unusable."""
    for place, text in texts_around(survey):
        yield from _placeholders((place,), text, frozenset())
    yield from in_order(list(enumerate(survey.questions)), {})
    for language in survey.complete:
        if language not in survey.languages:
            yield Finding(("complete",), f"{language!r} is not among the languages")
    promised = dict.fromkeys((survey.default_language, *survey.complete))
    yield from missing_translations(survey, [language for language in promised if language in survey.languages])


def in_order(questions: Sequence[tuple[int, Question]], malformed: Mapping[int, str]) -> Iterator[Finding]:
    """Yield what does not fit in and between questions, each with its place in the list.

    Args: malformed: ids of those that could not be read, by place; naming them is no further mistake.
    """
    earlier: dict[str, Question] = {}
    later = {question.id for _, question in questions}
    for index, question in questions:
        path: Path = ("questions", index)
        unread = frozenset(name for place, name in malformed.items() if place < index)
        if question.id in earlier:
            yield Finding((*path, "id"), f"{question.id!r} is the id of an earlier question too")
        for found in (*in_question(question, unread | earlier.keys()), *_condition(question, earlier, later, unread)):
            yield Finding((*path, *found.path), found.message, found.offset)
        earlier.setdefault(question.id, question)


def in_question(question: Question, earlier: frozenset[str]) -> Iterator[Finding]:
    """Yield what does not fit inside one question."""
    yield from _look(question)
    yield from _range(question)
    yield from _options(question)
    yield from _text_only(question)
    for path, text in texts_of(question):
        yield from _placeholders(path, text, earlier if path in (("text",), ("help",)) else frozenset())


def texts_around(survey: Survey) -> Iterator[tuple[str, Text]]:
    """Yield the texts outside the questions, each with the name of its field."""
    for place in ("title", "subject", "intro", "thanks", "thanks_low"):
        text = getattr(survey, place)
        if text is not None:
            yield place, text


def texts_of(question: Question) -> Iterator[tuple[Path, Text]]:
    """Yield every text of a question with its path inside it."""
    yield ("text",), question.text
    if question.help is not None:
        yield ("help",), question.help
    for point, label in question.labels.items():
        yield ("labels", str(point)), label
    for index, option in enumerate(question.options):
        yield ("options", index, "text"), option.text


def missing_translations(survey: Survey, languages: Sequence[str]) -> Iterator[Finding]:
    """Yield each text that lacks one of these languages."""
    texts: list[tuple[Path, Text]] = [((place,), text) for place, text in texts_around(survey)]
    texts += [
        (("questions", index, *path), text)
        for index, question in enumerate(survey.questions)
        for path, text in texts_of(question)
    ]
    for path, text in texts:
        lacking = [language for language in languages if not text.has(language)]
        if lacking:
            yield Finding(path, f"is missing in {', '.join(lacking)}")


def _look(question: Question) -> Iterator[Finding]:
    looks = question.kind.looks
    if question.look not in looks:
        yield Finding(("look",), f"{question.look!r} is not a look of {question.type}; it has {', '.join(looks)}")


def _range(question: Question) -> Iterator[Finding]:
    kind, points = question.kind, question.points
    if kind.value != "number":
        for name in ("minimum", "maximum", "labels"):
            if getattr(question, name):
                yield Finding((name,), f"a question of type {question.type} has no scale")
        return
    if kind.fixed_range and (question.minimum, question.maximum) != (kind.minimum, kind.maximum):
        yield Finding((), f"the scale of {question.type} is always {kind.minimum} to {kind.maximum}")
    elif len(points) < 2:
        yield Finding(("maximum",), "should be above the minimum")
    elif question.look == "faces" and len(points) > 7:
        yield Finding(("look",), "faces can show at most 7 points")
    for point in question.labels:
        if point not in points:
            yield Finding(("labels", str(point)), f"{point} is not on the scale")


def _options(question: Question) -> Iterator[Finding]:
    kind = question.kind
    values = [option.value for option in question.options]
    if kind.value not in ("option", "options"):
        if values:
            yield Finding(("options",), f"a question of type {question.type} has no options")
        return
    if kind.own_options and len(values) < 2:
        yield Finding(("options",), "should hold at least two options")
    if not kind.own_options and sorted(values) != sorted(option.value for option in kind.options):
        fixed = ", ".join(option.value for option in kind.options)
        yield Finding(("options",), f"the options of {question.type} are always {fixed}; only their texts can change")
    for index, value in enumerate(values):
        if value in values[:index]:
            yield Finding(("options", index, "value"), f"{value!r} is the value of an earlier option too")


def _text_only(question: Question) -> Iterator[Finding]:
    kind = question.kind
    if question.format is not None and question.format not in kind.formats:
        hint = nearest(question.format, kind.formats)
        yield Finding(("format",), f"{question.format!r} is not a format of {question.type}{hint}")
    if question.longest is not None and (kind.value != "text" or question.longest > kind.longest):
        reason = f"should be at most {kind.longest}" if kind.value == "text" else "belongs to text questions"
        yield Finding(("longest",), reason)


def _placeholders(path: Path, text: Text, answerable: frozenset[str]) -> Iterator[Finding]:
    for language, said in text.root.items():
        place = (*path, language) if language != "*" else path
        for line, message in template_problems(said, answerable):
            yield Finding(place, message, line - 1)


def _condition(
    question: Question, earlier: Mapping[str, Question], later: set[str], unread: frozenset[str]
) -> Iterator[Finding]:
    for test in question.show_if.tests() if question.show_if else ():
        asked = test.question or ""
        if asked in earlier:
            yield from (Finding(("show_if",), message) for message in _impossible(test, earlier[asked]))
        elif asked not in unread:
            reason = "is asked later" if asked in later else f"does not exist{nearest(asked, earlier)}"
            yield Finding(("show_if",), f"the question {asked!r} {reason}")


def _impossible(test: Condition, question: Question) -> Iterator[str]:
    compared = {name for name in TESTS if getattr(test, name) is not None}
    if question.kind.value != "number" and compared & {"below", "above", "at_least", "at_most"}:
        yield f"{question.id} has no scale to compare with"
    if question.kind.value == "text":
        return
    wanted = [*(test.one_of or ()), *(word for word in (test.equals, test.includes) if word is not None)]
    possible = {str(point) for point in question.points} | {option.value for option in question.options}
    for word in wanted:
        if str(word) not in possible:
            yield f"{question.id} is never {word!r}{nearest(str(word), possible)}"
