"""The main numbers of a report, each with its interval or the words that there are too few answers for one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..contract.reports import Figure, Way
from ..statistics import Share, few, wilson
from .counting import Asked, Counted
from .measures import Measure, Values
from .words import Words

__all__ = ["answers_way", "change", "estimate", "joined", "notes", "response_rate", "share"]


def answers_way(asked: Sequence[Asked], score: str = "") -> Way:
    """Return the way to the answers to some questions.

    Args:
        asked: The questions.
        score: A value, or a span like ``0-6``, of any of them; empty for all.
    """
    ids = ",".join(sorted({each.question.id for each in asked}))
    return Way(values={"question": ids, **({"score": score} if score else {})})


def estimate(t: Words, measure: Measure, values: Values, way: Way | None = None) -> Figure:
    """Return an estimate with its interval; only the number of answers when they are few.

    Args:
        t: The words.
        measure: What is measured.
        values: How often each value was given.
        way: Where a click on it leads.
    """
    how, value = measure.few(values), measure.value(values)
    bare = Figure(
        measure.label, None, n=measure.n(values), unit=measure.unit, note=t.few(how), few=how, way=way,
        counts=measure.noun,
    )  # fmt: skip
    if measure.hidden(values) or value is None:
        return bare
    interval = measure.interval(values)
    if interval is None:
        words = joined(t("all answers are alike, so there is no interval"), t.few(how))
        return replace(bare, value=value, note=words)
    return replace(bare, value=value, low=interval.low, high=interval.high)


def change(
    t: Words, measure: Measure, now: Values, then: Values, label: str = "", way: Way | None = None
) -> Figure:  # fmt: skip
    """Return by how much an estimate lies above the one before, and whether that shows a difference.

    Args:
        t: The words.
        measure: What is measured.
        now: How often each value was given.
        then: The same in the period before.
        label: What it is; the change from the days before when left out.
        way: Where a click on it leads.
    """
    label = label or t("Change from the days before")
    before = measure.n(then)
    past = t("{n} before", n=before) if measure.noun else t("{n} answers before", n=before)
    how, past = few(min(measure.n(now), before)), past if before else ""
    value, old, interval = measure.value(now), measure.value(then), measure.difference(now, then)
    if how in ("none", "counts") or value is None or old is None:
        words = t("nothing to compare with") if how == "none" else t.few(how)
        return Figure(label, None, unit=measure.unit, note=joined(words, past), few=how, way=way, change=True)
    if interval is None:
        words = joined(t("all answers are alike, so there is no interval"), t.few(how), past)
        return Figure(label, value - old, unit=measure.unit, note=words, few=how, way=way, change=True)
    words = joined(t.moved(interval), t.few(how), past)
    return Figure(label, value - old, *interval, None, measure.unit, note=words, few=how, way=way, change=True)


def joined(*words: str) -> str:
    """Return words beside each other; empty ones are left out."""
    return " · ".join(filter(None, words))


def share(t: Words, label: str, part: Share, way: Way | None = None) -> Figure:
    """Return a share with its interval; how many of how many when they are few."""
    how, interval = few(part.whole), wilson(part)
    if how in ("none", "counts") or interval is None:
        words = t("{part} of {whole}", part=part.part, whole=part.whole) if part.whole else ""
        return Figure(label, None, n=part.whole, unit="share", note=words or t.few(how), few=how, way=way)
    return Figure(label, part.value, *interval, part.whole, "share", note=t.few(how), few=how, way=way)


def response_rate(t: Words, now: Counted) -> Figure:
    """Return the share of those asked who answered; what it rests on are asks, not answers."""
    asked = now.rate() or Share(0, 0)
    found = share(t, t("Response rate"), asked, Way("report", "silence") if asked.whole else None)
    part, whole = now.answered.total(), now.sent.total()
    words = t("{part} of {whole} asked", part=part, whole=whole) if whole else t("nobody was asked")
    return replace(found, n=None, note=joined(words, t.few("flag") if found.few == "flag" else ""))


def notes(t: Words, measure: Measure, now: Counted, surveys: Sequence[str]) -> Iterator[str]:
    """Yield what the reader of any such report must know.

    Args:
        t: The words.
        measure: What is measured.
        now: The counts of the period.
        surveys: Names of the surveys that ask; of those that brought no answer nothing is said.
    """
    how = measure.few(now.all_scores)
    if now.one_by_one:
        yield t("This crossing is not counted along the way: it was counted from the answers themselves.")
    together = [each for each in surveys if now.surveys[each]] if now.surveys else surveys
    if len(together) > 1:
        yield t("Answers of several surveys are counted together: {names}.", names=", ".join(together))
    if how == "counts":
        yield t("Fewer than 10 answers say nothing about all customers, so only counts are shown.")
    if how == "flag":
        yield t("With fewer than 30 answers the interval is wide; wait before you act on a small change.")
    if now.answered.total() > now.sent.total():
        yield t("More answers came than asks were sent, through open links for instance, so there is no response rate.")
