"""The public page on which somebody ends a digest for themselves: looking never writes, one click does (RFC 8058)."""

from __future__ import annotations

from feedbackhub import Hub, NotFound, PageRequest, PageResult

from .book import Book
from .making import PREVIEW
from .readers import Recipient, Recipients
from .tokens import recipient_of

__all__ = ["Ending"]


class Ending:
    """Ends digests at the wish of those who get them, and begins them again.

    Args:
        hub: The plugin's hub.
        recipients: Who gets what.
    """

    def __init__(self, hub: Hub, recipients: Recipients) -> None:
        self._hub, self._recipients, self._book = hub, recipients, Book(hub)

    def show(self, request: PageRequest) -> PageResult:
        """Ask whether to end the mail, or do it: mail programs send a form by themselves when asked to."""
        token = request.path["token"]
        if token == PREVIEW:
            return PageResult("stop.html", {"state": "preview", "title": ""})
        found = self._found(token)
        if found is None:
            return PageResult("stop.html", {"state": "gone", "title": ""}, status=404)
        # Only a POST has a form.
        if "again" in request.form:
            self._recipients.go_on(found.id)
            return self._said(found, "again")
        if request.form:
            self._recipients.stop(found.id)
            return self._said(found, "stopped")
        return self._said(found, "stopped" if found.stopped_at else "asks")

    def _found(self, token: str) -> Recipient | None:
        id_ = recipient_of(self._hub.secret, token)
        return self._recipients.find(id_) if id_ else None

    def _said(self, found: Recipient, state: str) -> PageResult:
        try:
            title = self._book.get(found.digest).title
        except NotFound:  # deleted, and perhaps brought back: who ends it now has ended it then
            title = ""
        return PageResult("stop.html", {"state": state, "title": title})
