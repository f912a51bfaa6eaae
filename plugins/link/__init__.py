"""Hand the personal link back to the caller: at the end of a chat, on a receipt, at the counter."""

from __future__ import annotations

from feedbackhub import About, Channel, Hub, Message, Receipt, hookimpl

about = About(title="Link", description="Hands the personal link back to whoever reported the contact.")


class LinkChannel(Channel):
    """Needs no address, sends nothing: whoever recorded the contact shows the link."""

    name = "link"
    reaches = ()

    def deliver(self, message: Message) -> Receipt:
        """Count the message as handed over; the caller has had its link since the contact was recorded."""
        return Receipt(detail="handed to the caller")


@hookimpl
def feedbackhub_channels(hub: Hub) -> list[Channel]:
    """Bring the channel `link`."""
    return [LinkChannel()]
