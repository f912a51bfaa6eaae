"""The classes that authors subclass; hooks only register their objects."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from .records import Ask, Contact, Data, DontAsk, History, Identifier, Message, Receipt, Returned


class Channel(ABC):
    """A way out to the customer."""

    name: ClassVar[str]
    reaches: ClassVar[tuple[str, ...]]
    data: ClassVar[Data] = Data()

    @abstractmethod
    def deliver(self, message: Message) -> Receipt:
        """Hand one message over; called by the engine, outside any transaction.

        Raises:
            TemporaryFailure: Trying again later may succeed.
            PermanentFailure: It cannot; the next channel of the ladder is taken.
            Suppressed: The other side says that this person must not be asked.
        """

    def returned(self) -> Iterable[Returned]:
        """Yield what came back since the last call; each is stored before the next is taken."""
        return ()

    def check(self) -> str:
        """Try the way out without sending anything, for ``feedbackhub doctor``.

        Returns:
            What was reached, in a few words; empty when there is nothing to try.

        Raises:
            DeliveryFailure: What is wrong.
        """
        return ""

    def close(self) -> None:
        """Let go of kept connections."""


class Rule(ABC):
    """One named reason to ask otherwise, or not at all."""

    name: ClassVar[str]

    @abstractmethod
    def decide(self, contact: Contact, history: History, ask: Ask) -> Ask | DontAsk:
        """Return the ask unchanged, a changed one, or a veto; pure, no input or output."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What a page's view is told about the request."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    language: str
    user: str


@dataclass(frozen=True, slots=True)
class PageResult:
    """What a page's view answers with.

    Args:
        template: Template of the plugin's own, rendered inside the staff shell.
        values: Its variables.
        redirect: Instead: where to go, relative to the plugin's prefix.
        body: Instead: the raw body.
        media_type: The raw body's type.
        status: The HTTP status.
    """

    template: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    redirect: str = ""
    body: bytes = b""
    media_type: str = "text/html; charset=utf-8"
    status: int = 200


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a plugin, mounted by the core under ``/x/<plugin>/``.

    Args:
        rule: The path below the prefix, in Flask's notation, like ``mails/<id>``.
        title: Its name in the staff area; an empty one is not in the navigation.
        permission: Role that may see it: ``agent``, ``manager`` or ``admin``.
        view: Makes the answer.
        methods: HTTP methods; anything but GET needs the CSRF token.
    """

    rule: str
    title: str
    permission: str
    view: Callable[[PageRequest], PageResult]
    methods: tuple[str, ...] = ("GET",)


class Plugin(ABC):
    """Optional: what the plugin as a whole does with personal data."""

    data: ClassVar[Data] = Data()

    @abstractmethod
    def erase_person(self, identifiers: Sequence[Identifier]) -> int:
        """Remove everything kept about these identifiers and return how many items went."""
