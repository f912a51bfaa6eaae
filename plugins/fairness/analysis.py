"""The analysis `fairness`: what a manager sees of teams and agents, and what an agent sees of the own work."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

from feedbackhub import Analysis, Figure, Hub, Option, Query, Report
from feedbackhub.reporting import N_, Words

from .figures import figures
from .measured import CHOICES, chosen
from .notes import notes
from .own import not_linked, own_report, switched_off
from .pictures import agents_table, charts, teams_table
from .settings import Settings
from .study import study

__all__ = ["Fairness"]


class Fairness(Analysis):
    """Whether teams and agents differ more than chance.

    Args:
        hub: The plugin's hub.
        settings: What may be shown of single persons.
    """

    name = "fairness"
    title = N_("Teams and agents, fairly")
    permission = "agent"
    options = (Option("measure", N_("What is measured"), CHOICES),)
    lasts: ClassVar[timedelta | None] = timedelta(hours=1)

    def __init__(self, hub: Hub, settings: Settings) -> None:
        self.hub, self._settings = hub, settings

    def stamp(self) -> str:
        """Return whether agents are looked at: what was kept while they were is not shown once they are not."""
        return f"agents: {self._settings.agents}"

    def report(self, query: Query) -> Report:
        """Return what may be said of teams and agents to whoever asks: an agent learns of nobody else."""
        t = Words(self.hub, query.language)
        if query.role not in ("manager", "admin"):
            return self._own(t, query)
        title, now = t("Do teams and agents differ more than chance?"), self.hub.clock.now()
        measured = chosen(self.hub.read, query.survey, query.options.get("measure", ""))
        if measured is None:
            figure = Figure(t("Differences between teams"), None, n=0, unit="points", note=t("no data"), few="none")
            return Report(title, [figure], notes=[nothing_asked(t)], as_of=now)
        found = study(self.hub.read, query, measured, self._settings.agents)
        tables = [each for each in (teams_table(t, found), agents_table(t, found)) if each]
        return Report(title, figures(t, found), charts(t, found), tables, list(notes(t, query, found)), now)

    def _own(self, t: Words, query: Query) -> Report:
        """Return what an agent sees."""
        if not self._settings.agents:
            return switched_off(t)
        if not query.agent:
            return not_linked(t)
        measured = chosen(self.hub.read, query.survey, query.options.get("measure", ""))
        if measured is None:
            return replace(not_linked(t), notes=[nothing_asked(t)])
        made = own_report(t, query, study(self.hub.read, query, measured, agents=True))
        return replace(made, as_of=self.hub.clock.now())


def nothing_asked(t: Words) -> str:
    """Say what is missing."""
    return t(
        "No published survey asks what is to be measured. Publish one that does, such as the bundled survey "
        "post-contact, and name it in the ask policy."
    )
