"""The hub as one plugin meets it: its own settings, folder and log, and the shared clock and HTTP client."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from ..contract.errors import Problem
from ..contract.hub import Http
from .clock import Clock
from .settings import Settings
from .settings_load import SettingsError, plugin_section

__all__ = ["PluginHub"]

S = TypeVar("S", bound=BaseModel)


class PluginHub:
    """What the core hands to one plugin; see `feedbackhub.Hub`."""

    def __init__(self, name: str, settings: Settings, clock: Clock, http: Http) -> None:
        self._name = name
        self._settings = settings
        self._clock = clock
        self._http = http
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
