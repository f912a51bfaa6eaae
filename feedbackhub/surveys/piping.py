"""Puts names and earlier answers into survey texts: `Hello {{ customer.name or "there" }}`.

The templates are written by staff, the values by customers and other systems. Templates may only look up the names
listed here and choose between texts; values are plain strings, put in once and never read as templates. The result is
plain text: the page escapes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Template, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from feedbackhub.contract.scalars import as_line
from feedbackhub.surveys.answers import clean_answer
from feedbackhub.surveys.condition import Value
from feedbackhub.surveys.definition import Survey, nearest
from feedbackhub.surveys.problems import Problem, SurveyError
from feedbackhub.surveys.texts import LONGEST_TEXT

Names = Mapping[str, Mapping[str, str]]
"""Values to put in, by namespace and name: `{"customer": {"name": "Ana"}, "answers": {…}}`."""

KNOWN: Mapping[str, frozenset[str]] = {
    "customer": frozenset({"name"}),
    "contact": frozenset({"topic", "product", "channel", "team", "date", "reference"}),
    "agent": frozenset({"name"}),
    "brand": frozenset({"name"}),
}
LONGEST_VALUE = 200
LONGEST_RESULT = 8_000
DEEPEST = 12

ALLOWED = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const,
           nodes.Or, nodes.And, nodes.Not, nodes.If, nodes.CondExpr)  # fmt: skip


class _Environment(ImmutableSandboxedEnvironment):
    """Looks names up in the given maps and nowhere else: never an attribute of a Python object."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        return obj.get(attribute, "") if isinstance(obj, dict) else ""

    def getitem(self, obj: Any, argument: Any) -> Any:
        return ""


ENVIRONMENT = _Environment(autoescape=False, keep_trailing_newline=True)
ENVIRONMENT.globals.clear()
ENVIRONMENT.filters.clear()
ENVIRONMENT.tests.clear()


def template_problems(text: str, answerable: frozenset[str] = frozenset()) -> list[tuple[int, str]]:
    """Return what is wrong with a text's placeholders, each with its line in the text (from 1).

    Args: answerable: ids of the questions asked before, for `{{ answers.… }}`.
    """
    if "{" not in text:
        return []
    if len(text) > LONGEST_TEXT:
        return [(1, f"is longer than {LONGEST_TEXT} characters")]
    try:
        tree = ENVIRONMENT.parse(text)
    except TemplateSyntaxError as error:
        return [(error.lineno, f"has a broken placeholder: {error.message}")]
    except (RecursionError, ValueError, OverflowError):
        return [(1, "has a placeholder that is too complicated")]
    return list(dict.fromkeys(_refused(tree, answerable, 0)))


def _refused(node: nodes.Node, answerable: frozenset[str], depth: int) -> Iterator[tuple[int, str]]:
    if depth > DEEPEST:
        yield node.lineno, "has a placeholder that is too complicated"
        return
    if not isinstance(node, ALLOWED):
        what = type(node).__name__.lower()
        yield node.lineno, f"uses {what} in a placeholder; only names, or, and, not, if are allowed"
        return
    if isinstance(node, nodes.Getattr):
        yield from _unknown_name(node, answerable)
        return
    if isinstance(node, nodes.Name):
        yield node.lineno, f"names {node.name!r} alone; write for example {{{{ customer.name }}}}"
        return
    for child in node.iter_child_nodes():
        yield from _refused(child, answerable, depth + 1)


def _unknown_name(node: nodes.Getattr, answerable: frozenset[str]) -> Iterator[tuple[int, str]]:
    if not isinstance(node.node, nodes.Name):
        yield node.lineno, f"looks inside a value ({node.attr!r}); only names such as customer.name are allowed"
        return
    space = node.node.name
    known = answerable if space == "answers" else KNOWN.get(space)
    if known is None:
        yield node.lineno, f"names {space!r}, which does not exist{nearest(space, [*KNOWN, 'answers'])}"
    elif node.attr not in known:
        reason = "is no question asked earlier" if space == "answers" else "does not exist"
        yield node.lineno, f"names {space}.{node.attr}, which {reason}{nearest(node.attr, known)}"


def used_names(text: str) -> frozenset[tuple[str, str]]:
    """Return which names a text puts in, such as ``("customer", "name")``, however its author spaced them.

    Raises: jinja2.TemplateSyntaxError for a text that was never checked.
    """
    if "{" not in text:
        return frozenset()
    looked_up = ENVIRONMENT.parse(text).find_all(nodes.Getattr)
    return frozenset((each.node.name, each.attr) for each in looked_up if isinstance(each.node, nodes.Name))


@lru_cache(maxsize=2_000)
def _compiled(text: str) -> Template:
    everything = _EveryName()
    problems = template_problems(text, everything)
    if problems:
        raise SurveyError([Problem(line, "", message) for line, message in problems])
    return ENVIRONMENT.from_string(text)


class _EveryName(frozenset[str]):
    """At rendering any answer may be named: one that is not given is simply empty."""

    def __contains__(self, name: object) -> bool:
        return True


def fill(text: str, names: Names) -> str:
    """Return the text with its placeholders filled in, as plain text of bounded length.

    A name that is not given is empty. Raises: SurveyError for a template that was never checked and is not allowed.
    """
    if "{" not in text:
        return text
    plain = {space: {name: _plain(value) for name, value in values.items()} for space, values in names.items()}
    return _compiled(text).render({**{space: {} for space in (*KNOWN, "answers")}, **plain})[:LONGEST_RESULT]


def _plain(value: object) -> str:
    if not isinstance(value, str | int):
        return ""
    return as_line(clean_answer(str(value)[: 4 * LONGEST_VALUE]), LONGEST_VALUE)


def answer_names(survey: Survey, values: Mapping[str, Value], language: str) -> dict[str, str]:
    """Return the answers in the customer's words, ready for `{{ answers.… }}`: an option by its label."""
    said: dict[str, str] = {}
    for question in survey.questions:
        value = values.get(question.id)
        if value is None:
            continue
        parts = value if isinstance(value, list) else [str(value)]
        options = [(part, question.option(part)) for part in parts]
        said[question.id] = ", ".join(
            option.text.in_language(language, survey.default_language) if option else part for part, option in options
        )
    return said
