"""The charts and the table of groups; groups stand in the order of their names, for their scores' order is chance."""

from __future__ import annotations

from collections.abc import Sequence

from feedbackhub import Chart, Query, ReportTable
from feedbackhub.charts import Bar, Spot, histogram, intervals, trend
from feedbackhub.reporting import Counted, Words, spans, steps
from feedbackhub.statistics import Votes, band_of, few, nps_difference, nps_interval, wilson

from .figures import POINTS, votes_in

__all__ = ["charts", "groups_table"]

SCALE = (-100.0, 100.0)
#: So many groups can be told apart in a picture; the table has them all.
MOST_DRAWN = 30


def charts(t: Words, query: Query, now: Counted, names: Sequence[str]) -> list[Chart]:
    """Return the pictures that the counts allow.

    Args:
        t: The words.
        query: What was asked for.
        now: The counts.
        names: The groups in the order shown.
    """
    if not votes_in(now.all_scores).n:
        return []
    over = over_time(t, query, now)
    found = [distribution(t, now), *filter(None, [over])]
    drawn = [name for name in names if few(votes_in(now.groups[name]).n) not in ("none", "counts")]
    if query.by and drawn:
        found.append(of_groups(t, now, drawn))
    return found


def distribution(t: Words, now: Counted) -> Chart:
    """Draw how often each score was given."""
    kinds = {"detractor": t("Detractors"), "passive": t("Passives"), "promoter": t("Promoters")}
    tones = {"detractor": "bad", "passive": "neutral", "promoter": "good"}
    scores = now.all_scores
    bars = [
        Bar(str(score), scores[str(score)], kinds[band_of(score)], tones[band_of(score)])  # type: ignore[arg-type]
        for score in range(11)
    ]
    return histogram(t("Answers by score"), bars, (t("Score given"), t("Answers"), t("Kind")), rtl=t.rtl)


def over_time(t: Words, query: Query, now: Counted) -> Chart | None:
    """Draw the score by days, weeks or months; spans with few answers leave a gap, and None is returned for gaps only.

    Args:
        t: The words.
        query: What was asked for; its option ``step`` chooses the spans, else the answers do: long enough for an
            estimate in most of them.
        now: The counts.
    """
    for step in steps(query.since, query.until, query.options.get("step", "")):
        spots = [spot(name, votes_in(now.scores_on(days))) for name, days in spans(query.since, query.until, step)]
        estimates = sum(each.value is not None for each in spots)
        if estimates >= sum(bool(each.n) for each in spots) / 2:
            break
    else:
        return None
    return trend(t("Score over time"), spots, heads(t, t("From")), digits=0, reach=SCALE, rtl=t.rtl)


def of_groups(t: Words, now: Counted, names: Sequence[str]) -> Chart:
    """Draw the groups with enough answers."""
    most = sorted(names, key=lambda name: votes_in(now.groups[name]).n, reverse=True)[:MOST_DRAWN]
    spots = [spot(name or t("(not given)"), votes_in(now.groups[name])) for name in names if name in most]
    overall = votes_in(now.all_scores).score
    mark = None if overall is None else overall * POINTS
    return intervals(t("Score by group"), spots, heads(t, t("Group")), digits=0, reach=SCALE, mark=mark, rtl=t.rtl)


def heads(t: Words, first: str) -> tuple[str, str, str, str, str]:
    """Return the names of a chart's columns."""
    return first, t("Score"), t("Interval from"), t("Interval to"), t("Answers")


def spot(label: str, votes: Votes) -> Spot:
    """Return a place in a chart; without a value when answers are few."""
    interval = nps_interval(votes)
    if few(votes.n) in ("none", "counts") or votes.score is None or interval is None:
        return Spot(label, None, n=votes.n)
    low, high = interval.times(POINTS)
    return Spot(label, votes.score * POINTS, low, high, votes.n)


def groups_table(t: Words, now: Counted, names: Sequence[str]) -> ReportTable:
    """Return each group with its numbers and whether it differs from all others together."""
    # With many comparisons some differ by chance: each is held to a stricter level (Bonferroni).
    tested = [name for name in names if few(votes_in(now.groups[name]).n) not in ("none", "counts")]
    level = 1 - 0.05 / max(1, len(tested))
    rows = [row(t, now, name, level) for name in names]
    columns = (
        *heads(t, t("Group")), t("Detractors"), t("Passives"), t("Promoters"), t("Asked"), t("Response rate %"),
        t("Against the others"),
    )  # fmt: skip
    note = t(
        "Groups stand in the order of their names. A difference is named only when chance would show one of these "
        "in fewer than 5 of 100 reports."
    )
    return ReportTable(t("Groups"), columns, rows, note)


def row(t: Words, now: Counted, name: str, level: float) -> list[str | int | float | None]:
    """Return the cells of one group."""
    votes, rate = votes_in(now.groups[name]), now.rate(name)
    place = spot(name or t("(not given)"), votes)
    numbers = [None if value is None else round(value) for value in (place.value, place.low, place.high)]
    whole = votes_in(now.all_scores)
    others = Votes(
        whole.detractors - votes.detractors, whole.passives - votes.passives, whole.promoters - votes.promoters
    )
    answered = None if rate is None or wilson(rate) is None else round(100 * rate.part / rate.whole)
    return [
        place.label, *numbers, votes.n, votes.detractors, votes.passives, votes.promoters, now.sent[name], answered,
        against(t, votes, others, level),
    ]  # fmt: skip


def against(t: Words, votes: Votes, others: Votes, level: float) -> str:
    """Say whether a group differs from all others together."""
    how, difference = few(min(votes.n, others.n)), nps_difference(votes, others, level)
    if few(votes.n) in ("none", "counts"):
        return t.few(few(votes.n))
    if how in ("none", "counts") or difference is None:
        return t("nothing to compare with")
    return t.moved(difference)
