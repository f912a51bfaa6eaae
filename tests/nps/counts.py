"""A hub with counts that a test writes down, for the analysis alone."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from feedbackhub import QuestionInfo, SurveyInfo, Tally

DAY = date(2026, 3, 9)
RECOMMEND = QuestionInfo("recommend", "nps", "loyalty", "?", 0, 10, "higher_is_better")
OTHERS = (
    QuestionInfo("stars", "rating", "loyalty", "?", 1, 5, "higher_is_better"),
    QuestionInfo("ease", "ces", "effort", "?", 1, 7, "higher_is_better"),
)


class Counts:
    """Counts of one survey, by day and team.

    Args:
        surveys: The surveys that ask.
    """

    def __init__(self, *surveys: str) -> None:
        self.read, self.names = self, surveys or ("nps",)
        self.held: list[tuple[str, Tally]] = []

    def add(
        self, scores: Mapping[object, int], silent: int = 0, team: str = "", day: date = DAY, survey: str = "nps"
    ) -> None:
        """Count so many answers of each score, and some who were asked in vain."""
        answered = sum(scores.values())
        for score, n in scores.items():
            self.held.append((team, Tally(day, survey, "recommend", team, str(score), n)))
        self.held.append((team, Tally(day, survey, "", team, "answered", answered)))
        self.held.append((team, Tally(day, survey, "", team, "sent", answered + silent)))

    def surveys(self) -> Sequence[SurveyInfo]:
        """Return the surveys."""
        return [SurveyInfo(name, name, name, 1, (*OTHERS, RECOMMEND)) for name in self.names]

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
