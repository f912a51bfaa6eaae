"""A whole instance for a test: database, engine, clock that stands still, an outbox, and the plugin to be tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from ..app import create_app
from ..contract.gestures import StaffMember
from ..contract.reading import Response
from ..contract.records import Contact, Message
from ..loop.collect import submit
from ..loop.core import Core
from ..loop.engine import Engine
from ..loop.intake import record_contact
from ..loop.opening import open_core, prepare
from ..loop.reading import Reading
from ..machinery.clock import SetClock
from ..machinery.containment import Ran
from ..machinery.http import Http
from ..machinery.keyfile import KEY_FILE, write_key
from ..machinery.plugin_hub import PluginHub
from ..machinery.plugins import PluginState
from ..machinery.settings import Settings
from ..office.users import invite_user, set_password
from .channels import Outbox
from .makers import START, make_contact_event

__all__ = ["Asked", "Instance"]

PASSWORD = "a long password for tests"


@dataclass(frozen=True)
class Asked:
    """A contact that was asked about.

    Args:
        contact: The contact's public id.
        invitation: The invitation's public id.
    """

    contact: str
    invitation: str


class Instance:
    """An instance in a folder of its own, with a SQLite database, that lives as long as a test.

    Args:
        folder: An empty folder.
        plugins: The plugins to be tried: modules, by name; besides the bundled ones.
        peers: Places (host and port) on this machine that plugins may call.
        options: The settings of each plugin, by its name.
        channels: The channels to ask by; the outbox when left out.
        settings: Other settings.
        http: What plugins call other systems through, instead of the guarded client.
    """

    def __init__(
        self,
        folder: Path,
        plugins: Mapping[str, object],
        peers: Sequence[str] = (),
        options: Mapping[str, Mapping[str, Any]] | None = None,
        channels: Sequence[str] = ("outbox",),
        settings: Mapping[str, Any] | None = None,
        http: Any = None,
    ) -> None:
        self.outbox = Outbox()
        self.clock = SetClock(START)
        values: dict[str, Any] = {
            "data_dir": folder,
            "plugin_trial_seconds": 0,
            "public_url": "https://feedback.example.com",
            "ask": [{"name": "default", "channels": list(channels)}],
            "http": {"allow": list(peers), "timeout_seconds": 2},
            "plugins": {name: dict(section) for name, section in (options or {}).items()},
            **(settings or {}),
        }
        if not (folder / KEY_FILE).exists():  # else an instance starts again in its folder
            write_key(folder / KEY_FILE)
        self.core: Core = open_core(Settings(**values), self.clock, {**plugins, "outbox": self.outbox}, http)
        prepare(self.core)
        self._app: Flask | None = None
        self._somebody = 0

    def close(self) -> None:
        """Let go of everything."""
        self.core.close()

    @property
    def read(self) -> Reading:
        """Everything that a plugin may read; see `feedbackhub.Reader`."""
        return Reading(self.core)

    def hub(self, name: str) -> PluginHub:
        """Return the hub as a plugin is handed it."""
        settings, clock = self.core.settings, self.core.clock
        return PluginHub(name, settings, clock, Http(settings.http, clock), self.core.plugins.curtain)

    def state(self, name: str) -> PluginState:
        """Return how a plugin fares; raises KeyError when there is none of that name."""
        found = self.core.plugins.state(name)
        if found is None:
            raise KeyError(name)
        return found

    def end_contact(self, external_id: str = "1", **fields: Any) -> Contact:
        """Let a contact end, and return it as plugins see it.

        Args:
            external_id: Its id in its source.
            fields: Fields of `ContactEvent`; Ann's mail address is known unless `customer` says otherwise.
        """
        recorded = record_contact(self.core, make_contact_event(external_id, **fields))
        return self.read.contact(recorded.contact.id)

    def ask(self, external_id: str = "1", **fields: Any) -> Asked:
        """Let a contact end, and time pass until its customer was asked.

        Raises:
            AssertionError: It was not asked about; the text says why.
        """
        recorded = record_contact(self.core, make_contact_event(external_id, **fields)).contact
        if recorded.invitation is None:
            raise AssertionError(f"not asked: {recorded.decision.rule}: {recorded.decision.reason}")
        self.run(timedelta(hours=2))
        return Asked(recorded.id, recorded.invitation.id)

    def answer(self, asked: Asked | None = None, rating: int | None = 5, comment: str = "", **answers: Any) -> Response:
        """Answer an ask, and return the response as plugins see it.

        Args:
            asked: The ask; a new contact is asked about when left out.
            rating: The answer to the first question, None for none.
            comment: The comment, empty for none.
            answers: Answers to other questions, by id.
        """
        asked = asked or self._ask_somebody()
        given = {"satisfaction": rating, "comment": comment or None, **answers}
        submitted = submit(
            self.core, asked.invitation, {name: value for name, value in given.items() if value is not None}, via="api"
        )
        self.run()
        return self.read.response(submitted.response)

    def answer_again(self, response: Response, rating: int | None = 5, comment: str = "", **answers: Any) -> Response:
        """Answer the ask that followed a response (`Hub.ask`), and return the second response.

        Args:
            response: The first response.
            rating: The answer to the first question, None for none.
            comment: The comment, empty for none.
            answers: Answers to other questions, by id.

        Raises:
            AssertionError: Nobody was asked again after it.
        """
        followed = self.read.asked_after(response.public_id)
        if not followed:
            raise AssertionError("nobody was asked again after this response")
        return self.answer(Asked(response.contact, followed[0].public_id), rating, comment, **answers)

    def hire(self, name: str = "Lea", role: str = "manager") -> StaffMember:
        """Admit somebody to the staff, and return them as plugins see them."""
        address = f"{name.lower()}@example.com"
        invite_user(self.core.store, self.clock, address, name, role, "tests")
        return next(each for each in self.read.staff(role) if each.email == address)

    def _ask_somebody(self) -> Asked:
        self._somebody += 1
        who = f"somebody-{self._somebody}"
        return self.ask(who, customer={"email": f"{who}@example.com", "name": "Somebody", "language": "en"})

    def run(self, after: timedelta = timedelta(0)) -> int:
        """Let time pass, and the engine do what is due then; return how many tasks that were."""
        self.clock.move(after)
        return Engine(self.core).drain()

    @property
    def sent(self) -> list[Message]:
        """What went to the outbox."""
        return self.outbox.sent

    def faults(self, name: str = "") -> list[Ran]:
        """Return what went wrong in plugins, newest first."""
        return [each for each in self.core.containment.trace(name) if each.is_fault]

    def browser(self, role: str = "") -> FlaskClient:
        """Return a browser in which somebody of a role is signed in; a stranger's when left out."""
        if self._app is None:
            self._app = create_app(self.core)
        browser = self._app.test_client()
        if role:
            address = f"{role}{len(self.core.containment.trace())}@example.com"
            _, secret = invite_user(self.core.store, self.clock, address, role.title(), role, "tests")
            set_password(self.core.store, self.clock, secret, PASSWORD)
            browser.post("/sign-in", data={"email": address, "password": PASSWORD, **_token(browser, "/sign-in")})
        return browser


def _token(browser: FlaskClient, path: str) -> Mapping[str, str]:
    """Return the CSRF token that stands in a page's form."""
    text = browser.get(path).text
    before, found, after = text.partition('name="csrf_token" value="')
    return {"csrf_token": after.partition('"')[0]} if found else {}
