"""The engine for staff: lanes, what is parked and why, who reads the event log; run it again, or give it up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from ..loop.core import Core
from ..machinery.i18n import N_, Translator
from ..machinery.links import is_public_id
from ..office.engine_view import SHOWN, engine_view
from ..office.lists import AT_ONCE
from ..office.task_deeds import DONE, discard_tasks, retry_tasks
from . import decision_words as words
from .current import core
from .permission import permission
from .redirects import go
from .rendering import page, texts
from .sessions import actor

__all__ = ["blueprint"]

KINDS = {
    "delivery": N_("Message"),
    "settling": N_("Settling of an answer"),
    "request": N_("Request of another system"),
    "task": N_("Task of a plugin"),
    "periodic": N_("Periodic task"),
    "letter": N_("Letter of a plugin"),
    "erasing": N_("Erasing of a person"),
}


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/engine``."""
    pages = Blueprint("engine", __name__, url_prefix="/engine")
    pages.get("")(index)
    pages.post("/retry")(retry)
    pages.post("/discard")(discard)
    return pages


@permission("manager")
def index() -> ResponseReturnValue:
    """Show how the engine stands."""
    t = texts()
    return page(
        "staff/engine.html", view=engine_view(core()), kinds=KINDS, most=SHOWN,
        reason_text=lambda reason: words.reason_text(t, reason), span=lambda spent: span(t, spent),
    )  # fmt: skip


def span(t: Translator, spent: timedelta) -> str:
    """Write a span in the largest unit that it fills."""
    seconds = int(spent.total_seconds())
    if seconds < 120:
        return t.plural("{n} second", "{n} seconds", seconds)
    if seconds < 7200:
        return t.plural("{n} minute", "{n} minutes", seconds // 60)
    if seconds < 172_800:
        return t.plural("{n} hour", "{n} hours", seconds // 3600)
    return t.plural("{n} day", "{n} days", seconds // 86_400)


@permission("manager")
def retry() -> ResponseReturnValue:
    """Have the chosen tasks run now."""
    t, fared = texts(), retry_tasks(core(), picked(), actor())
    n = fared.get(DONE, 0)
    tell(t.plural("{n} task runs now.", "{n} tasks run now.", n), fared)
    return go("/engine")


@permission("manager")
def discard() -> ResponseReturnValue:
    """Give the chosen tasks up."""
    t, fared = texts(), discard_tasks(core(), picked(), actor())
    n = fared.get(DONE, 0)
    tell(t.plural("{n} task is discarded; below it can be taken back.",
                  "{n} tasks are discarded; below they can be taken back.", n), fared)  # fmt: skip
    return go("/engine")


def picked() -> list[str]:
    """Return the one task whose button was pressed, or those that were ticked."""
    names = [request.form["only"]] if request.form.get("only") else request.form.getlist("ids")
    return [each for each in dict.fromkeys(names) if is_public_id(each)][:AT_ONCE]


def tell(done: str, fared: Mapping[str, int]) -> None:
    """Say how many tasks fared in which way."""
    t = texts()
    if fared.get(DONE):
        flash(done, "good")
    for said, n in fared.items():
        if said != DONE:
            flash(t("{n} left as it was: {reason}.", n=n, reason=t(said)), "error")
    if not fared:
        flash(t("Nothing was changed. Tick the tasks first."), "error")
