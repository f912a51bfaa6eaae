"""The texts of the report, in the reader's language."""

from __future__ import annotations

from typing import Any

from feedbackhub import Hub
from feedbackhub.statistics import Few, Interval

__all__ = ["Words"]


class Words:
    """Translates, and says in words what numbers show.

    Args:
        hub: The plugin's hub.
        language: The reader's.
    """

    def __init__(self, hub: Hub, language: str) -> None:
        self._hub, self.language = hub, language

    def __call__(self, text: str, **values: Any) -> str:
        """Return a text in the reader's language, with values in its gaps."""
        return self._hub.translate(text, self.language).format(**values)

    def few(self, how: Few) -> str:
        """Say that answers are few; nothing when they are not."""
        if how == "none":
            return self("no data")
        if how == "counts":
            return self("too few to say")
        return self("small sample") if how == "flag" else ""

    def moved(self, difference: Interval) -> str:
        """Say which way a difference goes, when it is shown to go any."""
        if not difference.excludes_zero:
            return self("no difference shown")
        return self("higher") if difference.low > 0 else self("lower")

    @property
    def rtl(self) -> bool:
        """Whether the language is written from right to left."""
        return self.language.split("-")[0] in {"ar", "fa", "he", "ur"}
