"""What the reader must know to read the numbers rightly."""

from __future__ import annotations

from collections.abc import Iterator

from feedbackhub.reporting import Words
from feedbackhub.reporting import notes as shared
from feedbackhub.statistics import FLAGGED_BELOW, rank_test, response_bounds

from .study import Study

__all__ = ["notes"]

SURE = 0.05


def notes(t: Words, found: Study) -> Iterator[str]:
    """Yield what the reader must know, a sentence each."""
    values = found.now.all_scores
    yield from shared(t, found.good, found.now, found.surveys)
    yield from of_scales(t, found)
    if found.then is not None:
        yield from moved_unseen(t, found)
    rate, share = found.now.rate(), found.good.value(values)
    silent = 0 if rate is None else rate.whole - rate.part
    if silent and rate is not None and rate.value is not None and share is not None and not found.good.few(values):
        bounds = response_bounds(share, rate.value, (0, 1))
        yield t(
            "Had everybody who was asked answered, the share could lie anywhere from {low} to {high} %: "
            "those who keep silent may think otherwise.",
            low=round(100 * bounds.low), high=round(100 * bounds.high),
        )  # fmt: skip
    odd = values.total() - found.good.n(values)
    if odd:
        yield t("{n} answers are no numbers on the scale of their question and are not counted.", n=odd)


def of_scales(t: Words, found: Study) -> Iterator[str]:
    """Say which scales there are, which are turned round, and what is left out."""
    values = found.now.all_scores
    if len(found.scales) > 1:
        others = ", ".join(str(each) for each in found.scales if each != found.scale)
        yield t(
            "Questions have different scales: the share counts good answers on all of them, the mean only those on the "
            "scale {scale} and leaves {n} answers out ({others}).",
            scale=found.scale, others=others, n=found.good.n(values) - found.mean.n(values),
        )  # fmt: skip
    turned = sorted({each.question.id for each in found.asked if each.question.direction == "lower_is_better"})
    if turned:
        yield t("Less is better in {names}: these answers are turned round, so that more is better.",
                names=", ".join(turned))  # fmt: skip
    if found.left_out:
        names = ", ".join(sorted({each.question.id for each in found.left_out}))
        yield t("Left out, as their answers are no numbers: {names}.", names=names)


def moved_unseen(t: Words, found: Study) -> Iterator[str]:
    """Say that answers moved although the share of good ones did not."""
    now, then = found.now.all_scores, found.then.all_scores if found.then else {}
    difference = found.good.difference(now, then)
    one, other = found.mean.counts(now), found.mean.counts(then)
    test = rank_test(one, other)
    if difference is None or test is None or min(sum(one.values()), sum(other.values())) < FLAGGED_BELOW:
        return
    if not difference.excludes_zero and test.p < SURE:
        yield t("The share shows no difference, but the answers as a whole have moved (Wilcoxon's rank sum test).")
