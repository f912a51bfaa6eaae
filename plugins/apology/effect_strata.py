"""Arms compared within strata, and two gestures tried together in four arms; for an experiment that is over."""

from __future__ import annotations

from collections import defaultdict

from feedbackhub import ReportTable
from feedbackhub.reporting import Words
from feedbackhub.statistics import Contrast, Share, factorial, interaction, stratified

from .contrasts import BOTH, MONEY, NOTHING, WORDS, kind_of
from .effect_arms import Row, percent
from .effect_figures import direction
from .effect_over import exactly, with_caveat
from .effect_study import Study
from .ripe import share_won

__all__ = ["factorial_table", "strata_table"]


def strata_table(t: Words, study: Study) -> ReportTable | None:
    """Return each arm against the first within strata; None where the plan has none."""
    if not study.plan.strata:
        return None
    by = _by_stratum(study)
    empty = Share(0, 0)
    rows: list[Row] = []
    for arm in study.others:
        pairs = [(shares.get(arm, empty), shares.get(study.first, empty)) for shares in by.values()]
        found, differs = stratified(pairs, 1 - study.plan.alpha), interaction(pairs)
        if found is None:
            continue
        low, high = found.interval.times(100) if found.interval else (None, None)
        rows.append((
            arm, found.strata, found.people, percent(found.difference), low, high, found.sato, found.robins,
            found.odds, *(found.odds_interval or (None, None)), None if found.p is None else exactly(t, found.p),
            None if differs is None else exactly(t, differs.p),
        ))  # fmt: skip
    columns = (
        t("Arm less {first}", first=study.first), t("Strata"), t("People"), t("Difference, percentage points"),
        t("Interval from"), t("Interval to"), t("Error (Sato)"), t("Error (Greenland and Robins)"),
        t("Common odds ratio"), t("From"), t("To"), t("CMH p"), t("p that strata differ"),
    )  # fmt: skip
    note = t(
        "Mantel and Haenszel's difference within the strata of the plan ({names}), with Sato's interval. Whether it "
        "differs between strata is a hint to be tested anew, never a result.",
        names=", ".join(study.plan.strata),
    )  # fmt: skip
    return ReportTable(t("Within strata"), columns, rows, with_caveat(t, study, note)) if rows else None


def _by_stratum(study: Study) -> dict[str, dict[str, Share]]:
    found = defaultdict[str, dict[str, list]](lambda: defaultdict(list))  # type: ignore[type-arg]
    for arm, units in study.known.items():
        for each in units:
            found[each.stratum][arm].append(each)
    return {
        stratum: {arm: share_won(units) for arm, units in arms.items()} for stratum, arms in sorted(found.items())
    }  # fmt: skip


def factorial_table(t: Words, study: Study) -> ReportTable | None:
    """Return what words and money add, and whether they add up; None unless the plan has just these four arms."""
    kinds = {kind_of(arm): study.shares[arm.name] for arm in study.plan.arms}
    if len(study.plan.arms) != 4 or set(kinds) != {NOTHING, WORDS, MONEY, BOTH}:
        return None
    found = factorial(kinds[NOTHING], kinds[WORDS], kinds[MONEY], kinds[BOTH], 1 - study.plan.alpha)
    if found is None:
        return None
    rows = [
        _row(t, study, t("What an apology adds, with or without compensation"), found.first),
        _row(t, study, t("What compensation adds, with or without an apology"), found.second),
        _row(t, study, t("By how much more the apology adds with compensation"), found.interaction),
    ]
    note = t("All three belong together. To show the third takes about four times as many people as the others.")
    if found.log_odds is not None and found.log_odds_error is not None:
        note += " " + t(
            "On the scale of log odds the third is {value} (standard error {error}).",
            value=t.number(found.log_odds, ".7g"), error=t.number(found.log_odds_error, ".7g"),
        )  # fmt: skip
    columns = (
        t("What"), t("Difference, percentage points"), t("Interval from"), t("Interval to"), t("Standard error"),
        t("Result"),
    )  # fmt: skip
    return ReportTable(t("Apology and compensation together"), columns, rows, with_caveat(t, study, note))


def _row(t: Words, study: Study, label: str, found: Contrast) -> Row:
    low, high = found.interval.times(100)
    shown = direction(t, found.value) if found.interval.excludes_zero else t("no difference shown")
    said = shown if study.once else None
    return label, percent(found.value), low, high, percent(found.error), said
