"""Instances with endpoints, and receivers for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import webhooks as official

from feedbackhub.testing import Instance, Peer
from feedbackhub_plugins.webhooks.endpoints import Endpoint
from feedbackhub_plugins.webhooks.log import Delivery
from feedbackhub_plugins.webhooks.service import Service
from feedbackhub_plugins.webhooks.settings import Settings
from feedbackhub_plugins.webhooks.wanted import Wanted
from tests.webhooks.receiver import Receiver


class Here:
    """An instance, and what an administrator does with endpoints.

    Args:
        instance: The instance.
        options: The plugin's settings.
    """

    def __init__(self, instance: Instance, options: dict[str, Any]) -> None:
        self.instance = instance
        self.service = Service(instance.hub("webhooks"), Settings.model_validate(options))

    def endpoint(self, receiver: Receiver, *types: str, include: tuple[str, ...] = ()) -> Endpoint:
        """Make an endpoint whose receiver knows its secret."""
        made = self.service.add(Wanted("Ours", receiver.url, types or ("response.*",), include), "admin")
        receiver.secret = self.service.secret(made.id)
        # A subscriber that begins with the present has to see it first.
        self.instance.run()
        return made

    def log(self, endpoint: Endpoint) -> list[Delivery]:
        """Return an endpoint's deliveries, the oldest event first."""
        return self.service.log.page(endpoint.id, "", None, 1000)[::-1]

    def look(self, endpoint: Endpoint) -> Endpoint:
        """Return an endpoint as it is now."""
        return self.service.book.get(endpoint.id)


MakeHere = Callable[..., Here]


@pytest.fixture
def receivers() -> Iterator[list[Receiver]]:
    """Two receivers."""
    made = [Receiver(), Receiver()]
    yield made
    for each in made:
        each.close()


@pytest.fixture
def receiver(receivers: list[Receiver]) -> Receiver:
    """One receiver."""
    return receivers[0]


@pytest.fixture
def helpdesk() -> Iterator[Peer]:
    """A helpdesk's API."""
    peer = Peer()
    yield peer
    peer.close()


@pytest.fixture
def make_here(
    tmp_path: Path, receivers: list[Receiver], helpdesk: Peer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MakeHere]:
    """Make an instance that may call the receivers and the helpdesk."""
    made: list[Instance] = []
    places = [each.place for each in receivers] + [helpdesk.place]

    def make(**options: Any) -> Here:
        options = {"allow_http": places, **options}
        http = {"http": {"allow": places, "timeout_seconds": 0.5}}
        made.append(Instance(tmp_path, {}, options={"webhooks": options}, settings=http))
        return Here(made[-1], options)

    class Then(datetime):
        """The official library asks the wall's clock; let it ask the instance's."""

        @classmethod
        def now(cls, tz: Any = None) -> Any:
            """Return the instance's present moment."""
            return made[-1].clock.now()

    monkeypatch.setattr(official, "datetime", Then)
    yield make
    for each in made:
        each.close()


@pytest.fixture
def here(make_here: MakeHere) -> Here:
    """An instance."""
    return make_here()
