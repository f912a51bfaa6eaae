"""The operations of the API."""

from __future__ import annotations

from feedbackhub import Route, RouteRequest

from .book import Digest
from .models import DigestChange, DigestIn, DigestList, DigestOut, EditionList, EditionOut
from .service import Service

__all__ = ["routes_of"]


def routes_of(service: Service) -> list[Route]:
    """Return the operations."""
    here = Operations(service)
    one = "digests/<id>"
    return [
        Route("GET", "digests", "List the digests.", "read", here.every, DigestList),
        Route("POST", "digests", "Make a digest.", "write", here.make, DigestOut, DigestIn, status=201),
        Route("GET", one, "Show a digest and whom it goes to.", "read", here.one, DigestOut),
        Route("PATCH", one, "Change a digest, pause it or go on.", "write", here.change, DigestOut, DigestChange),
        Route("DELETE", one, "Delete a digest.", "write", here.delete, status=204),
        Route("POST", f"{one}/restore", "Bring a deleted digest back.", "write", here.restore, DigestOut),
        Route("GET", f"{one}/editions", "List what was sent.", "read", here.editions, EditionList),
    ]


class Operations:
    """What each operation does.

    Args:
        service: What is done with digests.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    def every(self, request: RouteRequest) -> DigestList:
        """List the digests."""
        return DigestList(digests=[self._out(each) for each in self._service.book.all()])

    def make(self, request: RouteRequest) -> DigestOut:
        """Make a digest."""
        return self._out(self._service.add(request.body.wanted(), request.actor))

    def one(self, request: RouteRequest) -> DigestOut:
        """Show a digest."""
        return self._out(self._service.book.get(request.path["id"]))

    def change(self, request: RouteRequest) -> DigestOut:
        """Change a digest, pause it or go on."""
        body: DigestChange = request.body
        found = self._service.book.get(request.path["id"])
        if not body.is_empty:
            found = self._service.change(found.id, body.wanted(found, self._service.recipients.of(found.id)))
        if body.on is not None:
            found = self._service.book.switch(found.id, body.on)
        return self._out(found)

    def delete(self, request: RouteRequest) -> None:
        """Delete a digest."""
        self._service.book.remove(request.path["id"])

    def restore(self, request: RouteRequest) -> DigestOut:
        """Bring a deleted digest back."""
        return self._out(self._service.book.restore(request.path["id"]))

    def editions(self, request: RouteRequest) -> EditionList:
        """List what was sent."""
        found = self._service.book.get(request.path["id"])
        return EditionList(editions=[EditionOut.of(each) for each in self._service.history.sent(found.id, 100)])

    def _out(self, found: Digest) -> DigestOut:
        return DigestOut.of(found, self._service.book.next_at(found), self._service.recipients.of(found.id))
