"""Reading a body: JSON or form fields, whatever the sender says it is."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from feedbackhub import Incoming, Problem, Refused

from .salvage import salvaged

__all__ = ["media_type", "read_body"]

FORM = "application/x-www-form-urlencoded"
BRACKETS = re.compile(r"\[([^\[\]]{0,100})\]")
MOST_FIELDS = 2000
DEEPEST = 20


def media_type(incoming: Incoming) -> str:
    """Return what the sender says the body is, without parameters."""
    return incoming.headers.get("content-type", "").partition(";")[0].strip().lower()


def read_body(incoming: Incoming, template: str = "") -> Any:
    """Return what a body holds.

    Args:
        incoming: The request.
        template: The text pasted into the other system; by it a body is read whose quotes break the JSON.

    Raises:
        Refused: It cannot be read; the reason says where and what to do.
    """
    text = _decoded(incoming).strip()
    if not text:
        raise Refused(Problem("", "the body is empty"))
    said = media_type(incoming)
    if text[0] in "{[":
        return _json(text, template)
    if said == FORM or (not said and "=" in text):
        return _form(text)
    if said.startswith("multipart/"):
        raise Refused(Problem("", "the body is multipart; let the other system send JSON or plain form fields"))
    raise Refused(Problem("", "the body is neither JSON nor form fields; it must begin with { or [, or be sent as "
                              f"{FORM}"))


def _decoded(incoming: Incoming) -> str:
    found = re.search(r"charset=\"?([\w.-]+)", incoming.headers.get("content-type", ""), re.IGNORECASE)
    try:
        name = codecs.lookup(found[1]).name if found else "utf-8"
    except LookupError:
        name = "utf-8"
    try:
        return incoming.body.decode("utf-8-sig" if name == "utf-8" else name)
    except (UnicodeError, LookupError, ValueError):
        raise Refused(Problem("", f"the body is not written in {name}, as its header says")) from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _loads(text: str) -> Any:
    # Line ends within texts are no harm, and templates write them.
    return json.loads(text, strict=False, parse_constant=_no_number)


def _json(text: str, template: str) -> Any:
    try:
        return _loads(text)
    except json.JSONDecodeError as error:
        rescued = salvaged(text, template) if template else None
        if rescued is not None:
            return rescued
        raise Refused(Problem("", _trouble(text, error))) from None
    except (ValueError, RecursionError):
        raise Refused(Problem("", "the JSON cannot be read: a number or the nesting is beyond all measure")) from None


def _trouble(text: str, error: json.JSONDecodeError) -> str:
    """Say where the JSON breaks and what to do; the body itself may hold what people wrote and is not repeated."""
    keys = re.findall(r'"([A-Za-z_][\w.-]{0,60})"\s*:', text[: error.pos])
    after = f", after the key \"{keys[-1]}\"" if keys else ""
    return (
        f"the JSON breaks at line {error.lineno}, column {error.colno}{after} ({error.msg}). A quotation mark in what "
        "people write ends a text: leave such fields out of the template there, send form fields, or set the option "
        "`template` so that this can be read all the same"
    )


def _form(text: str) -> dict[str, Any]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise Refused(Problem("", f"the form has more than {MOST_FIELDS} fields, or is not UTF-8")) from None
    document: dict[str, Any] = {}
    for name, value in pairs:
        _put(document, list(_steps(name)), _within(value))
    return document


def _steps(name: str) -> Iterator[str]:
    """Yield the steps of `ticket[requester][id]`; a name that is not written so is one step."""
    head, bracket, rest = name.partition("[")
    if head and bracket and not BRACKETS.sub("", f"[{rest}"):
        yield head
        yield from BRACKETS.findall(f"[{rest}")
    else:
        yield name


def _put(document: dict[str, Any], steps: list[str], value: Any) -> None:
    """Put a value where the steps lead; a last step without a name means a list."""
    several = len(steps) > 1 and steps[-1] == ""
    *tables, last = steps[:-1] if several else steps
    here = document
    for step in tables[:DEEPEST]:
        here = here.setdefault(step, {})
        if not isinstance(here, dict):
            return
    if several or last in here:
        known = here.get(last, [])
        here[last] = [*(known if isinstance(known, list) else [known]), value]
    else:
        here[last] = value


def _within(value: str) -> Any:
    """Read JSON inside a form field, as in `payload={"ticket": …}`; anything else stays a text."""
    if value.lstrip()[:1] not in ("{", "["):
        return value
    try:
        return _loads(value)
    except (ValueError, RecursionError):
        return value
