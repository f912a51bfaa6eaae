"""A mail for each department with what changed, the worst causes and what customers said."""

from __future__ import annotations

from feedbackhub import About

__all__ = ["about"]

about = About(title="Digest", description="A mail for each department with what changed, the worst causes and what customers said.")
