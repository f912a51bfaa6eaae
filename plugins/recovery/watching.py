"""The task that looks at cases whose time has come, within business hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from feedbackhub import Call, Conflict, Hub

from .book import Cases
from .case import ENGINE, Case
from .moves import Moves, moves_of
from .settings import Settings
from .telling import Told, can_tell, tell
from .watch import TOLD, Look, look

__all__ = ["EVERY", "Watch"]

#: How often it is looked; one query where nothing is due.
EVERY = timedelta(minutes=5)
MOST = 500


class Watch:
    """Looks at cases.

    Args:
        hub: The plugin's hub.
        settings: The plugin's settings.
    """

    def __init__(self, hub: Hub, settings: Settings) -> None:
        self._hub, self._settings = hub, settings
        self._cases = Cases(hub)

    def run(self, _: Call) -> None:
        """Look at all cases whose time has come; outside business hours nothing is due."""
        moves = moves_of(self._hub, self._settings)
        if not moves.hours.is_open(moves.now):
            return
        farthest = moves.hours.add(moves.now, self._settings.remind)
        looks = [(case, look(case, moves)) for case in self._cases.to_watch(moves.now, farthest, MOST)]
        # Told first: who dies in between tells the same again, which is sent once, instead of nobody.
        told = [(replace(case, **found.values), found.tell) for case, found in looks if found.tell and not case.quiet]
        heard = self._tell(told, moves)
        for case, found in looks:
            self._keep(case, found, case.id in heard)

    def _tell(self, told: Told, moves: Moves) -> set[str]:
        """Tell people of cases, and return the cases that somebody is told of."""
        heard: set[str] = set()
        if told and can_tell(self._hub, self._settings):
            heard = tell(self._hub, self._settings, told, self._hub.read.staff(), moves.now)
        if missed := len(told) - len(heard):
            self._hub.log.warning("%d cases are due, and nobody is told: no channel for mails, or no manager", missed)
        return heard

    def _keep(self, case: Case, found: Look, is_heard: bool) -> None:
        """Keep what a look brought, unless somebody was quicker: then it is looked at anew in the next run."""
        kind = found.kind
        if kind in TOLD and not is_heard:  # a helpdesk that reminds by itself is no news
            kind = "" if case.quiet else "untold"
        done = [(kind, ENGINE, "", found.detail)] if kind else []
        # Where a case stays what it was, nobody who has it before them must begin anew.
        quietly = "state" not in found.values
        try:
            self._cases.change(case, found.values, *done, facts=found.facts, quietly=quietly)
        except Conflict:
            return
