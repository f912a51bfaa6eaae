"""Question types that plugins bring: checked when they come, and kept with each survey version that uses them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from feedbackhub.contract.questions import Offered
from feedbackhub.contract.questions import Question as Declared
from feedbackhub.surveys.definition import SLUG, Survey
from feedbackhub.surveys.kinds import BUILTIN_TYPES, LONGEST_ANSWER, OWN_ROLE_PREFIX, ROLES, QuestionType, Types
from feedbackhub.surveys.patterns import flaw_in
from feedbackhub.surveys.texts import Option, Text

__all__ = ["frozen", "thawed", "type_of"]

#: What the core can draw, by what an answer is; the first is taken where a type names none.
LOOKS: Mapping[str, tuple[str, ...]] = {
    "number": ("numbers", "stars", "faces"),
    "option": ("list", "buttons", "menu"),
    "options": ("list", "buttons"),
    "text": ("box", "line"),
}
#: A text with a pattern is short: what a pattern costs grows with it.
LONGEST_WITH_PATTERN = 200


def type_of(plugin: str, declared: Declared) -> QuestionType:
    """Return a type that a plugin declares as a row of the table.

    Args:
        plugin: The plugin's name.
        declared: What it declares.

    Raises:
        ValueError: The type cannot be used, with the reason.
    """
    reason = _flaw(declared)
    if reason:
        raise ValueError(f"question type {declared.name}: {reason}")
    try:
        options = tuple(map(_option, declared.options))
    except ValidationError as error:
        found = error.errors()[0]
        place = ".".join(map(str, found["loc"]))
        raise ValueError(f"question type {declared.name}: option {place}: {found['msg']}") from None
    return QuestionType(
        name=declared.name,
        value=declared.value,
        looks=declared.looks or LOOKS[declared.value][:1],
        role=declared.role,
        minimum=declared.minimum,
        maximum=declared.maximum,
        fixed_range=declared.value == "number",
        options=options,
        low_below=declared.low_below,
        spellings={spelling.lower(): value for spelling, value in declared.spellings.items()},
        longest=min(declared.longest, LONGEST_WITH_PATTERN if declared.pattern else LONGEST_ANSWER),
        pattern=declared.pattern,
        template=declared.macro,
        plugin=plugin,
    )


def _option(offered: Offered) -> Option:
    text = Text(dict(offered.text))
    return Option(value=offered.value, text=text, score=offered.score, symbol=offered.symbol)


def _flaw(declared: Declared) -> str:
    looks = LOOKS.get(declared.value, ())
    values = [offered.value for offered in declared.options]
    if not SLUG.fullmatch(declared.name) or declared.name in BUILTIN_TYPES:
        return "its name must be one that the core does not use, of small letters, digits and hyphens"
    if unknown := [look for look in declared.looks if look not in looks]:
        return f"{unknown[0]} is not a look of the core for it; it has {', '.join(looks)}"
    if declared.role is not None and declared.role not in ROLES and not declared.role.startswith(OWN_ROLE_PREFIX):
        return f"{declared.role!r} is not a role; one of your own begins with {OWN_ROLE_PREFIX}"
    if declared.value == "number" and not _is_scale(declared.minimum, declared.maximum):
        return "a scale begins at 0 or 1 and ends at 10 at most"
    if len(values) != len(set(values)) or (declared.value in ("number", "text") and values) or len(values) == 1:
        return "options must differ, be at least two, and belong to types with the value option or options"
    if lost := [value for value in declared.spellings.values() if value not in values]:
        return f"a spelling stands for {lost[0]}, which is no option"
    if declared.pattern and declared.value != "text":
        return "only texts have a pattern"
    flaw = flaw_in(declared.pattern)
    return f"its pattern {flaw}" if flaw else ""


def _is_scale(minimum: int | None, maximum: int | None) -> bool:
    return minimum in (0, 1) and maximum is not None and minimum < maximum <= 10


def frozen(survey: Survey) -> dict[str, Any] | None:
    """Return what a survey uses of types that plugins brought, as plain values; None when it uses none.

    Args:
        survey: A survey that is being published.
    """
    used = {question.type: question.kind for question in survey.questions if question.type not in BUILTIN_TYPES}
    return {name: _plain(kind) for name, kind in sorted(used.items())} or None


def _plain(kind: QuestionType) -> dict[str, Any]:
    return {
        "plugin": kind.plugin,
        "value": kind.value,
        "looks": list(kind.looks),
        "role": kind.role,
        "minimum": kind.minimum,
        "maximum": kind.maximum,
        "options": [option.model_dump(mode="json") for option in kind.options],
        "low_below": kind.low_below,
        "spellings": dict(kind.spellings),
        "longest": kind.longest,
        "pattern": kind.pattern,
        "template": kind.template,
    }


def thawed(kept: Mapping[str, Mapping[str, Any]] | None) -> Types:
    """Return the types that a published survey was written with: the core's, and those kept with it.

    Args:
        kept: What `frozen` returned then.
    """
    if not kept:
        return BUILTIN_TYPES
    return {**BUILTIN_TYPES, **{name: _read(name, row) for name, row in kept.items()}}


def _read(name: str, row: Mapping[str, Any]) -> QuestionType:
    options = tuple(Option.model_validate(option) for option in row["options"])
    plain = {field: value for field, value in row.items() if field not in ("options", "looks")}
    kind = QuestionType(name=name, looks=tuple(row["looks"]), options=options, **plain)
    return replace(kind, fixed_range=kind.value == "number")
