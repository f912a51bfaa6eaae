"""When to take care with a customer, and one thing worth saying first: pure, from facts only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from ..contract.gestures import Apologies
from .card_parts import Caution, Opening, PastContact, PastGesture, Rating, Trend, Wish

#: With fewer ratings than this a trend would be noise.
FEWEST_FOR_TREND = 4
#: Points of 100 by which the newer half must differ; half the distance between two faces of five.
CLEAR_DIFFERENCE = 12.5
RECENT = timedelta(days=90)
STALE_WISH = timedelta(days=1)


def trend(ratings: Sequence[Rating]) -> Trend:
    """Return where the scores go: the newer half's mean against the older half's.

    Args:
        ratings: Newest first.
    """
    scores = [rating.score for rating in ratings if rating.score is not None]
    if len(scores) < FEWEST_FOR_TREND:
        return "too_few"
    half = len(scores) // 2
    newer, older = scores[:half], scores[len(scores) - half :]
    difference = (sum(newer) - sum(older)) / half
    if abs(difference) < CLEAR_DIFFERENCE:
        return "steady"
    return "up" if difference > 0 else "down"


def apologies_in(gestures: Sequence[PastGesture], most: int, days: int, now: datetime) -> Apologies:
    """Return how many of these gestures are apologies within so many days, and how many are thought to be enough."""
    since = now - timedelta(days=days)
    return Apologies(sum(each.kind == "apology" and each.at > since for each in gestures), most, days)


def careful(
    ratings: Sequence[Rating],
    apologies: Apologies,
    wishes: Sequence[Wish],
    contacts: Sequence[PastContact],
    now: datetime,
) -> tuple[Caution, ...]:
    """Return the reasons to take care, the weightiest first."""
    found = []
    if wishes and now - wishes[-1].at >= STALE_WISH:
        found.append(Caution("call_waiting", {"days": (now - wishes[-1].at).days}))
    recent = [rating for rating in ratings if now - rating.at <= RECENT]
    low = [rating for rating in recent if rating.low]
    if len(low) >= 2:
        found.append(Caution("low_again", {"n": len(low)}))
    elif low and low[0] is recent[0]:
        found.append(Caution("low_last", {}))
    if recent and recent[0].solved is False:
        found.append(Caution("not_solved", {}))
    if sum(contact.reopened for contact in contacts if now - contact.at <= RECENT) >= 2:
        found.append(Caution("reopened_often", {}))
    if apologies.too_many:
        # Repeated apologies can be worse than none (Halperin et al., Economic Journal 132, 2022).
        found.append(Caution("apologies", {"n": apologies.n, "days": apologies.days}))
    return tuple(found)


def opening(
    ratings: Sequence[Rating],
    gestures: Sequence[PastGesture],
    wishes: Sequence[Wish],
    contacts: Sequence[PastContact],
    now: datetime,
) -> Opening | None:
    """Return the one thing most worth saying first, None when there is nothing particular."""
    if wishes:
        return Opening("call_wish", {})
    last = ratings[0] if ratings else None
    if last is not None and now - last.at <= RECENT:
        since = [each for each in gestures if each.at >= last.at]
        if last.low and not since:
            return Opening("unhappy_topic" if last.topic else "unhappy", {"topic": last.topic})
        if last.solved is False:
            return Opening("solved_now_topic" if last.topic else "solved_now", {"topic": last.topic})
        if last.low:
            return Opening("after_gesture", {})
        if last.comment:
            return Opening("thank_words", {})
        if last.score is not None and last.score >= 75:
            return Opening("thank_topic" if last.topic else "thank", {"topic": last.topic})
    if contacts and now - contacts[0].at <= RECENT:
        return Opening("last_topic" if contacts[0].topic else "last_contact", {"topic": contacts[0].topic})
    return None
