"""What can go wrong, as exceptions that carry data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as fresh
from datetime import timedelta
from typing import Any


class FeedbackhubError(Exception):
    """The root of every error that feedbackhub raises on purpose."""


@dataclass(frozen=True)
class Problem:
    """One reason why an input was refused.

    Args:
        field: Dotted name of the input field, empty for the input as a whole.
        text: What is wrong, in words for the person who sent it; with gaps like ``{n}`` where `values` fill them.
        values: What stands in the gaps, so that the text can be translated before they are filled.
    """

    field: str
    text: str
    values: Mapping[str, Any] = fresh(default_factory=dict, hash=False)

    @property
    def reason(self) -> str:
        """What is wrong, with nothing left to fill in."""
        return _filled(self.text, self.values)

    def told(self, translate: Callable[[str, str], str], language: str) -> str:
        """Return what is wrong in a language.

        Args:
            translate: The hub's `translate`.
            language: The reader's.
        """
        return _filled(translate(self.text, language), self.values)


def _filled(text: str, values: Mapping[str, Any]) -> str:
    return text.format(**values) if values else text


class Refused(FeedbackhubError):
    """An input was refused; nothing was stored.

    Args:
        problems: Every reason found, in the order of the input.
    """

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{p.field}: {p.reason}" if p.field else p.reason for p in problems))
        self.problems = problems

    def told(self, translate: Callable[[str, str], str], language: str, between: str = "; ") -> dict[str, str]:
        """Return what is wrong with each field, in a language.

        Args:
            translate: The hub's `translate`.
            language: The reader's.
            between: What stands between several reasons for one field.
        """
        found: dict[str, str] = {}
        for each in self.problems:
            said = each.told(translate, language)
            found[each.field] = f"{found[each.field]}{between}{said}" if each.field in found else said
        return found


class NotFound(FeedbackhubError):
    """The named thing does not exist, or its asker may not know that it does."""


class NotGenuine(FeedbackhubError):
    """A request does not come from whom it says, or cannot show that it does."""


class Conflict(FeedbackhubError):
    """The request contradicts what is already stored."""


class Unavailable(FeedbackhubError):
    """The storage cannot take the request now; nothing was half-written.

    Args:
        reason: What is wrong, without personal data.
        retry_after: After which span trying again makes sense.
    """

    def __init__(self, reason: str, retry_after: timedelta = timedelta(seconds=2)) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class DeliveryFailure(FeedbackhubError):
    """A channel could not hand its message over.

    Args:
        reason: What the other side said, shown to staff.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TemporaryFailure(DeliveryFailure):
    """Trying again later may succeed.

    Args:
        reason: What the other side said.
        retry_after: When the other side asked to be tried again, if it did.
    """

    def __init__(self, reason: str, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class PermanentFailure(DeliveryFailure):
    """Trying again cannot succeed; the next channel of the ladder is taken.

    Args:
        reason: What the other side said.
        address_is_dead: Whether the address itself must not be used again.
    """

    def __init__(self, reason: str, address_is_dead: bool = False) -> None:
        super().__init__(reason)
        self.address_is_dead = address_is_dead


class Suppressed(DeliveryFailure):
    """The other side says that this person does not want to be asked."""


class NoAnswer(TemporaryFailure):
    """A call to another system brought no answer.

    Args:
        target: Scheme, host and port of what was called.
        reason: Why, in words for staff.
    """

    def __init__(self, target: str, reason: str) -> None:
        super().__init__(f"{target}: {reason}")
        self.target = target


class Unreachable(NoAnswer):
    """The other system did not answer in time, or the connection broke."""


class AddressRefused(NoAnswer):
    """The address may not be called: it is not public, not http(s), or no address; the settings must change first."""
