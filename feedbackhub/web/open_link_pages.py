"""Open links in the staff area: made, listed with their answers, taken back and given back, and what to paste."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, session
from flask.typing import ResponseReturnValue

from ..contract.errors import Refused
from ..loop.core import Core
from ..loop.open_kit import HELPDESKS, signature, snippets
from ..office import open_links as office
from ..office.survey_versions import list_surveys
from .card_words import CHANNELS, channel_name
from .current import core
from .forms import reasons, typed
from .headers import framed_by_self
from .permission import permission
from .plugin_pages import RAW
from .redirects import go
from .rendering import page, texts
from .sessions import actor

__all__ = ["blueprint"]

FIELDS = ("title", "survey", "brand", "channel", "team", "language", "agent_source", "agent", "source")
UNDO = "undo_open_link"


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/open-links``."""
    pages = Blueprint("open_links", __name__, url_prefix="/open-links")
    pages.get("")(index)
    pages.post("")(create)
    pages.get("/<string(length=12):public_id>")(show)
    pages.get("/<string(length=12):public_id>/signature")(signed)
    pages.post("/<string(length=12):public_id>/revoke")(revoke)
    pages.post("/<string(length=12):public_id>/restore")(restore)
    return pages


@permission("manager")
def index() -> ResponseReturnValue:
    """List the open links."""
    return listed()


def listed(problems: dict[str, str] | None = None) -> str:
    """Return the page, with what was typed wrongly."""
    here, t = core(), texts()
    form = typed(*FIELDS) if problems else {**dict.fromkeys(FIELDS, ""), "survey": "post-contact", "channel": "other"}
    return page(
        "staff/open_links.html", links=office.list_links(here), problems=problems or {}, form=form,
        surveys=[(each.survey.name, each.survey.name) for each in list_surveys(here)],
        brands=[(key, brand.name) for key, brand in here.settings.brands.items()],
        channels=[(key, channel_name(t, key)) for key in CHANNELS], undo=session.pop(UNDO, None),
        sources=[each.name for each in HELPDESKS], channel_name=lambda name: channel_name(t, name),
    )  # fmt: skip


@permission("manager")
def create() -> ResponseReturnValue:
    """Make an open link and show what to paste."""
    t = texts()
    try:
        link = office.create_link(core(), office.wanted(**typed(*FIELDS)), actor())
    except Refused as refused:
        return listed(reasons(refused)), 422
    flash(t("The link is made. Paste it where your customers are."), "good")
    return go(f"/open-links/{link.id}")


@permission("manager")
def show(public_id: str) -> ResponseReturnValue:
    """Show one open link with everything that can be pasted of it."""
    link, t = office.find_link(core(), public_id), texts()
    return page(
        "staff/open_link.html", link=link, snippets=snippets(office.shown_survey(core(), link), link.link),
        undo=session.pop(UNDO, None), channel_name=lambda name: channel_name(t, name),
    )  # fmt: skip


@permission("manager")
@framed_by_self
def signed(public_id: str) -> ResponseReturnValue:
    """Show the signature as it will look, to be copied with its links into a mail program."""
    link = office.find_link(core(), public_id)
    drawn = signature(office.shown_survey(core(), link), link.link)
    head = '<!doctype html><title>feedbackhub</title><link rel="icon" href="data:,">'
    response = make_response(head + drawn)
    response.headers.update(RAW)
    return response


@permission("manager")
def revoke(public_id: str) -> ResponseReturnValue:
    """Let a link take no more answers, and offer to undo it."""
    t, link = texts(), office.revoke_link(core(), public_id, actor())
    session[UNDO] = link.id
    flash(t("The link takes no more answers. Those that came stay."), "good")
    return go("/open-links")


@permission("manager")
def restore(public_id: str) -> ResponseReturnValue:
    """Let a link take answers again."""
    t = texts()
    office.restore_link(core(), public_id, actor())
    flash(t("The link takes answers again."), "good")
    return go("/open-links")
