"""From what an author wrote to a `Survey`, or to everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from feedbackhub.surveys.checks import Finding, findings, in_order, missing_translations
from feedbackhub.surveys.condition import Condition
from feedbackhub.surveys.definition import MOST_QUESTIONS, Question, Survey, nearest
from feedbackhub.surveys.kinds import BUILTIN_TYPES, Types
from feedbackhub.surveys.problems import Problem, SurveyError
from feedbackhub.surveys.source import DEEPEST, MOST_NODES, Lines, Path, read_yaml, refuse_hostile_text, spoken
from feedbackhub.surveys.texts import Option

MOST_PROBLEMS = 100
# pydantic reports each branch of a union apart; a survey has only one kind of union.
BRANCHES: tuple[Path, ...] = (("int",), ("str",))
LARGEST_NUMBER = 10**15

_SLUG = "should be lower-case letters, digits and hyphens, beginning with a letter, at most 40"
SHAPES = {
    "name": _SLUG,
    "type": _SLUG,
    "id": "should be lower-case letters, digits and underscores, beginning with a letter, at most 40",
    "value": "should be letters, digits and _ . + -, beginning with a letter or digit, at most 64",
}


@dataclass(frozen=True, slots=True)
class SurveyCheck:
    """What came of reading a survey: the survey unless there are problems, and what could be better."""

    survey: Survey | None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def parse_survey(text: str, types: Types = BUILTIN_TYPES) -> Survey:
    """Return the survey written in a YAML text.

    Raises: SurveyError with every problem and its line.
    """
    return _survey_of(check_survey(text, types))


def parse_json(value: object, types: Types = BUILTIN_TYPES) -> Survey:
    """Return the survey held by a parsed JSON value.

    Raises: SurveyError with every problem and its path.
    """
    return _survey_of(check_json(value, types))


def check_survey(text: str, types: Types = BUILTIN_TYPES) -> SurveyCheck:
    """Read a YAML text and tell all that is wrong and all that could be better; never raises."""
    try:
        value, lines, problems = read_yaml(text)
    except SurveyError as error:
        return SurveyCheck(None, error.problems)
    return _check(value, lines, problems, types)


def check_json(value: object, types: Types = BUILTIN_TYPES) -> SurveyCheck:
    """Read a parsed JSON value and tell all that is wrong and all that could be better; never raises."""
    try:
        _refuse_hostile_value(value)
    except SurveyError as error:
        return SurveyCheck(None, error.problems)
    return _check(value, {}, [], types)


def _survey_of(check: SurveyCheck) -> Survey:
    if check.survey is None:
        raise SurveyError(check.problems)
    return check.survey


def _check(value: Any, lines: Lines, problems: list[Problem], types: Types) -> SurveyCheck:
    if not isinstance(value, dict):
        return SurveyCheck(None, (Problem(1 if lines else None, "", "should be a map with name, title, questions …"),))
    questions = value.get("questions")
    if isinstance(questions, list) and len(questions) > MOST_QUESTIONS:
        message = f"holds {len(questions)} questions, at most {MOST_QUESTIONS} are possible"
        return SurveyCheck(None, (Problem(_line(lines, ("questions",)), "questions", message),))
    survey: Survey | None = None
    try:
        survey = Survey.model_validate(value, context={"types": types})
        problems += _placed(findings(survey), lines)
    except ValidationError as error:
        problems += _structural(error, lines)
        problems += _placed(_among_well_formed(questions, types), lines)
    problems.sort(key=lambda problem: problem.line or 0)
    if survey is None or problems:
        return SurveyCheck(None, tuple(problems[:MOST_PROBLEMS]))
    return SurveyCheck(survey, (), tuple(_placed(missing_translations(survey, survey.languages), lines)))


def _among_well_formed(questions: Any, types: Types) -> Iterator[Finding]:
    """Yield what is wrong with the questions that could be read although others could not."""
    well_formed: list[tuple[int, Question]] = []
    malformed: dict[int, str] = {}
    for index, question in enumerate(questions if isinstance(questions, list) else ()):
        try:
            well_formed.append((index, Question.model_validate(question, context={"types": types})))
        except ValidationError:
            malformed[index] = str(question.get("id")) if isinstance(question, dict) else ""
    yield from in_order(well_formed, malformed)


def _placed(found: Iterable[Finding], lines: Lines) -> Iterator[Problem]:
    for finding in found:
        line = _line(lines, finding.path)
        yield Problem(line + finding.offset if line is not None else None, spoken(finding.path), finding.message)


def _line(lines: Lines, path: Path) -> int | None:
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path)


def _structural(error: ValidationError, lines: Lines) -> Iterator[Problem]:
    problems: dict[Problem, None] = {}
    for detail in error.errors(include_url=False, include_context=False, include_input=False):
        path, message = _written_path(detail["loc"]), detail["msg"]
        if path[-1:] in BRANCHES:
            path, message = path[:-1], "should be a whole number or a text"
        problems[Problem(_line(lines, path), spoken(path), _message(detail["type"], message, path))] = None
    yield from problems


def _written_path(loc: Path) -> Path:
    """Return the path as written: the points of a scale are keys there, not places in a list."""
    parts = [part for part in loc if part != "[key]"]
    return tuple(str(part) if parts[i - 1 : i] == ["labels"] else part for i, part in enumerate(parts))


def _message(kind: str, message: str, path: Path) -> str:
    if kind == "extra_forbidden":
        model = _model_at(path[:-1])
        known = [field.alias or name for name, field in model.model_fields.items()] if model else []
        return f"is not a known field{nearest(str(path[-1]), known)}"
    if kind == "missing":
        return "is missing"
    if kind == "string_pattern_mismatch":
        return SHAPES.get(str(path[-1]), message)
    return message.removeprefix("Value error, ").replace("Input should", "should")


def _model_at(path: Path) -> type[BaseModel] | None:
    names = [part for part in path if isinstance(part, str)]
    if "show_if" in names:
        return Condition
    models: dict[tuple[str, ...], type[BaseModel]] = {
        (): Survey, ("questions",): Question, ("questions", "options"): Option,
    }  # fmt: skip
    return models.get(tuple(names))


def _refuse_hostile_value(value: object) -> None:
    waiting: list[tuple[object, int]] = [(value, 0)]
    nodes = 0
    while waiting:
        part, depth = waiting.pop()
        nodes += 1
        if nodes > MOST_NODES or depth > DEEPEST:
            raise SurveyError([Problem(None, "", "is too large or nested too deeply")])
        if isinstance(part, int) and abs(part) > LARGEST_NUMBER:
            raise SurveyError([Problem(None, "", "holds a number that is far too large")])
        if isinstance(part, str):
            refuse_hostile_text(part)
        elif isinstance(part, dict):
            waiting += [(inner, depth + 1) for pair in part.items() for inner in pair]
        elif isinstance(part, list):
            waiting += [(inner, depth + 1) for inner in part]
