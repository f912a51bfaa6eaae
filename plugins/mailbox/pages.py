"""The pages of the mailbox: the list, one message, and its HTML apart."""

from __future__ import annotations

import re

from feedbackhub import PageRequest, PageResult

from .drawer import Drawer
from .mail import Kept

PER_PAGE = 50
HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
# A click inside the frame leaves the staff area, as a click in a mail program leaves that.
BASE = '<base target="_top">'


class Reading:
    """Shows what the drawer keeps."""

    def __init__(self, drawer: Drawer) -> None:
        self.drawer = drawer

    def list(self, request: PageRequest) -> PageResult:
        """Show the newest messages, or those of the page asked for."""
        keys = self.drawer.keys()
        pages = max(1, -(-len(keys) // PER_PAGE))
        number = min(page_number(request.query.get("page", "1")), pages)
        mails = self.drawer.some(keys[(number - 1) * PER_PAGE : number * PER_PAGE])
        return PageResult("list.html", {"mails": mails, "total": len(keys), "number": number, "pages": pages})

    def mail(self, request: PageRequest) -> PageResult:
        """Show one message with its fields and both its parts."""
        kept = self.drawer.get(request.path["key"])
        return PageResult("mail.html", {"mail": kept}) if kept else missing()

    def html(self, request: PageRequest) -> PageResult:
        """Give one message's HTML for the frame on its page."""
        kept = self.drawer.get(request.path["key"])
        return PageResult(body=framed(kept).encode()) if kept else missing()


def missing() -> PageResult:
    """Say that a message is no longer there."""
    return PageResult("missing.html", status=404)


def page_number(text: str) -> int:
    """Return the page asked for, the first for anything else."""
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 7 else 1


def framed(kept: Kept) -> str:
    """Return the HTML with its links opening outside the frame."""
    return HEAD.sub(lambda found: found[0] + BASE, kept.html, count=1) if HEAD.search(kept.html) else BASE + kept.html
