"""The test button: one call, at once, whose answer is shown and not kept."""

from __future__ import annotations

import queue
import threading
from typing import Any

from feedbackhub import Hub, new_public_id

from .calls import Called, Calls
from .catalogue import TEST
from .endpoints import Endpoint

__all__ = ["PATIENCE", "Trial"]

#: Seconds; a page has ten, and a call to another system may take as long.
PATIENCE = 7.0


class Trial:
    """Tries endpoints.

    Args:
        hub: The plugin's hub.
        calls: Calls endpoints.
    """

    def __init__(self, hub: Hub, calls: Calls) -> None:
        self._hub, self._calls = hub, calls

    def run(self, endpoint: Endpoint, ticket: str = "") -> Called | None:
        """Send an event of the type `webhooks.test`, or a note to a ticket, and return how that went.

        Returns:
            None when nothing was answered in seven seconds.
        """
        answer: queue.SimpleQueue[Called] = queue.SimpleQueue()

        def call() -> None:
            if endpoint.is_note:
                answer.put(self._calls.try_note(endpoint, ticket))
            else:
                answer.put(self._calls.post(endpoint, self._body(endpoint)))

        threading.Thread(target=call, name="webhooks-test", daemon=True).start()
        try:
            return answer.get(timeout=PATIENCE)
        except queue.Empty:
            return None

    def _body(self, endpoint: Endpoint) -> dict[str, Any]:
        return {
            "specversion": "1.0",
            "id": f"evt_test{new_public_id().lower()}",
            "source": self._hub.public_url,
            "type": TEST,
            "time": self._hub.clock.now().isoformat().replace("+00:00", "Z"),
            "datacontenttype": "application/json",
            "subject": f"endpoint/{endpoint.id}",
            "data": {"endpoint": endpoint.id, "test": True},
        }
