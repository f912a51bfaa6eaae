"""What a plugin shows: pages, routes of the API, pieces of the card, and fillings for the core's own pages."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel

from .records import Customer, Data

#: More digits than any number that a form hands on has, and few enough for every database.
DIGITS = re.compile(r"[0-9]{1,15}")
T = TypeVar("T")
SlotName = Literal["home", "contact", "answer", "customer", "survey"]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file sent with a form."""

    name: str
    body: bytes


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What a page's view is told about the request.

    Args:
        path: The parts of the path that the rule names.
        query: The address' query.
        form: The form's fields, without the CSRF token.
        language: The reader's language.
        user: Who is signed in, empty on a public page.
        role: That person's role, empty on a public page.
        files: Files sent with the form.
        headers: Header fields, names in lower case; credentials are left out.
        lists: Every value of fields that came more than once.
    """

    path: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    language: str
    user: str
    role: str = ""
    files: Mapping[str, Upload] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def number(self, name: str, otherwise: T) -> int | T:
        """Return the whole number from 0 on that stands in a field of the form or, where it has none, of the query.

        Args:
            name: The field.
            otherwise: What stands for anything else.
        """
        text = self.form.get(name, self.query.get(name, ""))
        return int(text) if DIGITS.fullmatch(text) else otherwise

    def every(self, name: str) -> tuple[str, ...]:
        """Return every value of a field of the form, which may come once, more often, or not at all."""
        one = self.form.get(name, "")
        return self.lists.get(name, (one,) if one else ())


@dataclass(frozen=True, slots=True)
class PageResult:
    """What a page's view answers with.

    Args:
        template: Template of the plugin's own, rendered inside the staff shell.
        values: Its variables.
        redirect: Instead: where to go, relative to the plugin's prefix; ``/`` for its first page.
        body: Instead: the raw body, whole or piece by piece.
        media_type: The raw body's type.
        status: The HTTP status.
        filename: Offer the raw body for saving under this name.
        notice: One line shown once at the top of the next page.
    """

    template: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    redirect: str = ""
    body: bytes | Iterator[bytes] = b""
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    filename: str = ""
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a plugin, mounted by the core under ``/x/<plugin>/``.

    Args:
        rule: The path below the prefix, in Flask's notation, like ``mails/<id>``.
        title: Its name in the staff area. The plugin's first one stands in the navigation, the others below it while
            the plugin is open; an empty one never does.
        permission: Who may see it: ``public``, or a role: ``agent``, ``manager`` or ``admin``.
        view: Makes the answer.
        methods: HTTP methods; anything but GET needs the CSRF token.
    """

    rule: str
    title: str
    permission: str
    view: Callable[[PageRequest], PageResult]
    methods: tuple[str, ...] = ("GET",)


@dataclass(frozen=True, slots=True)
class RouteRequest:
    """What a route's view is told about the request.

    Args:
        path: The parts of the path that the rule names.
        query: The query as the route's query model, None when it takes none.
        body: The body as the route's input model, None when it takes none.
        actor: The key that asks, as it stands in the audit log.
    """

    path: Mapping[str, str]
    query: Any
    body: Any
    actor: str


@dataclass(frozen=True, slots=True)
class Route:
    """An operation of the API, mounted by the core under ``/api/v1/x/<plugin>/`` and listed in the OpenAPI document.

    Args:
        method: ``GET``, ``POST``, ``PUT``, ``PATCH`` or ``DELETE``.
        rule: The path below the prefix, in Flask's notation.
        summary: One line for the document.
        scope: ``read`` or ``write``: the key needs ``x:<plugin>:read`` or ``x:<plugin>:write``.
        view: Does it and returns the output model's instance, or None for 204.
        output: The model of the good answer, None for 204.
        input: The model of the body, None when it takes none.
        query: The model of the query, None when it takes none.
        status: The good status; 204 without output.
    """

    method: str
    rule: str
    summary: str
    scope: str
    view: Callable[[RouteRequest], BaseModel | None]
    output: type[BaseModel] | None = None
    input: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    status: int = 200


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a page: a template of the plugin's own with its variables, or plain lines.

    Args:
        template: Template of the plugin's own, rendered without a shell.
        values: Its variables.
        lines: Instead: lines of text.
    """

    template: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    """Whose card or page a piece is for.

    Args:
        customer: The customer, None when the page is about none.
        contact: The contact's public id, empty when the page is about none.
        response: The response's public id, empty when the page is about none.
        survey: The survey's name, empty when the page is about none.
        language: The reader's language.
        user: Who reads.
        role: That person's role.
    """

    customer: Customer | None = None
    contact: str = ""
    response: str = ""
    survey: str = ""
    language: str = "en"
    user: str = ""
    role: str = ""


class DeskSection(ABC):
    """A piece of the card, fetched after it; slow or broken it leaves a note in its place."""

    name: ClassVar[str]
    title: ClassVar[str]
    data: ClassVar[Data] = Data()

    @abstractmethod
    def show(self, seat: Seat) -> Piece | None:
        """Return what the next agent should see, None for nothing; has two seconds and may call other systems."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A filling for a named place in a page of the core.

    Args:
        place: Where: ``home``, ``contact``, ``answer``, ``customer`` or ``survey``, each a page of the staff area.
        title: The filling's heading.
        permission: Lowest role that sees it.
        show: Makes it; None for nothing; has one second.
    """

    place: SlotName
    title: str
    permission: str
    show: Callable[[Seat], Piece | None]
