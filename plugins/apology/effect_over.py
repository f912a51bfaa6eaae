"""The tables of an experiment that is over: what may be worked out once, when every outcome is known."""

from __future__ import annotations

from collections.abc import Sequence

from feedbackhub import ReportTable
from feedbackhub.reporting import Words
from feedbackhub.statistics import TooManyTables, TwoArms, conditional_odds_ratio, freeman_halton, pearson

from .contrasts import against_first, at_one_look, needed
from .effect_arms import Row, percent
from .effect_figures import verdict
from .effect_study import Study

__all__ = ["differences_table", "exactly", "ratios_table", "with_caveat"]

Looked = Sequence[tuple[str, TwoArms, float]]


def exactly(t: Words, p: float) -> str:
    """Return a p-value so that small ones keep their digits."""
    return t.number(p, ".7g")


def briefly(t: Words, p: float) -> str:
    """Return a p-value as a manager reads it."""
    return t("p < 0.001") if p < 0.001 else t("p = {p}", p=t.number(p, ".3f"))


def differences_table(t: Words, study: Study) -> ReportTable:
    """Return the differences from the first arm as for one look, with how many must be treated for one more."""
    rows: list[Row] = []
    contrasts = {each.arm: each for each in against_first(study)}
    for arm, found, holm in at_one_look(study.plan, study.shares):
        value, ends = needed(contrasts[arm]) or (None, (None, None))
        rows.append((
            arm, percent(found.difference), *found.difference_interval.times(100), briefly(t, holm),
            verdict(t, contrasts[arm]), value, *ends,
        ))  # fmt: skip
    columns = (
        t("Arm less {first}", first=study.first), t("Difference, percentage points"), t("Interval from"),
        t("Interval to"), t("Chance alone (Fisher, Holm)"), t("Result"), t("Number needed"), t("From"), t("To"),
    )  # fmt: skip
    if study.once:
        title, note = t("Differences at the planned end"), t("Newcombe's intervals; Holm makes up for several arms.")
    else:
        title, note = t("Differences as for a single look"), t(
            "Newcombe's intervals and Fisher's test suppose a single look at a number of customers fixed before. This "
            "experiment could end early, so they promise too much: the intervals that hold at every look go first."
        ) + " " + t("Results and the numbers needed follow those.")
    return ReportTable(title, columns, rows, note)


def ratios_table(t: Words, study: Study) -> ReportTable:
    """Return ratios and exact tests of each arm against the first, for statisticians."""
    rows: list[Row] = [_ratios(t, arm, found, holm) for arm, found, holm in at_one_look(study.plan, study.shares)]
    columns = (
        t("Arm against {first}", first=study.first), t("Risk ratio"), t("From"), t("To"),
        t("Odds ratio (sample)"), t("From"), t("To"), t("Odds ratio (conditional)"), t("Fisher's p"), t("Holm's p"),
    )  # fmt: skip
    note = t(
        "Risk ratio with Katz' interval; the sample odds ratio (ad/bc) with Woolf's interval, and beside it the "
        "conditional maximum-likelihood estimate, which R's fisher.test prints to four digits."
    )
    together = _together(t, study)
    return ReportTable(t("For statisticians"), columns, rows, with_caveat(t, study, f"{note} {together}".strip()))


def with_caveat(t: Words, study: Study, note: str) -> str:
    """Return a note, and what must be known of numbers for a single look where one could have looked early."""
    if study.once:
        return note
    return note + " " + t(
        "This experiment could end early, and these numbers suppose a single look: they promise too much."
    )


def _ratios(t: Words, arm: str, found: TwoArms, holm: float) -> Row:
    katz, woolf = found.ratio_interval or (None, None), found.odds_interval or (None, None)
    conditional = conditional_odds_ratio(found.one, found.other)
    likeliest = conditional.value if conditional else None
    return (arm, found.ratio, *katz, found.odds, *woolf, likeliest, exactly(t, found.p), exactly(t, holm))


def _together(t: Words, study: Study) -> str:
    """Say what one test over all arms finds; empty for two arms."""
    rows = [(each.part, each.whole - each.part) for each in study.shares.values() if each.whole]
    chi = pearson(rows)
    if len(rows) < 3 or chi is None:
        return ""
    said = t(
        "All arms together: chi-square {chi} with {freedom} degrees of freedom, p = {p}.",
        chi=t.number(chi.chi_square, ".9g"), freedom=chi.freedom, p=exactly(t, chi.p),
    )  # fmt: skip
    try:
        exact = freeman_halton(rows)
    except TooManyTables:  # with so many people the chi-square is as good
        return said
    if exact is None:
        return said
    more = t("Exactly (Freeman and Halton): p = {p}.", p=exactly(t, exact))
    return f"{said} {more}"
