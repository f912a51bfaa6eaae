"""What several chapters answer with or take: the base of all models, moments, cursors."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from flask import Response, g, request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.config import JsonDict

from ...contract.errors import Problem, Refused
from ...contract.scalars import PublicId
from ...office.keys import Key

__all__ = [
    "IDEMPOTENCY",
    "Integral",
    "Page",
    "Query",
    "Shape",
    "actor",
    "idempotency_key",
    "nothing",
    "one_of",
]

WHOLE = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)
MOST = 200
USUAL = 50
VISIBLE = re.compile(r"[\x21-\x7e]{1,200}")


class Shape(BaseModel):
    """An answer; made from the loop's frozen views."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


def whole(value: Any) -> Any:
    """Read a whole number as it stands in a query."""
    if not isinstance(value, str) or not WHOLE.fullmatch(value) or int(value) > MOST:
        raise ValueError(f"should be a whole number from 1 to {MOST}")
    return int(value)


Limit = Annotated[
    int, BeforeValidator(whole), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL})
]


def integral(value: Any) -> Any:
    """Take 5.0 for 5, as JSON does, which knows one kind of number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Integral = BeforeValidator(integral)


class Query(BaseModel):
    """A query string; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Page(Query):
    """Where a list is read on, and how much of it."""

    after: PublicId | Literal[""] = Field("", description="`next` of the part read before; empty to begin.")
    limit: Limit = USUAL


def one_of(*names: str) -> JsonDict:
    """Say in a model's JSON schema that exactly one of these fields is given."""
    null: JsonDict = {"type": "null"}

    def only(name: str) -> JsonDict:
        others: JsonDict = {each: null for each in names if each != name}
        return {"required": [name], "properties": {name: {"not": null}, **others}}

    return {"oneOf": [only(name) for name in names]}


def actor() -> str:
    """Return who acts, for the audit log: the key by its name."""
    key: Key = g.api_key
    return f"key:{key.name}"


IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same body is answered once; with another body it is a conflict.",
    "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]{1,200}$", "maxLength": 200},
}


def idempotency_key() -> str:
    """Return the caller's Idempotency-Key, empty when there is none.

    Raises:
        Refused: It cannot be one.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return ""
    if not VISIBLE.fullmatch(key):
        raise Refused(Problem("Idempotency-Key", "should be 1 to 200 visible ASCII characters"))
    return key


def nothing() -> Response:
    """Return the answer to what was done when there is nothing to say about it."""
    answer = Response(status=204)
    answer.headers.remove("Content-Type")
    return answer
