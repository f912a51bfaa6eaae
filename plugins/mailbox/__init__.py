"""Keep the messages that would have been sent, for trying things out: a Maildir with a page to read it."""

from __future__ import annotations

from feedbackhub import About, Channel, Hub, Page, Plugin, hookimpl

from .channel import MailboxChannel
from .drawer import Drawer
from .keeper import Keeper
from .pages import Reading

__all__ = ["about", "feedbackhub_channels", "feedbackhub_pages", "feedbackhub_plugin"]

about = About(title="Mailbox", description="Keeps the messages that would have been sent, with a page to read them.")


@hookimpl
def feedbackhub_channels(hub: Hub) -> list[Channel]:
    """Bring the channel `mailbox`."""
    return [MailboxChannel(Drawer(hub.folder), hub.clock)]


@hookimpl
def feedbackhub_pages(hub: Hub) -> list[Page]:
    """Bring the list of kept messages, and each message: not for agents, since a mail holds the customer's own link."""
    reading = Reading(Drawer(hub.folder))
    return [
        Page("", "Mailbox", "manager", reading.list),
        Page("mails/<key>", "", "manager", reading.mail),
        Page("mails/<key>/html", "", "manager", reading.html),
    ]


@hookimpl
def feedbackhub_plugin(hub: Hub) -> Plugin:
    """Bring who erases the messages to a person."""
    return Keeper(Drawer(hub.folder))
