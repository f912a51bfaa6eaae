"""Words of plugins and of the servers behind them, made fit to be stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_LONGEST = 2000


def plain(said: object, longest: int = _LONGEST) -> str:
    """Return what somebody said as a text that every database takes, cut."""
    return str(said).replace("\0", "")[:longest].encode("utf-8", "replace").decode("utf-8")


def plain_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts as JSON has them; what JSON does not know becomes a text."""
    try:
        found = json.loads(json.dumps(dict(facts), default=str, allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        found = {"facts": plain(facts)}
    return found if isinstance(found, dict) else {}
