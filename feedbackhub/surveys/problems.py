"""What can be wrong with a survey, said so that its author finds the place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from feedbackhub.contract.errors import FeedbackhubError


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: the line in the YAML (None for JSON), the path to the field, and what is wrong."""

    line: int | None
    path: str
    message: str

    def __str__(self) -> str:
        where = [f"line {self.line}"] if self.line is not None else []
        where += [self.path] if self.path else []
        return f"{', '.join(where)}: {self.message}" if where else self.message


class SurveyError(FeedbackhubError):
    """The survey cannot be used; `problems` lists everything that was found at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
