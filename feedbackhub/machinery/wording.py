"""What pydantic says of a wrong input, in words for whoever wrote the JSON."""

from __future__ import annotations

import re

__all__ = ["said"]

SAID = {"Extra inputs are not permitted": "is not a known field", "Field required": "is missing"}
OBJECT = re.compile(r"Input should be a valid dictionary(?: or .*)?")


def said(message: str) -> str:
    """Return a reason as a person says it."""
    if OBJECT.fullmatch(message):
        return "must be an object"
    return SAID.get(message, message).removeprefix("Value error, ").replace("Input should", "should")
