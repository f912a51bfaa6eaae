"""The page about hooks and objects, from their signatures, fields and docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

import feedbackhub
from docs.writing import code, table
from feedbackhub.contract import hookspecs

__all__ = ["hooks_page"]

INTRO = """Hooks only register objects; the work is in classes. Everything below is imported `from feedbackhub`, and
[Plugins](plugins.md) shows a whole one.

"""
LABELS = re.compile(r"(When|Arguments|Returns|On failure|Example): ")
ARGUMENTS = re.compile(r"^Args:\n((?:    .*\n?)+)", re.MULTILINE)
ARGUMENT = re.compile(r"^    (\w+): (.*(?:\n {5,}.*)*)", re.MULTILINE)
SKIPPED = {"model_config", "args", "kwargs"}

Row = tuple[str, str, str, str]


class _Bare(str):
    """An annotation that is shown without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def hooks_page() -> str:
    """Return every hook with its signature, and every object of the contract with its fields and methods."""
    parts = ["# Hook and object reference\n\n", INTRO, "## Hooks\n"]
    for name, hook in vars(hookspecs).items():
        if name.startswith("feedbackhub_"):
            parts.append(
                f"\n### `{name}`\n\n```python\ndef {name}{_signature(hook)}\n```\n\n{_labelled(_text(hook))}\n"
            )
    parts.append("\n## Objects\n")
    for name in feedbackhub.__all__:
        thing = getattr(feedbackhub, name)
        if inspect.isclass(thing):
            parts.append(f"\n### `{name}`\n\n{_described(thing)}")
    return "".join([*parts, "\n## Other names\n", *map(_other, _others())])


#: What is no class; a value has no docstring of its own.
MEANINGS = {
    "CONTRACT_VERSION": "The version of this contract, for `About(contract=…)`.",
    "DIMENSIONS": "What is frozen on every contact and invitation, and can be counted by.",
    "DIMENSION_PAIRS": "The pairs of dimensions that are counted together.",
    "Parsed": "What `Source.parse` returns a list of.",
    "RecordSet": "The kinds of records that can be read by columns and exported.",
    "Wish": "What `wish_of` returns.",
    "__version__": "The version of feedbackhub.",
    "hookimpl": "Marks a function of a plugin's module as the implementation of the hook of that name.",
}


def _others() -> Iterator[str]:
    yield from (name for name in feedbackhub.__all__ if not inspect.isclass(getattr(feedbackhub, name)))


def _other(name: str) -> str:
    thing = getattr(feedbackhub, name)
    if inspect.isfunction(thing):
        return f"\n### `{name}`\n\n```python\ndef {name}{_signature(thing)}\n```\n\n{_first(thing)}\n"
    said = MEANINGS[name]
    return f"\n### `{name}`\n\n{said}\n" + (f"\n{shown}\n" if (shown := _value(name, thing)) else "")


def _value(name: str, thing: Any) -> str:
    """Return the values of a constant or of a literal type, as code."""
    if name == "__version__" or isinstance(thing, int):
        return ""
    values = thing if isinstance(thing, tuple) else get_args(thing)
    return ", ".join(code(each.__name__ if inspect.isclass(each) else each or '""') for each in values)


def _signature(function: Any) -> str:
    found = inspect.signature(function)
    bare = [each.replace(annotation=_bare(each.annotation)) for each in found.parameters.values()]
    return str(found.replace(parameters=bare, return_annotation=_bare(found.return_annotation)))


def _bare(annotation: Any) -> Any:
    return _Bare(annotation) if isinstance(annotation, str) else annotation


def _text(thing: object) -> str:
    return inspect.cleandoc(thing.__doc__ or "").strip()


def _labelled(text: str) -> str:
    """Write *when · arguments · returns · on failure · example* as a list."""
    first, _, rest = text.partition("\n\n")
    pieces = LABELS.split(" ".join(rest.split()))
    said = zip(pieces[1::2], pieces[2::2], strict=True)
    return "\n".join([first, "", *(f"- *{label}:* {words.strip()}" for label, words in said)])


def _described(thing: type) -> str:
    text = _text(thing)
    meanings = {name: " ".join(words.split()) for block in ARGUMENTS.findall(text) for name, words in
                ARGUMENT.findall(block)}  # fmt: skip
    parts = [ARGUMENTS.sub("", text).strip() + "\n"]
    rows = [(code(name), code(kind), code(default), words) for name, kind, default, words in _rows(thing, meanings)]
    if rows:
        parts.append("\n" + table(("field", "type", "default", "meaning"), rows))
    parts += [f"\n- `{name}{_signature(member)}`: {_first(member)}" for name, member in _methods(thing)]
    return "".join(parts).rstrip() + "\n"


def _rows(thing: type, meanings: dict[str, str]) -> Iterator[Row]:
    if issubclass(thing, BaseModel):
        yield from _of_model(thing)
    elif is_dataclass(thing):
        yield from ((each.name, str(each.type), _default(each), meanings.get(each.name, "")) for each in fields(thing))
    elif issubclass(thing, Exception):
        yield from _of_error(thing, meanings)
    else:
        yield from _of_class(thing, meanings)


def _of_model(model: type[BaseModel]) -> Iterator[Row]:
    known = {
        name: kind for each in reversed(model.__mro__) for name, kind in vars(each).get("__annotations__", {}).items()
    }
    for name, field in model.model_fields.items():
        plain = str(known.get(name, "")).partition(" = ")[0]
        default = "" if field.default is PydanticUndefined else repr(field.default)
        yield name, _without_rules(plain), default, field.description or ""


def _without_rules(annotation: str) -> str:
    """Return ``tuple[Key, ...]`` of ``Annotated[tuple[Key, ...], rules]``."""
    found = re.fullmatch(r"Annotated\[((?:[^\[\],]|\[[^\]]*\])+),.*\]", annotation)
    return found[1] if found else annotation


def _of_error(error: type, meanings: dict[str, str]) -> Iterator[Row]:
    for each in inspect.signature(vars(error).get("__init__", _nothing)).parameters.values():
        if each.name not in SKIPPED and meanings.get(each.name):
            default = "" if each.default is inspect.Parameter.empty else repr(each.default)
            yield each.name, str(each.annotation), default, meanings[each.name]


def _nothing() -> None:
    """An error that takes nothing of its own."""


def _of_class(thing: type, meanings: dict[str, str]) -> Iterator[Row]:
    for name, kind in vars(thing).get("__annotations__", {}).items():
        default = repr(vars(thing)[name]) if name in vars(thing) else ""
        yield name, re.sub(r"^ClassVar\[(.+)\]$", r"\1", str(kind)), default, meanings.get(name, "")
    for name, member in vars(thing).items():
        if isinstance(member, property) and member.fget is not None:
            returned = inspect.signature(member.fget).return_annotation
            yield name, str(returned), "", _first(member)


def _default(field: Field[Any]) -> str:
    if field.default is not MISSING:
        return repr(field.default)
    return "" if field.default_factory is MISSING else f"{getattr(field.default_factory, '__name__', '')}()"


def _methods(thing: type) -> Iterator[tuple[str, Any]]:
    for name, member in vars(thing).items():
        if not name.startswith("_") and inspect.isfunction(member) and member.__doc__:
            yield name, member


def _first(thing: object) -> str:
    return " ".join(_text(thing).split("\n\n")[0].split())
