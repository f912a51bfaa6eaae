"""One call to an endpoint: a signed event, or a note."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from feedbackhub import DeliveryFailure, Event, HttpAnswer, Hub, PermanentFailure, TemporaryFailure

from .cloudevents import MEDIA_TYPE, cloud_event, written
from .endpoints import Endpoint
from .notes import Note, Nothing, note_of, test_note
from .outcome import LONGEST_ERROR, Outcome, judge
from .settings import Credentials
from .signing import generations, secret_of, signed_headers
from .signing_in import SignsIn

__all__ = ["Called", "Calls"]

UNAUTHORISED = 401


@dataclass(frozen=True, slots=True)
class Called:
    """How a call went.

    Args:
        outcome: What follows.
        milliseconds: How long it took.
        digest: What a note said, as a keyed hash; empty for events.
        body: The beginning of the answer, for the eyes of who presses the test button; never kept.
    """

    outcome: Outcome
    milliseconds: int
    digest: str = ""
    body: str = ""


class Calls:
    """Calls endpoints.

    Args:
        hub: The plugin's hub.
        sign_in: Knows the credentials of helpdesks.
    """

    def __init__(self, hub: Hub, sign_in: SignsIn) -> None:
        self._hub, self._sign_in = hub, sign_in

    def send(self, endpoint: Endpoint, event: Event, said_before: str = "") -> Called:
        """Send an event to an endpoint once, and return how that went."""
        if endpoint.is_note:
            return self._note(endpoint, event, said_before)
        return self.post(endpoint, cloud_event(self._hub, event, endpoint.include))

    def post(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Called:
        """Post a CloudEvent, signed, to an endpoint once."""
        began, raw, now = time.monotonic(), written(body), self._hub.clock.now()
        numbers = generations(endpoint.generation, endpoint.rotated_at, now)
        secrets = [secret_of(self._hub.secret, endpoint.id, each) for each in numbers]
        headers = {"Content-Type": MEDIA_TYPE, **signed_headers(secrets, str(body["id"]), now, raw)}
        try:
            answer = self._hub.http.post(endpoint.url, data=raw, headers=headers)
        except DeliveryFailure as error:
            return Called(_failed(error), _since(began))
        outcome = judge(answer.status, answer.reason, answer.retry_after)
        return Called(outcome, _since(began), body=shown(answer))

    def try_note(self, endpoint: Endpoint, ticket: str) -> Called:
        """Leave a note that says it is a test, in a ticket that somebody names."""
        return self._called(endpoint, lambda found: test_note(self._hub, endpoint, found, ticket))

    def _note(self, endpoint: Endpoint, event: Event, said_before: str) -> Called:
        return self._called(endpoint, lambda found: note_of(self._hub, endpoint, found, event, said_before))

    def _called(self, endpoint: Endpoint, write: Callable[[Credentials], Note]) -> Called:
        began, name = time.monotonic(), str(endpoint.template["credentials"])
        try:
            note = write(self._sign_in.credentials(name))
            answer = self._sent(name, note.method, note.url, note.headers, note.body)
        except Nothing as why:
            return Called(Outcome("skipped", error=str(why)), 0)
        except DeliveryFailure as error:
            return Called(_failed(error), _since(began))
        outcome = judge(answer.status, answer.reason, answer.retry_after, is_note=True)
        return Called(outcome, _since(began), note.digest, shown(answer))

    def _sent(self, name: str, method: str, url: str, headers: Mapping[str, str], body: Any) -> HttpAnswer:
        given = {**headers, **self._sign_in.headers(name)}
        answer = self._hub.http.request(method, url, json=body, headers=given)
        if answer.status == UNAUTHORISED:
            self._sign_in.refused(name)
        return answer


def shown(answer: HttpAnswer) -> str:
    """Return the beginning of an answer's body."""
    return answer.body[:500].decode("utf-8", "replace")


def _failed(error: DeliveryFailure) -> Outcome:
    asked = error.retry_after if isinstance(error, TemporaryFailure) else None
    return Outcome("failed" if isinstance(error, PermanentFailure) else "again", 0, error.reason[:LONGEST_ERROR], asked)


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
