"""Receivers: who can be called at ``/in/<name>``, the sources first, then the channels that are called back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from ..contract.errors import NotFound, Unavailable
from ..contract.inbound import Incoming, Receiver, Receives, Source
from ..store.queries import inbound
from .core import Core

__all__ = ["Called", "NotActive", "address_of", "called", "find_called", "incoming_url", "kept"]

_LATER = timedelta(minutes=2)


@dataclass(frozen=True)
class Called:
    """Something that other systems may call.

    Args:
        plugin: The plugin that brings it.
        receiver: The source or the channel.
        kind: Which of them it is.
    """

    plugin: str
    receiver: Receiver
    kind: Literal["source", "channel"]

    @property
    def name(self) -> str:
        """The last part of its address."""
        return self.receiver.name


class NotActive(Unavailable):
    """Who is called does not work at present; the caller is asked to try again, so that nothing is lost."""


def called(core: Core) -> dict[str, Called]:
    """Return everything that can be called, by name; a source goes before a channel of the same name."""
    found: dict[str, Called] = {}
    for each in _each(core):
        found.setdefault(each.name, each)
    return found


def _each(core: Core) -> Iterator[Called]:
    for plugin, source in core.plugins.each("feedbackhub_sources"):
        if isinstance(source, Source) and not source.trial:
            yield Called(plugin, source, "source")
    for plugin, channel in core.plugins.each("feedbackhub_channels"):
        if isinstance(channel, Receives):
            yield Called(plugin, channel, "channel")


def find_called(core: Core, name: str) -> Called:
    """Return who is called by a name.

    Raises:
        NotActive: It was called before, or may belong to a plugin that does not work at present.
        NotFound: Nobody is known by it.
    """
    found = called(core).get(name)
    if found is not None:
        return found
    # What a plugin that failed would have brought is not known: better a call too many than one that is lost.
    if any(each.state == "failed" or (each.name == name and each.state != "active") for each in core.plugins.states):
        raise NotActive(f"{name} does not work at present; try again later", _LATER)
    with core.store.read() as connection:
        if inbound.was_called(connection, name):
            raise NotActive(f"{name} is not active at present; try again later", _LATER)
    raise NotFound(f"there is no source or channel {name} to call")


def address_of(core: Core, name: str) -> str:
    """Return the public address at which a source or channel is called."""
    return f"{core.settings.base_url()}/in/{name}"


def incoming_url(core: Core, name: str, query: str) -> str:
    """Return the address that a request was sent to, as its sender knows it.

    Args:
        core: The instance.
        name: Who was called.
        query: The query as it was written, without the question mark.
    """
    return address_of(core, name) + (f"?{query}" if query else "")


def kept(receiver: Receiver, incoming: Incoming) -> Incoming:
    """Return a request with only those headers and query parameters that reading it needs."""
    names = {"content-type", *(each.lower() for each in receiver.keeps_headers)}
    headers = {name: value for name, value in incoming.headers.items() if name in names}
    query = {name: value for name, value in incoming.query.items() if name in set(receiver.keeps_query)}
    return Incoming(incoming.body, incoming.received_at, headers, query, incoming.url, incoming.method)
