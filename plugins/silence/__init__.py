"""Who did not answer, and what the numbers would be if everybody had."""

from __future__ import annotations

from feedbackhub import About

__all__ = ["about"]

about = About(title="Silence", description="Who did not answer, and what the numbers would be if everybody had.")
