"""A bad answer opens a case, is made good, and the customer is asked again."""

from __future__ import annotations

from feedbackhub import About

__all__ = ["about"]

about = About(
    title="Recoveries",
    description="A bad answer opens a case, is made good, and the customer is asked again.",
)
