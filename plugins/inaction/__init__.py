"""What unsolved problems may cost, as a model whose every assumption can be changed."""

from __future__ import annotations

from feedbackhub import About

__all__ = ["about"]

about = About(title="Cost of inaction", description="What unsolved problems may cost, as a model whose every assumption can be changed.")
