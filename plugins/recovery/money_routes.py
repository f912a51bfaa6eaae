"""The operations of the API: assumptions on money as programs read and set them."""

from __future__ import annotations

from pydantic import Field

from feedbackhub import Hub, Route
from feedbackhub.reporting.assumptions import (
    End,
    EntryIn,
    HeldList,
    HeldOut,
    Source,
    Word,
    assumption_routes,
)

from .money_assumptions import assumptions_of

__all__ = ["MoneyAssumptionIn", "MoneyAssumptionList", "MoneyAssumptionOut", "money_routes"]


class MoneyAssumptionIn(EntryIn):
    """What is to hold."""

    likely: End | None = Field(None, description="The likeliest.", examples=[60])
    word: Word = Field("", description="For `currency` its code of three letters; for `attribute` and `stayed` a word.")
    source: Source = Field(description="Where it comes from.", examples=["Accounting, 2025"])


class MoneyAssumptionOut(HeldOut):
    """What holds for something that the money report assumes."""

    kind: str = Field(description="`money`, `span` (no likely value), `code` (of a currency) or `word`.")


class MoneyAssumptionList(HeldList):
    """All assumptions."""

    assumptions: list[MoneyAssumptionOut]


def money_routes(hub: Hub) -> list[Route]:
    """Return the operations."""
    summaries = (
        "List the assumptions of the money report.", "Show an assumption of the money report.",
        "Enter an assumption of the money report.", "Let the default of the money report hold again.",
        "Undo the last change of an assumption.",
    )  # fmt: skip
    return assumption_routes(assumptions_of(hub), MoneyAssumptionIn, MoneyAssumptionOut, MoneyAssumptionList, summaries)
