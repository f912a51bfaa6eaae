"""The market-damage model: what unsolved problems may cost in a year, as plain arithmetic over its inputs.

Sources: the fields of CTMA's calculators "cost of inaction" and "revenue at risk" (ctmaworld.com), which follow
J. Goodman, P. O'Brien and E. Segal, "Turning CFOs into Quality Champions", Quality Progress 33(3), 2000, 47-55. Taken
beside them are the loss of customers who had no problem, which is subtracted, and that one problem may take several
contacts.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Cost", "Inputs", "Risk", "complaint_rate", "cost_of_inaction", "revenue_at_risk"]

MONTHS = 12


class Inputs(NamedTuple):
    """What the cost of inaction is worked out from; shares lie between 0 and 1.

    Args:
        complaints: Problems that customers bring forward in a month.
        complaint_rate: Share of the customers with a problem who bring it forward, above 0.
        solved: Share of those whose problem is solved.
        lost_solved, lost_unsolved, lost_silent: Share who leave within a year: of those whose problem is solved, is not
            solved, and of those who keep silent.
        lost_anyway: Share who leave within a year without any problem.
        told: How many others hear of a problem that was not solved.
        influence: Share of these who would have become customers and do not.
        contacts_each: Contacts that one problem takes.
        handling: What one contact costs.
        rework: What putting one problem right costs beside that.
        margin: What one customer brings in a year after costs.
    """

    complaints: float
    complaint_rate: float
    solved: float
    lost_solved: float
    lost_unsolved: float
    lost_silent: float
    told: float
    influence: float
    lost_anyway: float = 0.0
    contacts_each: float = 1.0
    handling: float = 0.0
    rework: float = 0.0
    margin: float = 0.0


class Cost(NamedTuple):
    """What a year without change comes to.

    Args:
        with_problem: Customers with a problem.
        complaints: Those who bring it forward.
        silent: Those who do not.
        lost_complainers: Customers lost among those who brought it forward.
        lost_silent: Customers lost among the silent.
        deterred: People who would have become customers.
        handled: What handling and rework cost.
        margin_lost: Margin of the customers lost.
        margin_not_won: Margin of those who did not become customers.
    """

    with_problem: float
    complaints: float
    silent: float
    lost_complainers: float
    lost_silent: float
    deterred: float
    handled: float
    margin_lost: float
    margin_not_won: float

    @property
    def lost(self) -> float:
        """All customers lost."""
        return self.lost_complainers + self.lost_silent

    @property
    def total(self) -> float:
        """The cost of a year."""
        return self.handled + self.margin_lost + self.margin_not_won


def cost_of_inaction(given: Inputs) -> Cost:
    """Return what problems that stay as they are cost in a year."""
    complaints = MONTHS * given.complaints
    with_problem = complaints / given.complaint_rate
    silent = with_problem - complaints
    unsolved = 1 - given.solved
    lost_complainers = complaints * (
        given.solved * beyond(given.lost_solved, given.lost_anyway)
        + unsolved * beyond(given.lost_unsolved, given.lost_anyway)
    )
    lost_silent = silent * beyond(given.lost_silent, given.lost_anyway)
    deterred = (silent + complaints * unsolved) * given.told * given.influence
    return Cost(
        with_problem, complaints, silent, lost_complainers, lost_silent, deterred,
        complaints * (given.handling * given.contacts_each + given.rework),
        (lost_complainers + lost_silent) * given.margin, deterred * given.margin,
    )  # fmt: skip


def beyond(share: float, anyway: float) -> float:
    """Return what of a loss is not there without a problem; never less than none."""
    return max(0.0, share - anyway)


class Risk(NamedTuple):
    """What is at risk among all customers.

    Args:
        with_problem: Customers with a problem.
        at_risk: Customers whose loyalty it may cost.
        revenue: What these bring in a year.
        told: People who hear of it.
    """

    with_problem: float
    at_risk: float
    revenue: float
    told: float


def revenue_at_risk(
    customers: float, revenue: float, problem_rate: float, loyalty_drop: float, told: float
) -> Risk:
    """Return what is at risk among all customers, whether they come forward or not.

    Args:
        customers: How many there are.
        revenue: What one brings in a year.
        problem_rate: Share of them with a problem in a year.
        loyalty_drop: By how much a problem lowers the share who stay.
        told: How many others each of them tells.
    """
    with_problem = customers * problem_rate
    at_risk = with_problem * loyalty_drop
    return Risk(with_problem, at_risk, at_risk * revenue, with_problem * told)


def complaint_rate(silent_per_complaint: float) -> float:
    """Return the share of customers with a problem who bring it forward, from how many keep silent for each who does.

    Args:
        silent_per_complaint: 0 or more.
    """
    return 1 / (1 + silent_per_complaint)
