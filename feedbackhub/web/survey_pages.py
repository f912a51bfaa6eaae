"""The customer's pages behind a link: the survey, the thanks, and not being asked again. Looking never writes."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from ..contract.errors import Unavailable
from ..loop.collect import NotOpen, Sighting, Submitted, submit
from ..loop.core import Core
from ..loop.page import PageView, look_up
from ..loop.suppress import opt_out
from ..surveys import show, visible
from .current import core
from .errors import too_many
from .headers import framed_by_sites
from .limits import TooOften
from .permission import permission
from .redirects import go
from .survey_forms import HONEYPOT, PROOF, raw_answers, seen, texts_of
from .survey_rendering import Form, closed, first_form, form, frame, later, texts
from .survey_words import missing_text, problem_text

__all__ = ["after", "blueprint", "reasons", "sighting", "too_fast"]

LOOKED_AT = ("accept-language", "sec-purpose", "purpose", "x-moz", "sec-fetch-site")


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/s/<token>`` and what belongs to it."""
    pages = Blueprint("survey", __name__, url_prefix="/s")
    pages.get("/<token>")(index)
    pages.post("/<token>")(take)
    pages.get("/<token>/thanks")(thanks)
    pages.get("/<token>/stop")(ask_stop)
    pages.post("/<token>/stop")(stop)
    pages.register_error_handler(TooOften, too_fast)
    return pages


def too_fast(error: TooOften) -> ResponseReturnValue:
    """Keep what was typed for a visitor who comes too often, or shares the address with many."""
    if request.method == "POST" and request.endpoint in ("survey.take", "open.take"):
        return later(429, error.seconds)
    return too_many(error)


@permission("link")
@framed_by_sites
def index(token: str) -> ResponseReturnValue:
    """Show the survey; an option named in the link is chosen beforehand and nothing is stored."""
    view = found(token)
    if view.kind != "open":
        return closed(view)
    return first_form(view)


@permission("link")
@framed_by_sites
def take(token: str) -> ResponseReturnValue:
    """Store what was answered, then ask what is still open or say thanks."""
    try:
        view = found(token)
        if view.kind != "open" or view.survey is None:
            return closed(view)
        given = raw_answers(view.survey, request.form)
        result = submit(core(), view.invitation, given, "page", sighting(), view.language)
    except NotOpen:
        return closed(found(token))
    except Unavailable as error:
        return later(503, error.retry_after.total_seconds())
    return after(token, view, given, result)


def after(token: str, view: PageView, given: Mapping[str, list[str]], result: Submitted) -> ResponseReturnValue:
    """Return what follows a submission: corrections, further questions, or the thanks."""
    assert view.survey is not None
    errors = reasons(view, result)
    if errors:
        return form(view, Form(given, result.values, errors, stored=bool(result.response)), token), 422
    fresh = {each.id for each in visible(view.survey, result.values) if each.show_if is not None}
    fresh -= seen(request.form) | result.values.keys()
    if fresh:
        return form(view, Form(texts_of(result.values), result.values, {}, fresh, stored=True), token)
    return go(f"/s/{token}/thanks?lang={view.language}")


def reasons(view: PageView, result: Submitted) -> dict[str, str]:
    """Return what keeps the answer from being complete, by question."""
    assert view.survey is not None
    t = texts(view.language)
    errors = {question: missing_text(t) for question in result.missing}
    errors |= {problem.question_id: problem_text(t, problem) for problem in result.problems}
    if not result.response and not errors:
        errors[view.survey.questions[0].id] = missing_text(t)
    return errors


@permission("link")
@framed_by_sites
def thanks(token: str) -> ResponseReturnValue:
    """Say thanks for what is stored, and how long it may be changed."""
    view = found(token)
    if view.survey is None:
        return closed(view)
    if not view.answered:
        return go(f"/s/{token}")
    shown = show(view.survey, view.language, view.names, view.values)
    return frame("survey/thanks.html", view, said=shown.thanks, title=shown.title, changeable=view.kind == "open")


@permission("link")
@framed_by_sites
def ask_stop(token: str) -> ResponseReturnValue:
    """Ask whether the customer really does not want to be asked again; mail programs look here by themselves."""
    view = found(token)
    return closed(view) if view.survey is None else frame("survey/stop.html", view)


@permission("link")
@framed_by_sites
def stop(token: str) -> ResponseReturnValue:
    """Never ask this person again: by the button, or by a mail program's one-click POST (RFC 8058)."""
    view = found(token)
    if view.survey is None:
        return closed(view)
    opt_out(core(), view.invitation)
    return frame("survey/stopped.html", view)


def found(token: str) -> PageView:
    """Return what is behind the link, in the language of this visit."""
    chosen, accepted = request.args.get("lang", "")[:35], request.headers.get("Accept-Language", "")
    return look_up(core(), token, chosen, accepted)


def sighting(page: str = "") -> Sighting:
    """Return what tells a person from a machine, on an invitation's own page or on that of an open link."""
    headers = {name: request.headers[name] for name in LOOKED_AT if name in request.headers}
    return Sighting(headers, request.form.get(HONEYPOT, ""), request.form.get(PROOF, ""), page)
