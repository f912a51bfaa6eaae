"""The operations of the API on the texts of letters."""

from __future__ import annotations

from feedbackhub import Conflict, Hub, NotFound, Route, RouteRequest

from .offer_models import PreviewOut, TextIn, TextList, TextNew, TextOut, WordsOut
from .piping import fill
from .settings import Settings
from .text_book import Held, TextBook
from .texts import SAMPLE, SHIPPED, Words, checked

__all__ = ["text_routes"]


def text_routes(hub: Hub) -> list[Route]:
    """Return the operations."""
    here, one = Operations(hub), "texts/<name>"
    return [
        Route("GET", "texts", "List the texts of letters.", "read", here.every, TextList),
        Route("POST", "texts", "Add a text.", "write", here.add, TextOut, TextNew, status=201),
        Route("POST", "text-previews", "Show what customers would read; nothing is kept.", "read", here.preview,
              PreviewOut, TextIn),
        Route("GET", one, "Show a text.", "read", here.one, TextOut),
        Route("PUT", one, "Change a text; what was sent stays.", "write", here.change, TextOut, TextIn),
        Route("DELETE", one, "Remove a text of your own.", "write", here.remove, status=204),
        Route("POST", f"{one}/restore", "Bring a shipped text back as it was.", "write", here.restore, TextOut),
        Route("POST", f"{one}/undo", "Take the last change back.", "write", here.undo, TextOut),
    ]  # fmt: skip


class Operations:
    """What each operation does.

    Args:
        hub: The plugin's hub.
    """

    def __init__(self, hub: Hub) -> None:
        self._sms_parts = hub.settings(Settings).offers.sms_parts
        self._book = TextBook(hub, self._sms_parts)

    def every(self, request: RouteRequest) -> TextList:
        """List the texts."""
        return TextList(texts=[self._out(each) for each in self._book.all()])

    def one(self, request: RouteRequest) -> TextOut:
        """Show a text."""
        return self._out(self._book.held(request.path["name"]))

    def add(self, request: RouteRequest) -> TextOut:
        """Add a text."""
        body: TextNew = request.body
        self._book.add(body.text(body.name), request.actor)
        return self._out(self._book.held(body.name))

    def change(self, request: RouteRequest) -> TextOut:
        """Change a text."""
        body: TextIn = request.body
        self._book.change(body.text(request.path["name"]), request.actor, body.version)
        return self.one(request)

    def remove(self, request: RouteRequest) -> None:
        """Remove a text of one's own."""
        if request.path["name"] in SHIPPED:
            raise Conflict("a shipped text stays: restore it, or set `on` to false")
        self._book.remove(request.path["name"], request.actor)

    def restore(self, request: RouteRequest) -> TextOut:
        """Bring a shipped text back as it was shipped."""
        text = self._book.get(request.path["name"])
        if text.name not in SHIPPED:
            raise Conflict("this text is your own: there is no shipped one to restore")
        self._book.remove(text.name, request.actor)
        return self.one(request)

    def undo(self, request: RouteRequest) -> TextOut:
        """Take the last change back."""
        name = request.path["name"]
        numbers = {each.text.name: each.number for each in self._book.all() if each.text is not None}
        if name not in SHIPPED and numbers.get(name) == 1:
            raise Conflict("this text was only just added: delete it instead")
        return self._out(self._book.undo(name, request.actor))

    def preview(self, request: RouteRequest) -> PreviewOut:
        """Show what customers would read."""
        body: TextIn = request.body
        sound = checked(body.text("preview"), (), self._sms_parts)
        filled = {
            language: WordsOut.of(Words(*(fill(part, SAMPLE) for part in (each.subject, each.words, each.short))))
            for language, each in sound.languages.items()
        }
        return PreviewOut(languages=filled)

    @staticmethod
    def _out(held: Held) -> TextOut:
        if held.text is None:
            raise NotFound("no such text")
        return TextOut.of(held.text, held)
