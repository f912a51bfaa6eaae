"""The tasks: notice what is due, make it, and send it to everybody who has not ended it; each day's mail once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from feedbackhub import (
    N_,
    Call,
    Hub,
    Identifier,
    Letter,
    NotFound,
    PermanentFailure,
    Problem,
    Refused,
    TemporaryFailure,
)

from .book import Book, Digest
from .composing import Composer, Made, addressed
from .history import Edition, History
from .readers import Recipients
from .settings import Settings
from .showing import content_of
from .tokens import slot_id, token_of

__all__ = ["MAKE", "PREVIEW", "RETRIES", "Maker"]

MAKE = "make"
#: What stands for a recipient in the address for ending a digest, where there is none.
PREVIEW = "preview"
#: What a report that did not come is waited for, before the mail goes without it.
RETRIES = (timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1))


class Maker:
    """Makes digests.

    Args:
        hub: The plugin's hub.
        settings: The plugin's settings.
    """

    def __init__(self, hub: Hub, settings: Settings) -> None:
        self._hub, self._settings = hub, settings
        self._book, self._history, self._recipients = Book(hub), History(hub), Recipients(hub)
        self._composer = Composer(hub, settings)

    def plan(self, _: Call) -> None:
        """Queue what is due; done twice, or after a while in which nothing ran, each day's mail is queued once."""
        self._history.forget_shown()
        for found in self._book.all():
            slot = self._book.due(found)
            if slot is None:
                continue
            day = slot.day.isoformat()
            days = self._book.days(found, slot.at)
            id_ = slot_id(self._hub.secret, found.id, day)
            self._history.begin(found.id, "sent", day, days, MAKE, id_=id_)
            self._book.planned(found.id, day)

    def begin(self, found: Digest, kind: str, address: str = "") -> Edition:
        """Queue an edition as it would be sent now, to be looked at (``preview``) or tried (``test``); return it."""
        now = self._hub.clock.now()
        day = now.astimezone(ZoneInfo(self._hub.timezone)).date().isoformat()
        return self._history.begin(found.id, kind, day, self._book.days(found, now), MAKE, address=address)

    def make(self, call: Call) -> None:
        """Make one edition, and send it or keep it to be looked at.

        Raises:
            TemporaryFailure: A report did not come at the first attempt.
            PermanentFailure: The channel is not there.
        """
        edition = self._history.find(str(call.payload.get("edition", "")))
        if edition is None:  # forgotten meanwhile
            return
        try:
            found = self._book.get(edition.digest)
        except NotFound:
            self._history.end(edition.id, "failed", [Problem("", N_("The digest was deleted."))])
            return
        self._check_channel(edition)
        made = self._composer.compose(found, *edition.days)
        if made.may_pass and edition.kind == "sent" and call.attempt == 1:
            raise TemporaryFailure("a report did not come; the mail waits for it once")
        deeds: Mapping[str, Any] = {"sent": self._send, "test": self._try, "preview": self._keep}
        deeds[edition.kind](found, edition, made)

    def _check_channel(self, edition: Edition) -> None:
        channel = self._settings.channel
        if edition.kind == "preview" or "email" in self._hub.channels().get(channel, ()):
            return
        flaw = Problem("", N_("The channel {name} is not there, or sends no mails."), {"name": channel})
        self._history.end(edition.id, "failed", [flaw])
        raise PermanentFailure(flaw.text.format(**flaw.values))

    def _send(self, found: Digest, edition: Edition, made: Made) -> None:
        refused = 0
        wanting = self._recipients.wanting(found.id) if found.is_on else []
        for each in wanting:
            stop = f"{self._hub.public_url}x/digest/stop/{token_of(self._hub.secret, each.id)}"
            key = f"{found.id}:{edition.day}:{each.address}"
            try:
                self._hub.send(self._letter(found, each.address, addressed(made, stop), stop, key))
            except Refused:
                refused += 1
        problems = list(made.problems)
        if refused:
            problems.append(Problem("", N_("{n} addresses were not taken."), {"n": refused}))
        if not found.is_on:
            problems.append(Problem("", N_("It was paused before it was sent.")))
        self._history.end(edition.id, "made", problems, len(wanting) - refused)

    def _try(self, found: Digest, edition: Edition, made: Made) -> None:
        here = addressed(made, f"{self._hub.public_url}x/digest/stop/{PREVIEW}")
        # One that was sent before, by an attempt that died afterwards, has forgotten its address.
        if edition.address:
            self._hub.send(self._letter(found, edition.address, here, "", f"test:{edition.id}"))
        self._history.end(edition.id, "made", made.problems, 1)

    def _keep(self, found: Digest, edition: Edition, made: Made) -> None:
        here = addressed(made, f"{self._hub.public_url}x/digest/stop/{PREVIEW}")
        self._history.end(edition.id, "made", made.problems, content=content_of(here))

    def _letter(self, found: Digest, address: str, made: Made, stop: str, key: str) -> Letter:
        return Letter(
            self._settings.channel, Identifier("email", address), made.subject, made.text, made.html, found.language,
            to_staff=True, key=key, stop_link=stop, pictures=made.pictures,
        )  # fmt: skip

    def clear(self, _: Call) -> None:
        """Forget what nobody needs any more."""
        self._history.clear(self._settings.history_days)
        self._book.clear()

