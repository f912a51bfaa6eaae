"""What a check found, and the loaded plugin that it looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..instance import Instance
from .other_side import OtherSide

__all__ = ["CANARIES", "CANARY", "COMMENT", "Case", "Finding", "bad", "good", "skipped"]

#: A customer whose words are easily found wherever they end up.
CANARY: Mapping[str, Any] = {
    "email": "kanarie.vogel@example.com",
    "phone": "+15005550006",
    "name": "Kanarie Vogelsang",
    "language": "en",
    "ids": {"tests": "kanarie-4711"},
}
COMMENT = "Kanariengesang"
CANARIES = ("kanarie", "15005550006", "vogelsang", "kanariengesang")


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Args:
        check: What was looked at.
        result: ``ok``, ``failed``, or ``skipped`` where it does not apply.
        why: What is wrong and what the contract wants, or why it was skipped.
    """

    check: str
    result: Literal["ok", "failed", "skipped"]
    why: str = ""


@dataclass(frozen=True)
class Case:
    """A plugin in an instance of its own.

    Args:
        name: The plugin's name.
        here: The instance.
        other_side: What answers its calls.
    """

    name: str
    here: Instance
    other_side: OtherSide

    def objects(self, hook: str) -> tuple[Any, ...]:
        """Return what one of the plugin's hooks brought."""
        return self.here.core.plugins.brought[self.name].of(hook)


def good(check: str) -> Finding:
    """Return a check that went well."""
    return Finding(check, "ok")


def bad(check: str, why: str) -> Finding:
    """Return a check that failed, with what the contract wants."""
    return Finding(check, "failed", why)


def skipped(check: str, why: str) -> Finding:
    """Return a check that does not apply."""
    return Finding(check, "skipped", why)
