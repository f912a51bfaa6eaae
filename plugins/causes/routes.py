"""The themes as operations of the API."""

from __future__ import annotations

from collections.abc import Callable

from feedbackhub import Hub, Problem, Refused, Route, RouteRequest

from .book import Book
from .models import TextIn, ThemeIn, ThemeList, ThemeOut, ThemesFound
from .themes import Spotter, Theme

__all__ = ["routes_of"]


def routes_of(hub: Hub) -> list[Route]:
    """Return the operations."""
    here = Operations(hub)
    one, back = "themes/<key>", "Bring the shipped themes back; those of one's own stay."
    return [
        Route("GET", "themes", "List the themes of comments.", "read", here.every, ThemeList),
        Route("POST", "themes", "Add a theme.", "write", here.add, ThemeOut, ThemeIn, status=201),
        Route("POST", "try", "Say which themes a text is about.", "read", here.tried, ThemesFound, TextIn),
        Route("POST", "undo", "Take the last change back.", "write", here.undo, ThemeList),
        Route("POST", "restore", back, "write", here.restore, ThemeList),
        Route("GET", one, "Show a theme.", "read", here.one, ThemeOut),
        Route("PUT", one, "Change a theme.", "write", here.change, ThemeOut, ThemeIn),
        Route("DELETE", one, "Remove a theme.", "write", here.remove, status=204),
    ]


class Operations:
    """What each operation does.

    Args:
        hub: The plugin's hub.
    """

    def __init__(self, hub: Hub) -> None:
        self._book = Book(hub)

    def every(self, request: RouteRequest) -> ThemeList:
        """List the themes."""
        return ThemeList.of(self._book.now())

    def one(self, request: RouteRequest) -> ThemeOut:
        """Show a theme."""
        return ThemeOut.of(self._book.now().one(request.path["key"]))

    def add(self, request: RouteRequest) -> ThemeOut:
        """Add a theme."""
        return self._kept(self._book.add, request.body.theme(""))

    def change(self, request: RouteRequest) -> ThemeOut:
        """Change a theme."""
        return self._kept(self._book.change, request.body.theme(request.path["key"]))

    def remove(self, request: RouteRequest) -> None:
        """Remove a theme."""
        self._book.remove(request.path["key"])

    def tried(self, request: RouteRequest) -> ThemesFound:
        """Say which themes a text is about; it is kept nowhere."""
        return ThemesFound.of(Spotter(self._book.now().themes).themes_of, request.body.text)

    def undo(self, request: RouteRequest) -> ThemeList:
        """Take the last change back."""
        return ThemeList.of(self._book.undo())

    def restore(self, request: RouteRequest) -> ThemeList:
        """Bring the shipped themes back."""
        self._book.restore()
        return self.every(request)

    def _kept(self, keep: Callable[[Theme], Theme], wanted: Theme) -> ThemeOut:
        """Keep a theme; what is wrong is told by the fields of the body, which are not those of the form."""
        try:
            return ThemeOut.of(keep(wanted))
        except Refused as refused:
            raise Refused(*(Problem(_field(each.field), each.reason) for each in refused.problems)) from None


def _field(name: str) -> str:
    return {"title": "title", "patterns": "words"}.get(name, f"words.{name}")
