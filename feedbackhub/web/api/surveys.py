"""Surveys: looked through, checked and published as YAML or JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from pydantic import ConfigDict, Field, model_validator

from ...contract.intake import Strict
from ...office.publishing import check, editions, find_survey, publish_survey, source_of
from ...surveys import Problem
from ..current import core
from .chapter import Chapter
from .shapes import Shape, actor, one_of

__all__ = ["chapter"]

chapter = Chapter("surveys", "What is asked, in every language, version by version.")


class SurveyIn(Strict):
    """A survey as YAML text or as JSON."""

    model_config = ConfigDict(json_schema_extra=one_of("source", "survey"))

    source: str | None = Field(None, description="The survey as YAML, at most 256 KB.")
    survey: dict[str, Any] | None = Field(None, description="The survey as JSON.")

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.source is None) == (self.survey is None):
            raise ValueError("give either source or survey")
        return self


class Edition(Shape):
    """The newest version of a survey."""

    name: str
    type: str = Field(description="Surveys of one type share a throttle clock.")
    version: int
    languages: tuple[str, ...]
    published_at: datetime
    published_by: str


class Text(Edition):
    """The newest version with its text."""

    source: str


class SurveyList(Shape):
    """All surveys."""

    items: tuple[Edition, ...]


class Finding(Shape):
    """Something to mend."""

    line: int | None
    path: str
    message: str


class Checked(Shape):
    """What came of reading a survey."""

    valid: bool
    problems: tuple[Finding, ...]
    warnings: tuple[Finding, ...]


class Published(Shape):
    """The version that now is the newest."""

    name: str
    version: int
    created: bool = Field(description="false: it was the newest one already.")


@chapter.operation("GET", "/surveys", "surveys:read", {200: SurveyList})
def index() -> SurveyList:
    """List the surveys."""
    return SurveyList(items=tuple(Edition.model_validate(each) for each in editions(core())))


@chapter.operation("GET", "/surveys/<survey:name>", "surveys:read", {200: Text})
def show(name: str) -> Text:
    """Return the newest version of a survey with its text."""
    return Text.model_validate(find_survey(core(), name))


@chapter.operation("POST", "/surveys/check", "surveys:read", {200: Checked}, body=SurveyIn)
def look_over(body: SurveyIn) -> Checked:
    """Tell all that is wrong with a survey, without keeping it."""
    found = check(core(), body.source or "", body.survey)
    return Checked(valid=found.survey is not None, problems=findings(found.problems), warnings=findings(found.warnings))


def findings(problems: tuple[Problem, ...]) -> tuple[Finding, ...]:
    """Return problems as the API shows them."""
    return tuple(Finding(line=each.line, path=each.path, message=each.message) for each in problems)


@chapter.operation("POST", "/surveys", "surveys:write", {201: Published, 200: Published}, body=SurveyIn)
def publish(body: SurveyIn) -> tuple[Published, int]:
    """Publish a survey as its next version."""
    source = body.source if body.source is not None else source_of(core(), body.survey or {})
    name, number, fresh = publish_survey(core(), source, actor())
    return Published(name=name, version=number, created=fresh), 201 if fresh else 200
