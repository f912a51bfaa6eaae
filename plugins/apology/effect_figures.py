"""The main numbers: how many each arm won back, and by how many more than the first arm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from feedbackhub import Figure, Way
from feedbackhub.reporting import Words, joined
from feedbackhub.statistics import SEQUENCE_FROM, Interval, Share, few, share_sequence, wilson

from .contrasts import BOTH, WORDS, Contrast, against_first, kind_of, needed
from .effect_study import Study

__all__ = ["direction", "experiment_way", "figures", "interval_of", "nothing", "refused", "verdict"]

#: The page of one experiment.
PAGE = "experiments/"


def experiment_way(study: Study) -> Way:
    """Return the way to the experiment's own page, with everybody in it."""
    return Way("page", PAGE + study.experiment.id)


def nothing(t: Words) -> Figure:
    """Return the figure where no experiment has begun."""
    return Figure(t("Won back"), None, n=0, unit="share", note=t("no data"), few="none", way=Way("page", "experiments"))


def refused(t: Words, study: Study) -> Figure:
    """Return the figure where the plan was changed after the start, or the arms are too uneven."""
    words = (
        t("no result: the plan was changed after the start")
        if study.bent
        else t("no result: the arms are not as large as planned")
    )
    return Figure(t("Won back"), None, unit="share", note=words, way=experiment_way(study))


def figures(t: Words, study: Study) -> Iterator[Figure]:
    """Yield how many each arm won back, followed by how many more than the first; then how many it takes for one."""
    contrasts = against_first(study)
    for contrast in contrasts:
        yield _share(t, study, contrast)
        yield _difference(t, study, contrast)
    for contrast in contrasts:
        arm = study.plan.arm(contrast.arm)
        if arm is not None and kind_of(arm) in (WORDS, BOTH):
            yield _needed(t, study, contrast)


def interval_of(study: Study, share: Share) -> Interval | None:
    """Return the interval of one arm's share: Wilson's when it was looked at once, else one that holds at every look.

    Args:
        study: The experiment.
        share: How many of how many were won back.
    """
    if study.once:
        return wilson(share, 1 - study.plan.alpha)
    return share_sequence(share, 1 - study.plan.alpha)


def _share(t: Words, study: Study, contrast: Contrast) -> Figure:
    share, label, way = contrast.one, t("Won back: {arm}", arm=contrast.arm), experiment_way(study)
    how, interval = few(share.whole), interval_of(study, share)
    counted = t("{part} of {whole}", part=share.part, whole=share.whole) if share.whole else t("no data")
    bare = Figure(label, None, n=share.whole, unit="share", note=counted, few=how, way=way, counts=t("Customers"))
    if how in ("none", "counts"):
        return bare
    if interval is None:
        return replace(bare, note=joined(counted, _waits(t)))
    level = 1 - study.plan.alpha
    return replace(bare, value=share.value, low=interval.low, high=interval.high, level=level, note=t.few(how))


def _difference(t: Words, study: Study, contrast: Contrast) -> Figure:
    label = t("{arm} less {first}", arm=contrast.arm, first=contrast.against)
    how, way, value = few(contrast.n), experiment_way(study), contrast.difference
    if value is None or how in ("none", "counts"):
        words = t("no data") if how == "none" else t.few(how)
        return Figure(label, None, unit="share", note=words, few=how, way=way, change=True)
    if contrast.interval is None:
        words = joined(verdict(t, contrast) if contrast.shown else "", _waits(t))
        return Figure(label, None, unit="share", note=words, few=how, way=way, change=True)
    words = joined(verdict(t, contrast), t("holds at every look") if contrast.safe else "", t.few(how))
    return Figure(
        label, value, *contrast.interval, unit="share", level=contrast.level, note=words, few=how, way=way, change=True
    )  # fmt: skip


def verdict(t: Words, contrast: Contrast) -> str:
    """Say which way a difference goes by the plan's rule, and whether its interval says more or less than that."""
    if not contrast.shown:
        return t("not decided") if contrast.safe and contrast.is_sized else t("no difference shown")
    # Those who followed may have made up for what was decided: shares that are equal go neither way.
    said = direction(t, contrast.difference) if contrast.difference else ""
    return said if contrast.is_sized else joined(said, t("how large the difference is remains open"))


def direction(t: Words, difference: float | None) -> str:
    """Say which way a difference goes that is shown to go any."""
    return t("more won back") if (difference or 0) > 0 else t("fewer won back")


def _waits(t: Words) -> str:
    return t("an interval that holds at every look needs {n} known outcomes in each arm", n=SEQUENCE_FROM)


def _needed(t: Words, study: Study, contrast: Contrast) -> Figure:
    label = t("Number needed to apologise: {arm}", arm=contrast.arm)
    found, way = needed(contrast), experiment_way(study)
    if found is None:
        known = contrast.interval is not None and few(contrast.n) not in ("none", "counts")
        words = verdict(t, contrast) if known else t("no data") if not contrast.n else t("too few to say")
        return Figure(label, None, note=words, way=way)
    value, (low, high) = found
    words = t("customers treated for one more won back than in {first}", first=contrast.against)
    return Figure(label, value, low, high, level=contrast.level, note=words, way=way)
