"""What the running request belongs to: the core of its instance."""

from __future__ import annotations

from flask import current_app

from ..loop.core import Core

__all__ = ["EXTENSION", "core"]

EXTENSION = "feedbackhub"


def core() -> Core:
    """Return the core of the application that serves the running request."""
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Core)
    return found
