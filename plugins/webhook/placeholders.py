"""Filling `{placeholders}` of addresses, so that no value can change more than its own place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from .lookup_settings import PLACEHOLDER

__all__ = ["filled"]


def filled(template: str, address: str, fields: Mapping[str, Any]) -> str:
    """Return an address with its placeholders filled; "" when a value is missing.

    Values are escaped for a path or a query. One that consists of dots is left out: it would climb in the path.
    """
    texts: list[str] = []
    end = 0
    for place in PLACEHOLDER.finditer(template):
        value = address if place[1] == "address" else _escaped(fields.get(place[1], ""))
        if not value:
            return ""
        texts += [template[end : place.start()], value]
        end = place.end()
    return "".join([*texts, template[end:]])


def _escaped(value: Any) -> str:
    text = str(value)
    return "" if text.strip(".") == "" else quote(text, safe="", errors="replace")
