"""What is measured: which answers count, as what number, and how that number is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from feedbackhub import QuestionInfo, Reader
from feedbackhub.reporting import (
    N_,
    Asked,
    Measure,
    ScoreMeasure,
    ShareMeasure,
    Words,
    asks_whether_solved,
    questions_of,
    solved_means,
)
from feedbackhub.statistics import band_of

from .lots import Lot

__all__ = ["CHOICES", "Measured", "chosen", "number_of"]

SATISFIED, SOLVED, RECOMMEND = "satisfied", "solved", "recommend"
CHOICES = {
    "": N_("what most surveys ask for"),
    SATISFIED: N_("Satisfied customers"),
    SOLVED: N_("Matters solved"),
    RECOMMEND: N_("Net promoter score"),
}
REPORTS = {SATISFIED: "satisfaction", SOLVED: "solved", RECOMMEND: "nps"}
#: So many values at the good end of a scale count as satisfied; of two or three, only the last.
BEST = 2
VOTES = {"detractor": -1, "passive": 0, "promoter": 1}


@dataclass(frozen=True)
class Measured:
    """A measure with the questions that it is made from.

    Args:
        name: One of the choices.
        asked: The questions, one of a survey.
    """

    name: str
    asked: tuple[Asked, ...]

    @property
    def report(self) -> str:
        """The report that shows it split by team, as the answers were given."""
        return REPORTS[self.name]

    @property
    def is_share(self) -> bool:
        """Whether it is a share, else a score from -1 to 1."""
        return self.name != RECOMMEND

    @property
    def reach(self) -> tuple[float, float]:
        """The ends of its scale."""
        return (0.0, 1.0) if self.is_share else (-1.0, 1.0)

    def values(self, lots: Iterable[Lot]) -> Counter[str]:
        """Return how often each answer was given, as its measure reads them: of a score any one of its kind."""
        texts = {0: "0", 1: "1"} if self.is_share else {-1: "0", 0: "8", 1: "10"}
        found = Counter[str]()
        for lot in lots:
            found[texts[lot.value]] += lot.n
        return found

    def measure(self, t: Words) -> Measure:
        """Return how it is shown."""
        if not self.is_share:
            return ScoreMeasure(t("Net promoter score"), t("Score"))
        label, head = (
            (t("Satisfied customers"), t("Satisfied %"))
            if self.name == SATISFIED
            else (t("Matters solved"), t("Solved %"))
        )
        return ShareMeasure(label, head, good=frozenset("1"), among=frozenset("01"))


def chosen(reader: Reader, survey: str, wanted: str) -> Measured | None:
    """Return what is to be measured, None where no survey asks for it.

    Args:
        reader: What may be read.
        survey: One survey, empty for all.
        wanted: One of the choices; empty for the one that the most surveys ask for, the first of them where several do.
    """
    names = [wanted] if wanted else [name for name in CHOICES if name]
    found = [Measured(name, first_of_each(questions_of(reader, survey, WANTED[name]))) for name in names]
    most = max(found, key=lambda each: len(each.asked))
    return most if most.asked else None


def first_of_each(asked: list[Asked]) -> tuple[Asked, ...]:
    """Return the first question of each survey, so that nobody's answer counts twice."""
    return tuple({each.survey: each for each in reversed(asked)}.values())[::-1]


def asks_for_satisfaction(question: QuestionInfo) -> bool:
    """Tell whether a question asks how satisfied somebody is, on a scale with a good end."""
    return question.role == "satisfaction" and question.minimum is not None and question.maximum is not None


def asks_for_recommendation(question: QuestionInfo) -> bool:
    """Tell whether a question asks for a recommendation on the scale from 0 to 10."""
    asks = question.role == "loyalty" or question.type == "nps"
    return asks and (question.minimum, question.maximum) == (0, 10)


WANTED = {SATISFIED: asks_for_satisfaction, SOLVED: asks_whether_solved, RECOMMEND: asks_for_recommendation}


def number_of(measured: Measured, asked: Asked, answer: str) -> int | None:
    """Return as what an answer counts, None when it means nothing to the measure.

    Args:
        measured: The measure.
        asked: The question.
        answer: The answer as text.
    """
    if measured.name == SOLVED:
        says = solved_means(asked, answer)
        return int(says == "yes") if says else None
    value, (low, high) = NUMBERS.get(answer), ends_of(asked.question)
    if value is None or not low <= value <= high:
        return None
    if measured.name == RECOMMEND:
        return VOTES[band_of(value)]
    best = BEST if high - low >= BEST + 1 else 1
    return int(value < low + best if asked.question.direction == "lower_is_better" else value > high - best)


def ends_of(question: QuestionInfo) -> tuple[int, int]:
    """Return the ends of a question's scale; those of none hold nothing."""
    if question.minimum is None or question.maximum is None:
        return 0, -1
    return question.minimum, question.maximum


NUMBERS: Mapping[str, int] = {str(number): number for number in range(-100, 1001)}
