"""What somebody wants an endpoint to be, checked before it is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from feedbackhub import N_, Problem, Refused

from .catalogue import INCLUDES, NOTED, fits
from .filling import placeholders_of, unknown_in
from .presets import PRESETS
from .settings import Settings, is_allowed

__all__ = ["Wanted", "checked"]

METHODS = ("POST", "PUT", "PATCH")
#: Header fields that are ours: what a call signs in with, and what tells its parts.
OURS = frozenset({"authorization", "content-length", "content-type", "cookie", "host", "transfer-encoding"})
TOKEN = re.compile(r"[A-Za-z0-9_-]+")
LONGEST_URL, LONGEST_TEMPLATE = 2000, 20_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """An endpoint as somebody wants it.

    Args:
        title: Its name for staff.
        url: Where events go; empty for notes.
        types: Types of events; a trailing ``*`` stands for any.
        include: What is sent beside ids and dimensions.
        template: For notes: ``credentials``, ``source``, ``language``, and either ``preset`` or ``method``, ``path``,
            ``headers`` and ``body``.
    """

    title: str
    url: str = ""
    types: Sequence[str] = ()
    include: Sequence[str] = ()
    template: Mapping[str, Any] = field(default_factory=dict)

    @property
    def columns(self) -> dict[str, Any]:
        """The columns that it fills."""
        return {
            "title": self.title, "url": self.url, "types": list(self.types), "include": list(self.include),
            "template": dict(self.template),
        }  # fmt: skip


def checked(wanted: Wanted, settings: Settings) -> Wanted:
    """Return what may be kept.

    Raises:
        Refused: With every problem found, by field.
    """
    template = wanted.template
    problems = _template_problems(template, settings) if template else _url_problems(wanted, settings)
    if not wanted.title.strip() or len(wanted.title) > 80:
        problems.append(Problem("title", N_("must have 1 to 80 characters")))
    if not wanted.template:
        problems += _event_problems(wanted)
    if problems:
        raise Refused(*problems)
    if wanted.template:
        return Wanted(wanted.title.strip(), "", NOTED, (), wanted.template)
    kept = [tuple(dict.fromkeys(each)) for each in (wanted.types, wanted.include)]
    return Wanted(wanted.title.strip(), wanted.url.strip(), kept[0], kept[1])


def _url_problems(wanted: Wanted, settings: Settings) -> list[Problem]:
    url = wanted.url.strip()
    try:
        parts = urlsplit(url)
        is_address = bool(parts.hostname) and parts.username is None and (parts.port or 1) > 0
    except ValueError:
        is_address = False
    if not is_address or len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        return [Problem("url", N_("must be an address without password, such as https://example.com/hooks"))]
    if not is_allowed(url, settings.allow_http):
        return [Problem("url", N_("must begin with https://"))]
    return []


def _event_problems(wanted: Wanted) -> list[Problem]:
    problems = []
    if not wanted.types:
        problems.append(Problem("types", N_("choose at least one")))
    if len(wanted.types) > 100 or not all(fits(each) for each in wanted.types):
        problems.append(Problem("types", N_("must be types such as response.settled or response.*")))
    if unknown := sorted(set(wanted.include) - set(INCLUDES)):
        problems.append(Problem("include", f"{unknown[0][:40]} is unknown; there are {', '.join(INCLUDES)}"))
    return problems


def _template_problems(template: Mapping[str, Any], settings: Settings) -> list[Problem]:
    problems = []
    credentials = settings.credentials.get(str(template.get("credentials", "")))
    if credentials is None:
        known = ", ".join(sorted(settings.credentials)) or "none"
        problems.append(Problem("credentials", f"must name [plugins.webhooks.credentials.<name>]; set are: {known}"))
    if not template.get("source"):
        problems.append(Problem("source", N_("must name the source whose tickets get notes")))
    preset = template.get("preset", "")
    if preset:
        if preset not in PRESETS:
            return [*problems, Problem("preset", f"must be one of {', '.join(PRESETS)}")]
        used = placeholders_of([PRESETS[preset].path, PRESETS[preset].body])
    else:
        problems += _own_problems(template)
        used = placeholders_of([template.get("path", ""), template.get("body")])
    values = {f"values.{name}" for name in credentials.values} if credentials else set()
    missing = sorted(each for each in used if each.startswith("values.") and each not in values)
    if credentials and missing:
        problems.append(Problem("credentials", f"its values lack {missing[0].removeprefix('values.')}"))
    return problems


def _own_problems(template: Mapping[str, Any]) -> list[Problem]:
    problems = []
    path, headers = str(template.get("path", "")), template.get("headers", {})
    if template.get("method") not in METHODS:
        problems.append(Problem("method", f"must be one of {', '.join(METHODS)}"))
    if not path.startswith("/") or path.startswith("//") or not path.isascii() or any(c in path for c in "\\ #"):
        problems.append(Problem("path", N_("must begin with one slash, such as /api/tickets/{ticket}/notes")))
    if not isinstance(headers, dict) or any(_is_bad(name, value) for name, value in headers.items()):
        problems.append(Problem("headers", N_("must be texts by name; signing in is up to the credentials")))
    if not isinstance(template.get("body"), dict | list) or len(json.dumps(template["body"])) > LONGEST_TEMPLATE:
        problems.append(Problem("body", N_("must be a JSON object or list")))
    elif unknown := unknown_in([path, template["body"]]):
        problems.append(Problem("body", f"{{{unknown[0][:40]}}} is unknown"))
    return problems


def _is_bad(name: object, value: object) -> bool:
    plain = isinstance(name, str) and isinstance(value, str) and value.isascii() and value.isprintable()
    return not plain or not TOKEN.fullmatch(str(name)) or str(name).lower() in OURS
