"""The bell: whoever writes down work that is due at once rings it, so that an engine in this process looks."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["Bell"]


class Bell:
    """Rings at the engine of this process, if there is one."""

    def __init__(self) -> None:
        self._answer: Callable[[], None] | None = None

    def answer(self, answer: Callable[[], None] | None) -> None:
        """Say what happens when it rings; None for nothing."""
        self._answer = answer

    def ring(self) -> None:
        """Tell that there is work due now, which is committed."""
        answer = self._answer
        if answer is not None:
            answer()
