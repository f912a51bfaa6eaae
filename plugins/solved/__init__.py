"""Problems solved at the first contact: as customers say, and as it shows when they come back."""

from __future__ import annotations

from feedbackhub import About, Analysis, Hub, hookimpl

from .analysis import Solved
from .repeats import RepeatContacts

__all__ = ["about", "feedbackhub_analyses"]

about = About(
    title="Solved",
    description="Problems solved at the first contact, as customers say and as repeated contacts show.",
)


@hookimpl
def feedbackhub_analyses(hub: Hub) -> list[Analysis]:
    """Bring the analyses."""
    return [Solved(hub), RepeatContacts(hub)]
