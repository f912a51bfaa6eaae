"""A survey as its author wrote it, with the defaults of its question types filled in."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import Field, PrivateAttr, ValidationInfo, field_validator, model_validator

from feedbackhub.surveys.condition import Condition
from feedbackhub.surveys.kinds import BUILTIN_TYPES, OWN_ROLE_PREFIX, ROLES, Direction, QuestionType, TextFormat, Types
from feedbackhub.surveys.texts import FILLED, LANGUAGE, Frozen, Option, Text

MOST_QUESTIONS = 200
MOST_OPTIONS = 100

SLUG = re.compile(r"^[a-z][a-z0-9-]{0,39}$")
Slug = Annotated[str, Field(pattern=SLUG)]
QuestionId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


def nearest(word: str, known: Iterable[str]) -> str:
    """Return ", did you mean …?" naming the known word most like this one, or nothing when none is like it."""
    like = difflib.get_close_matches(word[:80], sorted(known), n=1)
    return f", did you mean {like[0]!r}?" if like else ""


def _types(info: ValidationInfo) -> Types:
    types: Types = (info.context or {}).get("types", BUILTIN_TYPES)
    return types


def _with_worth(raw: Any, kind: QuestionType) -> Any:
    """Give new words for a type's own options the worth and the picture that those have."""
    known = {option.value: {"score": option.score, "symbol": option.symbol} for option in kind.options}
    if not isinstance(raw, list | tuple) or not known:
        return raw
    return [
        {**known[value], **option}
        if isinstance(option, dict) and isinstance(value := option.get("value"), str) and value in known
        else option
        for option in raw
    ]


class Question(Frozen):
    """One question; whatever its author left open carries the default of its type."""

    id: QuestionId
    type: str
    role: str | None = None
    direction: Direction = "higher_is_better"
    text: Text
    help: Text | None = None
    look: str
    minimum: Annotated[int, Field(ge=0, le=1)] | None = None
    maximum: Annotated[int, Field(ge=1, le=10)] | None = None
    labels: Annotated[dict[int, Text], Field(max_length=11)] = Field(default_factory=dict)
    options: Annotated[tuple[Option, ...], Field(strict=False, max_length=MOST_OPTIONS)] = ()
    format: str | None = None
    longest: Annotated[int, Field(ge=1)] | None = None
    required: bool = False
    show_if: Condition | None = None
    _kind: QuestionType = PrivateAttr()

    @model_validator(mode="before")
    @classmethod
    def _defaults_of_its_type(cls, raw: Any, info: ValidationInfo) -> Any:
        if not isinstance(raw, dict):
            return raw
        kind = _types(info).get(raw["type"]) if isinstance(raw.get("type"), str) else None
        if kind is None:
            return {"look": "", **raw}
        defaults: dict[str, Any] = {"look": kind.looks[0], "role": kind.role, "options": kind.options,
                                    "minimum": kind.minimum, "maximum": kind.maximum}  # fmt: skip
        if "options" in raw:
            return {**defaults, **raw, "options": _with_worth(raw["options"], kind)}
        return {**defaults, **raw}

    @field_validator("type")
    @classmethod
    def _known_type(cls, name: str, info: ValidationInfo) -> str:
        if name not in _types(info):
            raise ValueError(f"{name!r} is not a question type{nearest(name, _types(info))}")
        return name

    @field_validator("role")
    @classmethod
    def _known_role(cls, role: str | None) -> str | None:
        if role is not None and role not in ROLES and not role.startswith(OWN_ROLE_PREFIX):
            hint = nearest(role, ROLES) or f"; a role of your own begins with {OWN_ROLE_PREFIX}"
            raise ValueError(f"{role!r} is not a role{hint}")
        return role

    @field_validator("labels", mode="before")
    @classmethod
    def _points_are_numbers(cls, labels: Any) -> Any:
        # JSON has no other keys than strings.
        if not isinstance(labels, dict):
            return labels
        return {int(key) if key in POINTS else key: text for key, text in labels.items()}

    @model_validator(mode="after")
    def _remember_its_type(self, info: ValidationInfo) -> Self:
        self._kind = _types(info)[self.type]
        return self

    @cached_property
    def kind(self) -> QuestionType:
        """The row of the table of question types that this question follows."""
        return self._kind  # kept beside, since pydantic takes its time to find what is private

    @property
    def points(self) -> range:
        """The points of its scale, empty when it has none."""
        if self.minimum is None or self.maximum is None:
            return range(0)
        return range(self.minimum, self.maximum + 1)

    @property
    def text_format(self) -> TextFormat | None:
        """The shape its text has to have, None when any text will do."""
        if self.kind.pattern:
            return TextFormat(self.kind.pattern, "text", "off", self.kind.longest)
        return self.kind.formats.get(self.format) if self.format else None

    @property
    def longest_answer(self) -> int:
        """The most characters that a text may have."""
        limits = (self.longest, self.text_format.longest if self.text_format else None, self.kind.longest)
        return min(limit for limit in limits if limit is not None)

    def option(self, value: str) -> Option | None:
        """Return the option with this value, None when there is none."""
        return next((option for option in self.options if option.value == value), None)


POINTS = frozenset(str(point) for point in range(11))


class Survey(Frozen):
    """A whole survey.

    Surveys of one `type` share the clock that keeps a person from being asked too often. `languages` begins with the
    one used when the customer's own is missing; those in `complete` promise that no text lacks them.
    """

    name: Slug
    title: Text
    type: Slug
    languages: Annotated[tuple[str, ...], Field(strict=False, max_length=60), FILLED]
    complete: Annotated[tuple[str, ...], Field(strict=False, max_length=60)] = ()
    subject: Text | None = None
    intro: Text | None = None
    questions: Annotated[tuple[Question, ...], Field(strict=False, max_length=MOST_QUESTIONS), FILLED]
    thanks: Text
    thanks_low: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _type_is_its_name(cls, raw: Any) -> Any:
        if not isinstance(raw, dict):
            return raw
        name = raw.get("name")
        return {"type": name if isinstance(name, str) and SLUG.fullmatch(name) else "unnamed", **raw}

    @field_validator("languages", "complete")
    @classmethod
    def _language_codes(cls, languages: tuple[str, ...]) -> tuple[str, ...]:
        for language in languages:
            if not LANGUAGE.fullmatch(language):
                raise ValueError(f"{language!r} is not a language code such as en or pt-BR")
        if len(set(languages)) < len(languages):
            raise ValueError("names a language twice")
        return languages

    @property
    def default_language(self) -> str:
        """The language used when a text or the survey lacks the customer's own."""
        return self.languages[0]

    def language_for(self, wanted: str | None) -> str:
        """Return the survey's language nearest to the one wanted, such as `id` for `id-ID`."""
        tag = (wanted or "").replace("_", "-").lower()
        for language in self.languages:
            if language.lower() == tag:
                return language
        base = tag.partition("-")[0]
        return next((own for own in self.languages if own.partition("-")[0] == base), self.default_language)

    def question(self, question_id: str) -> Question | None:
        """Return the question with this id, None when there is none."""
        return next((question for question in self.questions if question.id == question_id), None)
