"""Asking the other system for what a body lacks."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from feedbackhub import (
    ContactEvent,
    FeedbackhubError,
    HttpAnswer,
    Hub,
    Incoming,
    PermanentFailure,
    Problem,
    Refused,
    TemporaryFailure,
)

from .lookup_settings import Credentials, Lookup
from .mapping import Fields, Reader
from .paths import find
from .placeholders import filled

__all__ = ["Lookups"]

#: A token is fetched anew so long before it ends.
SPARE = timedelta(minutes=1)


class Lookups:
    """Fills what is missing in the contacts of one source.

    Args:
        hub: Its client for other systems and its clock.
        reader: Reads the source's bodies.
        option: The source's table in the settings, for messages.
    """

    def __init__(self, hub: Hub, reader: Reader, option: str) -> None:
        self._hub, self._reader, self._option = hub, reader, option
        self._settings = reader.settings
        self._token: tuple[str, datetime] | None = None

    def enrich(self, event: ContactEvent, incoming: Incoming) -> ContactEvent:
        """Return a contact with what could be looked up.

        Raises:
            TemporaryFailure: The other system cannot answer now.
            PermanentFailure: It refuses, or an option is missing.
        """
        fields = self._fields_of(event, incoming)
        before = dict(fields)
        for lookup in self._settings.lookups.values():
            self._look(lookup, fields)
        return event if fields == before else self._reader.contact(fields)

    def _fields_of(self, event: ContactEvent, incoming: Incoming) -> Fields:
        """Return the fields that the contact was read from; the body may tell of several contacts."""
        every = (self._reader.fields(each) for each in self._reader.events(incoming))
        return next((fields for fields in every if fields.get("external_id") == event.external_id), {})

    def _look(self, lookup: Lookup, fields: Fields) -> None:
        wanted = lookup.when_missing or tuple(lookup.paths)
        if not lookup.url or all(field in fields for field in wanted):
            return
        ready = self._ready(lookup)
        url = filled(lookup.url, self._settings.address or "-", fields)
        reached = "customer.email" in fields or "customer.phone" in fields
        if not url or not (ready or (lookup.needed and not reached)):
            return
        if not ready:
            raise PermanentFailure(f"the body does not tell {wanted[0]}; to look it up, set {self._unset()}")
        answer = self._call(url)
        if answer is not None:
            self._fill(lookup.paths, answer, fields)

    def _ready(self, lookup: Lookup) -> bool:
        return self._settings.credentials.given and ("{address}" not in lookup.url or bool(self._settings.address))

    def _unset(self) -> str:
        names = [] if self._settings.address else [f"{self._option}.address"]
        if not self._settings.credentials.given:
            names.append(f"{self._option}.credentials.{self._settings.credentials.option}")
        return " and ".join(names)

    def _call(self, url: str) -> Any:
        """Return what the other system answers; None when it knows nothing of that."""
        answer = self._send("GET", url, headers=self._headers())
        if answer.status in (404, 410):
            return None
        self._judge(answer)
        try:
            return answer.json()
        except ValueError:
            raise PermanentFailure("the look-up was answered with something that is no JSON") from None

    def _judge(self, answer: HttpAnswer) -> None:
        if answer.status in (401, 403):
            self._token = None
            option = f"{self._option}.credentials"
            raise PermanentFailure(f"the other system refused the look-up ({answer.status}); check {option}")
        if answer.status in (408, 425, 429) or answer.status >= 500:
            raise TemporaryFailure(f"the look-up was answered with {answer.status}", answer.retry_after)
        if not answer.ok:
            raise PermanentFailure(f"the look-up was answered with {answer.status} {answer.reason}".strip())

    def _send(self, method: str, url: str, **more: Any) -> HttpAnswer:
        try:
            return self._hub.http.request(method, url, **more)
        except FeedbackhubError as error:
            raise TemporaryFailure(str(error)) from None

    def _headers(self) -> Mapping[str, str]:
        chosen = self._settings.credentials
        token = chosen.token.get_secret_value()
        if chosen.kind == "basic":
            pair = f"{chosen.user}:{chosen.password.get_secret_value()}"
            return {"Accept": "application/json", "Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
        if chosen.kind == "header":
            return {"Accept": "application/json", chosen.header: token}
        if chosen.kind == "oauth":
            token = self._fetched(chosen)
        return {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})

    def _fetched(self, chosen: Credentials) -> str:
        """Return a token for client id and secret, kept until shortly before it ends."""
        now = self._hub.clock.now()
        if self._token and self._token[1] > now:
            return self._token[0]
        form = {
            "grant_type": "client_credentials",
            "client_id": chosen.user,
            "client_secret": chosen.password.get_secret_value(),
        }
        answer = self._send("POST", chosen.token_url, data=form)
        self._judge(answer)
        try:
            said = answer.json()
            token, seconds = str(said["access_token"]), int(said.get("expires_in", 300))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise PermanentFailure(f"no token came from {self._option}.credentials.token_url") from None
        self._token = (token, now + timedelta(seconds=seconds) - SPARE)
        return token

    def _fill(self, paths: Mapping[str, tuple[str, ...]], answer: Any, fields: Fields) -> None:
        problems = []
        for field, places in paths.items():
            if field in fields:
                continue
            value, path = find(places, answer)
            try:
                self._reader.put(fields, field, value)
            except ValueError as error:
                problems.append(Problem(field, f"{error} (at {path} in what was looked up)"))
        if problems:
            raise Refused(*problems)
