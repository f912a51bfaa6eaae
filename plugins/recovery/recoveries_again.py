"""Second answers held against the first ones; whoever gives none counts in three ways."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from feedbackhub.statistics import Share

from .recoveries_read import UNKNOWN, Second, Seen

__all__ = ["Again", "Asked", "asked_again"]


@dataclass(slots=True)
class Asked:
    """Customers who were asked again, of one first answer or of all.

    Args:
        better, same, worse: How their second answer compares with the first.
        silent: How many gave none, and cannot any more.
    """

    better: int = 0
    same: int = 0
    worse: int = 0
    silent: int = 0

    @property
    def answered(self) -> int:
        """How many answered again."""
        return self.better + self.same + self.worse

    @property
    def asked(self) -> int:
        """How many were asked, and have answered or cannot any more."""
        return self.answered + self.silent

    @property
    def of_all(self) -> Share:
        """Better ones of all who were asked: whoever gives no answer counts as not better."""
        return Share(self.better, self.asked)

    @property
    def of_answers(self) -> Share:
        """Better ones of those who answered."""
        return Share(self.better, self.answered)

    @property
    def at_most(self) -> Share:
        """Better ones if all who gave no answer were better: the upper bound; `of_all` is the lower one."""
        return Share(self.better + self.silent, self.asked)

    def add(self, first: float, second: float | None) -> None:
        """Count a customer."""
        if second is None:
            self.silent += 1
        elif second > first:
            self.better += 1
        elif second < first:
            self.worse += 1
        else:
            self.same += 1


@dataclass(slots=True)
class Again:
    """All who were asked again.

    Args:
        all: All of them.
        by_first: The same by their first answer, from 0 to 100.
        waiting: How many may still answer.
        unrated: How many gave no rating at first, so that nothing can be compared.
        other_question: How many second answers are to another question, or on another scale, than the first.
    """

    all: Asked = field(default_factory=Asked)
    by_first: dict[float, Asked] = field(default_factory=dict)
    waiting: int = 0
    unrated: int = 0
    other_question: int = 0


def asked_again(seen: Seen, responses: Iterable[str]) -> Again:
    """Return how second answers compare with the first ones.

    Args:
        seen: What was read.
        responses: Ids of the first answers.
    """
    found = Again()
    for each in responses:
        first, over = seen.firsts.get(each), seen.asked.get(each)
        if first is None or over is None:
            continue
        second = seen.seconds.get(each)
        if first.score is None:
            found.unrated += 1
        elif second is None and not over:
            found.waiting += 1
        else:
            _add(found, first, first.score, second)
    found.by_first = dict(sorted(found.by_first.items()))
    return found


def _add(found: Again, first: Second, score: float, second: Second | None) -> None:
    if second is not None and second.score is not None and first.question != UNKNOWN:
        found.other_question += second.question != first.question
    for asked in (found.all, found.by_first.setdefault(score, Asked())):
        asked.add(score, second.score if second is not None else None)
