"""What other systems send us: helpdesks tell of ended contacts, gateways of receipts and replies."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

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
    """

    external_id: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """A source says that a request tells of nothing that matters here, such as a ticket that is still open.

    Args:
        reason: Why, in words for staff.
    """

    reason: str


Parsed = ContactEvent | Reopened | Ignored


class Receiver(ABC):
    """Something that other systems may call at ``/in/<name>``.

    The core verifies in the request, keeps the raw body in the inbox and acknowledges; everything else happens in the
    engine, so that a mistake loses nothing and can be retried.
    """

    name: str

    def verify(self, incoming: Incoming) -> None:
        """Make sure that the request comes from whom it says; no input or output.

        Raises:
            NotGenuine: It does not; nothing is kept.
        """

    def delivery_id(self, incoming: Incoming) -> str:
        """Return the sender's own id for this request, by which a repeated one is known; empty when it gives none."""
        return ""

    def acknowledge(self, incoming: Incoming) -> tuple[bytes, str]:
        """Return body and media type of the acknowledgement; empty for the core's own."""
        return b"", ""


class Source(Receiver):
    """Where ended contacts come from."""

    data: ClassVar[Data] = Data()
    #: Kinds of identifiers that name one person for certain, like ``email``, ``phone`` or ``id:helpdesk``.
    identifying: Sequence[str] = ("email", "phone")

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
