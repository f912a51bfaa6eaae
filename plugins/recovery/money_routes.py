"""The operations of the API: assumptions on money as programs read and set them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from feedbackhub import Route, RouteRequest

from .money_book import Assumed, Held
from .money_pages import LIST
from .money_wanted import LONGEST_SOURCE, LONGEST_WORD, MOST, Wanted, checked

__all__ = ["MoneyAssumptionIn", "MoneyAssumptionList", "MoneyAssumptionOut", "money_routes_of"]

End = Annotated[float, Field(ge=0, le=int(MOST), strict=True)]
#: What stands in `json_schema_extra` is checked with the assumption itself, which says in its own words what is wrong.
Word = Annotated[str, Field(max_length=LONGEST_WORD, json_schema_extra={"pattern": r"^[^\x00-\x1f\x7f-\x9f]*$"})]
Source = Annotated[str, Field(max_length=LONGEST_SOURCE, json_schema_extra={"pattern": r"^[^\x00]*[^\x00\s][^\x00]*$"})]


class MoneyAssumptionIn(BaseModel):
    """What is to hold."""

    model_config = ConfigDict(extra="forbid")

    low: End | None = Field(None, description="The lowest; the likely one when left out.")
    likely: End | None = Field(None, description="The likeliest.", examples=[60])
    high: End | None = Field(None, description="The highest; the likely one when left out.")
    word: Word = Field("", description="For `currency` its code of three letters; for `attribute` and `stayed` a word.")
    source: Source = Field(description="Where it comes from.", examples=["Accounting, 2025"])


class MoneyAssumptionOut(BaseModel):
    """What holds for something that the money report assumes."""

    name: str
    label: str
    kind: str = Field(description="`money`, `span` (no likely value), `code` (of a currency) or `word`.")
    low: float | None
    likely: float | None
    high: float | None
    word: str
    source: str
    entered: bool = Field(description="Whether somebody entered it; otherwise it is the default.")
    changed_at: datetime | None
    changed_by: str

    @classmethod
    def of(cls, held: Held) -> MoneyAssumptionOut:
        """Return an assumption as the API shows it."""
        about, range_ = held.about, held.range
        return cls(
            name=about.name, label=about.label, kind=about.kind, low=range_.low if range_ else None,
            likely=range_.likely if range_ and about.kind != "span" else None, high=range_.high if range_ else None,
            word=held.word, source=held.source, entered=held.entry is not None, changed_at=held.changed_at,
            changed_by=held.changed_by,
        )  # fmt: skip


class MoneyAssumptionList(BaseModel):
    """All assumptions."""

    assumptions: list[MoneyAssumptionOut]


def money_routes_of(book: Assumed) -> list[Route]:
    """Return the operations."""
    here = MoneyOperations(book)
    one = f"{LIST}/<name>"
    out = MoneyAssumptionOut
    return [
        Route("GET", LIST, "List the assumptions of the money report.", "read", here.every, MoneyAssumptionList),
        Route("GET", one, "Show an assumption of the money report.", "read", here.one, out),
        Route("PUT", one, "Enter an assumption of the money report.", "write", here.enter, out, MoneyAssumptionIn),
        Route("DELETE", one, "Let the default of the money report hold again.", "write", here.back_to_default, out),
        Route("POST", f"{one}/undo", "Undo the last change of an assumption.", "write", here.undo, out),
    ]


class MoneyOperations:
    """What each operation does.

    Args:
        book: What was entered.
    """

    def __init__(self, book: Assumed) -> None:
        self._book = book

    def every(self, request: RouteRequest) -> MoneyAssumptionList:
        """List the assumptions."""
        return MoneyAssumptionList(assumptions=[MoneyAssumptionOut.of(each) for each in self._book.all().values()])

    def one(self, request: RouteRequest) -> MoneyAssumptionOut:
        """Show an assumption."""
        return MoneyAssumptionOut.of(self._book.get(request.path["name"]))

    def enter(self, request: RouteRequest) -> MoneyAssumptionOut:
        """Enter an assumption."""
        name, body = request.path["name"], request.body
        wanted = Wanted({"low": body.low, "likely": body.likely, "high": body.high}, body.word, body.source)
        return MoneyAssumptionOut.of(self._book.put(name, checked(self._book.get(name).about, wanted), request.actor))

    def back_to_default(self, request: RouteRequest) -> MoneyAssumptionOut:
        """Let the default hold again."""
        return MoneyAssumptionOut.of(self._book.put(request.path["name"], None, request.actor))

    def undo(self, request: RouteRequest) -> MoneyAssumptionOut:
        """Undo the last change."""
        held = self._book.get(request.path["name"])
        return MoneyAssumptionOut.of(self._book.undo(held.about.name, request.actor, held.number))
