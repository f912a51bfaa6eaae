"""What comments have in common that no theme catches: words that keep each other company, by statistics.

TF-IDF and non-negative matrix factorisation, for each language apart: over languages together they would find the
languages. What comes out are words with quotes, for a person to make a theme of; no facts.
Source: D. D. Lee, H. S. Seung, Nature 401 (1999) 788-791.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import ModuleType
from typing import Any

from .letters import words_of

__all__ = ["LEAST_COMMENTS", "Topic", "library", "topics_of"]

#: Below so many comments of a language words meet by chance.
LEAST_COMMENTS = 60
#: One topic for so many comments, up to the most.
COMMENTS_PER_TOPIC, MOST_TOPICS, MOST_READ = 40, 6, 10_000
LEAST_WORDS, TOP_WORDS, LEAST_OF_TOPIC = 3, 5, 10
#: Of what a comment consists of, so much must be one topic before it counts as being about it.
MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class Topic:
    """Words that often come together.

    Args:
        words: The words that weigh most, as they stand in comments, folded.
        members: Places of the comments that are mostly about it, what is most so first.
    """

    words: tuple[str, ...]
    members: tuple[int, ...]


def library() -> ModuleType | None:
    """Return what computes, None where the extra `analysis` is not installed."""
    try:
        # Here and not above: it is an extra, and takes seconds to import.
        import sklearn
    except ImportError:
        return None
    return sklearn  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def _stop_words() -> frozenset[str]:
    text = files(__package__).joinpath("shipped", "stop_words.toml").read_text("utf-8")
    return frozenset(word for listed in tomllib.loads(text).values() for word in words_of(listed))


def telling_words(text: str) -> list[str]:
    """Return the words of a text that may say what it is about."""
    return [word for word in words_of(text) if len(word) > 2 and not word.isdecimal() and word not in _stop_words()]


def topics_of(texts: Sequence[str]) -> list[Topic]:
    """Return the topics of some comments in one language; the same comments always give the same ones.

    Args:
        texts: The comments, the newest last.
    """
    newest = texts[-MOST_READ:]
    first = len(texts) - len(newest)
    usable = [at for at, text in enumerate(newest) if len(telling_words(text)) >= LEAST_WORDS]
    if len(usable) < LEAST_COMMENTS:
        return []
    how_many = min(MOST_TOPICS, len(usable) // COMMENTS_PER_TOPIC + 1)
    weights, words = _factored([newest[at] for at in usable], how_many)
    found = [_topic(weights[:, at], words[at], usable, first) for at in range(len(words))]
    return sorted((each for each in found if len(each.members) >= LEAST_OF_TOPIC), key=lambda each: each.words)


def _factored(texts: Sequence[str], how_many: int) -> tuple[Any, list[tuple[str, ...]]]:
    """Return how much each text is of each topic, as shares, and the topics' words."""
    # Here and not above: it is an extra, and takes seconds to import.
    from sklearn.decomposition import NMF

    # The same.
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer=telling_words, min_df=3, max_df=0.5, sublinear_tf=True)
    try:
        matrix = vectors.fit_transform(texts)
    except ValueError:  # no word is in three of them
        return None, []
    how_many = min(how_many, *matrix.shape)
    model = NMF(how_many, init="nndsvda", random_state=0, max_iter=300, tol=1e-3)
    weights = model.fit_transform(matrix)
    sums = weights.sum(axis=1, keepdims=True)
    names = vectors.get_feature_names_out()
    tops = [tuple(str(names[place]) for place in row.argsort()[::-1][:TOP_WORDS]) for row in model.components_]
    return weights / sums.clip(min=1e-12), tops


def _topic(shares: Any, words: tuple[str, ...], usable: Sequence[int], first: int) -> Topic:
    order = [int(place) for place in (-shares).argsort(kind="stable") if shares[place] >= MOSTLY]
    return Topic(words, tuple(first + usable[place] for place in order))
