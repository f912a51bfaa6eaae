"""The customer's pages behind a link: the survey, the thanks, and not being asked again. Looking never writes."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any

from flask import Blueprint, Response, make_response, request, url_for
from flask.typing import ResponseReturnValue

from ..contract.errors import Unavailable
from ..contract.records import Brand
from ..loop.collect import NotOpen, Sighting, Submitted, submit
from ..loop.core import Core
from ..loop.page import PageView, look_up
from ..loop.suppress import opt_out
from ..machinery.i18n import Translator, direction, language_name
from ..surveys import show, visible
from .brand_style import style_address
from .current import core
from .permission import permission
from .redirects import go
from .rendering import language, page
from .survey_forms import HONEYPOT, PROOF, SEEN, fields, first_choice, raw_answers, seen, texts_of
from .survey_words import CLOSED, missing_text, problem_text

__all__ = ["blueprint"]

LOOKED_AT = ("accept-language", "sec-purpose", "purpose", "x-moz")


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/s/<token>`` and what belongs to it."""
    pages = Blueprint("survey", __name__, url_prefix="/s")
    pages.get("/<token>")(index)
    pages.post("/<token>")(take)
    pages.get("/<token>/thanks")(thanks)
    pages.get("/<token>/stop")(ask_stop)
    pages.post("/<token>/stop")(stop)
    return pages


@permission("link")
def index(token: str) -> ResponseReturnValue:
    """Show the survey; an option named in the link is chosen beforehand and nothing is stored."""
    view = found(token)
    if view.kind != "open":
        return closed(view)
    typed = texts_of(view.values) | first_choice(view, request.args.get("a", ""))
    return form(view, typed, view.values)


@permission("link")
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
        return later(error)
    return after(token, view, given, result)


def after(token: str, view: PageView, given: Mapping[str, list[str]], result: Submitted) -> ResponseReturnValue:
    """Return what follows a submission: corrections, further questions, or the thanks."""
    assert view.survey is not None
    errors = reasons(view, result)
    if errors:
        return form(view, given, result.values, errors=errors, stored=bool(result.response)), 422
    fresh = {each.id for each in visible(view.survey, result.values) if each.show_if is not None}
    fresh -= seen(request.form) | result.values.keys()
    if fresh:
        return form(view, texts_of(result.values), result.values, only=fresh, stored=True)
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
def ask_stop(token: str) -> ResponseReturnValue:
    """Ask whether the customer really does not want to be asked again; mail programs look here by themselves."""
    view = found(token)
    return closed(view) if view.survey is None else frame("survey/stop.html", view)


@permission("link")
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


def sighting() -> Sighting:
    """Return what tells a person from a machine."""
    headers = {name: request.headers[name] for name in LOOKED_AT if name in request.headers}
    return Sighting(headers, request.form.get(HONEYPOT, ""), request.form.get(PROOF, ""))


def form(
    view: PageView,
    typed: Mapping[str, list[str]],
    values: Mapping[str, Any],
    errors: Mapping[str, str] | None = None,
    only: Collection[str] = (),
    stored: bool = False,
) -> str:
    """Return the page with the survey's form.

    Args:
        view: What is behind the link.
        typed: What stands in the fields.
        values: The answers that decide which questions are shown.
        errors: Why answers were not taken, by question.
        only: Ask only these questions and carry the other answers along unseen.
        stored: Whether something was stored just now.
    """
    assert view.survey is not None
    errors = errors or {}
    shown = show(view.survey, view.language, view.names, values)
    asked = fields(texts(view.language), view.survey, shown, typed, errors, only)
    conditional = [each.question.id for each in asked if each.condition and not each.hidden]
    return frame(
        "survey/page.html", view, survey=shown, fields=asked, errors=errors, stored=stored, following=bool(only),
        carried={name: told for name, told in typed.items() if name not in only} if only else {},
        names={"proof": PROOF, "honeypot": HONEYPOT, "seen": SEEN},
        proof=proof_of(view),
        seen=sorted(seen(request.form) | set(conditional)), languages=languages(view),
    )  # fmt: skip


def proof_of(view: PageView) -> str:
    """Return the proof that the page was shown; what follows a page keeps its proof, since one line is answered fast."""
    here = core()
    given, now = request.form.get(PROOF, ""), here.clock.now()
    known = here.links.proof_age(view.invitation, given, now) is not None
    return given if known else here.links.page_proof(view.invitation, now)


def languages(view: PageView) -> list[tuple[str, str, str]]:
    """Return the other languages of the survey: code, own name, address of this page in it."""
    if view.survey is None or request.method == "POST":
        return []  # changing the language would lose what was typed
    kept: dict[str, Any] = {"a": request.args["a"][:100]} if "a" in request.args else {}
    token = (request.view_args or {})["token"]
    return [
        (code, language_name(code), url_for("survey.index", token=token, lang=code, **kept))
        for code in view.survey.languages
        if code != view.language
    ]


def closed(view: PageView) -> Response:
    """Return the page that says kindly why there is nothing to answer."""
    status, title, advice = CLOSED[view.kind]
    if view.kind == "answered" and request.method != "POST":
        status = 200
    return make_response(frame("survey/closed.html", view, title=title, advice=advice), status)


def later(error: Unavailable) -> Response:
    """Return the page that keeps what was typed until it can be stored."""
    seconds = max(1, math.ceil(error.retry_after.total_seconds()))
    brand = Brand("default", core().settings.brand().name)
    kept = [(name, value) for name, value in request.form.items(multi=True)]
    said = language("customer")
    html = page(
        "survey/later.html", domain="customer", lang=said, language=said, direction=direction(said), brand=brand,
        style=style_address(brand.key), kept=kept,
    )  # fmt: skip
    return make_response(html, 503, {"Retry-After": str(seconds)})


def frame(template: str, view: PageView, **values: object) -> str:
    """Render a page of the customer's in the survey's language and the brand's look."""
    said = view.language or language("customer")
    return page(
        template, domain="customer", lang=said, language=said, direction=direction(said), brand=view.brand,
        style=style_address(view.brand.key), view=view, timezone=view.timezone,
        token=(request.view_args or {})["token"], **values,
    )  # fmt: skip


def texts(said: str) -> Translator:
    """Return the customer's texts."""
    return core().i18n.translator("customer", said)
