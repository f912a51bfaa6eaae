"""Comments, understood: the language of each, and the themes it is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from feedbackhub.statistics import Share

from .comments import Comment
from .languages import Detector, language_of
from .letters import words_of
from .themes import Spotter

__all__ = ["Understood", "quotes_of", "share_of", "understood"]

QUOTES = 3
#: A quote should say something: so many words, where there are such.
TELLING_WORDS = 4


@dataclass(frozen=True, slots=True)
class Understood:
    """A comment, its language, and what it is about.

    Args:
        comment: The comment.
        language: Its language, empty for unknown.
        themes: Keys of the themes it is about.
    """

    comment: Comment
    language: str
    themes: tuple[str, ...]


def understood(comments: Sequence[Comment], spotter: Spotter, detect: Detector | None) -> list[Understood]:
    """Return comments with their languages and themes."""
    return [
        Understood(each, language_of(each.text, each.language, detect), tuple(spotter.themes_of(each.text)))
        for each in comments
    ]


def share_of(found: Sequence[Understood], among: Callable[[Understood], bool]) -> Share:
    """Return how many of some comments came with a bad rating; those without any rating are left out."""
    rated = [each.comment.low for each in found if each.comment.low is not None and among(each)]
    return Share(sum(rated), len(rated))


def quotes_of(found: Sequence[Understood], most: int = QUOTES) -> list[Understood]:
    """Return comments to be quoted: the shortest that say something, no two with the same words."""
    by_words = {tuple(words_of(each.comment.text)): each for each in found}
    ordered = sorted(by_words.items(), key=lambda pair: (_is_curt(pair[0]), _length(pair), pair[1].comment.id))
    return [each for _, each in ordered[:most]]


def _is_curt(words: Sequence[str]) -> bool:
    return len(words) < TELLING_WORDS


def _length(pair: tuple[Sequence[str], Understood]) -> int:
    """Return how long a comment is; the longest goes first among those that say little."""
    words, found = pair
    return -len(found.comment.text) if _is_curt(words) else len(found.comment.text)
