"""The inputs of the model: what each means, and what holds until somebody enters their own, with the source."""

from __future__ import annotations

from feedbackhub import Hub
from feedbackhub.reporting import N_
from feedbackhub.reporting.assumptions import CURRENCY, Assumption, Assumptions, Range

from .tables import assumption

__all__ = ["ASSUMPTIONS", "MONEY", "NEEDED", "assumptions_of"]

GUESS = N_("A guess: no study was found. Enter what you know of your own customers.")
NO_DEFAULT = N_("There is no default, as nobody else can know it.")
LEFT_OUT = N_("There is no default. While it is empty, these costs are left out.")

ASSUMPTIONS = (
    Assumption(CURRENCY, N_("Currency"), "code", None, NO_DEFAULT),
    Assumption("margin", N_("Margin of one customer in a year"), "money", None, N_(
        "There is no default, as nobody else can know it. Enter what a customer brings in a year after costs, not the "
        "revenue."
    )),
    Assumption("handling", N_("Cost of one contact"), "money", None, LEFT_OUT),
    Assumption("rework", N_("Cost of putting one problem right, beside its contacts"), "money", None, LEFT_OUT),
    Assumption("contacts", N_("Contacts in a month"), "number", None, N_(
        "There is no default. It is counted from the inbound contacts of the days chosen."
    ), measured=True),
    Assumption("about_problem", N_("Share of contacts that are about a problem"), "share", Range(0.3, 0.5, 0.8), GUESS),
    Assumption("contacts_each", N_("Contacts that one problem takes"), "number", Range(1, 1.3, 2), N_(
        "A guess: no study was found. Where a survey asks how often the customer had to make contact, its answers take "
        "this place."
    ), measured=True, from_one=True),
    Assumption("solved", N_("Share of problems brought forward that are solved"), "share", Range(0.3, 0.5, 0.7), N_(
        "A guess: no study was found. Where a survey asks whether it was solved, its answers take this place."
    ), measured=True),
    Assumption("silent", N_("Silent customers for each who complains"), "number", Range(0, 1, 26), N_(
        "Lowest: nobody keeps silent. Likely: about half of individual customers do not complain (TARP: Goodman and "
        "others, Quality Progress 33(3), 2000, abstract). Highest: 26 is quoted of TARP and of Lee Resources; no study "
        "that found it is known. CTMA says that as few as 5 % complain, which makes 19."
    )),
    Assumption("lost_solved", N_("Share who leave although it was solved"), "share", Range(0, 0.05, 0.1), GUESS),
    Assumption("lost_unsolved", N_("Share who leave when it was not solved"), "share", Range(0.15, 0.25, 0.33), N_(
        "Lowest: problems lower loyalty by 15 to 30 %. Likely: failing to solve lowers it by about 25 % (both TARP "
        "2000, abstract). Highest: a third is quoted as considering to leave after one bad service; no study was found."
    )),
    Assumption("lost_silent", N_("Share who leave among the silent"), "share", Range(0.15, 0.25, 0.3), N_(
        "Lowest and highest: problems lower loyalty by 15 to 30 % (TARP 2000, abstract). Likely: typically a drop of "
        "25 % (CTMA, calculator of revenue at risk)."
    )),
    Assumption("lost_anyway", N_("Share who leave without any problem"), "share", Range(0, 0, 0), N_(
        "Is subtracted from the shares above. Those quoted are drops against customers without a problem already, so "
        "nothing is left to subtract. Enter your own when you enter your own shares."
    )),
    Assumption("told", N_("People told of a problem that was not solved"), "number", Range(8, 10, 15), N_(
        "CTMA: 8 to 15 people are told. 15 is also quoted for bad service beside 11 for good; no study was found."
    )),
    Assumption("influence", N_("Share of those told who stay away"), "share", Range(0, 0.002, 0.01), GUESS),
    Assumption("customers", N_("Customers in all"), "number", None, N_(
        "There is no default. It is needed for the revenue at risk only."
    )),
    Assumption("revenue", N_("Revenue of one customer in a year"), "money", None, N_(
        "There is no default. It is needed for the revenue at risk only."
    )),
    Assumption("problem_rate", N_("Share of all customers with a problem"), "share", Range(0.35, 0.4, 0.5), N_(
        "CTMA, calculator of revenue at risk: 35 to 50 % of customers may be experiencing problems."
    )),
    Assumption("loyalty_drop", N_("Share of these whom it makes leave"), "share", Range(0.15, 0.25, 0.3), N_(
        "Lowest and highest: problems lower loyalty by 15 to 30 % (TARP 2000, abstract). Likely: typically a drop of "
        "25 % (CTMA, calculator of revenue at risk)."
    )),
)  # fmt: skip

#: What the cost of inaction is worked out from.
NEEDED = (
    "contacts", "about_problem", "contacts_each", "solved", "silent", "lost_solved", "lost_unsolved", "lost_silent",
    "lost_anyway", "told", "influence",
)  # fmt: skip
MONEY = ("handling", "rework", "margin")


def assumptions_of(hub: Hub) -> Assumptions:
    """Return what holds for each input.

    Args:
        hub: The plugin's hub.
    """
    return Assumptions(hub, assumption, ASSUMPTIONS)
