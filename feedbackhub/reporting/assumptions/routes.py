"""The operations of the API: assumptions as programs read and set them; shares lie between 0 and 1."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from ...contract.screens import Route, RouteRequest
from .book import Assumptions, Held
from .catalogue import ENDS
from .entering import LONGEST_SOURCE, LONGEST_WORD, MOST, Wanted, checked
from .pages import LIST

__all__ = ["End", "EntryIn", "HeldList", "HeldOut", "Source", "Word", "assumption_routes"]

End = Annotated[float, Field(ge=0, le=int(MOST), strict=True)]
#: What stands in `json_schema_extra` is checked with the assumption itself, which says in its own words what is wrong.
Word = Annotated[str, Field(max_length=LONGEST_WORD, json_schema_extra={"pattern": r"^[^\x00-\x1f\x7f-\x9f]*$"})]
Source = Annotated[str, Field(max_length=LONGEST_SOURCE, json_schema_extra={"pattern": r"^[^\x00]*[^\x00\s][^\x00]*$"})]
SUMMARIES = (
    "List the assumptions.", "Show an assumption.", "Enter an assumption.", "Let the default hold again.",
    "Undo the last change.",
)  # fmt: skip


class EntryIn(BaseModel):
    """What is to hold."""

    model_config = ConfigDict(extra="forbid")

    low: End | None = Field(None, description="The lowest; the likely one when left out.")
    likely: End | None = Field(None, description="The likeliest.")
    high: End | None = Field(None, description="The highest; the likely one when left out.")
    word: Word = Field("", description="For a currency its code of three letters; for a word the word.")
    source: Source = Field(description="Where it comes from.")


class HeldOut(BaseModel):
    """What holds for an assumption."""

    name: str
    label: str
    kind: str = Field(description="`share` (0 to 1), `number`, `money`, `span` (no likely value), `code` or `word`.")
    low: float | None
    likely: float | None
    high: float | None
    word: str
    source: str
    entered: bool = Field(description="Whether somebody entered it; otherwise it is the default.")
    changed_at: datetime | None
    changed_by: str

    @classmethod
    def of(cls, held: Held) -> Self:
        """Return an assumption as the API shows it; a model of a plugin's own may show whatever it has, too."""
        about, range_ = held.about, held.range
        ends = {end: getattr(range_, end) if range_ and end in about.ends else None for end in ENDS}
        return cls.model_validate({
            "name": about.name, "label": about.label, "kind": about.kind, **ends, "word": held.word,
            "source": held.source, "entered": held.entry is not None, "measured": about.measured,
            "changed_at": held.changed_at, "changed_by": held.changed_by,
        })  # fmt: skip


class HeldList(BaseModel):
    """All assumptions."""

    assumptions: Sequence[HeldOut]


def assumption_routes(
    book: Assumptions,
    takes: type[EntryIn] = EntryIn,
    shows: type[HeldOut] = HeldOut,
    lists: type[HeldList] = HeldList,
    summaries: Sequence[str] = SUMMARIES,
) -> list[Route]:
    """Return the operations that list, show, enter, reset and undo.

    Args:
        book: The assumptions.
        takes: What a program enters; one of the plugin's own has words and examples of its own.
        shows: What it is shown.
        lists: The list of what it is shown.
        summaries: What each operation does, in that order.
    """
    here = Operations(book, shows, lists)
    one = f"{LIST}/<name>"
    listing, showing, entering, resetting, undoing = summaries
    return [
        Route("GET", LIST, listing, "read", here.every, lists),
        Route("GET", one, showing, "read", here.one, shows),
        Route("PUT", one, entering, "write", here.enter, shows, takes),
        Route("DELETE", one, resetting, "write", here.back_to_default, shows),
        Route("POST", f"{one}/undo", undoing, "write", here.undo, shows),
    ]


class Operations:
    """What each operation does.

    Args:
        book: The assumptions.
        shows: What holds for one, as the API shows it.
        lists: The same for all.
    """

    def __init__(self, book: Assumptions, shows: type[HeldOut], lists: type[HeldList]) -> None:
        self._book, self._shows, self._lists = book, shows, lists

    def every(self, request: RouteRequest) -> HeldList:
        """List the assumptions."""
        return self._lists(assumptions=[self._shows.of(each) for each in self._book.all().values()])

    def one(self, request: RouteRequest) -> HeldOut:
        """Show an assumption."""
        return self._shows.of(self._book.get(request.path["name"]))

    def enter(self, request: RouteRequest) -> HeldOut:
        """Enter an assumption."""
        name, body = request.path["name"], request.body
        wanted = Wanted({"low": body.low, "likely": body.likely, "high": body.high}, body.word, body.source)
        return self._shows.of(self._book.put(name, checked(self._book.get(name).about, wanted), request.actor))

    def back_to_default(self, request: RouteRequest) -> HeldOut:
        """Let the default hold again."""
        return self._shows.of(self._book.put(request.path["name"], None, request.actor))

    def undo(self, request: RouteRequest) -> HeldOut:
        """Undo the last change."""
        held = self._book.get(request.path["name"])
        return self._shows.of(self._book.undo(held.about.name, request.actor, held.number))
