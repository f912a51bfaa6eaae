"""Further tables: non-answers counted three ways, outcomes by day, who got what, and who is not counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from feedbackhub import ReportTable, Way
from feedbackhub.reporting import Words
from feedbackhub.statistics import Share, few, two_arms

from .effect_arms import Row, percent
from .effect_figures import interval_of
from .effect_study import Study
from .eligibility import REASONS
from .plan import Arm
from .records import Assignment
from .ripe import has_answered, has_won, share_won

__all__ = ["by_day_table", "left_out_table", "received_table", "refusals_table", "silence_table"]

APOLOGY, COMPENSATION = "apology", "compensation"


def silence_table(t: Words, study: Study) -> ReportTable:
    """Return the differences with those who kept silent counted three ways."""
    rows: list[Row] = []
    for arm in study.others:
        one, other = study.known[arm], study.known[study.first]
        rows += [
            (arm, t("silent = not won back"), *_points(study, share_won(one), share_won(other))),
            (arm, t("only those who answered"), *_points(study, answerers(one), answerers(other))),
            (arm, t("whatever the silent think: from, to"), None, *bounds(one, other)),
        ]
    columns = (
        t("Arm less {first}", first=study.first), t("How silence counts"), t("Difference, percentage points"),
        t("From"), t("To"),
    )  # fmt: skip
    note = t(
        "The first way is the plan's. The second compares only those who chose to answer, whom chance did not choose. "
        "The third is certain whatever the silent think: all of them won back in one arm and none in the other."
    )
    return ReportTable(t("Those who did not answer, counted three ways"), columns, rows, note)


def answerers(units: Sequence[Assignment]) -> Share:
    """Return how many were won back of those who answered."""
    return Share(sum(map(has_won, units)), sum(map(has_answered, units)))


def bounds(one: Sequence[Assignment], other: Sequence[Assignment]) -> tuple[float | None, float | None]:
    """Return the least and the largest difference, in points, whatever the silent think; None while an arm is empty."""
    if not one or not other:
        return None, None
    lows, highs = zip(*(_ends(units) for units in (one, other)), strict=True)
    return 100 * (lows[0] - highs[1]), 100 * (highs[0] - lows[1])


def _ends(units: Sequence[Assignment]) -> tuple[float, float]:
    won, silent = sum(map(has_won, units)), sum(not has_answered(each) for each in units)
    return won / len(units), (won + silent) / len(units)


def _points(study: Study, one: Share, other: Share) -> tuple[float | None, float | None, float | None]:
    """Return a difference in points, with its interval when the experiment is over; nothing for few."""
    if few(min(one.whole, other.whole)) in ("none", "counts"):
        return None, None, None
    found = two_arms(one, other, 1 - study.plan.alpha)
    if found is None:
        return None, None, None
    ends = found.difference_interval.times(100) if study.once else (None, None)
    return percent(found.difference), *ends


def by_day_table(t: Words, study: Study) -> ReportTable:
    """Return how many were won back up to each day after the second ask, of those for whom that day has passed."""
    rows: list[Row] = []
    for arm, units in study.known.items():
        for day in study.plan.checkpoints:
            old = [each for each in units if _has_passed(study, each, day)]
            answered, won = sum(each.answered_within(day) for each in old), sum(each.won_within(day) for each in old)
            interval = None if few(len(old)) in ("none", "counts") else interval_of(study, Share(won, len(old)))
            ends = interval.times(100) if interval else (None, None)
            rows.append((arm, day, len(old), answered, won, 100 * won / len(old) if interval else None, *ends))
    columns = (
        t("Arm"), t("Up to day"), t("Customers for whom it has passed"), t("Answered"), t("Won back"), t("Won back %"),
        t("Interval from"), t("Interval to"),
    )  # fmt: skip
    note = t(
        "Everybody was asked again once, and days count from that second ask, which is due alike in all arms. The "
        "plan decides by day {n}.",
        n=study.plan.window_days,
    )  # fmt: skip
    return ReportTable(t("Outcomes by day"), columns, rows, note)


def _has_passed(study: Study, each: Assignment, day: int) -> bool:
    ended = each.is_over and day <= study.plan.window_days
    return ended or each.reask_at + timedelta(days=day) <= study.now


def received_table(t: Words, study: Study) -> ReportTable:
    """Return how many got what their arm says."""
    rows: list[Row] = []
    for arm in study.plan.arms:
        units = study.known[arm.name]
        less, more = (sum(bool(wrong(arm, each)[at]) for each in units) for at in (0, 1))
        as_said = sum(not any(wrong(arm, each)) for each in units)
        hidden = few(len(units)) in ("none", "counts")
        rows.append((arm.name, len(units), as_said, None if hidden else 100 * as_said / len(units), less, more))
    columns = (t("Arm"), t("Outcome known"), t("Got what the arm says"), t("Share %"), t("Got less"), t("Got more"))
    note = t(
        "What is owed is always given, and people sometimes act otherwise than drawn. All stay in their arm: the "
        "difference is that of the decision to treat so, not of the treatment itself."
    )
    return ReportTable(t("Who got what the arm says"), columns, rows, note)


def wrong(arm: Arm, each: Assignment) -> tuple[set[str], set[str]]:
    """Return which gestures of the arm somebody did not get, and which they got besides."""
    due = ({APOLOGY} if arm.apology else set()) | ({COMPENSATION} if arm.compensation else set())
    got = {APOLOGY, COMPENSATION} & set(each.received)
    return due - got, got - due


def left_out_table(t: Words, study: Study) -> ReportTable | None:
    """Return the people who turned out to stand in several arms, by their ids; None when there are none."""
    if not study.torn:
        return None
    listed = [(each.customer, each.arm) for family in study.torn for each in family.assignments]
    note = t("They were found to be one person after they had been assigned. Nothing was rewritten; they are left out.")
    columns = (t("Customer"), t("Assigned to"))
    return ReportTable(
        t("Left out: one person in several arms"), columns, listed, note, [Way("customer", id_) for id_, _ in listed]
    )


def refusals_table(t: Words, study: Study) -> ReportTable | None:
    """Return how many cases were not taken in and why; None when there are none."""
    if not study.refusals:
        return None
    rows = [(t(REASONS[why]) if why in REASONS else why, n) for why, n in sorted(study.refusals.items())]
    note = t("Who is taken in was decided before the arm was drawn.")
    return ReportTable(t("Cases that were not taken in"), (t("Reason"), t("Cases")), rows, note)
