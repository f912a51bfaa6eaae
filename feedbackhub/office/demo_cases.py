"""The demo's staff at their cases: taken on, apologised for, closed, through the operations that the API has too."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from ..contract.errors import Conflict
from ..contract.screens import Route, RouteRequest
from ..loop.core import Core
from ..loop.plugin_views import run_route, sound_routes
from ..store.queries import answers, reasks

__all__ = ["CaseWork"]

PLUGIN = "recovery"
_WHY = (
    "A batch was booked under the wrong number, and we noticed it too late.",
    "The colleague who had your request fell ill, and nobody took it over.",
)
_DONE = ("Put right by hand, checked with the customer.", "Sent anew, arrives tomorrow.", "Explained on the phone.")


class CaseWork:
    """What staff do with cases; nothing where the plugin for them is switched off.

    Args:
        core: The instance.
        random: The story's dice.
    """

    def __init__(self, core: Core, random: Random) -> None:
        self._core, self._random = core, random
        routes = sound_routes(core).get(PLUGIN, ())
        self._routes: dict[tuple[str, str], Route] = {(route.method, route.rule): route for route in routes}

    def case_of(self, response: str) -> str:
        """Return the case that an answer opened, empty for none."""
        if not self._routes:
            return ""
        found = self._do("GET", "cases", response=response)["cases"]
        return str(found[0]["id"]) if found else ""

    def take_on(self, case: str, by: str) -> None:
        """Take a case on, unless somebody has."""
        try:
            self._do("POST", "cases/<id>/acknowledge", case, by)
        except Conflict:
            return  # a call or an apology on record took it on already

    def apologise(self, case: str, by: str) -> None:
        """Write to the customer, in one of the bundled texts, and let the letter leave."""
        explained = self._random.random() < 0.5
        wish = {"text": "apology-explained", "explanation": self._random.choice(_WHY)} if explained else {}
        letter = self._do("POST", "cases/<id>/letters", case, by, **({"text": "apology"} | wish))
        self._do("POST", "letters/<id>/approve", letter["id"], by, despite=True)

    def close(self, case: str, by: str) -> None:
        """Close a case, unless it is closed."""
        outcome = self._random.choices(("solved", "partly", "not_solved", "unreachable"), (65, 15, 10, 10))[0]
        try:
            self._do("POST", "cases/<id>/close", case, by, outcome=outcome, text=self._random.choice(_DONE))
        except Conflict:
            return  # closed meanwhile, as when its answer was discarded

    def asked_again(self, response: str) -> str:
        """Return the open ask that followed an answer, empty for none."""
        with self._core.store.read() as connection:
            row = answers.response_by_public_id(connection, response)
            return reasks.open_after(connection, row.id) if row is not None else ""

    def _do(self, method: str, rule: str, id_: str = "", by: str = "", **given: Any) -> Any:
        route = self._routes[method, rule]
        query = route.query(**given) if route.query else None
        body = route.input(**given) if route.input else None
        answer = run_route(self._core, PLUGIN, route, RouteRequest({"id": id_} if id_ else {}, query, body, by))
        return json.loads(answer or "null")
