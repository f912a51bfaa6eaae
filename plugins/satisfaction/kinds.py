"""What may be looked at: five things that surveys ask, each with its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from feedbackhub.reporting import N_

__all__ = ["ASPECTS", "KINDS", "Kind"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that surveys ask.

    Args:
        name: Its name in the address.
        role: The role of its questions.
        title: What it is called.
        asks: The question that the report answers.
        good: What customers say who gave a good answer.
        bad: What they say who gave a bad one.
        above_middle: Whether every answer above the middle is a good one, instead of the top two.
    """

    name: str
    role: str
    title: str
    asks: str
    good: str
    bad: str
    above_middle: bool = False


KINDS: Mapping[str, Kind] = {
    each.name: each
    for each in (
        Kind(
            "csat", "satisfaction", N_("Satisfaction"), N_("How satisfied are customers?"),
            N_("Satisfied"), N_("Dissatisfied"),
        ),
        # 5 to 7 of 7 agree that it was easy, as Gartner reports it.
        Kind(
            "effort", "effort", N_("Ease"), N_("How easy is it for customers?"),
            N_("Found it easy"), N_("Found it hard"), above_middle=True,
        ),
        Kind(
            "courtesy", "courtesy", N_("Courtesy"), N_("How politely are customers treated?"),
            N_("Treated politely"), N_("Not treated politely"),
        ),
        Kind(
            "empathy", "empathy", N_("Empathy"), N_("Do customers feel understood?"),
            N_("Felt understood"), N_("Did not feel understood"),
        ),
        Kind(
            "solution", "solution", N_("Solution"), N_("How good are our solutions for customers?"),
            N_("Content with the solution"), N_("Not content with the solution"),
        ),
    )
}  # fmt: skip
#: What a good service has besides each other: it must be polite, understand, and solve.
ASPECTS = ("courtesy", "empathy", "solution")
