"""Ask by text message through Twilio or any gateway with an HTTP interface; customers may answer by replying."""

from __future__ import annotations

from feedbackhub import About, Channel, Hub, Page, hookimpl

from .channel import SmsChannel
from .pages import Measuring
from .settings import Settings

__all__ = ["Settings", "SmsChannel", "about", "feedbackhub_channels", "feedbackhub_pages"]

about = About(title="Text messages", description="Asks by SMS and takes answers as replies.")


@hookimpl
def feedbackhub_channels(hub: Hub) -> list[Channel]:
    """Bring the channel `sms`."""
    return [SmsChannel(hub.settings(Settings), hub.http, hub.public_url, hub.log)]


@hookimpl
def feedbackhub_pages(hub: Hub) -> list[Page]:
    """Bring the page that counts what a text costs."""
    return [Page("", "Text message length", "manager", Measuring(hub.settings(Settings)).measure, ("GET", "POST"))]
