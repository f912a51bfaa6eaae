"""An instance whose staff are told of cases by the outbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from feedbackhub import Event, Message, Response
from feedbackhub.office.tokens import digest_of
from feedbackhub.office.users import invite_user
from feedbackhub.store.queries import staff
from feedbackhub.testing import Instance
from feedbackhub_plugins.recovery.book import Case, Cases, Wanted
from feedbackhub_plugins.recovery.deeds import Deeds
from feedbackhub_plugins.recovery.settings import Settings
from tests.app_fixtures import StaffClient

#: Ten o'clock on a Monday.
MONDAY = datetime.fromisoformat("2026-03-02T10:00:00+00:00")
ANN, LEAD, BOSS = "ann@acme.example", "lead@acme.example", "boss@acme.example"
#: Questions beside the rating and the comment.
ANSWERS = ("solved", "call_back", "call_back_phone")
TEAMS = {"Billing": {"owner": ANN, "escalate_to": LEAD}}


class Here:
    """An instance with an agent and a manager, and what is done with cases.

    Args:
        instance: The instance.
        options: The plugin's settings.
    """

    def __init__(self, instance: Instance, options: dict[str, Any]) -> None:
        self.instance = instance
        self.hub = instance.hub("recovery")
        self.cases, self.deeds = Cases(self.hub), Deeds(self.hub, Settings.model_validate(options))
        for address, role in ((ANN, "agent"), (BOSS, "manager")):
            invite_user(instance.core.store, instance.clock, address, "", role, "tests")
        instance.clock.moment = MONDAY
        instance.run()

    def answer(self, number: str = "1", rating: int = 1, comment: str = "", **more: Any) -> Response:
        """Let somebody answer about a contact, and half an hour pass until the answer is settled."""
        answers = {name: more.pop(name) for name in ANSWERS if name in more}
        fields = {"customer": {"email": f"c{number}@example.com"}, "team": "Billing", **more}
        asked = self.instance.ask(number, **fields)
        response = self.instance.answer(asked, rating, comment, **answers)
        self.run(minutes=31)
        return response

    def case(self, number: str = "1", **more: Any) -> Case:
        """Let a bad answer open a case, and return it."""
        found = self.cases.find(self.answer(number, **more).public_id)
        assert found is not None
        return found

    def run(self, **span: float) -> None:
        """Let time pass, and the engine do what is due then."""
        self.instance.run(timedelta(**span))

    def at(self, *moments: str) -> None:
        """Let the engine run at some days and times of that week, such as ``2 12:35`` for Monday."""
        for each in moments:
            day, _, time = each.partition(" ")
            self.instance.clock.moment = datetime.fromisoformat(f"2026-03-{int(day):02}T{time}:00+00:00")
            self.instance.run()

    def all(self) -> list[Case]:
        """Return every case."""
        return self.cases.listing(Wanted(), size=0)

    def kinds(self, case: Case) -> list[str]:
        """Return what happened to a case."""
        return [each.kind for each in self.cases.history(case.id)]

    def browser(self, role: str) -> StaffClient:
        """Return a browser in which somebody of a role is signed in, without the hashing of a password."""
        core, clock, token = self.instance.core, self.instance.clock, f"session of {role}"
        user, _ = invite_user(core.store, clock, f"{role}@acme.example", "", role, "tests")
        core.store.write(lambda c: staff.change_user(c, user.id, {"password_hash": "unusable"}))
        until = clock.now() + timedelta(hours=12)
        core.store.write(lambda c: staff.add_session(c, digest_of(token), user.id, clock.now(), until))
        app = self.instance.browser().application
        browser = StaffClient(app, app.response_class, use_cookies=True)
        with browser.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        return browser

    @property
    def mails(self) -> list[Message]:
        """What staff were told."""
        return [each for each in self.instance.sent if each.kind == "letter"]

    def events(self) -> list[Event]:
        """Return what others learned."""
        return list(self.instance.read.events(types=("recovery.*",)))


MakeHere = Callable[..., Here]


@pytest.fixture
def make_here(tmp_path: Path) -> Iterator[MakeHere]:
    """Make an instance with settings of the plugin."""
    made: list[Instance] = []

    def make(**options: Any) -> Here:
        options = {"channel": "outbox", "teams": TEAMS, "reask": {"on": False}, **options}
        settings = {"throttle": {"days": 0}, "plugins_disabled": ["causes", "nps", "apology"]}
        made.append(Instance(tmp_path, {}, options={"recovery": options}, settings=settings))
        return Here(made[-1], options)

    yield make
    for each in made:
        each.close()


@pytest.fixture
def here(make_here: MakeHere) -> Here:
    """An instance."""
    return make_here()
