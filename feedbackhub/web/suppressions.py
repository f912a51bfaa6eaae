"""Suppressions: who is not to be asked; entries are added and lifted, addresses are never shown."""

from __future__ import annotations

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue

from ..contract.errors import Problem, Refused
from ..contract.scalars import clean_line
from ..loop.core import Core
from ..office.refusals import add_refusal, lift_by_address, lift_refusal, list_refusals
from .card_words import identifier_name
from .current import core
from .decision_words import SUPPRESSION_REASONS, reason_text
from .filters import option, pager, place
from .forms import reasons, typed
from .permission import permission
from .redirects import go
from .rendering import page, texts
from .sessions import actor

__all__ = ["blueprint"]

LONGEST_NOTE = 200
FIELDS = ("kind", "address", "note")


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/suppressions``."""
    pages = Blueprint("suppressions", __name__, url_prefix="/suppressions")
    pages.get("")(index)
    pages.post("/add")(add)
    pages.post("/lift")(lift_address)
    pages.post("/<string(length=12):public_id>/lift")(lift)
    return pages


@permission("manager")
def index() -> ResponseReturnValue:
    """List who is not to be asked, the newest first."""
    return listed()


def listed(problems: dict[str, str] | None = None, form: str = "") -> str:
    """Return the page, with what was typed wrongly in one of its two forms."""
    t, reason = texts(), option("reason", SUPPRESSION_REASONS)
    found = list_refusals(core(), reason, place())
    nothing = dict.fromkeys(FIELDS, "")
    what = typed(*FIELDS) if form else nothing
    # The field holds an address whatever its kind is called.
    wrong = {"address" if name in ("email", "phone") else name: text for name, text in (problems or {}).items()}
    return page(
        "staff/suppressions.html", listed=found, pages=pager(found), reason=reason, reasons=SUPPRESSION_REASONS,
        added=what if form == "add" else nothing, problems=wrong if form == "add" else {},
        lifted=what if form == "lift" else nothing, lift_problems=wrong if form == "lift" else {},
        kind_name=lambda kind: identifier_name(t, kind), detail=lambda text: reason_text(t, text),
    )  # fmt: skip


def kind_of(form: dict[str, str]) -> str:
    """Return the kind of address that was chosen."""
    return form["kind"] if form["kind"] in ("email", "phone") else "email"


@permission("manager")
def add() -> ResponseReturnValue:
    """Put an address on the list."""
    t, form = texts(), typed(*FIELDS)
    try:
        add_refusal(core(), kind_of(form), form["address"], note_of(form), actor())
    except Refused as refused:
        return listed(reasons(refused), "add"), 422
    flash(t("Whoever has this address is not asked any more."), "good")
    return go("/suppressions")


def note_of(form: dict[str, str]) -> str:
    """Return the note on one printable line.

    Raises:
        Refused: It holds what no line holds.
    """
    try:
        return clean_line(form["note"])[:LONGEST_NOTE]
    except ValueError as error:
        raise Refused(Problem("note", str(error))) from None


@permission("manager")
def lift_address() -> ResponseReturnValue:
    """Take an address off the list."""
    t, form = texts(), typed(*FIELDS)
    try:
        found = lift_by_address(core(), kind_of(form), form["address"], actor())
    except Refused as refused:
        return listed(reasons(refused), "lift"), 422
    if not found:
        return listed({"address": t("is not on the list")}, "lift"), 404
    flash(t("This address may be asked again."), "good")
    return go("/suppressions")


@permission("manager")
def lift(public_id: str) -> ResponseReturnValue:
    """Take one entry off the list."""
    t = texts()
    lift_refusal(core(), public_id, actor())
    flash(t("The entry is lifted: its address may be asked again."), "good")
    return go("/suppressions")
