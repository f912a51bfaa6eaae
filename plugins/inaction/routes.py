"""The operations of the API: assumptions as programs read and set them; shares lie between 0 and 1."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from feedbackhub import Route, RouteRequest

from .book import Book, Held
from .pages import LIST
from .wanted import CODE, LONGEST_SOURCE, MOST, Wanted, checked

__all__ = ["AssumptionIn", "AssumptionList", "AssumptionOut", "routes_of"]

End = Annotated[float, Field(ge=0, le=int(MOST), strict=True)]
#: What stands in `json_schema_extra` is checked with the assumption itself, which says in its own words what is wrong.
Code = Annotated[str, Field(json_schema_extra={"pattern": f"^({CODE.pattern})?$"})]
Source = Annotated[str, Field(max_length=LONGEST_SOURCE, json_schema_extra={"pattern": r"^[^\x00]*[^\x00\s][^\x00]*$"})]


class AssumptionIn(BaseModel):
    """What is to hold."""

    model_config = ConfigDict(extra="forbid")

    low: End | None = Field(None, description="The lowest; the likely one when left out.")
    likely: End | None = Field(None, description="The likeliest; shares from 0 to 1.", examples=[0.25])
    high: End | None = Field(None, description="The highest; the likely one when left out.")
    word: Code = Field("", description="For `currency`: its code of three letters.")
    source: Source = Field(description="Where it comes from.", examples=["Own count of 2025"])


class AssumptionOut(BaseModel):
    """What holds for an input of the model."""

    name: str
    label: str
    kind: str = Field(description="`share` (0 to 1), `number`, `money` or `word`.")
    low: float | None
    likely: float | None
    high: float | None
    word: str
    source: str
    entered: bool = Field(description="Whether somebody entered it; otherwise it is the default.")
    measured: bool = Field(description="Whether own answers and contacts take its place while nothing is entered.")
    changed_at: datetime | None
    changed_by: str

    @classmethod
    def of(cls, held: Held) -> AssumptionOut:
        """Return an input as the API shows it."""
        about, range_, entry = held.about, held.range, held.entry
        return cls(
            name=about.name, label=about.label, kind=about.kind,
            low=range_.low if range_ else None, likely=range_.likely if range_ else None,
            high=range_.high if range_ else None, word=entry.word if entry else "", source=held.source,
            entered=entry is not None, measured=about.measured, changed_at=held.changed_at, changed_by=held.changed_by,
        )  # fmt: skip


class AssumptionList(BaseModel):
    """All inputs."""

    assumptions: list[AssumptionOut]


def routes_of(book: Book) -> list[Route]:
    """Return the operations."""
    here = Operations(book)
    one = f"{LIST}/<name>"
    return [
        Route("GET", LIST, "List the assumptions of the model.", "read", here.every, AssumptionList),
        Route("GET", one, "Show an assumption.", "read", here.one, AssumptionOut),
        Route("PUT", one, "Enter an assumption.", "write", here.enter, AssumptionOut, AssumptionIn),
        Route("DELETE", one, "Let the default hold again.", "write", here.back_to_default, AssumptionOut),
        Route("POST", f"{one}/undo", "Undo the last change.", "write", here.undo, AssumptionOut),
    ]


class Operations:
    """What each operation does.

    Args:
        book: What was entered.
    """

    def __init__(self, book: Book) -> None:
        self._book = book

    def every(self, request: RouteRequest) -> AssumptionList:
        """List the assumptions."""
        return AssumptionList(assumptions=[AssumptionOut.of(each) for each in self._book.all().values()])

    def one(self, request: RouteRequest) -> AssumptionOut:
        """Show an assumption."""
        return AssumptionOut.of(self._book.get(request.path["name"]))

    def enter(self, request: RouteRequest) -> AssumptionOut:
        """Enter an assumption."""
        name, body = request.path["name"], request.body
        wanted = Wanted({"low": body.low, "likely": body.likely, "high": body.high}, body.word, body.source)
        return AssumptionOut.of(self._book.put(name, checked(self._book.get(name).about, wanted), request.actor))

    def back_to_default(self, request: RouteRequest) -> AssumptionOut:
        """Let the default hold again."""
        return AssumptionOut.of(self._book.put(request.path["name"], None, request.actor))

    def undo(self, request: RouteRequest) -> AssumptionOut:
        """Undo the last change."""
        held = self._book.get(request.path["name"])
        return AssumptionOut.of(self._book.undo(held.about.name, request.actor, held.number))
