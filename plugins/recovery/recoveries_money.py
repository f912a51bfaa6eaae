"""Money in against money out: a simulation in which chance draws what is measured and what is assumed together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from feedbackhub.reporting.assumptions import Range, Spread, draws, seeded

from .recoveries_people import Costs
from .recoveries_retention import Kept

__all__ = ["Account", "Money", "Why", "account", "gestures_cost"]

RUNS = 10_000
#: 95 of 100 runs lie between these.
LOWEST, HIGHEST = 0.025, 0.975
HUNDRED = 100.0
#: What must have cost something, so that a cost nobody entered is missing and not nothing.
PAID = "compensation"
#: Why there is no return.
Why = Literal["", "nobody", "few", "alone", "currency", "margin", "work", "currencies", "costs", "nothing"]


@dataclass(frozen=True, slots=True)
class Account:
    """What the calculation rests on.

    Args:
        kept: How much more often customers stay.
        costs: What the gestures to these customers cost.
        cases: How many cases all customers that were compared had.
        currency: What margin and work are in, empty while not entered.
        margin: What a customer brings in a year, None while not entered.
        work: What the work on one case costs, None while not entered.
    """

    kept: Kept
    costs: Costs
    cases: int
    currency: str = ""
    margin: Range | None = None
    work: Range | None = None

    @property
    def foreign(self) -> list[str]:
        """Currencies of gestures that cannot be added."""
        return sorted(set(self.costs.cents) - {self.currency})

    @property
    def lacks_costs(self) -> bool:
        """Whether compensations were given and nobody said of any what it cost."""
        return bool(self.costs.unpriced[PAID]) and not self.costs.priced[PAID]


@dataclass(frozen=True, slots=True)
class Money:
    """What it comes to.

    Args:
        customers: Customers kept.
        earned: What they bring in a year, None where that cannot be said.
        spent: What making good cost, None where that cannot be said.
        ratio: What each unit spent brings, None where that cannot be said.
        net: What is left, None where that cannot be said.
        why: Why there is no ratio.
    """

    customers: Spread | None = None
    earned: Spread | None = None
    spent: Spread | None = None
    ratio: Spread | None = None
    net: Spread | None = None
    why: Why = ""


def account(of: Account, runs: int = RUNS) -> Money:
    """Return what customers kept bring in a year, against what making good cost.

    In each run the difference in staying is drawn from the normal distribution around the estimate, margin and cost of
    work from PERT distributions between their ends; what gestures cost was counted and is not drawn. Source of the
    method: M. G. Morgan and M. Henrion, Uncertainty, Cambridge University Press 1990, chapter 8. Seeds hang on the
    inputs, so that the same inputs give the same result.
    """
    kept = of.kept
    if kept.difference is None or kept.interval is None:
        return Money(why="nobody" if not kept.smaller else "alone" if kept.left_out else "few")
    customers = [kept.one.whole * each for each in _differences(kept.difference, kept.error, runs)]
    found = Money(_spread(customers), why=_lacking(of))
    earned: list[float] = []
    if of.margin is not None and of.currency:
        earned = [n * each for n, each in zip(customers, _drawn("margin", of.margin, runs), strict=True)]
    spent: list[float] = []
    if of.work is not None and of.currency and not of.foreign and not of.lacks_costs:
        gestures = gestures_cost(of.costs, of.currency)
        spent = [gestures + of.cases * each for each in _drawn("work", of.work, runs)]
    return _whole(found, earned, spent)


def _whole(found: Money, earned: list[float], spent: list[float]) -> Money:
    ratio = net = None
    why = found.why
    if earned and spent:
        if min(spent) > 0:
            ratio = _spread([a / b for a, b in zip(earned, spent, strict=True)])
        else:
            why = "nothing"
        net = _spread([a - b for a, b in zip(earned, spent, strict=True)])
    return Money(
        found.customers, _spread(earned) if earned else None, _spread(spent) if spent else None, ratio, net, why
    )  # fmt: skip


def _lacking(of: Account) -> Why:
    if not of.currency:
        return "currency"
    if of.margin is None:
        return "margin"
    if of.work is None:
        return "work"
    if of.foreign:
        return "currencies"
    return "costs" if of.lacks_costs else ""


def gestures_cost(costs: Costs, currency: str) -> float:
    """Return what gestures cost, in whole units of a currency.

    Those of which nobody said what they cost count as the mean of their kind; a kind of which nobody ever said a cost,
    such as apologies, costs nothing beside the work.
    """
    cents = float(costs.cents[currency])
    by_kind = costs.cents_of_kind
    for kind, n in costs.unpriced.items():
        if costs.priced[kind]:
            cents += n * by_kind[kind] / costs.priced[kind]
    return cents / HUNDRED


def _differences(middle: float, error: float, runs: int) -> list[float]:
    """Return normal values, evenly spread over their distribution and in an order by chance."""
    if error <= 0:
        return [middle] * runs
    normal = NormalDist(middle, error)
    values = [min(max(normal.inv_cdf((at + 0.5) / runs), -1.0), 1.0) for at in range(runs)]
    seeded("difference", middle, error).shuffle(values)
    return values


def _drawn(name: str, given: Range, runs: int) -> list[float]:
    return draws(seeded(name, given.low, given.likely, given.high), given, runs)


def _spread(results: Sequence[float]) -> Spread:
    return Spread.of(results, LOWEST, HIGHEST)
