"""Behind the curtain: what plugins' hubs can do once the instance stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from ..contract.errors import Conflict, Problem, Refused, Unavailable
from ..contract.gestures import Gesture, GestureMade, Reach
from ..contract.records import Brand, Letter
from ..contract.reports import Chart, PictureType, Query, Report
from ..contract.work import Effects, Fact, Scheduled
from ..machinery.containment import PluginFault
from ..machinery.plugin_checks import ROLES
from .core import Core
from .deliver import brand_record
from .effects import apply, checked_effects
from .gestures import withdraw_gesture
from .letters import queue_letter
from .own_tables import OwnDoor
from .plugin_gestures import record_for_plugin
from .reach import reach
from .reading import Reading
from .reask import reask

__all__ = ["Stage"]


class Stage:
    """What the loop does for plugins; see `feedbackhub.Hub` for what each call means.

    Args:
        core: The instance.
    """

    def __init__(self, core: Core) -> None:
        self._core = core
        self._reading = Reading(core)
        self._doors: dict[str, OwnDoor] = {}

    def reader(self, plugin: str) -> Reading:
        """Return what the plugin may read: the same for all."""
        return self._reading

    def own_tables(self, plugin: str) -> OwnDoor:
        """Return the door to the plugin's own tables."""
        if plugin not in self._doors:
            self._doors[plugin] = OwnDoor(self._core, plugin)
        return self._doors[plugin]

    def apply(self, plugin: str, effects: Effects, if_touched: bool = False) -> list[int]:
        """Make changes of own tables, queue tasks and append events in one transaction.

        Raises:
            Refused: A change, a task or an event is wrong; or there is no change to go by.
            Conflict: The first change touched no row although it had to; nothing was done.
        """
        core, now = self._core, self._core.clock.now()
        wanted = checked_effects(core, plugin, effects)
        if if_touched and not wanted.changes:
            raise Refused(Problem("changes", "must hold the change that is to touch a row"))
        counts = core.store.write(lambda connection: apply(connection, core, plugin, wanted, now, if_touched))
        if wanted.tasks:
            core.bell.ring()
        return counts

    def schedule(self, plugin: str, scheduled: Scheduled) -> None:
        """Queue a task.

        Raises:
            Refused: The plugin brings no such task, or a field is wrong.
        """
        self.apply(plugin, Effects(tasks=(scheduled,)))

    def publish(self, plugin: str, fact: Fact) -> None:
        """Append an event.

        Raises:
            Refused: Its type does not begin with the plugin's name, or its payload is no plain JSON.
        """
        self.apply(plugin, Effects(events=(fact,)))

    def ask(self, plugin: str, survey: str, after: str, due: datetime | None) -> str:
        """Ask a person once more and return the invitation's id.

        Raises:
            NotFound: There is no such response.
            Refused: This person must not be asked, with the reason.
        """
        delay = timedelta(0) if due is None else max(timedelta(0), due - self._core.clock.now())
        try:
            return reask(self._core, after, survey, delay).id
        except Conflict as conflict:
            raise Refused(Problem("", str(conflict))) from None

    def send(self, plugin: str, letter: Letter) -> None:
        """Queue a message.

        Raises:
            Refused: A field is wrong.
            NotFound: There is no such channel.
        """
        queue_letter(self._core, plugin, letter)

    def reach(self, customer: str, channels: Sequence[str]) -> Reach | None:
        """Return how a customer can be written to.

        Raises:
            NotFound: There is no such customer.
        """
        return reach(self._core, customer, channels)

    def record_gesture(self, plugin: str, gesture: Gesture) -> GestureMade:
        """Record what was done for a customer.

        Raises:
            NotFound: The customer, contact, response or agent does not exist, or is of somebody else.
            Refused: A field is wrong.
        """
        return record_for_plugin(self._core, plugin, gesture)

    def withdraw_gesture(self, gesture: str) -> None:
        """Take a gesture back.

        Raises:
            NotFound: There is no such gesture, or it was taken back before.
        """
        withdraw_gesture(self._core, gesture)

    def brand(self, key: str) -> Brand:
        """Return a brand, the default one for an unknown key."""
        return brand_record(self._core, key)

    def channels(self) -> dict[str, tuple[str, ...]]:
        """Return the names of the channels that work, each with the kinds of addresses that it reaches."""
        return {name: tuple(channel.reaches) for name, channel in self._core.plugins.channels.items()}

    def analyses(self, language: str, role: str) -> dict[str, str]:
        """Return the titles of the analyses that a role may see, by name."""
        seen = ROLES[: ROLES.index(role) + 1] if role in ROLES else ()
        return {
            analysis.name: self._core.i18n.of_plugin(plugin, language)(analysis.title)
            for plugin, analysis in self._core.plugins.each("feedbackhub_analyses")
            if analysis.permission in seen
        }

    def report(self, analysis: str, query: Query) -> Report:
        """Return what an analysis found, waiting until it is there.

        Raises:
            NotFound: There is no such analysis.
            Refused: The analysis does not take this query.
            Unavailable: It failed, took too long or rests.
        """
        try:
            found = self._core.analyst.report(analysis, query)
        except PluginFault as fault:
            raise Unavailable(str(fault)) from None
        assert found is not None, "whoever waits without end gets a report"
        return found

    def draw(self, chart: Chart, media_type: PictureType, language: str) -> bytes:
        """Return a chart as a picture.

        Raises:
            Unavailable: The extra `charts` is not installed, or the chart could not be drawn.
        """
        return self._core.artist.draw(chart, media_type, language)

    def secret(self, plugin: str, purpose: str) -> bytes:
        """Return 32 secret bytes derived from the instance's key."""
        return self._core.links.derive(f"plugin:{plugin}:{purpose}")

    def translate(self, plugin: str, text: str, language: str) -> str:
        """Return a text in a language, itself where there is no translation."""
        return self._core.i18n.of_plugin(plugin, language, "customer").gettext(text) if text else text

    def render(self, plugin: str, template: str, language: str, values: Mapping[str, Any]) -> str:
        """Return a template of the plugin's own, filled."""
        return self._core.renderer.render(f"x/{plugin}/{template}", language, "customer", **values)
