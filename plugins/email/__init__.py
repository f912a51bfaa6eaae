"""Ask by e-mail through any SMTP server; bounces, complaints and replies are read by IMAP when that is configured."""

from __future__ import annotations

from feedbackhub import About, Channel, Hub, hookimpl

from .channel import EmailChannel
from .settings import Settings

__all__ = ["EmailChannel", "Settings", "about", "feedbackhub_channels"]

about = About(title="E-mail", description="Asks by e-mail; reads bounces, complaints and replies.")


@hookimpl
def feedbackhub_channels(hub: Hub) -> list[Channel]:
    """Bring the channel `email`."""
    return [EmailChannel(hub.settings(Settings), hub.clock, hub.log)]
