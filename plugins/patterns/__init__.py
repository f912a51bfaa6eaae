"""Whom and what never to ask about: patterns over addresses, tags, topics, attributes and every other field."""

from __future__ import annotations

from feedbackhub import About, Hub, Rule, hookimpl

from .rule import DoNotAsk
from .settings import Settings

__all__ = ["DoNotAsk", "Settings", "about", "feedbackhub_rules"]

about = About(title="Do-not-ask patterns", description="Nobody is asked about contacts that match a pattern.")


@hookimpl
def feedbackhub_rules(hub: Hub) -> list[Rule]:
    """Bring the rule `do_not_ask`."""
    return [DoNotAsk(hub.settings(Settings))]
