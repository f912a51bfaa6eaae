"""Satisfaction, effort, courtesy, empathy and solution with intervals, trend and groups."""

from __future__ import annotations

from feedbackhub import About

__all__ = ["about"]

about = About(title="Satisfaction", description="Satisfaction, effort, courtesy, empathy and solution with intervals, trend and groups.")
