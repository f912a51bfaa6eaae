"""Walking a declaration of settings: which options there are, of which type, with which default."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

__all__ = ["Option", "nearest", "options_of"]

ANY_NAME = "<name>"


@dataclass(frozen=True)
class Option:
    """One option as declared: its dotted name (with `<name>` where the operator chooses one) and its field."""

    name: str
    field: FieldInfo

    @property
    def default(self) -> Any:
        """The default value, or None for an option that must be given."""
        value = self.field.get_default(call_default_factory=False)
        return None if value is PydanticUndefined else value


def options_of(model: type[BaseModel], prefix: str = "") -> Iterator[Option]:
    """Yield every option below a model in the order of declaration; tables themselves are not options."""
    for name, field in model.model_fields.items():
        dotted = f"{prefix}{name}"
        inner, repeated = section_in(field.annotation)
        if inner is None:
            yield Option(dotted, field)
        else:
            yield from options_of(inner, f"{dotted}.{ANY_NAME}." if repeated else f"{dotted}.")


def section_in(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    """Return the model that a type holds, and whether it holds several (a list or a mapping of them)."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return section_in(arguments[0])
    found = next((inner for inner in (section_in(each)[0] for each in arguments) if inner), None)
    return found, found is not None and origin not in (Union, UnionType)


def nearest(unknown: str, known: list[str]) -> str | None:
    """Return the known option that was probably meant: alike as a whole, or of the same last name elsewhere."""
    last = unknown.rpartition(".")[2]
    elsewhere = [name for name in known if name.rpartition(".")[2] == last]
    alike = difflib.get_close_matches(unknown, known, n=1, cutoff=0.6)
    if elsewhere and not (alike and unknown.rpartition(".")[0] == alike[0].rpartition(".")[0]):
        return elsewhere[0]
    by_last = {name.rpartition(".")[2]: name for name in reversed(known)}
    close = difflib.get_close_matches(last, by_last, n=1, cutoff=0.7)
    return alike[0] if alike else by_last[close[0]] if close else None
