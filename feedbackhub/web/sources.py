"""Sources: where other systems send to, how they are connected, and what became of what they told."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from ..contract.errors import Conflict, NotFound
from ..loop.core import Core
from ..machinery.i18n import N_
from ..office import requests
from ..office.lists import AT_ONCE
from ..office.requests import InboundFilter
from ..office.sources import SourceLine, list_presets, list_sources, show_secrets, source_setup
from . import decision_words as words
from .current import core
from .filters import option, pager, place
from .permission import outranks, permission
from .redirects import go
from .refusal_words import refusal_text
from .rendering import language, page, texts
from .sessions import actor, person

__all__ = ["blueprint"]

#: State of a request: its words and the colour of its badge.
STATES = {
    "received": (N_("To be read"), "info"),
    "done": (N_("Taken in"), "good"),
    "ignored": (N_("Nothing to do"), "plain"),
    "failed": (N_("Needs somebody"), "bad"),
    "discarded": (N_("Discarded"), "plain"),
}
LONGEST_BODY = 200_000


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/sources``."""
    pages = Blueprint("sources", __name__, url_prefix="/sources")
    pages.get("")(index)
    pages.get("/<name>")(show)
    pages.post("/<name>/secrets")(secrets)
    pages.post("/<name>/retry")(retry_all)
    pages.get("/requests/<string(length=12):public_id>")(one)
    pages.post("/requests/<string(length=12):public_id>/body")(body)
    pages.post("/requests/<string(length=12):public_id>/retry")(retry)
    pages.post("/requests/<string(length=12):public_id>/discard")(discard)
    return pages


@permission("manager")
def index() -> ResponseReturnValue:
    """List who calls us; without anybody, say how to connect somebody."""
    here = core()
    return page(
        "staff/sources.html", sources=list_sources(here), presets=list_presets(here), path_to=here.settings.path.name
    )


@permission("manager")
def show(name: str) -> ResponseReturnValue:
    """Show how one source is connected, and its last calls."""
    return shown(name)


@permission("admin")
def secrets(name: str) -> ResponseReturnValue:
    """Show the secrets to paste as well; who looked is noted."""
    return shown(name, show_secrets(core(), name, language(), actor()))


def shown(name: str, revealed: dict[str, str] | None = None) -> str:
    """Return the page of one source."""
    here, source = core(), known(name)
    wanted = InboundFilter(name, option("state", requests.STATES))
    listed = requests.list_requests(here, wanted, place(), AT_ONCE)
    return page(
        "staff/source.html", source=source, setup=source_setup(here, name, language()) if source.active else None,
        revealed=revealed or {}, listed=listed, pages=pager(listed), wanted=wanted, tabs=requests.STATES, states=STATES,
        is_admin=outranks(person().role, "admin"), days=here.settings.privacy.inbox_days, **said(),
    )  # fmt: skip


def known(name: str) -> SourceLine:
    """Return a source by its name.

    Raises:
        NotFound: There is and was none.
    """
    found = next((each for each in list_sources(core()) if each.name == name), None)
    if found is None:
        raise NotFound("there is no such source")
    return found


def said() -> dict[str, Any]:
    """Return how templates say codes in the reader's language."""
    t = texts()
    return {
        "rule_name": lambda rule: words.rule_name(t, rule),
        "problem_text": lambda reason: refusal_text(t, reason),
    }


@permission("manager")
def one(public_id: str) -> ResponseReturnValue:
    """Show one request and what became of it."""
    return detailed(public_id)


@permission("admin")
def body(public_id: str) -> ResponseReturnValue:
    """Show a request's body as it came; who looked is noted."""
    raw = requests.raw_body(core(), public_id, actor())
    text = raw[:LONGEST_BODY].decode("utf-8", "replace").replace("\0", "\ufffd")
    return detailed(public_id, text=text, more=max(0, len(raw) - LONGEST_BODY))


def detailed(public_id: str, **values: Any) -> str:
    """Return the page of one request."""
    found = requests.request(core(), public_id)
    return page(
        "staff/source_request.html", found=found, states=STATES, is_admin=outranks(person().role, "admin"),
        **{"text": None, "more": 0, **values}, **said(),
    )  # fmt: skip


@permission("manager")
def retry(public_id: str) -> ResponseReturnValue:
    """Read one request again."""
    t = texts()
    try:
        requests.retry(core(), public_id, actor())
    except Conflict:
        flash(t("It does not wait any more."), "error")
    else:
        flash(t("It is read again in a moment."), "good")
    return go(after(public_id))


@permission("manager")
def discard(public_id: str) -> ResponseReturnValue:
    """Do not read one request any more."""
    t = texts()
    try:
        requests.discard(core(), public_id, actor())
    except Conflict:
        flash(t("It does not wait any more."), "error")
    else:
        flash(t("Discarded."), "good")
    return go(after(public_id))


@permission("manager")
def retry_all(name: str) -> ResponseReturnValue:
    """Read everything of one source again that failed."""
    t, n = texts(), requests.retry_failed(core(), actor(), name)
    flash(t.plural("{n} request is read again in a moment.", "{n} requests are read again in a moment.", n), "good")
    return go(f"/sources/{name}")


def after(public_id: str) -> str:
    """Return where somebody goes on after a deed: where its button stood."""
    source = request.form.get("source", "")
    if source and any(each.name == source for each in list_sources(core())):
        return url_for("sources.show", name=source).removeprefix(request.script_root)
    return f"/sources/requests/{public_id}"
