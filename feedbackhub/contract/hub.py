"""The hub: everything that a plugin may use of feedbackhub."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pydantic import BaseModel, SecretStr

from .gestures import Gesture, GestureMade, Reach
from .reading import Reader
from .records import Brand, Letter
from .reports import Chart, PictureType, Query, Report
from .work import Effects

if TYPE_CHECKING:  # commands that need no database must not wait for its import
    from sqlalchemy import Select
    from sqlalchemy.sql import Executable

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

    @property
    def ok(self) -> bool:
        """Whether the status says success."""
        ...

    @property
    def retry_after(self) -> timedelta | None:
        """How long the other side asks us to wait, if it does."""
        ...

    def json(self) -> Any:
        """Return the body read as JSON; raises ValueError when it is none."""
        ...

    def field(self, *path: str | int) -> str:
        """Return what stands at a place of the JSON body as text, empty when there is no such place or no JSON.

        Args:
            path: Names of members and numbers of items, from the outside in, like ``"messages", 0, "id"``.
        """
        ...


class Http(Protocol):
    """The one guarded way to call other systems: no private addresses, no redirects followed, limits on time and size.

    A call without an answer raises `AddressRefused` when the address may not be called, else `Unreachable`; both are
    temporary failures, so that a channel or a task that lets them pass is tried again.
    """

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        token: str | SecretStr | None = None,
        params: Mapping[str, str] | None = None,
    ) -> HttpAnswer:
        """Fetch an address; see `request`."""
        ...

    def post(
        self,
        url: str,
        *,
        json: Any = None,
        data: bytes | Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        token: str | SecretStr | None = None,
    ) -> HttpAnswer:
        """Send JSON, bytes or form fields to an address; see `request`."""
        ...

    def request(
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        data: bytes | Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        token: str | SecretStr | None = None,
        params: Mapping[str, str] | None = None,
    ) -> HttpAnswer:
        """Call an address once and return the answer, whatever its status."""
        ...


class OwnTables(Protocol):
    """A plugin's own tables, by SQLAlchemy Core statements that name no others."""

    def read(self, query: Select[Any]) -> list[dict[str, Any]]:
        """Return the rows of a query, as dictionaries.

        Raises:
            Refused: It names a table that is not the plugin's own.
        """
        ...

    def write(self, *statements: Executable) -> list[int]:
        """Run statements in one transaction and return how many rows each touched.

        Raises:
            Refused: One names a table that is not the plugin's own.
        """
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

    @property
    def read(self) -> Reader:
        """Contacts, invitations, responses and counts; usable once all plugins are loaded, not within a hook."""
        ...

    @property
    def tables(self) -> OwnTables:
        """The plugin's own tables; usable once all plugins are loaded, not within a hook."""
        ...

    @property
    def public_url(self) -> str:
        """The instance's public address, with a slash at its end."""
        ...

    @property
    def timezone(self) -> str:
        """The company's time zone, like ``Asia/Jakarta``."""
        ...

    def apply(self, effects: Effects, *, if_touched: bool = False) -> list[int]:
        """Make changes of own tables, queue tasks and append events in one transaction: all of them, or nothing.

        For what people do through pages and the API, and for tasks: a machine that dies in between loses nothing.

        Args:
            effects: What to do; the same rules hold as for a subscriber's.
            if_touched: Do nothing at all when the first change touches no row, as when somebody else was quicker and
                the row does not have the version any more that its `where` names.

        Returns:
            How many rows each change touched.

        Raises:
            Refused: A change names a table that is not the plugin's own, a task or an event is wrong; or there is no
                change to go by.
            Conflict: The first change touched no row; nothing was done.
        """
        ...

    def schedule(
        self, task: str, payload: Mapping[str, Any] = ..., *, due: datetime | None = None, key: str = ""
    ) -> None:
        """Queue one of the plugin's own tasks; see `Scheduled`, and `apply`."""
        ...

    def publish(self, type_: str, payload: Mapping[str, Any] = ...) -> None:
        """Append an event; its type begins with the plugin's name and a dot. See also `apply`."""
        ...

    def ask(self, survey: str, *, after: str, due: datetime | None = None) -> str:
        """Ask a person once more after an answer and return the new invitation's id.

        Args:
            survey: What to ask.
            after: Public id of the response; it is never overwritten.
            due: When; at once when left out.

        Raises:
            NotFound: There is no such response.
            Refused: This person must not be asked, with the reason; or the response was asked about again already, as
                after a task that runs twice: `Reader.asked_after` finds that ask.
        """
        ...

    def send(self, letter: Letter) -> None:
        """Queue a message through a channel."""
        ...

    def reach(self, customer: str, channels: Sequence[str] = ()) -> Reach | None:
        """Return how a customer can be written to now: by the first of these channels that has a usable address.

        Args:
            customer: The customer's id.
            channels: Names of channels, first choice first; all that deliver to addresses when empty.

        Returns:
            None when there is none, or the person wants no messages.

        Raises:
            NotFound: There is no such customer.
        """
        ...

    def record_gesture(self, gesture: Gesture) -> GestureMade:
        """Record what was done for a customer, and return its id and how often that was done of late.

        Raises:
            NotFound: The customer, contact, response or agent does not exist, or is of somebody else.
            Refused: A field is wrong; an unknown kind is told the known ones.
        """
        ...

    def withdraw_gesture(self, gesture: str) -> None:
        """Take a gesture back that was recorded by mistake; a call that it fulfilled is open again.

        Raises:
            NotFound: There is no such gesture, or it was taken back before.
        """
        ...

    def brand(self, key: str = "default") -> Brand:
        """Return how the company appears to customers of a brand; an unknown one is told as the default one."""
        ...

    def channels(self) -> Mapping[str, Sequence[str]]:
        """Return the names of the channels that work, each with the kinds of addresses that it reaches."""
        ...

    def analyses(self, language: str = "en", role: str = "manager") -> Mapping[str, str]:
        """Return the analyses that somebody of a role may see: their titles by name."""
        ...

    def report(self, analysis: str, query: Query) -> Report:
        """Return what another plugin's analysis found, waiting until it is there; for tasks, never within a request.

        Raises:
            NotFound: There is no such analysis.
            Refused: The analysis does not take this query.
            Unavailable: It failed, took too long or rests; trying again later may succeed.
        """
        ...

    def draw(self, chart: Chart, media_type: PictureType = "image/png", *, language: str = "en") -> bytes:
        """Return a chart as a picture, for mails and other places without a browser.

        Raises:
            Unavailable: The extra `charts` is not installed, or the chart could not be drawn; the table says the same.
        """
        ...

    def secret(self, purpose: str) -> bytes:
        """Return 32 secret bytes, the same for the same purpose, derived from the instance's key and stored nowhere."""
        ...

    def translate(self, text: str, language: str) -> str:
        """Return a text in a language, from the plugin's own ``locale/<language>/LC_MESSAGES/<name>.mo``."""
        ...

    def render(self, template: str, language: str = "en", **values: Any) -> str:
        """Return a template of the plugin's own, filled; HTML is escaped."""
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
