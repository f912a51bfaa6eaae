"""Who answers and who does not: response rates by everything known, as a picture and as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from feedbackhub import Chart, ReportTable, Way
from feedbackhub.charts import Spot, intervals
from feedbackhub.reporting import N_, Words
from feedbackhub.statistics import Share, difference_of_shares, few, wilson

from .asked import Period
from .rates import Rates

__all__ = ["DIMENSION_NAMES", "rates_chart", "rates_table", "value_name"]

#: So many values of a dimension are shown, those with most asks.
MOST = 20
DIMENSION_NAMES: Mapping[str, str] = {
    "channel": N_("Channel"), "team": N_("Team"), "topic": N_("Topic"), "product": N_("Product"),
    "brand": N_("Brand"), "language": N_("Language"), "segment": N_("Segment"), "country": N_("Country"),
}  # fmt: skip


def value_name(t: Words, value: str) -> str:
    """Return what a value is called."""
    return value or t("(not given)")


def rates_chart(t: Words, rates: Rates) -> Chart | None:
    """Draw the response rate of each value of a dimension; None when none was asked often enough."""
    spots = [_spot(value_name(t, value), share) for value, share in _shown(rates).items()]
    if all(spot.value is None for spot in spots):
        return None
    dimension, whole = t(DIMENSION_NAMES[rates.dimension]), rates.whole.value
    title = t("Response rate by {dimension}", dimension=dimension.lower())
    heads = (dimension, t("Response rate %"), t("Interval from"), t("Interval to"), t("Asked"))
    return intervals(title, spots, heads, mark=None if whole is None else 100 * whole, rtl=t.rtl)


def _spot(label: str, share: Share) -> Spot:
    interval = wilson(share)
    if interval is None or share.value is None or few(share.whole) in ("none", "counts"):
        return Spot(label, None, n=share.whole)
    return Spot(label, 100 * share.value, 100 * interval.low, 100 * interval.high, share.whole)


def _shown(rates: Rates) -> dict[str, Share]:
    """Return the values with most asks, in the order of their names."""
    most = sorted(rates.shares, key=lambda value: rates.shares[value].whole, reverse=True)[:MOST]
    return {value: share for value, share in rates.shares.items() if value in most}


def rates_table(t: Words, all_rates: Sequence[Rates], period: Period) -> ReportTable:
    """Return every value of every dimension with its rate, and whether it answers more or less than all others."""
    several = [each for each in all_rates if len(each.shares) > 1]
    tested = sum(_testable(each, value) for each in several for value in _shown(each))
    # With many comparisons some differ by chance: each is held to a stricter level (Bonferroni).
    level = 1 - 0.05 / max(1, tested)
    rows: list[Sequence[str | int | float | None]] = []
    ways: list[Way | None] = []
    for each in several:
        for value in _shown(each):
            rows.append(_row(t, each, value, level))
            ways.append(period.way(**{each.dimension: value}) if value else None)
    columns = (
        t("Who"), t("Known by"), t("Response rate %"), t("Against the others"), t("Interval from"), t("Interval to"),
        t("Asked"), t("Answered"), t("Of all asked %"), t("Of all answers %"),
    )  # fmt: skip
    note = t(
        "Whoever has a smaller part of the answers than of the asks is heard too little. A difference is named only "
        "when chance would show one of these in fewer than 5 of 100 reports."
    )
    if any(len(each.shares) > MOST for each in several):
        note += " " + t("Of dimensions with many values the {n} with most asks are shown.", n=MOST)
    return ReportTable(t("Who answers, and who does not"), columns, rows, note, ways)


def _testable(rates: Rates, value: str) -> bool:
    return few(min(rates.shares[value].whole, rates.others(value).whole)) not in ("none", "counts")


def _row(t: Words, rates: Rates, value: str, level: float) -> list[str | int | float | None]:
    share, whole = rates.shares[value], rates.whole
    spot = _spot(value_name(t, value), share)
    rate, low, high = (None if each is None else round(each, 1) for each in (spot.value, spot.low, spot.high))
    answers = round(100 * share.part / whole.part, 1) if whole.part else None
    return [
        spot.label, t(DIMENSION_NAMES[rates.dimension]), rate, _against(t, rates, value, level), low, high,
        share.whole, share.part, round(100 * share.whole / whole.whole, 1), answers,
    ]  # fmt: skip


def _against(t: Words, rates: Rates, value: str, level: float) -> str:
    if not _testable(rates, value):
        return t.few(few(rates.shares[value].whole)) or t("nothing to compare with")
    difference = difference_of_shares(rates.shares[value], rates.others(value), level)
    if difference is None or not difference.excludes_zero:
        return t("no difference shown")
    return t("answers more") if difference.low > 0 else t("answers less")
