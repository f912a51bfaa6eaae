"""A hub with counts that a test writes down, of any questions on any scales."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from feedbackhub import QuestionInfo, Report, SurveyInfo, Tally
from feedbackhub.contract.reports import Figure

DAY = date(2026, 3, 9)
MORE, LESS = "higher_is_better", "lower_is_better"


def question(name: str, role: str, low: int | None = 1, high: int | None = 5, direction: str = MORE) -> QuestionInfo:
    """Return a question on a scale, or without one."""
    return QuestionInfo(name, "rating", role, "?", low, high, direction)


class Counts:
    """Counts by day and team.

    Args:
        surveys: Questions, by the name of their survey.
    """

    def __init__(self, **surveys: Sequence[QuestionInfo]) -> None:
        self.read, self.asked = self, surveys
        self.held: list[tuple[str, Tally]] = []

    def add(
        self, question: str, given: Mapping[object, int], silent: int = 0, team: str = "", day: date = DAY,
        survey: str = "after",
    ) -> None:  # fmt: skip
        """Count so many answers of each value, and some who were asked in vain."""
        answered = sum(given.values())
        counts = [(question, str(value), n) for value, n in given.items()]
        counts += [("", "answered", answered), ("", "sent", answered + silent)] if silent >= 0 else []
        self.held += [(team, Tally(day, survey, asked, team, value, n)) for asked, value, n in counts]

    def surveys(self) -> Sequence[SurveyInfo]:
        """Return the surveys."""
        return [SurveyInfo(name, name, name, 1, tuple(asked)) for name, asked in self.asked.items()]

    def tallies(self, since: date, until: date, **wanted: Any) -> Sequence[Tally]:
        """Return the counts of some days; by team, or all together."""
        assert wanted["dimension"] in ("", "team")
        return [
            tally
            for team, tally in self.held
            if since <= tally.day <= until
            if (tally.survey, tally.question) == (wanted["survey"], wanted["question"])
            if wanted["value"] in (None, team)
        ]

    def translate(self, text: str, language: str) -> str:
        """Return the text, marked when it is to be in another language."""
        return text if language == "en" else f"<{text}>"


def figure(of: Report, label: str) -> Figure:
    """Return a figure by its label."""
    (found,) = (each for each in of.figures if each.label == label)
    return found


def cells(of: Report, title: str, *columns: str) -> list[tuple[object, ...]]:
    """Return some columns of a table."""
    (table,) = (each for each in of.tables if each.title == title)
    places = [list(table.columns).index(column) for column in columns]
    return [tuple(row[place] for place in places) for row in table.rows]
