"""The page in the staff area: choose how the survey is shown, look at it, and copy what is to be pasted."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from feedbackhub import Hub, PageRequest, PageResult

from .snippet import CORNER, INLINE, LONGEST_DELAY, Wanted, after_chat, element, policy, script

LINK = re.compile(r"/[so]/[A-Za-z0-9_-]{24}(\?[!-~]{0,500})?")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
EXAMPLE = "o/TOKEN"


class Desk:
    """Makes the snippets.

    Args:
        hub: What the core hands out.
    """

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    def show(self, request: PageRequest) -> PageResult:
        """Show what to paste, for the link that was typed or for an example."""
        form = request.form
        typed = form.get("link", "").strip()
        wrong = bool(typed) and not self.is_ours(typed)
        wanted = Wanted(
            link=typed if typed and not wrong else self.hub.public_url + EXAMPLE,
            mode=CORNER if form.get("mode") == CORNER else INLINE,
            delay=seconds(form.get("delay", "")),
            language=form.get("language", "") if LANGUAGE.fullmatch(form.get("language", "")) else "",
        )
        values = {
            "wanted": wanted, "typed": typed, "wrong": wrong, "ready": bool(typed) and not wrong,
            "script": script(self.hub.public_url), "element": element(wanted), "policy": policy(self.hub.public_url),
            "after_chat": after_chat(wanted.link),
        }  # fmt: skip
        return PageResult("snippet.html", values, status=422 if wrong else 200)

    def is_ours(self, link: str) -> bool:
        """Tell whether a text is the address of a survey of some instance."""
        parts = urlsplit(link)
        path = parts.path[parts.path.rfind("/", 0, max(parts.path.rfind("/"), 0)) :]
        query = f"?{parts.query}" if parts.query else ""
        return parts.scheme in ("https", "http") and bool(parts.netloc) and LINK.fullmatch(path + query) is not None


def seconds(text: str) -> int:
    """Return a delay as typed, within bounds; none for anything else."""
    return min(int(text), LONGEST_DELAY) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
