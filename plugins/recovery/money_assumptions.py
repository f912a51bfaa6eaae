"""What the money report rests on beside what is measured: each with its meaning, its default and its source."""

from __future__ import annotations

from feedbackhub import Hub
from feedbackhub.reporting import N_
from feedbackhub.reporting.assumptions import CURRENCY, Assumption, Assumptions, Range, assumptions_table

from .tables import metadata

__all__ = ["ASSUMPTIONS", "ATTRIBUTE", "CLAIM", "MARGIN", "STAYED", "WORK", "assumption", "assumptions_of"]

MARGIN, WORK, CLAIM, ATTRIBUTE, STAYED = "margin", "work", "claim", "attribute", "stayed"

assumption = assumptions_table("plugin_recovery_assumption", metadata)

ASSUMPTIONS = (
    Assumption(CURRENCY, N_("Currency"), "code", None, N_("There is no default, as nobody else can know it.")),
    Assumption(MARGIN, N_("Margin of one customer in a year"), "money", None, N_(
        "There is no default, as nobody else can know it. Enter what a customer brings in a year after costs, not the "
        "revenue."
    )),
    Assumption(WORK, N_("Cost of the work on one case"), "money", None, N_(
        "There is no default, as nobody else can know it. Enter what the time spent on one case costs, gestures left "
        "out: those are measured. 0 where it costs nothing."
    )),
    Assumption(ATTRIBUTE, N_("Attribute that says whether a customer stayed"), "word", None, N_(
        "There is no default. Where your own system tells feedbackhub who is still a customer, enter the name of that "
        "attribute, such as active. While it is empty, whoever makes contact again counts as having stayed."
    ), optional=True),
    Assumption(STAYED, N_("What that attribute says of those who stayed"), "word", None, N_(
        "Whoever has another value has left; whoever has none is not counted."
    ), word="yes"),
    Assumption(CLAIM, N_("What complaints handled are said to earn for each unit spent"), "span", Range(2, 2, 5), N_(
        "Quoted in articles on customer service: 2 to 5 times what it costs. No study that found it is known. It is "
        "shown beside your own result and enters no calculation."
    )),
)  # fmt: skip


def assumptions_of(hub: Hub) -> Assumptions:
    """Return what holds for each assumption on money.

    Args:
        hub: The plugin's hub.
    """
    return Assumptions(hub, assumption, ASSUMPTIONS)
