"""The same without a database, for many seeds: what the report works out of the customers, and whether it is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from bench.planted_recoveries_company import Bad, RecoveryPlan, bad_answers, true_return
from feedbackhub.reporting.assumptions import Range
from feedbackhub_plugins.recovery.recoveries_money import Account, account
from feedbackhub_plugins.recovery.recoveries_people import Behind, Followed, Spans, Spent, Start, cost_of, followed_up
from feedbackhub_plugins.recovery.recoveries_retention import compare

__all__ = ["judge_quickly"]

SCORES = {1: 0.0, 2: 25.0}


def judge_quickly(plan: RecoveryPlan, now: datetime) -> Mapping[str, bool]:
    """Tell whether the intervals of the return and of the difference hold the truth.

    Args:
        plan: What is planted.
        now: The present moment.
    """
    people = list(bad_answers(plan, now))
    followed = list(_followed(plan, people, now))
    kept = compare(followed, by_month=plan.by_attribute)
    costs = cost_of(spent for each in followed if each.made_good for spent in each.spent)
    cases = sum(each.start.cases for each in followed)
    found = account(Account(kept, costs, cases, "EUR", Range(*plan.margin), Range(*plan.work))).ratio
    truth = true_return(plan, people, now)
    return {
        "the return's interval holds the truth": found is not None and found.low <= truth <= found.high,
        "the difference's interval holds the truth": kept.interval is not None
        and kept.interval.low <= plan.effect <= kept.interval.high,
    }


def _followed(plan: RecoveryPlan, people: list[Bad], now: datetime) -> Iterator[Followed]:
    spans = Spans(now, timedelta(days=plan.within), timedelta(days=plan.follow), plan.by_attribute)
    for each in people:
        if each.ask.answered_at is None:
            continue
        start = Start(
            str(each.ask.customer), each.ask.answered_at, SCORES[int(each.ask.values["satisfaction"])],
            each.ask.dimensions["segment"], cases=int(each.has_case), solved_at=each.solved_at,
        )  # fmt: skip
        gestures = [Spent(gift.at, gift.kind, gift.cents, "EUR" if gift.cents else "") for gift in each.gifts]
        found = followed_up(start, Behind(gestures, list(each.contacts), each.stayed), spans)
        if found is not None:
            yield found
