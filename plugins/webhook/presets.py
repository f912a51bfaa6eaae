"""The helpdesks that are known: settings to begin with, and what an administrator does there."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .section import by_field, named

__all__ = ["Guide", "guide", "merged", "preset_names"]

FOLDER = Path(__file__).parent / "presets"


@dataclass(frozen=True)
class Guide:
    """What an administrator reads.

    Args:
        title: The helpdesk's name.
        steps: What to do there, by language.
    """

    title: str
    steps: Mapping[str, tuple[str, ...]]


@cache
def preset_names() -> tuple[str, ...]:
    """Return the names of all presets."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.toml")))


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def guide(name: str) -> Guide:
    """Return what an administrator reads about a preset."""
    said = _read(name)["guide"]
    return Guide(said["title"], {language: tuple(steps) for language, steps in said["steps"].items()})


def merged(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings laid over the preset they name.

    Raises:
        ValueError: There is no such preset.
    """
    name = given.get("preset", "")
    if not name:
        return _spelled(given)
    if name not in preset_names():
        raise ValueError(f"preset must be one of {', '.join(preset_names())}")
    return _over(_spelled(_read(name)["source"]), _spelled(given))


def _spelled(given: Mapping[str, Any]) -> dict[str, Any]:
    """Write settings in their one spelling, so that an option finds the one it changes."""
    spelled = dict(given)
    for option, spell in (("paths", named), ("defaults", named), ("values", by_field)):
        if option in spelled:
            spelled[option] = spell(spelled[option])
    if isinstance(spelled.get("verify"), str):
        spelled["verify"] = {"scheme": spelled["verify"]}
    return spelled


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(below)
    for name, value in above.items():
        under = both.get(name)
        both[name] = _over(under, value) if isinstance(under, Mapping) and isinstance(value, Mapping) else value
    return both
