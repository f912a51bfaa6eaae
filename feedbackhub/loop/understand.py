"""Understand: what a source makes of a request, checked, and completed by looking up what the request lacks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from pydantic import ValidationError

from ..contract.errors import Problem, Refused
from ..contract.inbound import Ignored, Incoming, Parsed, Receives, Reopened, Source
from ..contract.intake import ContactEvent
from ..contract.records import Returned
from ..machinery.addresses import AddressError, normalise
from ..machinery.wording import said
from .core import Core

__all__ = ["MOST", "completed", "parsed", "problems_of", "received"]

#: More contacts than this in one request are no helpdesk's.
MOST = 1000
T = TypeVar("T")


def _by_field(read: Callable[[], T]) -> T:
    """Run a plugin's code; what a model refused becomes problems by field."""
    try:
        return read()
    except ValidationError as error:
        raise Refused(*problems_of(error)) from None


def problems_of(error: ValidationError) -> list[Problem]:
    """Return why a model refused its input, field by field, without the input itself."""
    return [
        Problem(".".join(map(str, each["loc"])), said(each["msg"]))
        for each in error.errors(include_url=False, include_input=False)
    ]


def parsed(core: Core, plugin: str, source: Source, incoming: Incoming) -> Sequence[Parsed]:
    """Return what a source makes of a request.

    Raises:
        Refused: It cannot read it, by field.
        PluginFault: It failed.
    """
    what = f"parse {source.name}"
    found: list[Parsed] = core.containment.call(plugin, what, _by_field, lambda: list(source.parse(incoming)))
    for each in found:
        if not isinstance(each, (ContactEvent, Reopened, Ignored)):
            raise core.containment.blame(plugin, what, f"returned a {type(each).__name__}")
    if len(found) > MOST:
        raise Refused(Problem("", f"tells of {len(found)} contacts; at most {MOST} may come at once"))
    return found


def completed(core: Core, plugin: str, source: Source, event: ContactEvent, incoming: Incoming) -> ContactEvent:
    """Return a contact with what its source looks up in other systems; the end is the receipt where none is said.

    Raises:
        TemporaryFailure: Trying again later may succeed.
        PermanentFailure: It cannot.
        Refused: What was looked up cannot be used, by field.
        PluginFault: It failed.
    """
    what = f"enrich {source.name}"
    found = core.containment.call(plugin, what, _by_field, lambda: source.enrich(event, incoming))
    if not isinstance(found, ContactEvent):
        raise core.containment.blame(plugin, what, f"returned a {type(found).__name__}")
    return _usable(_ended(found, incoming), core.settings.default_region)


def _usable(event: ContactEvent, region: str) -> ContactEvent:
    """Leave out a phone number that cannot be one, as long as there is a mail address: the slip must not cost the ask.

    Without another address the request waits for a person, and through our own API it is refused at once.
    """
    customer = event.customer
    if customer is None or not customer.email or _is_usable("phone", customer.phone, region):
        return event
    return event.model_copy(update={"customer": customer.model_copy(update={"phone": ""})})


def _is_usable(kind: str, value: str, region: str) -> bool:
    try:
        return not value or bool(normalise(kind, value, region))
    except AddressError:
        return False


def _ended(event: ContactEvent, incoming: Incoming) -> ContactEvent:
    """Date a contact that does not say when it ended: by a later try it must not have ended later."""
    if event.ended_at is not None:
        return event
    ended_at = max(incoming.received_at, event.started_at or incoming.received_at)
    dated = event.model_copy(update={"ended_at": ended_at})
    dated.model_fields_set.discard("ended_at")  # the source did not say it, so it cannot differ
    return dated


def received(core: Core, plugin: str, channel: Receives, incoming: Incoming) -> Sequence[Returned]:
    """Return what a channel makes of a request.

    Raises:
        Refused: It cannot read it, by field.
        PluginFault: It failed.
    """
    what = f"receive {channel.name}"
    items: list[Returned] = core.containment.call(plugin, what, _by_field, lambda: list(channel.receive(incoming)))
    for each in items:
        if not isinstance(each, Returned):
            raise core.containment.blame(plugin, what, f"returned a {type(each).__name__}")
    return items
