"""The classes that authors subclass; hooks only register their objects."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from .errors import Problem
from .records import Ask, Contact, Data, DontAsk, History, Identifier, Message, Receipt, Returned


class Channel(ABC):
    """A way out to the customer."""

    name: str
    reaches: ClassVar[tuple[str, ...]]
    data: ClassVar[Data] = Data()
    #: Whether replies to its messages come back as `Returned` of the kind ``answer``: then messages invite to reply.
    takes_answers: bool = False

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
class About:
    """What a plugin's module says of itself in ``about = About(…)``, read before any of its hooks is called.

    Args:
        contract: The version of the contract that it was written for.
        requires: Names of plugins that must be active for this one to work.
        title: Its name for people.
        description: One line on what it does.
    """

    contract: int = 1
    requires: tuple[str, ...] = ()
    title: str = ""
    description: str = ""


class Plugin(ABC):
    """Optional: what the plugin as a whole does with personal data, and what its settings name."""

    data: ClassVar[Data] = Data()

    @abstractmethod
    def erase_person(self, identifiers: Sequence[Identifier]) -> int:
        """Remove everything kept about these identifiers and return how many items went."""

    def check(self) -> Iterable[Problem]:
        """Say which options name something that is not there, such as a survey; `feedbackhub doctor` shows it."""
        return ()
