"""What is known from elsewhere beside the own result: an apology against money, in one picture with its table."""

from __future__ import annotations

from collections.abc import Iterator

from feedbackhub import Chart, ReportTable
from feedbackhub.charts import Spot, forest
from feedbackhub.reporting import Words
from feedbackhub.statistics import two_arms

from .contrasts import money_against_words
from .effect_arms import Row
from .effect_study import Study
from .known import KNOWN, NOTTINGHAM, POOLED, RIDERS

__all__ = ["known_chart", "known_notes", "known_table"]


def known_chart(t: Words, study: Study | None) -> Chart:
    """Draw an apology less money: the own result where there is one, and the published experiments.

    Args:
        t: The words.
        study: The own experiment, None when there is none or its result is not to be shown.
    """
    spots = [*(own_spots(t, study) if study else ()), *_others(t)]
    heads = (
        t("Experiment"), t("Apology less money, percentage points"), t("Interval from"), t("Interval to"),
        t("People"),
    )  # fmt: skip
    says = (t("a difference is shown"), t("no difference shown"))
    return forest(t("An apology against money: here and elsewhere"), spots, heads, says, rtl=t.rtl)


def own_spots(t: Words, study: Study) -> Iterator[Spot]:
    """Yield the own contrasts of words alone with money alone; a gap while too little is known."""
    for each in money_against_words(study):
        label = t("Here: {arm} less {money}", arm=each.arm, money=each.against)
        n = each.one.whole + each.other.whole
        if each.difference is None or each.interval is None:
            yield Spot(label, None, n=n)
        else:
            yield Spot(label, 100 * each.difference, *each.interval.times(100), n)


def _others(t: Words) -> Iterator[Spot]:
    for study in KNOWN:
        for each in study.contrasts:
            found = two_arms(each.apology, each.money)
            if found is not None:
                n = each.apology.whole + each.money.whole
                yield Spot(t(each.label), 100 * found.difference, *found.difference_interval.times(100), n)
        if not study.contrasts:
            yield Spot(t("{study}: no counts", study=t(study.title)), None)


def known_table(t: Words) -> ReportTable:
    """Return the published experiments in words, with their sources."""
    rows: list[Row] = [
        (t("Who"), *(t(each.who) for each in KNOWN)),
        (t("What was tried"), *(t(each.arms) for each in KNOWN)),
        (t("What counted"), *(t(each.outcome) for each in KNOWN)),
        (t("What was found"), *(t(each.found) for each in KNOWN)),
        (t("What it does not say"), *(t(each.limits) for each in KNOWN)),
        (t("Source"), *(t(each.source) for each in KNOWN)),
    ]
    return ReportTable(t("What others found"), (t("Experiment"), *(t(each.title) for each in KNOWN)), rows)


def known_notes(t: Words) -> Iterator[str]:
    """Yield what must be known of the others' numbers."""
    shares = [each.apology for each in NOTTINGHAM.contrasts[:1]] + [each.money for each in NOTTINGHAM.contrasts]
    apology, large, small = (f"{each.part}/{each.whole}" for each in shares)
    yield t(
        "The counts of the Nottingham experiment are RECONSTRUCTED: {apology} for the apology, {small} for 2.50 euros "
        "and {large} for 5 euros are counts that fit every published percentage (45 %, 19 %, 23 %; all money together "
        "{pooled}, 21 %). The paper's own table was not available. Nobody there got nothing, so it is no effect of "
        "45 points: only the lead over money is known.",
        apology=apology, small=small, large=large, pooled=f"{POOLED.part}/{POOLED.whole}",
    )  # fmt: skip
    yield t(
        "The largest experiment disagrees: {found} ({source}) So nothing here is taken from others: your own "
        "customers answer.",
        found=t(RIDERS.found), source=t(RIDERS.source),
    )  # fmt: skip
