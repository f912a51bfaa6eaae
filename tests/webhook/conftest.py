"""Sources of any shape, an instance that they belong to, and a helpdesk that answers look-ups."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from feedbackhub import ContactEvent, Ignored, Incoming, Parsed, Reopened
from feedbackhub.testing import Instance, Peer, make_incoming
from feedbackhub_plugins.webhook import WebhookSource
from feedbackhub_plugins.webhook.mapping import Reader
from feedbackhub_plugins.webhook.settings import SourceSettings

MakeInstance = Callable[..., Instance]
Source = dict[str, Any]


def request(body: Any, **headers: str) -> Incoming:
    """Return a request with a JSON body."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return make_incoming(raw, {"content-type": "application/json", **named})


def reader(name: str = "desk", **settings: Any) -> Reader:
    """Return what reads a source's bodies; paths.external_id is `id` unless said otherwise."""
    if "preset" not in settings:
        settings["paths"] = {"external_id": "id", **settings.get("paths", {})}
    return Reader(name, SourceSettings.model_validate(settings))


def one(read: list[Parsed]) -> Parsed:
    """Return the only thing that a body tells."""
    [found] = read
    return found


def contact(read: list[Parsed]) -> ContactEvent:
    """Return the only contact that a body tells of."""
    found = one(read)
    assert isinstance(found, ContactEvent), found
    return found


def told(event: ContactEvent) -> Mapping[str, Any]:
    """Return what a contact says beyond the defaults."""
    return event.model_dump(mode="json", exclude_defaults=True)


@pytest.fixture
def peer() -> Iterator[Peer]:
    """The other system's API."""
    made = Peer()
    yield made
    made.close()


@pytest.fixture
def instance(tmp_path: Path, peer: Peer) -> Iterator[MakeInstance]:
    """Make an instance with sources; the peer may be called."""
    made: list[Instance] = []

    def make(**sources: Source) -> Instance:
        for each in made:
            each.close()
        tmp_path.joinpath("here").mkdir(exist_ok=True)
        here = Instance(tmp_path / "here", {}, [peer.place], {"webhook": {"sources": sources}})
        made.append(here)
        return here

    yield make
    for each in made:
        each.close()


def source_of(instance: Instance, name: str) -> WebhookSource:
    """Return a source of an instance."""
    found = next(each for _, each in instance.core.plugins.each("feedbackhub_sources") if each.name == name)
    assert isinstance(found, WebhookSource)
    return found


__all__ = ["Ignored", "MakeInstance", "Reopened", "Source", "contact", "one", "reader", "request", "source_of", "told"]
