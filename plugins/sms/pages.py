"""A page that says what a text costs before it is written into a survey."""

from __future__ import annotations

from feedbackhub import PageRequest, PageResult

from .segments import BASIC, EXTENDED, plain_signs, size_of
from .settings import Settings

__all__ = ["Measuring"]

LONGEST = 5000
MOST_SHOWN = 20


class Measuring:
    """Counts the parts that a text is sent in."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def measure(self, request: PageRequest) -> PageResult:
        """Show the form, and for a text how it would travel and which signs make it dear."""
        text = request.form.get("text", "").replace("\r\n", "\n")[:LONGEST]
        sent = plain_signs(text)
        dear = dict.fromkeys(sign for sign in sent if sign not in BASIC | EXTENDED)
        values = {
            "text": text,
            "sent": sent,
            "size": size_of(sent) if text else None,
            "dear": list(dear)[:MOST_SHOWN],
            "most": self.settings.segments,
        }
        return PageResult("length.html", values)
