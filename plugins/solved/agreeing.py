"""How far what customers say and what they do agree."""

from __future__ import annotations

from collections.abc import Iterator

from feedbackhub import Figure, ReportTable, Way
from feedbackhub.reporting import Words, joined, share
from feedbackhub.statistics import Agreement, Share, difference_of_shares, few, kappa_interval, wilson

from .observed import Horizon

__all__ = ["agreement_figures", "agreement_notes", "agreement_table"]


def agreement_figures(t: Words, found: Agreement, horizon: Horizon) -> list[Figure]:
    """Return who said "solved" and came back all the same, and how far both agree.

    Args:
        t: The words.
        found: Contacts by "said that it was not solved" and "came back".
        horizon: What counts as having come back.
    """
    solved = Share(found.second, found.second + found.neither)
    label = t("Said it was solved, and came back within {days} days", days=horizon.days)
    agreed = share(t, t("What was said and what was done agree"), found.share, Way(values={"solved": "no"}))
    return [share(t, label, solved, Way(values={"solved": "yes"})), agreed, kappa(t, found)]


def kappa(t: Words, found: Agreement) -> Figure:
    """Return how far both agree beyond chance."""
    label, how, interval = t("Agreement beyond chance (kappa)"), few(found.n), kappa_interval(found)
    if how in ("none", "counts") or found.kappa is None:
        said = t.few(how) or t("all said or did the same, so chance alone would agree")
        return Figure(label, None, n=found.n, note=said, few=how)
    if interval is None:
        said = joined(t("all answers are alike, so there is no interval"), t.few(how))
        return Figure(label, round(found.kappa, 2), n=found.n, note=said, few=how)
    ends = (round(interval.low, 2), round(interval.high, 2))
    return Figure(label, round(found.kappa, 2), *ends, n=found.n, note=t.few(how), few=how)


def agreement_table(t: Words, found: Agreement, horizon: Horizon) -> ReportTable:
    """Return what was said against what was done, with the share who came back."""
    rows = [
        row(t, t("Said: solved"), Share(found.second, found.second + found.neither)),
        row(t, t("Said: not solved"), Share(found.both, found.both + found.first)),
    ]
    columns = (
        t("What was said"), t("Came back within {days} days", days=horizon.days), t("Did not"), t("Came back %"),
        t("Interval from"), t("Interval to"),
    )  # fmt: skip
    note = t(
        "Contacts whose customer answered whether it was solved and whose {days} days have passed. Each customer may "
        "come back about something else.", days=horizon.days,
    )  # fmt: skip
    ways = [Way(values={"solved": "yes"}), Way(values={"solved": "no"})]
    return ReportTable(t("What customers said and what they did"), columns, rows, note, ways)


def row(t: Words, label: str, back: Share) -> list[str | int | float | None]:
    """Return the cells of those who said one thing."""
    interval = wilson(back)
    if few(back.whole) in ("none", "counts") or interval is None or back.value is None:
        return [label, back.part, back.whole - back.part, None, None, None]
    ends = (round(100 * end) for end in (back.value, interval.low, interval.high))
    return [label, back.part, back.whole - back.part, *ends]


def agreement_notes(t: Words, found: Agreement) -> Iterator[str]:
    """Say what the agreement shows, and what it does not."""
    if few(found.n) in ("none", "counts"):
        yield t("Fewer than 10 customers both answered and had time to come back, so nothing is said of agreement.")
        return
    one = Share(found.both, found.both + found.first)
    other = Share(found.second, found.second + found.neither)
    difference = difference_of_shares(one, other)
    if difference is not None and few(min(one.whole, other.whole)) not in ("none", "counts"):
        if difference.excludes_zero and difference.low > 0:
            yield t("Who says that it was not solved comes back more often than who says that it was.")
        else:
            yield t("Who says that it was not solved is not shown to come back more often than who says that it was.")
    yield t(
        "Kappa is 0 when both agree no more than by chance and 1 when always. It is seldom high here: some who are not "
        "helped give up, and some come back about something else."
    )
