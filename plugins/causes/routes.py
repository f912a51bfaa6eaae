"""The themes as operations of the API."""

from __future__ import annotations

from feedbackhub import Hub, Route, RouteRequest

from .book import Book
from .models import TextIn, ThemeIn, ThemeList, ThemeOut, ThemesFound
from .themes import Spotter

__all__ = ["routes_of"]


def routes_of(hub: Hub) -> list[Route]:
    """Return the operations."""
    here = Operations(hub)
    one, back = "themes/<key>", "Bring the shipped themes back; those of one's own stay."
    return [
        Route("GET", "themes", "List the themes of comments.", "read", here.every, ThemeList),
        Route("POST", "themes", "Add a theme.", "write", here.add, ThemeOut, ThemeIn, status=201),
        Route("POST", "themes/try", "Say which themes a text is about.", "read", here.tried, ThemesFound, TextIn),
        Route("POST", "themes/undo", "Take the last change back.", "write", here.undo, ThemeList),
        Route("POST", "themes/restore", back, "write", here.restore, ThemeList),
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
        return ThemeOut.of(self._book.add(request.body.theme("")))

    def change(self, request: RouteRequest) -> ThemeOut:
        """Change a theme."""
        return ThemeOut.of(self._book.change(request.body.theme(request.path["key"])))

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
