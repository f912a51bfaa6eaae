"""What people and programs do with endpoints, behind both the pages and the API."""

from __future__ import annotations

from feedbackhub import N_, Hub, Problem, Refused, new_public_id

from .calls import Called, Calls
from .endpoints import Book, Endpoint
from .log import Log
from .replaying import Replays
from .settings import Settings
from .signing import secret_of
from .signing_in import SignsIn
from .trying import Trial
from .wanted import Wanted, checked

__all__ = ["Service"]


class Service:
    """The endpoints of one instance, and all that is done with them.

    Args:
        hub: The plugin's hub.
        settings: The plugin's settings.
    """

    def __init__(self, hub: Hub, settings: Settings) -> None:
        self.hub, self.settings = hub, settings
        self.book, self.log = Book(hub), Log(hub)
        self.calls = Calls(hub, SignsIn(hub, settings))
        self.replays = Replays(hub, self.book, self.log)
        self._trial = Trial(hub, self.calls)

    def add(self, wanted: Wanted, by: str) -> Endpoint:
        """Make an endpoint; raises Refused."""
        found = self.book.add(new_public_id(), checked(wanted, self.settings), by)
        self.hub.log.info("endpoint %s was made", found.id)
        return found

    def change(self, id_: str, wanted: Wanted) -> Endpoint:
        """Change an endpoint; raises NotFound, Refused."""
        before = self.book.get(id_)
        if before.is_note != bool(wanted.template):
            raise Refused(Problem("template", N_("an endpoint stays what it is: make another one")))
        return self.book.change(id_, checked(wanted, self.settings))

    def switch(self, id_: str, on: bool) -> Endpoint:
        """Let an endpoint get events, or no more; what was held back follows; raises NotFound."""
        before = self.book.get(id_)
        if on and not before.is_on:
            found = self.book.switch_on(id_)
            self.replays.resume(found)
            return found
        if not on:
            self.book.switch_off(id_, "by_hand")
        return self.book.get(id_)

    def rotate(self, id_: str) -> Endpoint:
        """Take a new secret into use; raises NotFound, and Refused for notes, which are not signed."""
        self._signed(id_)
        found = self.book.rotate(id_)
        self.hub.log.info("the secret of endpoint %s was rotated", id_)
        return found

    def secret(self, id_: str) -> str:
        """Return the secret as its receiver needs it; raises NotFound, and Refused for notes."""
        found = self._signed(id_)
        return secret_of(self.hub.secret, found.id, found.generation)

    def test(self, id_: str, ticket: str = "") -> Called | None:
        """Call an endpoint once, and return how that went, None for no answer in time; raises NotFound, Refused."""
        found = self.book.get(id_)
        if found.is_note and not ticket.strip():
            raise Refused(Problem("ticket", N_("must name a ticket to leave a test note in")))
        return self._trial.run(found, ticket.strip())

    def _signed(self, id_: str) -> Endpoint:
        found = self.book.get(id_)
        if found.is_note:
            raise Refused(Problem("", N_("notes are not signed: the helpdesk knows us by its own credentials")))
        return found
