"""Small declarative conditions on earlier answers: when a question is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from feedbackhub.surveys.texts import FILLED, Frozen

Value = int | str | list[str]
"""What an answer is once checked: a number on a scale, an option's value or a text, or several options' values."""

_Listed = Annotated[tuple[int | str, ...], Field(strict=False, max_length=100), FILLED]
_Nested = Annotated[tuple["Condition", ...], Field(strict=False, max_length=50), FILLED]


class Condition(Frozen):
    """Either a test of one `question`, or `all`, `any`, `not` of further conditions.

    Several tests of one question must all hold. A test of an unanswered question fails, `answered: false` apart.
    """

    question: str | None = None
    answered: bool | None = None
    equals: int | str | None = None
    one_of: _Listed | None = Field(default=None, alias="in")
    includes: int | str | None = None
    below: int | None = None
    above: int | None = None
    at_least: int | None = None
    at_most: int | None = None
    every: _Nested | None = Field(default=None, alias="all")
    some: _Nested | None = Field(default=None, alias="any")
    unless: Condition | None = Field(default=None, alias="not")

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        groups = [part for part in (self.every, self.some, self.unless) if part is not None]
        if self.question is None and self._tests():
            raise ValueError("names no question to test")
        if (self.question is not None) + len(groups) != 1:
            raise ValueError("should be exactly one of question, all, any, not")
        if self.question is not None and not self._tests():
            raise ValueError("should say what to test: answered, equals, in, includes, below, above, at_least, at_most")
        return self

    def _tests(self) -> set[str]:
        return {name for name in TESTS if getattr(self, name) is not None}

    def tests(self) -> Iterator[Condition]:
        """Yield every test of one question in this condition."""
        if self.question is not None:
            yield self
        for part in (*(self.every or ()), *(self.some or ()), *((self.unless,) if self.unless else ())):
            yield from part.tests()


TESTS = ("answered", "equals", "one_of", "includes", "below", "above", "at_least", "at_most")


def holds(condition: Condition, answers: Mapping[str, Value]) -> bool:
    """Tell whether the condition holds for these answers."""
    if condition.every is not None:
        return all(holds(part, answers) for part in condition.every)
    if condition.some is not None:
        return any(holds(part, answers) for part in condition.some)
    if condition.unless is not None:
        return not holds(condition.unless, answers)
    return _test_holds(condition, answers.get(condition.question or ""))


def _test_holds(test: Condition, value: Value | None) -> bool:
    if value is None:
        return test.answered is False
    picked = {str(part) for part in value} if isinstance(value, list) else {str(value)}
    return (
        test.answered is not False
        and (test.equals is None or picked == {str(test.equals)})
        and (test.one_of is None or not picked.isdisjoint(str(part) for part in test.one_of))
        and (test.includes is None or str(test.includes) in picked)
        and _within(test, value)
    )


def _within(test: Condition, value: Value) -> bool:
    limits = (test.below, test.above, test.at_least, test.at_most)
    if limits == (None, None, None, None):
        return True
    if not isinstance(value, int):
        return False
    return (
        (test.below is None or value < test.below)
        and (test.above is None or value > test.above)
        and (test.at_least is None or value >= test.at_least)
        and (test.at_most is None or value <= test.at_most)
    )
