"""A generated company that makes good some of its bad answers, with known retention, known costs and a known return.

Whose case is made good hangs on the answer and the segment, and so does who stays anyway: the plain difference errs.
Some come back at once and are given something because they did; some are given something too late to count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bench.planted_company import DELAY, Agent, Ask

__all__ = ["AGENT", "Bad", "Gift", "Range", "RecoveryPlan", "bad_answers", "true_return"]

AGENT = Agent(0, "Front desk 01", "Front desk")
SEGMENTS = {"consumer": 7, "business": 3}
#: Lowest, likeliest, highest.
Range = tuple[float, float, float]
#: How likely a customer stays whose case is not made good, and how likely it is made good.
STAYS = {(1, "consumer"): 0.25, (2, "consumer"): 0.4, (1, "business"): 0.45, (2, "business"): 0.6}
MADE_GOOD = {(1, "consumer"): 0.25, (2, "consumer"): 0.4, (1, "business"): 0.55, (2, "business"): 0.7}
#: How likely somebody comes back within the first days, whatever is done later, and is given something for that.
AT_ONCE = 0.1
#: Costs of compensations, in cents.
COSTS = (500, 1000, 1500, 2500)


@dataclass(frozen=True)
class RecoveryPlan:
    """What is planted.

    Args:
        seed: Everything follows from it.
        customers: How many give a bad answer.
        effect: How much more often a customer stays whose case is made good, from 0 to 0.3.
        within, follow: Days, as the report counts them.
        days: Over how many days answers come, before those that all can be followed to the end.
        margin, work: What is entered: lowest, likeliest, highest.
        are_guessed: Whether the truth about them lies anywhere between the ends, instead of being the likeliest.
        by_attribute: Whether the company's own system says who stayed.
        by_chance: Whether chance decides whose case is made good.
    """

    seed: int = 1
    customers: int = 3000
    effect: float = 0.12
    within: int = 14
    follow: int = 30
    days: int = 120
    margin: Range = (90.0, 120.0, 160.0)
    work: Range = (6.0, 8.0, 12.0)
    are_guessed: bool = False
    by_attribute: bool = False
    by_chance: bool = False


@dataclass(frozen=True)
class Gift:
    """A gesture: when, what, and what it cost."""

    at: datetime
    kind: str
    cents: int | None


@dataclass(frozen=True)
class Bad:
    """A customer with a bad answer.

    Args:
        ask: The contact and the answer.
        has_case: Whether it has a case.
        made_good: Whether that was made good in time.
        gifts: What was given.
        solved_at: When the case was closed as solved, None for not.
        stayed: Whether the customer stays.
        contacts: When they make contact again.
    """

    ask: Ask
    has_case: bool
    made_good: bool
    gifts: tuple[Gift, ...]
    solved_at: datetime | None
    stayed: bool
    contacts: tuple[datetime, ...]


def bad_answers(plan: RecoveryPlan, now: datetime) -> Iterator[Bad]:
    """Yield the customers in the order of time; the last of them cannot be followed to the end yet.

    Args:
        plan: What is planted.
        now: The present moment.
    """
    chance = Random(plan.seed)
    reach = timedelta(days=plan.days + plan.within + plan.follow)
    step = reach / plan.customers
    for number in range(plan.customers):
        yield _one(chance, plan, number, now - reach + step * number, now)


def _one(chance: Random, plan: RecoveryPlan, number: int, ended_at: datetime, now: datetime) -> Bad:
    segment = chance.choices(list(SEGMENTS), list(SEGMENTS.values()))[0]
    csat = chance.choice((1, 1, 2, 2, 2))
    answered_at = ended_at + min(chance.expovariate(1) * DELAY, timedelta(days=3)) + timedelta(minutes=1)
    landmark = answered_at + timedelta(days=plan.within)
    at_once = chance.random() < AT_ONCE
    made_good = chance.random() < (0.5 if plan.by_chance else min(MADE_GOOD[csat, segment] + 0.3 * at_once, 0.95))
    has_case = made_good or chance.random() < 0.7
    stays = chance.random() < STAYS[csat, segment] + plan.effect * made_good
    gifts, solved_at = _given(chance, answered_at, landmark, made_good)
    contacts = [answered_at + timedelta(days=chance.uniform(0.1, 0.9) * plan.within)] if at_once else []
    if stays and not plan.by_attribute:
        contacts.append(landmark + timedelta(days=chance.uniform(0.01, 0.99) * plan.follow))
    ask = Ask(
        number, number, AGENT, ended_at, _dimensions(chance, segment), {"satisfaction": csat, "recommend": 3,
        "solved": "no", "contacts": "1"}, answered_at if answered_at < now else None, None,
    )  # fmt: skip
    return Bad(
        ask, has_case, made_good, tuple(each for each in gifts if each.at < now),
        solved_at if solved_at is not None and solved_at < now else None, stays,
        tuple(each for each in contacts if each < now),
    )  # fmt: skip


def _dimensions(chance: Random, segment: str) -> Mapping[str, str]:
    return {
        "channel": chance.choice(("phone", "chat", "email")), "team": AGENT.team, "topic": "delivery",
        "product": "Kettle", "brand": "", "language": "en", "segment": segment, "country": "US",
    }  # fmt: skip


def _given(
    chance: Random, answered_at: datetime, landmark: datetime, made_good: bool
) -> tuple[list[Gift], datetime | None]:
    """Return what is given in time or too late, and when the case is closed as solved."""
    if not made_good:
        late = landmark + timedelta(days=chance.uniform(1, 20))
        return ([Gift(late, "apology", None)] if chance.random() < 0.15 else []), None
    at = answered_at + (landmark - answered_at) * chance.uniform(0.05, 0.9)
    kind = chance.choice(("apology", "compensation", "both", "solved"))
    gifts = [Gift(at, "apology", None)] if kind in ("apology", "both") else []
    if kind in ("compensation", "both"):
        gifts.append(Gift(at, "compensation", chance.choice(COSTS)))
    return gifts, at if kind == "solved" or chance.random() < 0.3 else None


def true_return(plan: RecoveryPlan, people: list[Bad], now: datetime) -> float:
    """Return what each unit spent truly brings.

    Args:
        plan: What is planted.
        people: The customers.
        now: The present moment.
    """
    chance, spans = Random(f"truth {plan.seed}"), timedelta(days=plan.within + plan.follow)
    margin, work = (_drawn(chance, each) if plan.are_guessed else each[1] for each in (plan.margin, plan.work))
    followed = [each for each in people if each.ask.answered_at is not None and each.ask.answered_at + spans <= now]
    treated = [each for each in followed if each.made_good]
    paid = sum(gift.cents or 0 for each in treated for gift in each.gifts) / 100
    cases = sum(each.has_case for each in (treated if plan.by_chance else followed))
    return plan.effect * len(treated) * margin / (paid + cases * work)


def _drawn(chance: Random, given: Range) -> float:
    low, likely, high = given
    return low + (high - low) * chance.betavariate(
        1 + 4 * (likely - low) / (high - low), 1 + 4 * (high - likely) / (high - low)
    )
