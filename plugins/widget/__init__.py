"""Show a survey inside a company's own pages, or in their corner after a chat."""

from __future__ import annotations

from collections.abc import Sequence

from feedbackhub import About, Hub, Page, hookimpl

from .pages import Desk

__all__ = ["about", "feedbackhub_pages"]

about = About(title="Widget", description="A survey inside your own pages, or in their corner after a chat.")


@hookimpl
def feedbackhub_pages(hub: Hub) -> Sequence[Page]:
    """Bring the page with what to paste; the script itself is a static file."""
    desk = Desk(hub)
    return [Page("", "Widget", "manager", desk.show, ("GET", "POST"))]
