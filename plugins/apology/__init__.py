"""Whether an apology or money wins customers back, measured as in a trial."""

from __future__ import annotations

from feedbackhub import About

__all__ = ["about"]

about = About(
    title="Apology effect",
    description="Whether an apology or money wins customers back, measured as in a trial.",
    requires=("recovery",),
)
