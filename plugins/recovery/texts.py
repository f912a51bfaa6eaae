"""Texts of letters to customers: those shipped, and how any is checked before it is kept."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from feedbackhub import Problem, Refused, is_line
from feedbackhub.reporting import N_

from .piping import fill, named, needed, problems
from .reviews import speaks_of_withdrawing
from .sms_size import parts_of

__all__ = ["GIFT", "KINDS", "LANGUAGES", "MANNERS", "NAME", "SHIPPED", "Text", "Words", "checked", "shipped"]

#: Languages that are shipped.
LANGUAGES = ("en", "id", "hi", "ar")
KINDS = ("apology", "compensation", "both", "follow_up", "call")
MANNERS = ("plain", "explanation", "promise")
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
#: At most twenty characters, as many as are kept.
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})?(-[a-z0-9]{2,7})?")
#: The shipped texts: their names, titles, kinds and manners.
SHIPPED: Mapping[str, tuple[str, str, str]] = {
    "apology": (N_("Apology"), "apology", "plain"),
    "apology-explained": (N_("Apology with an explanation"), "apology", "explanation"),
    "apology-promise": (N_("Apology with a promise"), "apology", "promise"),
    "compensation": (N_("Compensation"), "compensation", ""),
    "apology-compensation": (N_("Apology and compensation"), "both", "plain"),
    "follow-up": (N_("We read this, here is what we did"), "follow_up", ""),
    "call": (N_("We will call you"), "call", ""),
}
LONGEST_TITLE, LONGEST_SUBJECT, LONGEST_WORDS, LONGEST_SHORT, MOST_LANGUAGES = 80, 150, 5000, 600, 20
#: What speaks of the compensation.
GIFT = frozenset({"compensation.what", "compensation.value"})
#: What stands in the placeholders when it is tried whether a short message is short.
SAMPLE: Mapping[str, Mapping[str, str]] = {
    "customer": {"name": "Maria Anderson"}, "brand": {"name": "Acme Stores"}, "agent": {"name": "Budi Santoso"},
    "contact": {"date": "23 Nov 2026", "topic": "delivery", "product": "Model 1", "channel": "chat", "team": "Care",
                "reference": "A-1234567"},
    "case": {"explanation": "The parcel lay in the wrong depot", "done": "The parcel is on its way again"},
    "compensation": {"what": "a voucher of EUR 10", "value": "EUR 10"}, "call": {"when": "23 Nov 2026, 10:00"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """A text in one language.

    Args:
        subject: One line.
        words: The letter.
        short: The same as a short message.
    """

    subject: str = ""
    words: str = ""
    short: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A text that letters are made of.

    Args:
        name: What names it.
        title: What staff call it; of a shipped one in English, to be translated.
        kind: ``apology``, ``compensation``, ``both``, ``follow_up`` or ``call``.
        manner: How it apologises: ``plain``, ``explanation`` or ``promise``; empty where it does not.
        languages: Its words by language.
        number: How often it was changed; 0 as it was shipped.
        is_on: Whether it is offered.
    """

    name: str
    title: str
    kind: str
    manner: str = ""
    languages: Mapping[str, Words] = field(default_factory=dict)
    number: int = 0
    is_on: bool = True

    @property
    def apologises(self) -> bool:
        """Whether it says sorry."""
        return self.kind in ("apology", "both")

    @property
    def gives(self) -> bool:
        """Whether it makes no sense without a compensation."""
        return self.kind in ("compensation", "both")

    @property
    def keeps_title(self) -> bool:
        """Whether it has the title it was shipped with, which is shown in the reader's language."""
        return self.name in SHIPPED and SHIPPED[self.name][0] == self.title

    def language_for(self, wanted: str) -> str:
        """Return the language that comes nearest to a customer's: the same, its base, English, else the first."""
        spelled = wanted.lower().replace("_", "-")
        nearest = (spelled, spelled.partition("-")[0], "en", next(iter(self.languages)))
        return next(each for each in nearest if each in self.languages)

    def as_json(self) -> dict[str, Any]:
        """Return what of it can be changed, as it is stored."""
        words = {name: asdict(each) for name, each in self.languages.items()}
        return {"title": self.title, "kind": self.kind, "manner": self.manner, "languages": words, "is_on": self.is_on}


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Text]:
    """Return the texts that come with the plugin, by name."""
    folder = files(__package__).joinpath("shipped")
    read = {name: tomllib.loads(folder.joinpath(f"{name}.toml").read_text("utf-8")) for name in LANGUAGES}
    return {
        name: Text(name, title, kind, manner, {
            language: Words(**{part: said.strip() for part, said in read[language][name].items()})
            for language in LANGUAGES
        })
        for name, (title, kind, manner) in SHIPPED.items()
    }  # fmt: skip


