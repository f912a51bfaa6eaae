"""More ways to ask: how far somebody agrees with a statement, and a thumb up or down."""

from __future__ import annotations

from feedbackhub import About, Hub, Question, hookimpl

from .types import AGREEMENT, THUMBS

__all__ = ["about", "feedbackhub_question_types"]

about = About(title="Scales", description="Question types: agreement with a statement in five steps, and thumbs.")


@hookimpl
def feedbackhub_question_types(hub: Hub) -> list[Question]:
    """Bring the types `agreement` and `thumbs`."""
    return [AGREEMENT, THUMBS]
