"""For authors of plugins: a whole instance in a test, and what a plugin needs around it.

The package brings fixtures to pytest by itself::

    def test_the_channel_posts_the_message(feedbackhub_instance, feedbackhub_peer):
        feedbackhub_peer.answers("POST", "/messages", {"id": "m-1"})
        here = feedbackhub_instance(our_chat, url=feedbackhub_peer.url, token="s3cret")
        asked = here.ask(channel="chat", addresses={"chat": "u123"})
        assert asked.delivery.receipt == "m-1"
"""

from .channels import Outbox
from .instance import Asked, Instance
from .makers import make_contact_event, make_incoming, make_message
from .peer import Peer, Seen

__all__ = [
    "Asked",
    "Instance",
    "Outbox",
    "Peer",
    "Seen",
    "make_contact_event",
    "make_incoming",
    "make_message",
]
