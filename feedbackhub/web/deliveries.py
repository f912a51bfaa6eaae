"""Deliveries: what is due, sent and stuck; send again, call off; and what came back."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from ..loop.core import Core
from ..loop.redeliver import Outcome
from ..machinery.links import is_public_id
from ..office import dispatch
from ..office.dispatch import DeliveryFilter
from ..office.lists import AT_ONCE
from . import decision_words as words
from .current import core
from .filters import back, chosen, days, option, pager, pairs, place, values
from .permission import permission
from .redirects import go
from .rendering import page, texts
from .sessions import actor

__all__ = ["blueprint"]


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/deliveries``."""
    pages = Blueprint("deliveries", __name__, url_prefix="/deliveries")
    pages.get("")(index)
    pages.get("/returned")(returned)
    pages.post("/retry")(retry)
    pages.post("/cancel")(cancel)
    return pages


@permission("manager")
def index() -> ResponseReturnValue:
    """List deliveries: what is due by its date, everything else with the newest first."""
    here, t = core(), texts()
    since, until = days()
    wanted = DeliveryFilter(
        option("state", dispatch.STATES), chosen("channel"), option("kind", words.DELIVERY_KINDS), since, until
    )
    listed = dispatch.list_deliveries(here, wanted, place())
    return page(
        "staff/deliveries.html", listed=listed, pages=pager(listed), wanted=wanted, first=chosen("from"),
        last=chosen("to"), pairs=pairs, filtered=wanted != DeliveryFilter(), queue=dispatch.queue(here),
        tabs=dispatch.STATES, states=words.DELIVERY_STATES, kinds=words.DELIVERY_KINDS,
        channels=values(dispatch.channels(here), wanted.channel),
        reason_text=lambda reason: words.reason_text(t, reason), now=here.clock.now(),
    )  # fmt: skip


@permission("manager")
def returned() -> ResponseReturnValue:
    """List bounces, complaints and replies that channels read from their inboxes."""
    kind, after = option("kind", dispatch.RETURNED), request.args.get("after", type=int)
    lines, further = dispatch.returned(core(), kind, after)
    older = url_for("deliveries.returned", kind=kind or None, after=further) if further else ""
    newest = url_for("deliveries.returned", kind=kind or None) if after is not None else ""
    return page(
        "staff/returned.html", lines=lines, kind=kind, kinds=words.RETURNED_KINDS, older=older, newer=newest,
        days=core().settings.privacy.inbox_days,
    )  # fmt: skip


@permission("manager")
def retry() -> ResponseReturnValue:
    """Send the chosen deliveries again."""
    t, fared = texts(), dispatch.send_again(core(), picked(), actor())
    n = fared.get("done", 0)
    tell(t.plural("{n} message is sent again now.", "{n} messages are sent again now.", n), fared)
    return go(back("/deliveries"))


@permission("manager")
def cancel() -> ResponseReturnValue:
    """Call the chosen deliveries off."""
    t, fared = texts(), dispatch.call_off(core(), picked(), actor())
    n = fared.get("done", 0)
    tell(t.plural("{n} message is called off.", "{n} messages are called off.", n), fared)
    return go(back("/deliveries"))


def picked() -> list[str]:
    """Return the one delivery whose button was pressed, or those that were ticked."""
    names = [request.form["only"]] if request.form.get("only") else request.form.getlist("ids")
    return [each for each in dict.fromkeys(names) if is_public_id(each)][:AT_ONCE]


def tell(done: str, fared: Mapping[Outcome, int]) -> None:
    """Say how many deliveries fared in which way."""
    t = texts()
    reasons: dict[Outcome, str] = {
        "answered": t("answered already"),
        "over": t("the time is over or the ask was called off"),
        "not_failed": t("did not fail"),
        "another": t("the customer is asked another way"),
        "asked": t("the customer was asked meanwhile"),
        "not_waiting": t("does not wait any more"),
    }
    if fared.get("done"):
        flash(done, "good")
    for outcome, n in fared.items():
        if outcome != "done":
            flash(t("{n} left as it was: {reason}.", n=n, reason=reasons[outcome]), "error")
    if not fared:
        flash(t("Nothing was changed. Tick the messages first."), "error")
