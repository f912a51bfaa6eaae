"""What other systems send us: helpdesks tell of ended contacts, gateways of receipts and replies."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from pydantic import SecretStr

from .intake import ContactEvent
from .records import Data, Returned


@dataclass(frozen=True, slots=True)
class Incoming:
    """One request of another system, exactly as it came.

    Args:
        body: The raw body.
        headers: Header fields, names in lower case.
        query: The address' query.
        received_at: When it came.
        url: The address it was sent to, as the sender knows it.
        method: The HTTP method.
    """

    body: bytes
    received_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Reopened:
    """A source says that a contact which had ended goes on: what was not yet sent is cancelled.

    Args:
        external_id: The contact's id in that source.
        at: When it was reopened; the time of receipt when unknown.
        source: The source that its contact named; empty: the name of the source that is called.
    """

    external_id: str
    at: datetime | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A source says that a request tells of nothing that matters here, such as a ticket that is still open.

    Args:
        reason: Why, in words for staff.
    """

    reason: str


Parsed = ContactEvent | Reopened | Ignored


@dataclass(frozen=True, slots=True)
class Setup:
    """What an administrator needs to connect the other system, shown on the Sources page.

    Args:
        verified: How a request shows that it is genuine, in words, such as "HMAC-SHA256 of the body in X-Signature".
        secrets: What to paste there, by label; shown to administrators only, when they ask for it.
        steps: What to do, line by line.
        template: Text to paste there, such as the body of a helpdesk's trigger.
        docs: Address of a page that says more.
        address: Where the other system sends to; empty: the public address of ``/in/<name>``.
    """

    verified: str = ""
    secrets: Mapping[str, SecretStr] = field(default_factory=dict)
    steps: Sequence[str] = ()
    template: str = ""
    docs: str = ""
    address: str = ""


class Receiver(ABC):
    """Something that other systems may call at ``/in/<name>``.

    The core verifies in the request, keeps the raw body in the inbox and acknowledges; everything else happens in the
    engine, so that a mistake loses nothing and can be retried. Header fields and query parameters may hold secrets:
    `verify`, `delivery_id` and `acknowledge` see all of them, the inbox keeps only those that are named here.
    """

    name: str
    #: Header fields, in lower case, that reading the request needs; ``content-type`` is always kept.
    keeps_headers: Sequence[str] = ()
    #: Parameters of the address' query that reading the request needs.
    keeps_query: Sequence[str] = ()

    def verify(self, incoming: Incoming) -> None:
        """Make sure that the request comes from whom it says; no input or output.

        Raises:
            NotGenuine: It does not; nothing is kept.
        """

    def delivery_id(self, incoming: Incoming) -> str:
        """Return the sender's own id for this request, by which a repeated one is known; empty when it gives none."""
        return ""

    def acknowledge(self, incoming: Incoming) -> tuple[bytes, str]:
        """Return body and media type of the acknowledgement; an empty media type for the core's own."""
        return b"", ""

    def setup(self, language: str = "en") -> Setup:
        """Return what an administrator needs to connect the other system.

        Args:
            language: The language that the administrator reads.
        """
        return Setup()


class Source(Receiver):
    """Where ended contacts come from."""

    data: ClassVar[Data] = Data()
    #: Only for ``feedbackhub sources try``, such as a preset that is not configured; nobody can call it.
    trial: bool = False
    #: Kinds of identifiers that name one person for certain, like ``email``, ``phone`` or ``id:helpdesk``, for contacts
    #: of this source; ``[sources.<name>] identifying`` goes before it.
    identifying: Sequence[str] = ("email", "phone", "id:*")

    @abstractmethod
    def parse(self, incoming: Incoming) -> Sequence[Parsed]:
        """Read a request; called by the engine, pure: no input or output.

        Raises:
            Refused: What cannot be read, by field; the request waits in the inbox and can be retried.
        """

    def enrich(self, event: ContactEvent, incoming: Incoming) -> ContactEvent:
        """Look up what the request lacks; called by the engine, may call other systems.

        Raises:
            TemporaryFailure: Trying again later may succeed.
            PermanentFailure: It cannot; the request waits in the inbox for a person.
        """
        return event


class Receives(Receiver):
    """Beside `Channel`: a channel whose other side calls us with receipts, replies and opt-outs."""

    @abstractmethod
    def receive(self, incoming: Incoming) -> Iterable[Returned]:
        """Read a request; called by the engine, pure.

        Raises:
            Refused: What cannot be read; the request waits in the inbox and can be retried.
        """
