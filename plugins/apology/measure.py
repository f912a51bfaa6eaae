"""What the own last weeks tell a planner: how many customers would be taken in, and how second asks went."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from feedbackhub import Filters, Hub
from feedbackhub.statistics import Share

from .plan import Plan
from .planner import Measured

__all__ = ["WEEKS", "measured_of"]

WEEKS = 8
#: Second asks are rarer than bad answers, so more of the past is looked at.
YEAR = timedelta(days=365)


def measured_of(hub: Hub, plan: Plan) -> Measured:
    """Return what is known of the volume and of second asks.

    Bad answers are counted as the plan takes them in, but for tags and words, by which answers cannot be counted.
    """
    today = hub.clock.now().date()
    return Measured(_weeks(hub, plan, today), *_second_asks(hub, plan, today))


def _weeks(hub: Hub, plan: Plan, today: date) -> tuple[int, ...]:
    """Return bad answers of each of the last whole weeks, oldest first."""
    begin = today - timedelta(weeks=WEEKS)
    by = ("day", "survey", "low", "score", "wants_call", "topic", "segment")
    counts, first = [0] * WEEKS, WEEKS
    for group in hub.read.grouped("responses", by, Filters(since=_midnight(hub, begin), until=_midnight(hub, today))):
        day, survey, low, score, wants_call, topic, segment = group.values
        week = (date.fromisoformat(str(day)) - begin).days // 7
        if not 0 <= week < WEEKS:
            continue
        first = min(first, week)
        if survey != plan.survey and low and _is_wanted(plan, survey, score, bool(wants_call), topic, segment):
            counts[week] += group.n
    # Weeks before the first answer, good or bad, say nothing about the volume: nobody was asked yet.
    return tuple(counts[first:])


def _is_wanted(plan: Plan, survey: str, score: int | None, call: bool, topic: str | None, segment: str | None) -> bool:
    who = plan.who
    if (who.surveys and survey not in who.surveys) or (call and not who.calls_too):
        return False
    if who.score_at_most is not None and (score is None or score > who.score_at_most):
        return False
    topics, segments = (
        {each.strip().casefold() for each in listed} for listed in (who.exclude_topics, who.exclude_segments)
    )
    return (topic or "").casefold() not in topics and (segment or "").casefold() not in segments


def _second_asks(hub: Hub, plan: Plan, today: date) -> tuple[Share, Share]:
    """Return how many second asks whose window is over were answered, and how many were won back."""
    until = today - timedelta(days=plan.window_days)
    asked = Filters(since=_midnight(hub, until - YEAR), until=_midnight(hub, until), survey=plan.survey)
    sent = answered = 0
    for group in hub.read.grouped("invitations", ("sent", "answered"), asked):
        was_sent, was_answered = group.values
        sent += group.n if was_sent else 0
        answered += group.n if was_sent and was_answered else 0
    won = 0
    for group in hub.read.grouped("responses", ("score", "low"), asked):
        score, low = group.values
        won += group.n if plan.won.holds(score, bool(low)) else 0
    # Answers are found by their own day, asks by theirs: at the edges they may differ by a few.
    return Share(answered, sent), Share(min(won, answered), sent)


def _midnight(hub: Hub, day: date) -> datetime:
    return datetime.combine(day, time(), hub.clock.now().tzinfo)
