"""Surveys: definitions in YAML, which questions are shown, what answers are accepted and what they are worth.

Everything here is pure: no database, no clock, no web. The usual way through it:

    survey = parse_survey(text)
    checked = check_answers(survey, {"satisfaction": "2"})
    first = headline(survey, checked.values)
"""

from feedbackhub.surveys.answers import AnswerProblem, Checked, check_answers
from feedbackhub.surveys.brought import frozen, thawed, type_of
from feedbackhub.surveys.condition import Value
from feedbackhub.surveys.definition import Question, Survey
from feedbackhub.surveys.kinds import BUILTIN_TYPES, QuestionType, Types
from feedbackhub.surveys.library import bundled
from feedbackhub.surveys.logic import visible
from feedbackhub.surveys.parsing import SurveyCheck, check_json, check_survey, parse_json, parse_survey
from feedbackhub.surveys.piping import answer_names, fill
from feedbackhub.surveys.problems import Problem, SurveyError
from feedbackhub.surveys.scoring import (
    Headline,
    answer_with_role,
    comment,
    headline,
    headline_question,
    is_low,
    option_worth,
    scores,
    solved,
    wants_call,
)
from feedbackhub.surveys.shown import ShownAsk, ShownChoice, ShownQuestion, ShownSurvey, show, shown_ask
from feedbackhub.surveys.texts import Option, Text

__all__ = [
    "BUILTIN_TYPES",
    "AnswerProblem",
    "Checked",
    "Headline",
    "Option",
    "Problem",
    "Question",
    "QuestionType",
    "ShownAsk",
    "ShownChoice",
    "ShownQuestion",
    "ShownSurvey",
    "Survey",
    "SurveyCheck",
    "SurveyError",
    "Text",
    "Types",
    "Value",
    "answer_names",
    "answer_with_role",
    "bundled",
    "check_answers",
    "check_json",
    "check_survey",
    "comment",
    "fill",
    "frozen",
    "headline",
    "headline_question",
    "is_low",
    "option_worth",
    "parse_json",
    "parse_survey",
    "scores",
    "show",
    "shown_ask",
    "solved",
    "thawed",
    "type_of",
    "visible",
    "wants_call",
]
