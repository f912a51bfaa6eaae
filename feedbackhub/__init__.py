"""feedbackhub asks customers how a service contact went and shows the answer to the next agent.

Everything a plugin needs comes from here. A whole channel is one file::

    from feedbackhub import Channel, Hub, Message, Receipt, hookimpl

    class Pager(Channel):
        name = "pager"
        reaches = ("pager",)

        def __init__(self, hub: Hub) -> None:
            self.http = hub.http

        def deliver(self, message: Message) -> Receipt:
            self.http.post("https://pager.example/send", json={"to": message.to.value, "text": message.text})
            return Receipt()

    @hookimpl
    def feedbackhub_channels(hub: Hub) -> list[Channel]:
        return [Pager(hub)]
"""

from .contract.errors import (
    Conflict,
    DeliveryFailure,
    FeedbackhubError,
    NotFound,
    PermanentFailure,
    Problem,
    Refused,
    Suppressed,
    TemporaryFailure,
    Unavailable,
)
from .contract.hookspecs import CONTRACT_VERSION, hookimpl
from .contract.hub import Http, HttpAnswer, Hub, Unconfigured
from .contract.intake import AgentData, ContactEvent, CustomerData
from .contract.objects import (
    Channel,
    Page,
    PageRequest,
    PageResult,
    Plugin,
    Rule,
)
from .contract.records import (
    Agent,
    Ask,
    Brand,
    Choice,
    Contact,
    Customer,
    Data,
    Decision,
    DontAsk,
    Event,
    History,
    Identifier,
    Message,
    PastAsk,
    Receipt,
    Returned,
)
from .version import __version__

__all__ = [
    "CONTRACT_VERSION",
    "Agent",
    "AgentData",
    "Ask",
    "Brand",
    "Channel",
    "Choice",
    "Conflict",
    "Contact",
    "ContactEvent",
    "Customer",
    "CustomerData",
    "Data",
    "Decision",
    "DeliveryFailure",
    "DontAsk",
    "Event",
    "FeedbackhubError",
    "History",
    "Http",
    "HttpAnswer",
    "Hub",
    "Identifier",
    "Message",
    "NotFound",
    "Page",
    "PageRequest",
    "PageResult",
    "PastAsk",
    "PermanentFailure",
    "Plugin",
    "Problem",
    "Receipt",
    "Refused",
    "Returned",
    "Rule",
    "Suppressed",
    "TemporaryFailure",
    "Unavailable",
    "Unconfigured",
    "__version__",
    "hookimpl",
]
