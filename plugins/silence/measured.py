"""What is weighted: the score, the share of satisfied customers, or the share whose matter was solved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedbackhub import Problem, Query, QuestionInfo, Reader, Refused
from feedbackhub.reporting import N_, Asked, asks_whether_solved, questions_of, solved_means
from feedbackhub.statistics import Interval, WeightedMean, weighted_nps_interval, weighted_share_interval

__all__ = ["HEADS", "MEASURES", "Measured", "measured"]

PROMOTER_FROM, PASSIVE_FROM = 9, 7
#: On a scale with fewer than four points only the topmost answer is a good one.
TWO_ARE_GOOD = 3
MEASURES: Mapping[str, str] = {
    "": N_("the first that is asked"),
    "satisfied": N_("Satisfied customers"),
    "nps": N_("Net promoter score"),
    "solved": N_("Solved"),
}

#: As columns and axes are headed.
HEADS: Mapping[str, str] = {
    "satisfied": N_("Satisfied customers %"), "nps": MEASURES["nps"], "solved": N_("Solved %"),
}  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """A number made of answers.

    Args:
        name: Which of `MEASURES`.
        asked: The questions it is made of, one of a survey.
    """

    name: str
    asked: Sequence[Asked]

    @property
    def unit(self) -> str:
        """Of figures, as `Figure` has it."""
        return "points" if self.name == "nps" else "share"

    @property
    def questions(self) -> str:
        """The ids of its questions, as filters of answers have them."""
        return ",".join(sorted({each.question.id for each in self.asked}))

    @property
    def scale(self) -> tuple[float, float]:
        """What all customers alike would make of it, at its worst and at its best."""
        return (-1.0, 1.0) if self.name == "nps" else (0.0, 1.0)

    @property
    def figure(self) -> float:
        """How many times as large a figure shows it."""
        return 100.0 if self.name == "nps" else 1.0

    def worth(self, asked: Asked, answer: str) -> float | None:
        """Return what an answer counts as, None when it counts as nothing."""
        if self.name == "solved":
            said = solved_means(asked, answer)
            return None if not said else float(said == "yes")
        value = int(answer) if answer.isdecimal() else None
        low, high = asked.question.minimum, asked.question.maximum
        if value is None or low is None or high is None or not low <= value <= high:
            return None
        if self.name == "nps":
            return float((value >= PROMOTER_FROM) - (value < PASSIVE_FROM))
        second = int(high - low >= TWO_ARE_GOOD)
        higher = asked.question.direction == "higher_is_better"
        return float(value >= high - second if higher else value <= low + second)

    def interval(self, mean: WeightedMean) -> Interval:
        """Return the interval of a weighted mean."""
        return weighted_nps_interval(mean) if self.name == "nps" else weighted_share_interval(mean)


def measured(reader: Reader, query: Query, wanted: str) -> Measured | None:
    """Return what is to be weighted, None when no published survey asks for it.

    Args:
        reader: What may be read.
        query: Of which survey and days.
        wanted: Which of `MEASURES`; when empty the first that was asked in these days.

    Raises:
        Refused: There is no such measure.
    """
    if wanted not in MEASURES:
        raise Refused(Problem("measure", "is none of " + ", ".join(filter(None, MEASURES))))
    known = []
    for name in [wanted] if wanted else ASKS:
        found = {each.survey: each for each in reversed(questions_of(reader, query.survey, ASKS[name]))}
        if found:
            known.append(Measured(name, [found[each] for each in sorted(found)]))
    sent = {each.survey for of in known for each in of.asked if _sent(reader, query, each.survey)}
    for of in known:
        used = [each for each in of.asked if each.survey in sent]
        if used:
            return Measured(of.name, used)
    return known[0] if known else None


def _sent(reader: Reader, query: Query, survey: str) -> bool:
    """Tell whether anybody was asked about contacts of these days."""
    found = reader.tallies(query.since, query.until, basis="contact", survey=survey, question="", step="month")
    return any(tally.score == "sent" for tally in found)


def _recommends(question: QuestionInfo) -> bool:
    asks = question.role == "loyalty" or question.type == "nps"
    return asks and (question.minimum, question.maximum) == (0, 10)


def _satisfies(question: QuestionInfo) -> bool:
    low, high = question.minimum, question.maximum
    asks = question.role == "satisfaction" or question.type == "csat"
    return asks and low is not None and high is not None and low < high


ASKS = {"satisfied": _satisfies, "nps": _recommends, "solved": asks_whether_solved}