def checked(wanted: Text, others: Sequence[Text] = (), sms_parts: int = 3) -> Text:
    """Return a text as it will be kept: trimmed, its languages in small letters.

    Args:
        wanted: As somebody wants it.
        others: The other texts.
        sms_parts: The most parts that its short message may take.

    Raises:
        Refused: Naming each thing that is wrong; fields like ``languages.id.short``.
    """
    title = " ".join(wanted.title.split())
    languages = {
        name.strip().lower().replace("_", "-"): Words(*(_clean(each) for each in (w.subject, w.words, w.short)))
        for name, w in wanted.languages.items()
    }
    sound = Text(wanted.name, title, wanted.kind, wanted.manner, languages, wanted.number, wanted.is_on)
    found = [*_of_itself(sound, others)]
    for name, words in languages.items():
        found += _of_language(sound, f"languages.{name}", name, words, sms_parts)
    if found:
        raise Refused(*found)
    return sound


def _clean(said: str) -> str:
    return said.replace("\r\n", "\n").replace("\r", "\n").strip()


def _of_itself(text: Text, others: Sequence[Text]) -> Iterator[Problem]:
    if not NAME.fullmatch(text.name) or text.name == "new":
        yield Problem("name", N_("must be small letters, digits and hyphens, at most 40"))
    if not text.title:
        yield Problem("title", N_("must not be empty"))
    elif len(text.title) > LONGEST_TITLE or not is_line(text.title):
        yield Problem("title", N_("must be one line of at most 80 characters"))
    elif text.title.casefold() in {each.title.casefold() for each in others if each.name != text.name}:
        yield Problem("title", N_("is the title of another text"))
    if text.kind not in KINDS:
        yield Problem("kind", N_("must be apology, compensation, both, follow_up or call"))
    elif text.apologises and text.manner not in MANNERS:
        yield Problem("manner", N_("an apology is plain, or with an explanation, or with a promise"))
    elif not text.apologises and text.manner:
        yield Problem("manner", N_("must be empty: this text is no apology"))
    if not text.languages:
        yield Problem("languages", N_("at least one language is needed"))
    elif len(text.languages) > MOST_LANGUAGES:
        yield Problem("languages", N_("are more than 20"))


def _of_language(text: Text, where: str, name: str, words: Words, sms_parts: int) -> Iterator[Problem]:
    if not LANGUAGE.fullmatch(name):
        yield Problem(where, N_("languages are named as in en or pt-br"))
    limits = {"subject": LONGEST_SUBJECT, "words": LONGEST_WORDS, "short": LONGEST_SHORT}
    for part, longest in limits.items():
        said = getattr(words, part)
        if not said:
            yield Problem(f"{where}.{part}", N_("must not be empty"))
        elif len(said) > longest:
            yield Problem(f"{where}.{part}", N_("is too long: at most {n} characters"), {"n": longest})
        elif part == "subject" and "\n" in said:
            yield Problem(f"{where}.{part}", N_("must be one line"))
        elif wrong := problems(said):
            yield from (Problem(f"{where}.{part}", *each) for each in wrong)
        elif part != "subject":
            yield from _of_meaning(text, f"{where}.{part}", said)
        if part == "short" and said and not problems(said) and parts_of(fill(said, SAMPLE)) > sms_parts:
            reason = N_("takes {n} parts as a short message once it is filled in; at most {most} are sent")
            yield Problem(f"{where}.short", reason, {"n": parts_of(fill(said, SAMPLE)), "most": sms_parts})


def _of_meaning(text: Text, where: str, said: str) -> Iterator[Problem]:
    if text.gives and not needed(said) & GIFT:
        yield Problem(where, N_("must say what is given: {{ compensation.what }}"))
    if not text.gives and text.kind != "apology" and named(said) & GIFT:
        yield Problem(where, N_("speaks of a compensation, but this kind of text gives none"))
    if (text.gives or named(said) & GIFT) and speaks_of_withdrawing(said):
        yield Problem(where, N_("asks to withdraw or change a review: never for anything that is given"))
