"""Bringing values of other systems into the form that our fields have."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from email.utils import parseaddr
from fnmatch import fnmatchcase
from typing import Any

from feedbackhub import as_line

from .fields import IDENTIFIERS, MOMENTS, SLUGS, SWITCHES, WORDS
from .moments import read_moment
from .paths import is_nothing, text_of
from .settings import Dates

__all__ = ["fitted", "mapped", "tags_in"]

MOST_TAGS = 50
#: A placeholder that the other system did not fill: misspelt there.
UNFILLED = re.compile(r"\s*(\{\{.*\}\}|#\{.*\})\s*", re.DOTALL)
NAMED_ADDRESS = re.compile(r"([^<>]*)<([^<>]*)>\s*")
#: Direction overrides and controls that no line of ours may hold.
TRUE, FALSE = ("true", "yes", "1", "on"), ("false", "no", "0", "off")


def mapped(text: str, meanings: Mapping[str, str]) -> str:
    """Return what a value means: by its exact spelling, then by patterns in their order, else itself.

    The meaning `*` is the value itself.
    """
    spelled = text.casefold()
    exact = (meant for given, meant in meanings.items() if given.casefold() == spelled)
    fitting = (meant for given, meant in meanings.items() if fnmatchcase(spelled, given.casefold()))
    meant = next(exact, next(fitting, "*"))
    return text if meant == "*" else meant


def fitted(field: str, value: Any, dates: Dates) -> Any:
    """Return a value in the form of a field of ours; "" for nothing.

    Raises:
        ValueError: It does not fit; the text says how.
    """
    text = text_of(value)
    if UNFILLED.fullmatch(text):
        raise ValueError("holds a placeholder that the other system did not fill; is it spelt as there?")
    if field in MOMENTS:
        return read_moment(text, dates.formats, dates.timezone) if text else ""
    if field in SWITCHES:
        return _switch(text)
    if field in SLUGS:
        return re.sub(r"[^a-z0-9_.-]+", "-", text.lower()).strip("-._")[:64]
    if field in WORDS or "attributes." in field:
        return as_line(_name(text) if field.endswith(".name") else text)
    if field in IDENTIFIERS:
        return _bare_address(text) if field in ("customer.email", "agent.id") else text
    if field == "customer.language":
        return text.replace("_", "-")
    if field == "url" and text and "://" not in text:
        return f"https://{text}"
    return text


def tags_in(value: Any, separators: str) -> list[str]:
    """Return tags that come as texts, as objects with a name, or as one text."""
    if isinstance(value, str):
        value = re.split("[" + re.escape(separators) + "]", value) if separators else [value]
    if not isinstance(value, list):
        value = [value]
    texts = (as_line(text_of(_label(each))) for each in value if not is_nothing(each))
    return list(dict.fromkeys(text for text in texts if text))[:MOST_TAGS]


def _label(tag: Any) -> Any:
    if not isinstance(tag, dict):
        return tag
    names: Sequence[str] = ("name", "tag", "title", "label", "value", "id")
    return next((tag[name] for name in names if not is_nothing(tag.get(name))), None)


def _switch(text: str) -> bool:
    if text.lower() in TRUE:
        return True
    if text.lower() in FALSE:
        return False
    raise ValueError("is neither true nor false")


def _name(text: str) -> str:
    """Return the name in `Ann Lee <ann@example.com>`."""
    found = NAMED_ADDRESS.fullmatch(text)
    return found[1].strip(' "') or found[2] if found else text


def _bare_address(text: str) -> str:
    """Return the address in `Ann Lee <ann@example.com>`, whatever stands before it."""
    found = NAMED_ADDRESS.fullmatch(text)
    return (parseaddr(f"<{found[2]}>")[1] or found[2]).strip() if found else text
