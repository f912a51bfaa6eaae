"""Raw and weighted side by side: the picture, and the tables of the ways and of the strata."""

from __future__ import annotations

from collections.abc import Sequence

from feedbackhub import Chart, Figure, ReportTable, Way
from feedbackhub.charts import Spot, intervals
from feedbackhub.reporting import Words
from feedbackhub.statistics import ANY, Collapsed, WeightedMean, few, response_bounds, weighted_mean

from .asked import Period
from .measured import HEADS, Measured
from .methods import Method
from .rates_shown import DIMENSION_NAMES, value_name

__all__ = ["bounds", "effective", "estimate_figure", "methods_chart", "methods_table", "strata_table", "stratum_name"]


def estimate_figure(t: Words, of: Measured, method: Method, label: str, way: Way) -> Figure:
    """Return the number made in one way; only how many answers when what they are worth is little."""
    mean, how = method.mean, method.few
    if mean is None or how in ("none", "counts"):
        n = mean.n if mean is not None else None
        return Figure(label, None, n=n, unit=of.unit, note=method.why_not or t.few(how), few=how, way=way)
    low, high = of.interval(mean).times(of.figure)
    return Figure(label, mean.value * of.figure, low, high, mean.n, of.unit, note=t.few(how), few=how, way=way)


def methods_chart(t: Words, of: Measured, methods: Sequence[Method]) -> Chart | None:
    """Draw the number in every way; None when there are too few answers for any."""
    spots = [_spot(t, of, each) for each in methods if each.mean is not None]
    if all(spot.value is None for spot in spots):
        return None
    heads = (t("Way of counting"), t(HEADS[of.name]), t("Interval from"), t("Interval to"), t("Answers"))
    mark = spots[0].value
    return intervals(t("As answered, and had everybody answered"), spots, heads, digits=1, mark=mark, rtl=t.rtl)


def _spot(t: Words, of: Measured, method: Method) -> Spot:
    mean = method.mean
    if mean is None or method.few in ("none", "counts"):
        return Spot(t(method.name), None, n=mean.n if mean is not None else 0)
    low, high = of.interval(mean).times(100)
    return Spot(t(method.name), 100 * mean.value, low, high, mean.n)


def methods_table(t: Words, of: Measured, methods: Sequence[Method]) -> ReportTable:
    """Return every way with its number, how many answers it is worth, and why some cannot be made."""
    columns = (
        t("Way of counting"), t(HEADS[of.name]), t("Interval from"), t("Interval to"), t("Answers"),
        t("Effective answers"), t("Largest weight"), t("Remark"),
    )  # fmt: skip
    rows: list[Sequence[str | int | float | None]] = []
    for each in methods:
        spot, mean = _spot(t, of, each), each.mean
        numbers = [None if value is None else round(value, 1) for value in (spot.value, spot.low, spot.high)]
        worth = None if mean is None else effective(mean)
        largest = None if each.largest is None else round(each.largest, 1)
        rows.append((
            spot.label, *numbers, None if mean is None else mean.n, worth, largest, each.why_not or t.few(each.few),
        ))  # fmt: skip
    note = t(
        "Weights correct only for what is known of customers. Where those who keep silent think otherwise than those "
        "who are alike in all of this and answer, every row is wrong in the same direction."
    )
    return ReportTable(t("As answered, and had everybody answered"), columns, rows, note)


def effective(mean: WeightedMean) -> float:
    """Return what weighted answers are worth, as it is shown."""
    return round(mean.effective, 1 if mean.effective < 100 else None)


def strata_table(
    t: Words, of: Measured, dimensions: Sequence[str], cells: Collapsed, period: Period
) -> ReportTable:
    """Return the strata with how many were asked, how many answered, and what one answer stands for."""
    columns = (
        t("Stratum"), t("Asked"), t("Answers"), t("Response rate %"), t("One answer stands for"),
        t(HEADS[of.name]),
    )  # fmt: skip
    rows: list[Sequence[str | int | float | None]] = []
    ways: list[Way | None] = []
    for each in cells.strata:
        shown = few(each.n) not in ("none", "counts")
        value = round(100 * weighted_mean([each], [1.0]).value, 1) if shown else None
        enough = few(round(each.asked)) not in ("none", "counts")
        rate = round(100 * each.n / each.asked, 1) if enough and each.n <= each.asked else None
        weight = round(each.asked / each.n, 2) if each.n else None
        rows.append((stratum_name(t, each.key), round(each.asked), each.n, rate, weight, value))
        plain = all(value and value != ANY for value in each.key) and each.key not in cells.merged
        ways.append(period.way(**dict(zip(dimensions, each.key, strict=True))) if plain else None)
    names = ", ".join(t(DIMENSION_NAMES[each]).lower() for each in dimensions)
    note = t("Customers who are alike in: {names}.", names=names)
    return ReportTable(t("Strata"), columns, rows, note, ways)


def stratum_name(t: Words, key: Sequence[str]) -> str:
    """Return what a stratum is called; the values that were put together are the others."""
    return ", ".join(t("others") if value == ANY else value_name(t, value) for value in key)


def bounds(of: Measured, raw: Method, asked: float) -> tuple[float, float] | None:
    """Return what the number could be had everybody answered, whatever those who kept silent think."""
    if raw.mean is None or not 0 < raw.mean.n <= asked:
        return None
    low, high = response_bounds(raw.mean.value, raw.mean.n / asked, of.scale).times(100)
    return low, high
