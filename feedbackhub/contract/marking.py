"""Marking texts for translators."""

from __future__ import annotations

__all__ = ["N_"]


def N_(text: str) -> str:
    """Mark a text for translators where it is written down; it is translated where it is shown."""
    return text
