"""The operations of the API: assumptions as programs read and set them; shares lie between 0 and 1."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from feedbackhub import Route
from feedbackhub.reporting.assumptions import Assumptions, End, EntryIn, HeldList, HeldOut, Source, assumption_routes

__all__ = ["AssumptionIn", "AssumptionList", "AssumptionOut", "routes_of"]

#: What stands in `json_schema_extra` is checked with the assumption itself, which says in its own words what is wrong.
Code = Annotated[str, Field(json_schema_extra={"pattern": "^([A-Za-z]{3})?$"})]


class AssumptionIn(EntryIn):
    """What is to hold."""

    likely: End | None = Field(None, description="The likeliest; shares from 0 to 1.", examples=[0.25])
    word: Code = Field("", description="For `currency`: its code of three letters.")
    source: Source = Field(description="Where it comes from.", examples=["Own count of 2025"])


class AssumptionOut(HeldOut):
    """What holds for an input of the model."""

    kind: str = Field(description="`share` (0 to 1), `number`, `money` or `word`.")
    measured: bool = Field(description="Whether own answers and contacts take its place while nothing is entered.")

    @field_validator("kind", mode="before")
    @classmethod
    def in_known_words(cls, kind: str) -> str:
        """Return the kind as programs know it: here a currency is the only word."""
        return "word" if kind == "code" else kind


class AssumptionList(HeldList):
    """All inputs."""

    assumptions: list[AssumptionOut]


def routes_of(book: Assumptions) -> list[Route]:
    """Return the operations."""
    summaries = (
        "List the assumptions of the model.", "Show an assumption.", "Enter an assumption.",
        "Let the default hold again.", "Undo the last change.",
    )  # fmt: skip
    return assumption_routes(book, AssumptionIn, AssumptionOut, AssumptionList, summaries)
