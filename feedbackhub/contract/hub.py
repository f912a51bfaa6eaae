"""The hub: everything that a plugin may use of feedbackhub."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel

S = TypeVar("S", bound=BaseModel)


class TellsTime(Protocol):
    """The injected clock."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        ...


class HttpAnswer(Protocol):
    """What a server answered."""

    @property
    def status(self) -> int:
        """The HTTP status."""
        ...

    @property
    def reason(self) -> str:
        """The status in words."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Header fields, names in lower case."""
        ...

    @property
    def body(self) -> bytes:
        """The body, cut at the configured size."""
        ...

    def json(self) -> Any:
        """Return the body read as JSON."""
        ...


class Http(Protocol):
    """The one guarded way to call other systems: no private addresses, no redirects, time limits."""

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, token: str | None = None) -> HttpAnswer:
        """Fetch an address."""
        ...

    def post(
        self,
        url: str,
        *,
        json: Any = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        token: str | None = None,
    ) -> HttpAnswer:
        """Send a body to an address."""
        ...


class Hub(Protocol):
    """What the core hands to a plugin; it never holds a database session or a Flask app."""

    @property
    def name(self) -> str:
        """The plugin's own name."""
        ...

    @property
    def clock(self) -> TellsTime:
        """The injected clock."""
        ...

    @property
    def http(self) -> Http:
        """The guarded client for other systems."""
        ...

    @property
    def log(self) -> logging.Logger:
        """The plugin's own logger."""
        ...

    @property
    def folder(self) -> Path:
        """A folder of the plugin's own below the instance's data folder, made when first asked for."""
        ...

    def settings(self, model: type[S]) -> S:
        """Return the plugin's section of the configuration.

        Args:
            model: The section's declaration.

        Raises:
            Unconfigured: A required option is missing.
            Refused: An option is unknown or wrong.
        """
        ...


class Unconfigured(Exception):
    """The plugin cannot work before an option is set.

    Args:
        options: The missing options.
    """

    def __init__(self, *options: str) -> None:
        super().__init__("not set: " + ", ".join(options))
        self.options = options
