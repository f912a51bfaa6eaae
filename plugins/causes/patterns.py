"""Patterns of words as staff write them, checked, and found in texts; no regular expressions, so none can be slow.

A pattern is a word or some words in their order; ``*`` at a word's end stands for any ending, and ``...`` between two
words for up to five others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from feedbackhub.reporting import N_

from .letters import forms_of, words_of

__all__ = ["BadPattern", "Finder", "Pattern", "pattern_of"]

GAP, ANY_ENDING = "...", "*"
#: Words that may stand in a gap.
MOST_BETWEEN = 5
MOST_WORDS, LONGEST, SHORTEST_STEM = 6, 80, 2


class BadPattern(ValueError):
    """A pattern that cannot be used; its text says why, for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words to be found.

    Args:
        words: The words, folded; one that ends in ``*`` stands for any ending.
        gaps: For each but the first, how many other words may stand before it.
    """

    words: tuple[str, ...]
    gaps: tuple[int, ...] = ()


def pattern_of(text: str) -> Pattern:
    """Return the pattern that a text means.

    Raises:
        BadPattern: It cannot be used.
    """
    if len(text) > LONGEST:
        raise BadPattern(N_("is longer than 80 characters"))
    words: list[str] = []
    gaps: list[int] = []
    between = 0
    for part in text.replace("…", GAP).replace(GAP, f" {GAP} ").split():
        if part == GAP:
            between = MOST_BETWEEN
            continue
        found = _words(part)
        if words and found:
            gaps += [between, *[0] * (len(found) - 1)]
        elif found:
            gaps += [0] * (len(found) - 1)
        words += found
        between = 0
    _check(text, words, between)
    return Pattern(tuple(words), tuple(gaps))


def _words(part: str) -> list[str]:
    """Return the words of a part without blanks; most have one, but hyphens divide."""
    stem, star, after = part.partition(ANY_ENDING)
    if after:
        raise BadPattern(N_("has a * that is not at a word's end"))
    found = words_of(stem)
    if star and (not found or len(found[-1]) < SHORTEST_STEM):
        raise BadPattern(N_("needs at least two letters before *"))
    return [*found[:-1], found[-1] + ANY_ENDING] if star else found


def _check(text: str, words: Sequence[str], between: int) -> None:
    if not words:
        raise BadPattern(N_("holds no word"))
    if between or text.strip().startswith((GAP, "…")):
        raise BadPattern(N_("must not begin or end with ..."))
    if len(words) > MOST_WORDS:
        raise BadPattern(N_("has more than six words"))


class Finder:
    """Finds which things' patterns are in a text.

    Args:
        patterns: The patterns of each thing, by its key.
    """

    def __init__(self, patterns: Mapping[str, Iterable[Pattern]]) -> None:
        self._exact: dict[str, int] = {}
        self._begun: dict[str, int] = {}
        #: Patterns by their first word.
        self._starts: defaultdict[int, list[tuple[str, tuple[int, ...], tuple[int, ...]]]] = defaultdict(list)
        self._known: dict[str, frozenset[int]] = {}
        for key, each in patterns.items():
            for pattern in each:
                first, *others = (self._number(word) for word in pattern.words)
                self._starts[first].append((key, tuple(others), pattern.gaps))

    def find(self, text: str) -> list[str]:
        """Return the keys of what is found in a text, sorted."""
        words = [self._meanings(word) for word in words_of(text)]
        found: set[str] = set()
        for at, meanings in enumerate(words):
            for meaning in meanings:
                for key, others, gaps in self._starts.get(meaning, ()):
                    if key not in found and _follow(words, at, others, gaps):
                        found.add(key)
        return sorted(found)

    def _number(self, word: str) -> int:
        """Return the number of a word of a pattern, the same for the same word."""
        if word.endswith(ANY_ENDING):
            return self._begun.setdefault(word[:-1], 2 * len(self._begun) + 1)
        return self._exact.setdefault(word, 2 * len(self._exact))

    def _meanings(self, word: str) -> frozenset[int]:
        """Return which words of patterns a word of a text is."""
        known = self._known.get(word)
        if known is None:
            known = frozenset(number for form in forms_of(word[:LONGEST]) for number in self._of_form(form))
            if len(self._known) < 200_000:
                self._known[word] = known
        return known

    def _of_form(self, form: str) -> list[int]:
        found = [self._begun[form[:end]] for end in range(SHORTEST_STEM, len(form) + 1) if form[:end] in self._begun]
        return [*found, self._exact[form]] if form in self._exact else found


def _follow(words: Sequence[frozenset[int]], at: int, others: Sequence[int], gaps: Sequence[int]) -> bool:
    """Tell whether the other words of a pattern follow; every place where the last one was found is tried."""
    places = {at}
    for number, gap in zip(others, gaps, strict=True):
        places = {
            next_
            for place in places
            for next_ in range(place + 1, min(place + gap + 2, len(words)))
            if number in words[next_]
        }
        if not places:
            return False
    return True
