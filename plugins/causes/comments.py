"""Comments: what customers wrote, with what they had rated, from the newest answers of a period."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from feedbackhub import Query, Reader

from .counting import filters_of, second_asks

__all__ = ["MOST_COMMENTS", "Comment", "Comments", "comments_of"]

#: So many comments are read, the newest; what holds for them holds for more, and memory has its limits.
MOST_COMMENTS = 50_000
#: A comment is read up to here; the answer behind it has all of it.
LONGEST = 2000
_COLUMNS = ("id", "survey", "comment", "counted", "question", "rating", "low", "answer_language")


@dataclass(frozen=True, slots=True)
class Comment:
    """What a customer wrote.

    Args:
        id: Public id of the answer.
        text: The words.
        rating: What the customer had rated, None for nothing.
        low: Whether that is a bad answer; None without a rating.
        language: Language that it was answered in, as the answer says.
    """

    id: str
    text: str
    rating: int | None
    low: bool | None
    language: str


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments of a period.

    Args:
        newest: Those that are read, the oldest of them first.
        total: How many there are.
    """

    newest: Sequence[Comment]
    total: int


def comments_of(read: Reader, query: Query) -> Comments:
    """Return the comments of a period; those of people who were erased are not there any more.

    Raises:
        Refused: The query names a dimension that there is none of.
    """
    newest: deque[Comment] = deque(maxlen=MOST_COMMENTS)
    left_out, total = second_asks(read, query), 0
    for batch in read.batches("responses", filters_of(query), size=10_000, only=_COLUMNS):
        for id_, survey, text, counted, question, rating, low, language in zip(
            *(batch.columns[name] for name in _COLUMNS), strict=True
        ):
            if counted and text and not text.isspace() and survey not in left_out:
                total += 1
                rated = bool(question)
                newest.append(Comment(id_, text[:LONGEST], rating, bool(low) if rated else None, language or ""))
    return Comments(list(newest), total)
