"""Ask by text message through Twilio or any gateway with an HTTP interface; customers may answer by replying."""

from __future__ import annotations

from feedbackhub import About, Channel, Hub, hookimpl

from .channel import SmsChannel
from .settings import Settings

__all__ = ["Settings", "SmsChannel", "about", "feedbackhub_channels"]

about = About(title="Text messages", description="Asks by SMS and takes answers as replies.")


@hookimpl
def feedbackhub_channels(hub: Hub) -> list[Channel]:
    """Bring the channel `sms`."""
    return [SmsChannel(hub.settings(Settings), hub.http, hub.public_url, hub.log)]
