"""Strict types for what comes from outside: one line of text, names, whole numbers, flags."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

__all__ = ["INTEGRAL", "Currency", "Filled", "Flag", "Line", "Name", "Number", "Public", "Slug"]

#: Control characters and overrides of the direction of writing.
_ODD = r"\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"


def _integral(value: object) -> object:
    """Take 5.0 for 5, as JSON does, which knows one kind of number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


#: Stands behind the bounds of a whole number, or no schema would show them.
INTEGRAL = BeforeValidator(_integral)
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Flag = Annotated[bool, Field(strict=True)]
#: One line that may be empty. A pattern also refuses halves of character pairs.
Line = Annotated[str, Field(pattern=f"^[^{_ODD}]*$")]
#: One line that holds something.
Filled = Annotated[str, Field(pattern=f"^[^{_ODD}]*[^{_ODD} ][^{_ODD}]*$")]
Name = Annotated[Filled, Field(max_length=80)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$", max_length=64)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Public = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{12}$")]
