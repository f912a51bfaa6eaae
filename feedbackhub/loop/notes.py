"""Notes: what processes write down that do not keep house: what their plugins did, and what they have sent."""

from __future__ import annotations

import logging
import threading

from ..contract.errors import FeedbackhubError
from . import pulse
from .core import Core
from .tracing import keep_trace

__all__ = ["Notes"]

log = logging.getLogger(__name__)
_EVERY = 5.0


class Notes:
    """Stores from time to time what has come together in this process.

    Args:
        core: The instance.
        runner: What this process calls itself among those that send; empty where it does not send.
    """

    def __init__(self, core: Core, runner: str = "") -> None:
        self._core, self._runner = core, runner
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="feedbackhub-notes", daemon=True)

    def start(self) -> None:
        """Begin, until `stop`."""
        self._thread.start()

    def stop(self) -> None:
        """Write the last down."""
        self._over.set()
        self._thread.join(5)
        self.store()
        if self._runner:
            pulse.end(self._core)

    def store(self) -> None:
        """Write down what has come together; what cannot be stored now is told the next time."""
        try:
            keep_trace(self._core)
            if self._runner:
                pulse.beat(self._core, self._runner)
            else:
                pulse.tell(self._core)
        except FeedbackhubError as error:
            log.warning("what happened here is written down later: %s", error)

    def _run(self) -> None:
        while not self._over.wait(_EVERY):
            self.store()
