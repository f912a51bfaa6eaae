"""A helpdesk and a gateway that call us, and do what a test tells them to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pydantic import SecretStr

from feedbackhub import (
    Channel,
    ContactEvent,
    Ignored,
    Incoming,
    Message,
    NotGenuine,
    Parsed,
    Problem,
    Receipt,
    Receives,
    Refused,
    Reopened,
    Returned,
    Setup,
    Source,
)
from feedbackhub.contract.intake import CustomerData

SECRET = "s3cret"


class Helpdesk(Source):
    """A source whose requests are JSON: what happened, to which ticket, of whom."""

    name = "helpdesk"
    keeps_headers = ("x-kind",)
    keeps_query = ("brand",)

    def __init__(self) -> None:
        self.email_field = "email"
        self.phone = ""
        self.parsing: Callable[[], Any] = lambda: None
        self.enriching: Callable[[], Any] = lambda: None
        self.verifying: Callable[[], Any] = lambda: None
        self.acknowledgement = (b"", "")
        self.read: list[Incoming] = []

    def verify(self, incoming: Incoming) -> None:
        """Ask for the shared secret."""
        self.verifying()
        if incoming.headers.get("x-secret") != SECRET:
            raise NotGenuine("the secret in X-Secret is wrong")

    def delivery_id(self, incoming: Incoming) -> str:
        """Return the sender's id."""
        return incoming.headers.get("x-delivery", "")

    def acknowledge(self, incoming: Incoming) -> tuple[bytes, str]:
        """Say what the test wants said."""
        return self.acknowledgement

    def setup(self, language: str = "en") -> Setup:
        """Describe the shared secret."""
        return Setup(
            "A shared secret in X-Secret", {"X-Secret": SecretStr(SECRET)}, ("Make a webhook.", "Paste <the> address."),
            '{"ticket": "{{ticket.id}}"}', "https://helpdesk.example/docs",
        )  # fmt: skip

    def parse(self, incoming: Incoming) -> Sequence[Parsed]:
        """Read what happened."""
        self.read.append(incoming)
        self.parsing()
        try:
            body = json.loads(incoming.body)
        except ValueError:
            raise Refused(Problem("", "is no JSON")) from None
        return [self.one(each) for each in (body if isinstance(body, list) else [body])]

    def one(self, body: dict[str, Any]) -> Parsed:
        """Read one ticket."""
        if body.get("status") == "open":
            return Ignored("the ticket is open")
        if body.get("status") == "reopened":
            return Reopened(str(body["ticket"]))
        if self.email_field not in body:
            raise Refused(Problem(self.email_field, "is missing"))
        ids = {"helpdesk": str(body["customer"])}
        customer = {"email": body[self.email_field], "phone": self.phone, "ids": ids}
        return ContactEvent(
            source="helpdesk", external_id=str(body["ticket"]), customer=CustomerData.model_validate(customer),
            channel="chat",
        )  # fmt: skip

    def enrich(self, event: ContactEvent, incoming: Incoming) -> ContactEvent:
        """Name the team."""
        self.enriching()
        return event.model_copy(update={"team": "Billing"})


class Preset(Helpdesk):
    """A source that nobody configured."""

    name = "preset-helpdesk"
    trial = True


class Gateway(Channel, Receives):
    """A channel whose gateway calls back."""

    name = "gateway"
    reaches = ("phone",)

    def __init__(self) -> None:
        self.sent: list[Message] = []

    def deliver(self, message: Message) -> Receipt:
        """Keep the message."""
        self.sent.append(message)
        return Receipt(f"receipt {len(self.sent)}")

    def receive(self, incoming: Incoming) -> Iterable[Returned]:
        """Read one reply."""
        number = incoming.body.decode()
        if not number.isdigit():
            raise Refused(Problem("number", "is none"))
        yield Returned("reply", f"gateway:{number}", "", None, "thanks", incoming.body)


def raising(*errors: BaseException) -> Callable[[], None]:
    """Return what raises these errors, one at each call, and then does nothing."""
    waiting = list(errors)

    def run() -> None:
        if waiting:
            raise waiting.pop(0)

    return run
