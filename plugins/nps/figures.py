"""The main numbers, each with its interval or the words that there are too few answers for one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from feedbackhub import Figure
from feedbackhub.reporting import Counted, Words
from feedbackhub.statistics import (
    Share,
    Votes,
    few,
    mix_test,
    nps_bounds,
    nps_difference,
    nps_interval,
    wilson,
)

__all__ = ["POINTS", "change", "figures", "notes", "score", "votes_in"]

#: Scores are shown from -100 to 100.
POINTS = 100.0
SURE = 0.05
SCORES: Mapping[str, int] = {str(score): score for score in range(11)}


def votes_in(values: Mapping[str, int]) -> Votes:
    """Return the votes among counted values; what is no score from 0 to 10 is left out."""
    return Votes.of({SCORES[value]: n for value, n in values.items() if value in SCORES})


def figures(t: Words, now: Counted, then: Counted | None) -> list[Figure]:
    """Return the main numbers.

    Args:
        t: The words.
        now: The counts of the period.
        then: Those of the period before, None when they are not to be compared.
    """
    votes, rate = votes_in(now.all_scores), now.rate()
    found = [score(t, t("Net promoter score"), votes)]
    if then is not None:
        found.append(change(t, t("Change from the days before"), votes, votes_in(then.all_scores)))
    found.append(response_rate(t, rate or Share(0, 0)))
    found += [
        share(t, label, Share(part, votes.n))
        for label, part in (
            (t("Promoters (9–10)"), votes.promoters),
            (t("Passives (7–8)"), votes.passives),
            (t("Detractors (0–6)"), votes.detractors),
        )
    ]
    return found


def score(t: Words, label: str, votes: Votes) -> Figure:
    """Return a score; only the number of answers when they are few."""
    how, interval = few(votes.n), nps_interval(votes)
    if how in ("none", "counts") or votes.score is None or interval is None:
        return Figure(label, None, n=votes.n, unit="points", note=t.few(how), few=how)
    low, high = interval.times(POINTS)
    return Figure(label, votes.score * POINTS, low, high, votes.n, "points", note=t.few(how), few=how)


def change(t: Words, label: str, now: Votes, then: Votes, level: float = 0.95) -> Figure:
    """Return by how much one score lies above another, and whether that shows a difference."""
    how, interval = few(min(now.n, then.n)), nps_difference(now, then, level)
    past = t("{n} answers before", n=then.n) if then.n else ""
    if how in ("none", "counts") or now.score is None or then.score is None or interval is None:
        words = t("nothing to compare with") if how == "none" else t.few(how)
        return Figure(label, None, unit="points", note=joined(words, past), few=how)
    low, high = interval.times(POINTS)
    words = joined(t.moved(interval), t.few(how), past)
    return Figure(label, (now.score - then.score) * POINTS, low, high, None, "points", level, words, how)


def joined(*words: str) -> str:
    """Return words beside each other; empty ones are left out."""
    return " · ".join(filter(None, words))


def share(t: Words, label: str, part: Share) -> Figure:
    """Return a share with its interval."""
    how, interval = few(part.whole), wilson(part)
    if how in ("none", "counts") or interval is None:
        words = t("{part} of {whole}", part=part.part, whole=part.whole) if part.whole else ""
        return Figure(label, None, n=part.whole, unit="share", note=words or t.few(how), few=how)
    return Figure(label, part.value, interval.low, interval.high, part.whole, "share", note=t.few(how), few=how)


def response_rate(t: Words, asked: Share) -> Figure:
    """Return the share of those asked who answered; what it rests on are asks, not answers."""
    found = share(t, t("Response rate"), asked)
    words = t("{part} of {whole} asked", part=asked.part, whole=asked.whole) if asked.whole else t("nobody was asked")
    return replace(found, n=None, note=words)


def notes(t: Words, now: Counted, then: Counted | None, surveys: list[str]) -> Iterator[str]:
    """Yield what the reader must know to read the numbers rightly."""
    votes, rate = votes_in(now.all_scores), now.rate()
    if len(surveys) > 1:
        yield t("Answers of several surveys are counted together: {names}.", names=", ".join(surveys))
    if few(votes.n) == "counts":
        yield t("Fewer than 10 answers say nothing about all customers, so only counts are shown.")
    if few(votes.n) == "flag":
        yield t("With fewer than 30 answers the interval is wide; wait before you act on a small change.")
    if then is not None:
        yield from _of_mix(t, votes, votes_in(then.all_scores))
    bounds = nps_bounds(votes, rate.value) if rate is not None and rate.value is not None else None
    if bounds is not None and not few(votes.n):
        low, high = bounds.times(POINTS)
        yield t(
            "Had everybody who was asked answered, the score could lie anywhere from {low} to {high}: "
            "those who keep silent may think otherwise.",
            low=round(low), high=round(high),
        )  # fmt: skip
    if now.answered.total() > now.sent.total():
        yield t("More answers came than asks were sent, through open links for instance, so there is no response rate.")
    odd = now.all_scores.total() - votes.n
    if odd:
        yield t("{n} answers were no whole number from 0 to 10 and are not counted.", n=odd)


def _of_mix(t: Words, now: Votes, then: Votes) -> Iterator[str]:
    """Say that the answers changed although the score did not."""
    difference, test = nps_difference(now, then), mix_test(now, then)
    if difference is None or test is None or min(now.n, then.n) < 30:
        return
    if not difference.excludes_zero and test.p < SURE:
        yield t("The score shows no difference, but the mix of promoters, passives and detractors has changed.")
