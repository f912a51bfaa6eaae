"""A hub with counts that a test writes down, for the analysis of what customers say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from feedbackhub import Filters, Group, QuestionInfo, SurveyInfo, Tally

DAY = date(2026, 3, 9)
YES_NO = QuestionInfo("solved", "yes-no", "solved", "?", None, None, "higher_is_better", ("yes", "no"), (100.0, 0.0))
PARTLY = QuestionInfo(
    "outcome", "choice", "solved", "?", None, None, "higher_is_better", ("done", "some", "none", "no idea"),
    (100.0, 50.0, 0.0, None),
)  # fmt: skip
SCALE = QuestionInfo("scale", "rating", "solved", "?", 1, 5, "lower_is_better")
OFTEN = QuestionInfo("contacts", "choice", "contacts", "?", None, None, "higher_is_better", ("1", "2", "3+"))


class Counts:
    """Counts of surveys, by day and team.

    Args:
        surveys: The questions of each survey, by its name.
    """

    def __init__(self, surveys: Mapping[str, Sequence[QuestionInfo]] | None = None) -> None:
        self.read = self
        self._surveys = {"post-contact": (YES_NO, OFTEN)} if surveys is None else surveys
        self.held: list[tuple[str, Tally]] = []
        self.both: list[tuple[str, str, date, bool | None, str, int]] = []

    def add(
        self, given: Mapping[str, int], silent: int = 0, team: str = "", day: date = DAY, survey: str = "post-contact"
    ) -> None:
        """Count so many of each answer to whether it was solved, and some who were asked in vain."""
        question = next(each.id for each in self._surveys[survey] if each.role == "solved")
        answered = sum(given.values())
        for value, n in given.items():
            self.held.append((team, Tally(day, survey, question, team, value, n)))
        self.held.append((team, Tally(day, survey, "", team, "answered", answered)))
        self.held.append((team, Tally(day, survey, "", team, "sent", answered + silent)))

    def add_both(self, solved: bool | None, times: str, n: int, survey: str = "post-contact") -> None:
        """Count so many who said both whether it was solved and how often they made contact."""
        self.both.append((survey, "", DAY, solved, times, n))

    def surveys(self) -> Sequence[SurveyInfo]:
        """Return the surveys."""
        return [SurveyInfo(name, name, name, 1, tuple(asked)) for name, asked in self._surveys.items()]

    def tallies(self, since: date, until: date, **wanted: Any) -> Sequence[Tally]:
        """Return the counts of some days; by team, or all together."""
        return [
            tally
            for team, tally in self.held
            if since <= tally.day <= until
            if (wanted.get("survey", tally.survey), wanted["question"]) == (tally.survey, tally.question)
            if wanted.get("value") in (None, team)
        ]

    def grouped(self, records: str, by: Sequence[str], filters: Filters, *, question: str = "") -> Sequence[Group]:
        """Return the answers to both questions."""
        assert (records, list(by), question) == ("responses", ["day", "solved", "answer"], "contacts")
        return [
            Group((day.isoformat(), solved, times), n)
            for survey, _, day, solved, times, n in self.both
            if survey == filters.survey
        ]

    def translate(self, text: str, language: str) -> str:
        """Return the text, marked when it is to be in another language."""
        return text if language == "en" else f"<{text}>"
