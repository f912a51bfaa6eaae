"""The hub as one plugin meets it: own settings, folder and log, and behind the curtain what the loop does for it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel

from ..contract.errors import FeedbackhubError, Problem
from ..contract.gestures import Gesture, GestureMade, Reach
from ..contract.hub import Http, OwnTables
from ..contract.reading import Reader
from ..contract.records import Brand, Letter
from ..contract.reports import Chart, PictureType, Query, Report
from ..contract.work import Effects, Fact, Scheduled
from .clock import Clock
from .settings import Settings
from .settings_load import SettingsError, plugin_section

__all__ = ["Backstage", "Curtain", "PluginHub", "TooEarly"]

S = TypeVar("S", bound=BaseModel)
NOTHING: Mapping[str, Any] = {}


class TooEarly(FeedbackhubError):
    """A hook used what is there only once all plugins are loaded."""


class Backstage(Protocol):
    """What the loop does for plugins; each call names the plugin that asks."""

    def reader(self, plugin: str) -> Reader:
        """Return what the plugin may read."""
        ...

    def own_tables(self, plugin: str) -> OwnTables:
        """Return the door to the plugin's own tables."""
        ...

    def apply(self, plugin: str, effects: Effects, if_touched: bool) -> list[int]:
        """Make changes, queue tasks and append events in one transaction."""
        ...

    def schedule(self, plugin: str, scheduled: Scheduled) -> None:
        """Queue a task."""
        ...

    def publish(self, plugin: str, fact: Fact) -> None:
        """Append an event."""
        ...

    def ask(self, plugin: str, survey: str, after: str, due: datetime | None) -> str:
        """Ask a person once more and return the invitation's id."""
        ...

    def send(self, plugin: str, letter: Letter) -> None:
        """Queue a message."""
        ...

    def reach(self, customer: str, channels: Sequence[str]) -> Reach | None:
        """Return how a customer can be written to."""
        ...

    def record_gesture(self, plugin: str, gesture: Gesture) -> GestureMade:
        """Record what was done for a customer."""
        ...

    def withdraw_gesture(self, gesture: str) -> None:
        """Take a gesture back."""
        ...

    def brand(self, key: str) -> Brand:
        """Return a brand."""
        ...

    def channels(self) -> Mapping[str, Sequence[str]]:
        """Return the channels that work, each with what it reaches."""
        ...

    def analyses(self, language: str, role: str) -> Mapping[str, str]:
        """Return the titles of the analyses that a role may see, by name."""
        ...

    def report(self, analysis: str, query: Query) -> Report:
        """Return what an analysis found."""
        ...

    def draw(self, chart: Chart, media_type: PictureType, language: str) -> bytes:
        """Return a chart as a picture."""
        ...

    def secret(self, plugin: str, purpose: str) -> bytes:
        """Return secret bytes derived from the instance's key."""
        ...

    def translate(self, plugin: str, text: str, language: str) -> str:
        """Return a text in a language."""
        ...

    def render(self, plugin: str, template: str, language: str, values: Mapping[str, Any]) -> str:
        """Return a template, filled."""
        ...


class Curtain:
    """Opened once the instance stands: before that, hubs reach nothing behind it."""

    def __init__(self) -> None:
        self._backstage: Backstage | None = None

    def open(self, backstage: Backstage) -> None:
        """Let the hubs through."""
        self._backstage = backstage

    @property
    def backstage(self) -> Backstage:
        """What is behind it; raises `TooEarly` while it is closed."""
        if self._backstage is None:
            raise TooEarly("a hook only makes objects; reading, tables, tasks and messages work once all are loaded")
        return self._backstage


