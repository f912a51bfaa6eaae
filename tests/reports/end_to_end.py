"""Answers posted over the API, and reports read over it: from a vector's counts to a number in JSON."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import count
from typing import Any

from flask.testing import FlaskClient

from feedbackhub import ContactEvent
from feedbackhub.app import create_app
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.intake import record_contact
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import AskEntry, Settings, Throttle
from feedbackhub.office.keys import create_key

SCOPES = ["responses:write", "reports:read", "surveys:write"]
SURVEY = """
name: everything
type: everything
languages: [en]
title: {en: Everything}
thanks: {en: Thank you}
questions:
  - {id: recommend, type: nps, text: {en: Recommend?}}
  - {id: happy, type: csat, text: {en: Happy?}}
  - {id: ease, type: ces, text: {en: Easy?}}
  - {id: polite, type: rating, role: courtesy, text: {en: Polite?}}
  - {id: felt, type: rating, role: empathy, text: {en: Understood?}}
"""
#: Answers by question; the first of each list are one customer's, and so on.
Given = Mapping[str, Sequence[int]]


def asking_everything(settings: Settings) -> Settings:
    """Return settings that ask everybody at once, through the mailbox."""
    entry = AskEntry(name="default", survey="everything", channels=("mailbox",), delay=timedelta(0), reminders=0)
    return settings.model_copy(update={"ask": (entry,), "throttle": Throttle(days=0)})


def each(counts: Mapping[int, int]) -> list[int]:
    """Return answers one by one from how often each was given."""
    return list(Counter(counts).elements())


class Company:
    """A company whose customers answer, and that reads its reports.

    Args:
        core: The instance.
        clock: Its clock.
    """

    def __init__(self, core: Core, clock: SetClock) -> None:
        self.core, self.clock = core, clock
        self._client: FlaskClient = create_app(core).test_client()
        _, secret = create_key(core.store, clock, "tests", SCOPES, "tests")
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._numbers = count(1)
        published = self._post("surveys", {"source": SURVEY})
        assert published.status_code == 201, published.text

    def answer(self, team: str, given: Given) -> None:
        """Let customers of a team be asked, and post what they answer."""
        customers = [dict(zip(given, values, strict=True)) for values in zip(*given.values(), strict=True)]
        asked = [self._asked(team) for _ in customers]
        Engine(self.core).drain()
        self.clock.move(timedelta(minutes=1))
        for invitation, answers in zip(asked, customers, strict=True):
            posted = self._post("responses", {"invitation": invitation, "answers": answers})
            assert (posted.status_code, posted.get_json()["stored"]) == (201, True), posted.text
        Engine(self.core).drain()

    def report(self, name: str, query: str) -> dict[str, Any]:
        """Return a report's JSON."""
        for _ in range(20):
            answer = self._client.get(f"/api/v1/reports/{name}?{query}", headers=self._headers)
            if answer.status_code != 202:
                assert answer.status_code == 200, answer.text
                found: dict[str, Any] = answer.get_json()
                return found
        raise AssertionError("the report never came")

    def refused(self, name: str, query: str) -> dict[str, Any]:
        """Return what is wrong with a query."""
        answer = self._client.get(f"/api/v1/reports/{name}?{query}", headers=self._headers)
        assert answer.status_code == 422, answer.text
        found: dict[str, Any] = answer.get_json()
        return found

    def _asked(self, team: str) -> str:
        number = next(self._numbers)
        event = {"source": "helpdesk", "external_id": f"T-{number}", "channel": "chat", "team": team,
                 "customer": {"email": f"c{number}@example.org"}}  # fmt: skip
        invitation = record_contact(self.core, ContactEvent.model_validate(event)).contact.invitation
        assert invitation is not None
        return invitation.id

    def _post(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._client.post(f"/api/v1/{path}", json=body, headers=self._headers)
