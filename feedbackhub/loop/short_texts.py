"""The ask in a line or two, for channels as short as an SMS: several wordings, of which the channel takes what fits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..machinery.i18n import Translator
from ..machinery.rendering import Renderer
from ..surveys import Question, ShownAsk, ShownQuestion, Survey, show
from ..surveys.piping import Names
from ..surveys.replies import asks_yes_or_no, reply_question
from .blanks import Blanked, blanked, blanks

__all__ = ["ShortParts", "call_for_answer", "short_texts"]

LONGEST_BRAND = 20
LONGEST_QUESTION = 60


@dataclass(frozen=True, slots=True)
class ShortParts:
    """What the wordings are made of.

    Args:
        survey: The survey asked.
        ask: What a message shows of it in the customer's language.
        names: What its placeholders stand for.
        link: The personal link.
        brand: Name of the brand, may be empty.
        name: The customer's name, may be empty.
        again: Whether this is a reminder.
        takes_answers: Whether the channel takes replies as answers.
    """

    survey: Survey
    ask: ShownAsk
    names: Names
    link: str
    brand: str
    name: str
    again: bool
    takes_answers: bool


def short_texts(parts: ShortParts, renderer: Renderer) -> tuple[str, ...]:
    """Return the wordings, fullest first, each shorter than the one before; all hold the whole link.

    Args:
        parts: What they are made of.
        renderer: Holds the core's texts.
    """
    wordings: list[str] = []
    for wording in _filled(parts, renderer):
        if not wordings or len(wording) < len(wordings[-1]):
            wordings.append(wording)
    return tuple(wordings)


def _filled(parts: ShortParts, renderer: Renderer) -> Iterator[str]:
    """Yield all wordings; those of a question that is the same for everybody are put together once."""
    question = _asked(parts)
    if not parts.ask.same_for_all or question not in (None, parts.ask.question):
        yield from _wordings(parts, question, renderer.i18n.translator("customer", parts.ask.language))
        return
    key = ("short", parts.ask.language, parts.ask.question, question is None, parts.brand, not parts.name, parts.again)
    own = {"link": parts.link, "name": parts.name}

    def make() -> list[Blanked]:
        marks, t = blanks(own), renderer.i18n.translator("customer", parts.ask.language)
        left_open = replace(parts, link=marks["link"], name=marks["name"] if parts.name else "")
        return [blanked(wording) for wording in _wordings(left_open, question, t)]

    for form in renderer.once(key, make):
        yield form.filled(own)


def _wordings(parts: ShortParts, question: ShownQuestion | None, t: Translator) -> Iterator[str]:
    ask = " ".join((question or parts.ask.question).text.split())
    brand, link = f"{parts.brand}: " if parts.brand else "", parts.link
    short_brand = f"{_cut(parts.brand, LONGEST_BRAND)}: " if parts.brand else ""
    hello = t("Hello {name},", name=parts.name) + "\n" if parts.name else ""
    again = t("A short reminder:") + " " if parts.again else ""
    if question is None:
        here = t("Answer here: {link}", link=link)
        yield from (f"{brand}{hello}{again}{ask} {here}", f"{brand}{again}{ask} {here}", f"{brand}{ask} {link}")
    else:
        here, stop = t("Or here: {link}", link=link), t("To get no more messages, reply STOP.")
        full, hint = _call(question, t), _short_call(question, t)
        yield f"{brand}{hello}{again}{ask} {full} {here}\n{stop}"
        yield f"{brand}{again}{ask} {full} {here}\n{stop}"
        yield f"{brand}{again}{ask} {hint} {here}\n{stop}"
        yield f"{brand}{ask} {hint} {link}"
        yield f"{short_brand}{ask} {hint} {link}"
    yield f"{short_brand}{ask} {link}"
    yield f"{short_brand}{_cut(ask, LONGEST_QUESTION)} {link}"
    yield f"{_cut(ask, LONGEST_QUESTION)} {link}"


def _asked(parts: ShortParts) -> ShownQuestion | None:
    """Return the question that a reply would answer, None when none is wanted or fits into a word."""
    question = reply_question(parts.survey) if parts.takes_answers else None
    if question is None or not (question.points or asks_yes_or_no(question)):
        return None
    if question.id == parts.ask.question.id:
        return parts.ask.question
    shown = show(parts.survey, parts.ask.language, parts.names)
    return next(each for each in shown.questions if each.id == question.id)


def call_for_answer(question: Question, t: Translator) -> str:
    """Return what to say to somebody whose reply was not clear.

    Args:
        question: What was asked.
        t: The core's texts in the customer's language.
    """
    if question.points:
        low, high = question.points[0], question.points[-1]
        return t("Please reply with one number from {low} to {high}.", low=low, high=high)
    if asks_yes_or_no(question):
        return t("Please reply YES or NO.")
    return t("Please open the link in our message to answer.")


def _call(shown: ShownQuestion, t: Translator) -> str:
    if shown.value != "number":
        return t("Reply YES or NO.")
    low, high = shown.choices[0], shown.choices[-1]
    if low.label and high.label:
        return t(
            "Reply with a number from {low} ({worst}) to {high} ({best}).",
            low=low.value, worst=low.label, high=high.value, best=high.label,
        )  # fmt: skip
    return t("Reply with a number from {low} to {high}.", low=low.value, high=high.value)


def _short_call(shown: ShownQuestion, t: Translator) -> str:
    if shown.value != "number":
        return t("Reply YES or NO.")
    return t("Reply {low} to {high}.", low=shown.choices[0].value, high=shown.choices[-1].value)


def _cut(text: str, longest: int) -> str:
    """Return a text cut at a word, where it has one before the end."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:-") + "…"
