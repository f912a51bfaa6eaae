"""An instance that a helpdesk and a gateway call."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import AskEntry, Settings
from feedbackhub.store import tables
from feedbackhub.store.types import AnyRow
from tests.inbound.senders import SECRET, Gateway, Helpdesk, Preset
from tests.loop.story import Line

DONE = {"ticket": 7, "customer": 41, "email": "ann@example.org"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Ask everybody by mail."""
    return settings.model_copy(update={"ask": (AskEntry(name="default", channels=("mail",)),)})


@pytest.fixture
def helpdesk() -> Helpdesk:
    """The helpdesk."""
    return Helpdesk()


@pytest.fixture
def core(core: Core, helpdesk: Helpdesk) -> Iterator[Core]:
    """The instance, whose plugin ``desk`` brings the helpdesk and whose plugin ``gate`` brings the gateway."""
    channels = {**core.plugins.channels, "mail": Line("mail", ("email",)), "gateway": Gateway()}
    # While a plugin has failed, nobody who calls is turned away for good.
    plugins = replace(core.plugins.having("feedbackhub_channels", channels.items()), states=())
    sources = (("desk", helpdesk), ("desk", Preset()))
    yield replace(core, plugins=plugins.having("feedbackhub_sources", sources))


@dataclass
class Door:
    """The door, as the other systems find it."""

    core: Core
    client: FlaskClient
    clock: SetClock

    def call(self, body: Any = None, secret: str = SECRET, at: str = "/in/helpdesk", **headers: str) -> TestResponse:
        """Send a request."""
        data = body if isinstance(body, bytes) else json.dumps(DONE if body is None else body).encode()
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(at, data=data, headers={"X-Secret": secret, **given})

    def run(self) -> None:
        """Do what is due."""
        Engine(self.core).drain()

    @property
    def rows(self) -> list[AnyRow]:
        """The inbox, oldest first."""
        return self.table(tables.inbound)

    @property
    def row(self) -> AnyRow:
        """The only request of the inbox."""
        [found] = self.rows
        return found

    @property
    def tasks(self) -> list[AnyRow]:
        """The tasks that read the inbox."""
        return [row for row in self.table(tables.task) if row.kind == "inbound"]

    def table(self, table: Any) -> list[AnyRow]:
        """Return the rows of a table."""
        with self.core.store.read() as connection:
            return list(connection.execute(select(table).order_by(*table.primary_key)))


@pytest.fixture
def door(app: Flask, core: Core, clock: SetClock) -> Door:
    """The door."""
    return Door(core, app.test_client(), clock)
