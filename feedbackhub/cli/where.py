"""Which instance a command is about."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Where"]


@dataclass(frozen=True)
class Where:
    """What was said before the command's name.

    Args:
        config: The settings file, None for the usual places.
        debug: Whether an error shows where it arose.
    """

    config: Path | None = None
    debug: bool = False
