"""Problems solved at the first contact, as customers say and as repeated contacts show."""

from __future__ import annotations

from feedbackhub import About

__all__ = ["about"]

about = About(title="Solved", description="Problems solved at the first contact, as customers say and as repeated contacts show.")
