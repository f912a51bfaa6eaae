"""What all tables of the settings share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from .fields import check_name, flat
from .paths import compiled

__all__ = ["FieldName", "FieldTexts", "Maps", "Path", "Paths", "Section", "Texts", "by_field", "named"]


class Section(BaseModel):
    """A table that refuses unknown options, never changes, and keeps its values out of errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def text(value: Any) -> Any:
    """Take true, false and whole numbers for their texts; the file may write them plainly."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else value


def texts(value: Any) -> Any:
    """Take one value for a list of one."""
    return [text(each) for each in (value if isinstance(value, (list, tuple)) else [value])]


def named(value: Any) -> Any:
    """Bring nested tables of fields into one, each field named with dots."""
    return dict(flat(value)) if isinstance(value, Mapping) else value


def by_field(value: Any) -> Any:
    """Bring nested tables of value maps into one for each field."""
    if not isinstance(value, Mapping):
        return value
    found: dict[str, dict[str, Any]] = {}
    for field, given, meant in _leaves(value, ""):
        found.setdefault(field, {})[given] = text(meant)
    return found


def _leaves(tables: Mapping[str, Any], before: str) -> Iterator[tuple[str, str, Any]]:
    for name, inner in tables.items():
        if isinstance(inner, Mapping):
            yield from _leaves(inner, f"{before}.{name}" if before else name)
        else:
            yield before, name, inner


def _path(value: str) -> str:
    compiled(value)
    return value


def _given(value: Any) -> Any:
    return [each for each in texts(value) if each != ""]


Texts = Annotated[tuple[str, ...], BeforeValidator(texts)]
Path = Annotated[str, AfterValidator(_path)]
FieldName = Annotated[str, AfterValidator(check_name)]
FieldTexts = Annotated[dict[FieldName, Annotated[str, BeforeValidator(text)]], BeforeValidator(named)]
Paths = Annotated[dict[FieldName, Annotated[tuple[Path, ...], BeforeValidator(_given)]], BeforeValidator(named)]
Maps = Annotated[dict[FieldName, dict[str, str]], BeforeValidator(by_field)]
