"""The texts of the report, in the reader's language."""

from __future__ import annotations

from typing import Any

from ..contract.hub import Hub
from ..contract.marking import N_
from ..machinery.i18n import format_number
from ..statistics import Few, Interval

__all__ = ["N_", "Words"]


class Words:
    """Translates, and says in words what numbers show.

    Args:
        hub: The plugin's hub.
        language: The reader's.
    """

    def __init__(self, hub: Hub, language: str) -> None:
        self._hub, self.language = hub, language

    def __call__(self, text: str, **values: Any) -> str:
        """Return a text in the reader's language, with values in its gaps; numbers as `number` writes them."""
        shown = {name: self.number(each) if isinstance(each, int | float) else each for name, each in values.items()}
        return self._hub.translate(text, self.language).format(**shown)

    def number(self, value: float, form: str = "") -> str:
        """Return a number as the reader's language writes it, at most three decimals.

        Args:
            value: The number.
            form: How exact else, as Python's `format` takes it, such as ``+.1f``; digits are not grouped then.
        """
        return format_number(value, self.language, form)

    def few(self, how: Few) -> str:
        """Say that answers are few; nothing when they are not."""
        t = self
        if how == "none":
            return t("no data")
        if how == "counts":
            return t("too few to say")
        return t("small sample") if how == "flag" else ""

    def moved(self, difference: Interval) -> str:
        """Say which way a difference goes, when it is shown to go any."""
        t = self
        if not difference.excludes_zero:
            return t("no difference shown")
        return t("higher") if difference.low > 0 else t("lower")

    @property
    def rtl(self) -> bool:
        """Whether the language is written from right to left."""
        return self.language.split("-")[0] in {"ar", "fa", "he", "ur"}