class PluginHub:
    """What the core hands to one plugin; see `feedbackhub.Hub`."""

    def __init__(self, name: str, settings: Settings, clock: Clock, http: Http, curtain: Curtain) -> None:
        self._name = name
        self._settings = settings
        self._clock = clock
        self._http = http
        self._curtain = curtain
        self._log = logging.getLogger(f"feedbackhub.plugins.{name}")
        self.section: BaseModel | None = None

    @property
    def name(self) -> str:
        """The plugin's own name."""
        return self._name

    @property
    def clock(self) -> Clock:
        """The injected clock."""
        return self._clock

    @property
    def http(self) -> Http:
        """The guarded client for other systems."""
        return self._http

    @property
    def log(self) -> logging.Logger:
        """The plugin's own logger."""
        return self._log

    @property
    def folder(self) -> Path:
        """A folder of the plugin's own below the instance's data folder, made when first asked for."""
        folder = self._settings.data_dir / "plugins" / self._name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    @property
    def public_url(self) -> str:
        """The instance's public address, with a slash at its end."""
        return self._settings.public_url.rstrip("/") + "/"

    @property
    def timezone(self) -> str:
        """The company's time zone."""
        return self._settings.timezone

    @property
    def read(self) -> Reader:
        """Contacts, invitations, responses and counts."""
        return self._curtain.backstage.reader(self._name)

    @property
    def tables(self) -> OwnTables:
        """The plugin's own tables."""
        return self._curtain.backstage.own_tables(self._name)

    def apply(self, effects: Effects, *, if_touched: bool = False) -> list[int]:
        """Make changes of own tables, queue tasks and append events in one transaction."""
        return self._curtain.backstage.apply(self._name, effects, if_touched)

    def schedule(
        self, task: str, payload: Mapping[str, Any] = NOTHING, *, due: datetime | None = None, key: str = ""
    ) -> None:
        """Queue one of the plugin's own tasks."""
        self._curtain.backstage.schedule(self._name, Scheduled(task, payload, due, key))

    def publish(self, type_: str, payload: Mapping[str, Any] = NOTHING) -> None:
        """Append an event; its type begins with the plugin's name and a dot."""
        self._curtain.backstage.publish(self._name, Fact(type_, payload))

    def ask(self, survey: str, *, after: str, due: datetime | None = None) -> str:
        """Ask a person once more after an answer and return the new invitation's id."""
        return self._curtain.backstage.ask(self._name, survey, after, due)

    def send(self, letter: Letter) -> None:
        """Queue a message through a channel."""
        self._curtain.backstage.send(self._name, letter)

    def reach(self, customer: str, channels: Sequence[str] = ()) -> Reach | None:
        """Return how a customer can be written to now."""
        return self._curtain.backstage.reach(customer, channels)

    def record_gesture(self, gesture: Gesture) -> GestureMade:
        """Record what was done for a customer."""
        return self._curtain.backstage.record_gesture(self._name, gesture)

    def withdraw_gesture(self, gesture: str) -> None:
        """Take a gesture back that was recorded by mistake."""
        self._curtain.backstage.withdraw_gesture(gesture)

    def brand(self, key: str = "default") -> Brand:
        """Return how the company appears to customers of a brand; an unknown one is told as the default one."""
        return self._curtain.backstage.brand(key)

    def channels(self) -> Mapping[str, Sequence[str]]:
        """Return the names of the channels that work, each with the kinds of addresses that it reaches."""
        return self._curtain.backstage.channels()

    def analyses(self, language: str = "en", role: str = "manager") -> Mapping[str, str]:
        """Return the analyses that somebody of a role may see: their titles by name."""
        return self._curtain.backstage.analyses(language, role)

    def report(self, analysis: str, query: Query) -> Report:
        """Return what another plugin's analysis found."""
        return self._curtain.backstage.report(analysis, query)

    def draw(self, chart: Chart, media_type: PictureType = "image/png", *, language: str = "en") -> bytes:
        """Return a chart as a picture."""
        return self._curtain.backstage.draw(chart, media_type, language)

    def secret(self, purpose: str) -> bytes:
        """Return 32 secret bytes, the same for the same purpose."""
        return self._curtain.backstage.secret(self._name, purpose)

    def translate(self, text: str, language: str) -> str:
        """Return a text in a language, from the plugin's own catalogues."""
        return self._curtain.backstage.translate(self._name, text, language)

    def render(self, template: str, language: str = "en", **values: Any) -> str:
        """Return a template of the plugin's own, filled."""
        return self._curtain.backstage.render(self._name, template, language, values)

    def settings(self, model: type[S]) -> S:
        """Return the plugin's section of the configuration.

        Args:
            model: The section's declaration.

        Raises:
            Unconfigured: A required option is missing.
            Refused: An option is unknown or wrong.
        """
        section = plugin_section(self._settings, self._name, model)
        self.section = section
        return section

    def refuse_unread_options(self) -> None:
        """Refuse a section that the plugin never asked for: nothing else would say that it has no effect.

        Raises:
            Refused: Options are set for a plugin that takes none.
        """
        given = self._settings.plugins.get(self._name, {})
        if given and self.section is None:
            raise SettingsError(
                *(Problem(f"plugins.{self._name}.{option}", "the plugin takes no options") for option in given)
            )
