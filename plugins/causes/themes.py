"""Themes: what comments may be about, and the words by which that is seen; those shipped, and how any is checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from feedbackhub import Problem, Refused, is_line
from feedbackhub.reporting import N_

from .patterns import LONGEST, BadPattern, Finder, Pattern, pattern_of

__all__ = ["LANGUAGE", "LANGUAGES", "SHIPPED", "Spotter", "Theme", "checked", "shipped"]

#: Languages whose words are shipped; themes may have words of any others, too.
LANGUAGES = ("en", "id", "hi", "ar")
#: A word without what no database keeps; blanks, which are made one, stand among the others.
PLAIN = re.compile(r"[^\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]*")
#: How a language is named.
LANGUAGE = re.compile(r"[a-z0-9][a-z0-9-]{1,7}")
#: The shipped themes by key.
SHIPPED: Mapping[str, str] = {
    "late-delivery": N_("Late or missing delivery"),
    "faulty-product": N_("Broken, wrong or poor product"),
    "price": N_("Price"),
    "billing": N_("Billing and payment"),
    "refund": N_("Refund"),
    "returns": N_("Return, exchange, cancellation"),
    "waiting": N_("Waiting, or no reply"),
    "rude-staff": N_("Rude or unhelpful staff"),
    "explaining-again": N_("Having to explain again"),
    "not-solved": N_("Not solved"),
    "app-website": N_("App or website"),
    "friendly-staff": N_("Friendly, helpful staff"),
}
#: What stands before a pattern that rules its theme out.
NOT = "-"
MOST_THEMES, MOST_PATTERNS, LONGEST_TITLE, MOST_LANGUAGES = 60, 300, 60, 20


@dataclass(frozen=True, slots=True)
class Theme:
    """Something that comments may be about.

    Args:
        key: What names it in addresses; of a shipped one a word, else twelve characters.
        title: Its name; of a shipped one in English, to be translated.
        patterns: Its patterns as they were typed, by language.
        is_on: Whether it is looked for.
    """

    key: str
    title: str
    patterns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    is_on: bool = True

    @property
    def keeps_title(self) -> bool:
        """Whether it has the name it was shipped with, which is shown in the reader's language."""
        return SHIPPED.get(self.key) == self.title

    @property
    def size(self) -> int:
        """How many patterns it has."""
        return sum(len(each) for each in self.patterns.values())

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        patterns = {name: list(each) for name, each in self.patterns.items()}
        return {"key": self.key, "title": self.title, "patterns": patterns, "is_on": self.is_on}


@lru_cache(maxsize=1)
def shipped() -> tuple[Theme, ...]:
    """Return the themes that come with the plugin."""
    folder = files(__package__).joinpath("shipped")
    words = {name: tomllib.loads(folder.joinpath(f"{name}.toml").read_text("utf-8")) for name in LANGUAGES}
    return tuple(
        Theme(key, title, {name: tuple(words[name][key]) for name in LANGUAGES}) for key, title in SHIPPED.items()
    )


def checked(theme: Theme, others: Sequence[Theme]) -> Theme:
    """Return a theme as it will be kept: without blanks and doubles.

    Args:
        theme: As somebody wants it.
        others: The other themes.

    Raises:
        Refused: Naming each thing that is wrong.
    """
    title = " ".join(theme.title.split())
    patterns = {
        name: tuple(dict.fromkeys(clean for each in given if (clean := " ".join(each.split()))))
        for name, given in theme.patterns.items()
    }
    problems = [*_of_title(title, others), *_of_patterns(patterns)]
    if len(others) >= MOST_THEMES:
        problems.append(Problem("title", N_("there are 60 themes already")))
    if problems:
        raise Refused(*problems)
    return Theme(theme.key, title, {name: each for name, each in patterns.items() if each}, theme.is_on)


def _of_title(title: str, others: Sequence[Theme]) -> Iterator[Problem]:
    if not title:
        yield Problem("title", N_("must not be empty"))
    elif len(title) > LONGEST_TITLE:
        yield Problem("title", N_("must have at most 60 characters"))
    elif not is_line(title):
        yield Problem("title", N_("must be one line of text"))
    elif title.casefold() in {each.title.casefold() for each in others}:
        yield Problem("title", N_("is the name of another theme"))


def _of_patterns(patterns: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    if not any(not each.startswith(NOT) for given in patterns.values() for each in given):
        yield Problem("patterns", N_("at least one word is needed"))
    sizes = [len(each) for each in patterns.values() if each]
    if sum(sizes) > MOST_PATTERNS * len(LANGUAGES) or len(sizes) > MOST_LANGUAGES:
        yield Problem("patterns", N_("are too many"))
    for name, given in patterns.items():
        if not LANGUAGE.fullmatch(name):
            yield Problem("patterns", N_("languages are named as in en or pt-br"))
        elif len(given) > MOST_PATTERNS:
            yield Problem(name, N_("there are more than 300"))
        else:
            yield from (Problem(name, f"{each[:40]}: {why}") for each in given if (why := wrong_with(each)))


def wrong_with(text: str) -> str:
    """Return what is wrong with a pattern, empty when nothing is."""
    if len(text) > LONGEST:
        return N_("is longer than 80 characters")
    if not PLAIN.fullmatch(text):
        return N_("must be one line of text")
    try:
        pattern_of(text.removeprefix(NOT))
    except BadPattern as bad:
        return str(bad)
    return ""


class Spotter:
    """Sees which themes texts are about; a word counts whatever the text's language, since customers mix them.

    Args:
        themes: The themes; those that are off are not looked for.
    """

    def __init__(self, themes: Sequence[Theme]) -> None:
        self._for = Finder({each.key: _patterns(each, against=False) for each in themes if each.is_on})
        self._against = Finder({each.key: _patterns(each, against=True) for each in themes if each.is_on})

    def themes_of(self, text: str) -> list[str]:
        """Return the keys of the themes that a text is about."""
        found = self._for.find(text)
        if not found:
            return found
        ruled_out = set(self._against.find(text))
        return [key for key in found if key not in ruled_out]


def _patterns(theme: Theme, *, against: bool) -> list[Pattern]:
    every = (each for given in theme.patterns.values() for each in given)
    return [pattern_of(each.removeprefix(NOT)) for each in every if each.startswith(NOT) == against]
