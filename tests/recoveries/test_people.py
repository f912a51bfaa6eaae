"""Who counts as made good in time, and who as having stayed: all are followed from the same moment on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from feedbackhub_plugins.recovery.recoveries_people import Behind, Costs, Spans, Spent, Start, cost_of, followed_up

THEN = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
SPANS = Spans(THEN + 44 * DAY, 14 * DAY, 30 * DAY)


def seen(behind: Behind, solved_at: datetime | None = None, spans: Spans = SPANS) -> tuple[bool, bool | None]:
    """Return whether a customer counts as made good, and as having stayed."""
    found = followed_up(Start("c", THEN, solved_at=solved_at), behind, spans)
    assert found is not None
    return found.made_good, found.stayed


@pytest.mark.parametrize(
    ("after", "good"), [(-SECOND, False), (timedelta(0), True), (14 * DAY, True), (14 * DAY + SECOND, False)]
)
def test_a_gesture_counts_from_the_answer_on_until_the_landmark(after: timedelta, good: bool) -> None:
    assert seen(Behind([Spent(THEN + after, "apology")])) == (good, False)
    assert seen(Behind(), THEN + after)[0] is (after <= 14 * DAY)


@pytest.mark.parametrize(
    ("after", "stayed"),
    [(DAY, False), (14 * DAY, False), (14 * DAY + SECOND, True), (44 * DAY, True), (44 * DAY + SECOND, False)],
)
def test_who_comes_back_before_the_landmark_is_not_counted_as_having_stayed_for_it(
    after: timedelta, stayed: bool
) -> None:
    assert seen(Behind(came=[THEN + after])) == (False, stayed)


def test_a_customer_whose_days_have_not_passed_is_left_out_by_a_second() -> None:
    early = Spans(SPANS.now - SECOND, SPANS.within, SPANS.follow)
    assert followed_up(Start("c", THEN), Behind(), early) is None


def test_the_own_system_is_believed_before_contacts() -> None:
    own = Spans(SPANS.now, SPANS.within, SPANS.follow, by_attribute=True)
    came = [THEN + 20 * DAY]
    assert [seen(Behind(came=came, stayed=said), None, own)[1] for said in (True, False, None)] == [True, False, None]


def test_currencies_are_never_added_and_a_cost_without_one_is_none() -> None:
    gestures = [
        Spent(THEN, "compensation", 500, "EUR"), Spent(THEN, "compensation", 700, "USD"),
        Spent(THEN, "compensation", 0), Spent(THEN, "compensation", 900), Spent(THEN, "compensation"),
        Spent(THEN, "apology"),
    ]  # fmt: skip
    found = cost_of(gestures)
    assert found.cents == {"EUR": 500, "USD": 700}
    assert found.priced == {"compensation": 3}
    assert found.unpriced == {"compensation": 2, "apology": 1}
    assert cost_of([]) == Costs()
