"""Teams and agents with their uncertainty: no ranks, no differences that are chance."""

from __future__ import annotations

from feedbackhub import About

__all__ = ["about"]

about = About(title="Fairness", description="Teams and agents with their uncertainty: no ranks, no differences that are chance.")
