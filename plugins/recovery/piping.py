"""Puts names and what an agent wrote into letters: `Dear {{ customer.name or "customer" }}`, and nothing else.

The same little language as in surveys: names, `or`, `and`, `not`, `if`. Values are plain strings, put in once and
never read as templates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Template, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from feedbackhub.reporting import N_

__all__ = ["KNOWN", "Names", "fill", "named", "needed", "problems"]

Names = Mapping[str, Mapping[str, str]]

#: What may be put in.
KNOWN: Mapping[str, tuple[str, ...]] = {
    "customer": ("name",),
    "contact": ("date", "topic", "product", "channel", "team", "reference"),
    "brand": ("name",),
    "agent": ("name",),
    "case": ("explanation", "done"),
    "compensation": ("what", "value"),
    "call": ("when",),
}
LONGEST_VALUE, LONGEST_RESULT, DEEPEST = 3000, 12_000, 12
ALLOWED = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const,
           nodes.Or, nodes.And, nodes.Not, nodes.If, nodes.CondExpr)  # fmt: skip
TOO_DEEP = N_("line {line}: a placeholder is too complicated")
NOT_ALLOWED = N_("line {line}: a placeholder uses {what}; only names, or, and, not, if are allowed")
UNKNOWN = N_("line {line}: there is no placeholder {name}; there are {known}")
ALONE = N_("line {line}: there is no placeholder {name}; write for example {example}")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
GAPS = re.compile(r"\n(?:[ \t]*\n){2,}")


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


def problems(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Return what is wrong with a text's placeholders: sentences with gaps, and what stands in them."""
    try:
        tree = ENVIRONMENT.parse(text)
    except TemplateSyntaxError as error:
        return [(N_("line {line}: a placeholder is broken ({why})"), {"line": error.lineno, "why": error.message})]
    except (RecursionError, ValueError, OverflowError):
        return [(TOO_DEEP, {"line": 1})]
    found: list[tuple[str, dict[str, Any]]] = []
    for each in _refused(tree, 0):
        if each not in found:
            found.append(each)
    return found


def _refused(node: nodes.Node, depth: int) -> Iterator[tuple[str, dict[str, Any]]]:
    at = {"line": node.lineno}
    if depth > DEEPEST:
        yield TOO_DEEP, at
    elif not isinstance(node, ALLOWED):
        yield NOT_ALLOWED, {**at, "what": type(node).__name__.lower()}
    elif isinstance(node, nodes.Getattr):
        if not isinstance(node.node, nodes.Name) or node.attr not in KNOWN.get(node.node.name, ()):
            known = ", ".join(f"{space}.{name}" for space, names in KNOWN.items() for name in names)
            yield UNKNOWN, {**at, "name": _written(node)[:60], "known": known}
    elif isinstance(node, nodes.Name):
        yield ALONE, {**at, "name": node.name[:60], "example": "{{ customer.name }}"}
    else:
        for child in node.iter_child_nodes():
            yield from _refused(child, depth + 1)


def _written(node: nodes.Getattr) -> str:
    return f"{node.node.name}.{node.attr}" if isinstance(node.node, nodes.Name) else node.attr


def named(text: str) -> frozenset[str]:
    """Return which names a sound text speaks of, like ``case.done``."""
    return frozenset(_written(each) for each in ENVIRONMENT.parse(text).find_all(nodes.Getattr))


def needed(text: str) -> frozenset[str]:
    """Return which names a sound text cannot do without: those it puts in without asking whether they are there."""
    return frozenset(_bare(ENVIRONMENT.parse(text), frozenset()))


def _bare(node: nodes.Node, asked: frozenset[str]) -> Iterator[str]:
    if isinstance(node, nodes.Getattr):
        yield from {_written(node)} - asked
    elif isinstance(node, nodes.If | nodes.CondExpr):
        known = asked | {_written(each) for each in [node.test, *node.test.find_all(nodes.Getattr)]
                         if isinstance(each, nodes.Getattr)}  # fmt: skip
        for child in node.iter_child_nodes():
            if child is not node.test:
                yield from _bare(child, known)
    elif isinstance(node, nodes.Or):  # the last of several is what stands there when all others are empty
        yield from _bare(node.right, asked)
    else:
        for child in node.iter_child_nodes():
            yield from _bare(child, asked)


@lru_cache(maxsize=500)
def _compiled(text: str) -> Template:
    if found := problems(text):
        raise ValueError("; ".join(why.format(**values) for why, values in found))
    return ENVIRONMENT.from_string(text)


def fill(text: str, names: Names) -> str:
    """Return a text with its placeholders filled in; a name that is not given is empty.

    Raises:
        ValueError: The text was never checked, and is not allowed.
    """
    given = {
        space: {name: CONTROL.sub("", names.get(space, {}).get(name, ""))[:LONGEST_VALUE].strip() for name in known}
        for space, known in KNOWN.items()
    }
    return GAPS.sub("\n\n", _compiled(text).render(given)).strip()[:LONGEST_RESULT]
