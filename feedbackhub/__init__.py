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

import importlib
import typing

from .version import __version__

if typing.TYPE_CHECKING:
    from .contract.errors import (
        AddressRefused,
        Conflict,
        DeliveryFailure,
        FeedbackhubError,
        NotFound,
        NotGenuine,
        PermanentFailure,
        Problem,
        Refused,
        Suppressed,
        TemporaryFailure,
        Unavailable,
        Unreachable,
    )
    from .contract.exports import Batch, Column, Export, Filters, RecordSet
    from .contract.gestures import Apologies, Gesture, GestureMade, GestureRecord, Reach, StaffMember
    from .contract.hookspecs import CONTRACT_VERSION, hookimpl
    from .contract.hub import Http, HttpAnswer, Hub, OwnTables, Unconfigured
    from .contract.inbound import Ignored, Incoming, Parsed, Receiver, Receives, Reopened, Setup, Source
    from .contract.intake import AgentData, ContactEvent, CustomerData
    from .contract.marking import N_
    from .contract.objects import About, Channel, Plugin, Rule
    from .contract.questions import Offered, Question
    from .contract.reading import (
        DIMENSION_PAIRS,
        DIMENSIONS,
        Answer,
        Group,
        Invitation,
        QuestionInfo,
        Reader,
        Response,
        SurveyInfo,
        Tally,
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
        Letter,
        Message,
        PastAsk,
        Picture,
        Receipt,
        Returned,
    )
    from .contract.reports import Analysis, Chart, Figure, Option, Query, Report, ReportTable, Way
    from .contract.scalars import as_line, is_line, new_public_id
    from .contract.screens import (
        DeskSection,
        Page,
        PageRequest,
        PageResult,
        Piece,
        Route,
        RouteRequest,
        Seat,
        Slot,
        Upload,
    )
    from .contract.wishes import Wish, wish_of
    from .contract.work import Call, Effects, Fact, Scheduled, Subscriber, Tables, Task

__all__ = [
    "CONTRACT_VERSION",
    "DIMENSIONS",
    "DIMENSION_PAIRS",
    "N_",
    "About",
    "AddressRefused",
    "Agent",
    "AgentData",
    "Analysis",
    "Answer",
    "Apologies",
    "Ask",
    "Batch",
    "Brand",
    "Call",
    "Channel",
    "Chart",
    "Choice",
    "Column",
    "Conflict",
    "Contact",
    "ContactEvent",
    "Customer",
    "CustomerData",
    "Data",
    "Decision",
    "DeliveryFailure",
    "DeskSection",
    "DontAsk",
    "Effects",
    "Event",
    "Export",
    "Fact",
    "FeedbackhubError",
    "Figure",
    "Filters",
    "Gesture",
    "GestureMade",
    "GestureRecord",
    "Group",
    "History",
    "Http",
    "HttpAnswer",
    "Hub",
    "Identifier",
    "Ignored",
    "Incoming",
    "Invitation",
    "Letter",
    "Message",
    "NotFound",
    "NotGenuine",
    "Offered",
    "Option",
    "OwnTables",
    "Page",
    "PageRequest",
    "PageResult",
    "Parsed",
    "PastAsk",
    "PermanentFailure",
    "Picture",
    "Piece",
    "Plugin",
    "Problem",
    "Query",
    "Question",
    "QuestionInfo",
    "Reach",
    "Reader",
    "Receipt",
    "Receiver",
    "Receives",
    "RecordSet",
    "Refused",
    "Reopened",
    "Report",
    "ReportTable",
    "Response",
    "Returned",
    "Route",
    "RouteRequest",
    "Rule",
    "Scheduled",
    "Seat",
    "Setup",
    "Slot",
    "Source",
    "StaffMember",
    "Subscriber",
    "Suppressed",
    "SurveyInfo",
    "Tables",
    "Tally",
    "Task",
    "TemporaryFailure",
    "Unavailable",
    "Unconfigured",
    "Unreachable",
    "Upload",
    "Way",
    "Wish",
    "__version__",
    "as_line",
    "hookimpl",
    "is_line",
    "new_public_id",
    "wish_of",
]

#: Where these are. They are imported when the first of them is asked for: `feedbackhub --help` asks for none, and would
#: wait for them longer than for everything else together.
_MODULES = (
    "errors", "exports", "gestures", "hookspecs", "hub", "inbound", "intake", "marking", "objects", "questions",
    "reading", "records", "reports", "scalars", "screens", "wishes", "work",
)  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    for module in _MODULES:
        found = vars(importlib.import_module(f".contract.{module}", __name__))
        globals().update({each: found[each] for each in __all__ if each in found})
    return globals()[name]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
