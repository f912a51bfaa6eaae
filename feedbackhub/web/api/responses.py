"""Responses: answers given in a company's own interface, the list of all answers, and asking again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from ...contract.errors import NotFound, Problem, Refused
from ...contract.intake import Strict
from ...contract.scalars import Language, PublicId
from ...loop.collect import Submitted, submit
from ...loop.listing import get_response, list_responses
from ...loop.reask import SURVEY, reask
from ..current import core
from .chapter import Chapter
from .shapes import Integral, Page, Shape, one_of
from .strict import shown

__all__ = ["chapter"]

chapter = Chapter("responses", "What customers answered.")
LONGEST_DELAY = 90 * 24 * 60
Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{24}$", min_length=24, max_length=24)]


class Submission(Strict):
    """Answers to an invitation, named by its id or by the last part of its link."""

    model_config = ConfigDict(json_schema_extra=one_of("invitation", "token"))

    invitation: PublicId | None = None
    token: Token | None = None
    answers: dict[str, Any] = Field(min_length=1, max_length=500, description="Answers by question.")
    language: Language | Literal[""] = Field("", description="Language in which was answered.")

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.invitation is None) == (self.token is None):
            raise ValueError("name either invitation or token")
        return self


class AnswerProblem(Shape):
    """An answer that was not kept."""

    question: str
    code: str
    message: str


class Taken(Shape):
    """What became of a submission."""

    response: str
    revision: int = Field(description="Which submission on this invitation it was.")
    stored: bool = Field(description="Whether it now is the answer.")
    complete: bool = Field(description="Whether nothing required is missing or wrong.")
    problems: tuple[AnswerProblem, ...]
    missing: tuple[str, ...] = Field(description="Required questions without an answer.")


class Response(Shape):
    """One answer with what it is about."""

    id: str
    revision: int
    survey: str
    version: int
    answers: Mapping[str, Any]
    question: str = Field(description="The question whose answer stands for the whole.")
    value: int | None = Field(description="The answer to it.")
    maximum: int | None = Field(description="The best point of its scale.")
    score: int | None = Field(description="The same from 0 (worst) to 100 (best).")
    low: bool
    solved: bool | None
    wants_call: bool
    call_settled_at: datetime | None
    comment: str
    complete: bool
    confidence: str = Field(description="human or suspect.")
    signs: tuple[str, ...] = Field(description="What makes it suspect.")
    verdict: str = Field(description="accepted or discarded by a person; empty: not judged.")
    counts: bool = Field(description="Whether it counts in the numbers.")
    via: str
    language: str
    created_at: datetime
    changed_at: datetime
    settled_at: datetime | None
    invitation: str
    reask: bool = Field(description="Whether it answers a second ask.")
    contact: str | None
    source: str | None
    external_id: str | None
    contact_at: datetime
    customer: str | None
    agent: str | None
    channel: str
    team: str
    topic: str
    product: str
    brand: str
    segment: str
    country: str
    test: bool
    imported: bool
    open_link: str | None = Field(description="The open link it came by; null for an answer to an ask.")
    claimed: str = Field(description="The ticket that it claims to be about; nothing proves it.")


class ResponsePage(Shape):
    """A part of the list of answers."""

    items: tuple[Response, ...]
    next: str
    more: bool


class ReaskOrder(Strict):
    """How to ask again."""

    survey: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")] = SURVEY
    delay_minutes: Annotated[int, Field(ge=0, le=LONGEST_DELAY), Integral] = 0


class Reasked(Shape):
    """The invitation that asks again."""

    id: str
    survey: str
    link: str
    due_at: datetime
    expires_at: datetime


@chapter.operation(
    "POST", "/responses", "responses:write", {201: Taken, 200: Taken}, body=Submission, refuses=(404, 409)
)
def collect(body: Submission) -> tuple[Taken, int]:
    """Store what a customer answered in a company's own interface."""
    invitation = body.invitation or core().links.read(body.token or "")
    if invitation is None:
        raise NotFound("no such invitation")
    done = submit(core(), invitation, body.answers, via="api", language=body.language)
    if not done.response:
        raise Refused(*refusals(done))
    problems = tuple(
        AnswerProblem(question=each.question_id, code=each.code, message=each.message) for each in done.problems
    )
    taken = Taken(
        response=done.response, revision=done.revision, stored=done.stored, complete=done.complete,
        problems=problems, missing=done.missing,
    )  # fmt: skip
    return taken, 201 if done.revision == 1 else 200


def refusals(done: Submitted) -> list[Problem]:
    """Return why there was nothing to store."""
    wrong = [Problem(f"answers.{shown(each.question_id)}", each.message) for each in done.problems]
    missing = [Problem(f"answers.{each}", "is missing") for each in done.missing]
    return [*wrong, *missing] or [Problem("answers", "hold no answer")]


@chapter.operation("GET", "/responses", "responses:read", {200: ResponsePage}, query=Page, refuses=(404,))
def index(query: Page) -> ResponsePage:
    """List answers in the order they were first stored; read on with `next`."""
    part = list_responses(core(), query.after, query.limit)
    items = tuple(Response.model_validate(each) for each in part.items)
    return ResponsePage(items=items, next=part.next, more=part.more)


@chapter.operation("GET", "/responses/<public:id>", "responses:read", {200: Response})
def show(id: str) -> Response:
    """Return one answer as it stands now."""
    return Response.model_validate(get_response(core(), id))


@chapter.operation(
    "POST", "/responses/<public:id>/re-ask", "responses:write", {201: Reasked}, body=ReaskOrder,
    refuses=(409,),
)  # fmt: skip
def ask_again(id: str, body: ReaskOrder) -> Reasked:
    """Ask the customer again after an apology or a fix; the first answer stays."""
    return Reasked.model_validate(reask(core(), id, body.survey, timedelta(minutes=body.delay_minutes)))
