"""Any system's webhook becomes ended contacts, by configuration alone.

Each table `[plugins.webhook.sources.<name>]` is one source at `/in/<name>`: where our fields lie in the body, what
their values mean, when a contact has ended or goes on, how requests show that they are genuine, and what to look up
that the body lacks. A preset fills most of that in for a known helpdesk.
"""

from __future__ import annotations

from feedbackhub import About, Hub, Source, hookimpl

from .presets import preset_names
from .settings import Settings, SourceSettings
from .source import WebhookSource

__all__ = ["Settings", "WebhookSource", "about", "feedbackhub_sources"]

about = About(title="Webhooks in", description="Helpdesks and other systems tell of ended contacts, by settings alone.")


@hookimpl
def feedbackhub_sources(hub: Hub) -> list[Source]:
    """Bring the configured sources, and every preset as one that can only be tried."""
    settings = hub.settings(Settings)
    for name, chosen in settings.sources.items():
        if chosen.verify.scheme == "none":
            hub.log.warning("anybody who knows its address may send to the source %s: verify is none", name)
    sources: list[Source] = [WebhookSource(name, chosen, hub) for name, chosen in settings.sources.items()]
    presets = {f"preset-{name}": {"preset": name, "system": name} for name in preset_names()}
    return sources + [
        WebhookSource(name, SourceSettings.model_validate(chosen), hub, trial=True)
        for name, chosen in presets.items()
        if name not in settings.sources
    ]
