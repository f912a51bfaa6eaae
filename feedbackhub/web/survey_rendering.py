"""The customer's pages as HTML: the form, and the frame that all of them stand in."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, current_app, make_response, request, url_for

from ..contract.records import Brand
from ..loop.page import PageView
from ..machinery.i18n import Translator, direction, language_name
from ..surveys import show
from .brand_style import style_address
from .current import core
from .question_looks import own_look
from .rendering import language, page
from .survey_cache import PROOF_MARK, TOKEN_MARK, PageCache
from .survey_forms import HONEYPOT, PROOF, SEEN, fields, first_choice, seen, texts_of
from .survey_words import CLOSED

__all__ = ["PERSONAL", "Doors", "Form", "closed", "first_form", "form", "frame", "later", "texts"]

CACHE = "feedbackhub.survey_pages"


@dataclass(frozen=True)
class Form:
    """How the form is shown.

    Args:
        typed: What stands in the fields.
        values: The answers that decide which questions are shown.
        errors: Why answers were not taken, by question.
        only: Ask only these questions and carry the other answers along unseen; empty: ask all.
        stored: Whether something was stored just now.
    """

    typed: Mapping[str, list[str]]
    values: Mapping[str, Any]
    errors: Mapping[str, str]
    only: Collection[str] = ()
    stored: bool = False


@dataclass(frozen=True)
class Doors:
    """Where a form leads.

    Args:
        index: Endpoint of its page.
        take: Endpoint that takes what it holds.
        stop: Endpoint of opting out, empty where nobody is known.
        kept: What the address carries along.
    """

    index: str = "survey.index"
    take: str = "survey.take"
    stop: str = "survey.ask_stop"
    kept: Mapping[str, str] = field(default_factory=dict)


PERSONAL = Doors()


def first_form(view: PageView, doors: Doors = PERSONAL) -> Response:
    """Return the page as the link opens it, with an option of the link chosen beforehand."""
    chosen = first_choice(view, request.args.get("a", ""))
    if view.answered or view.survey is None or doors.kept:
        return make_response(form(view, _opened(view, chosen), doors=doors))
    cache: PageCache = current_app.extensions.setdefault(CACHE, PageCache())
    also = (request.script_root, doors.index, *(tuple(each) for each in chosen.values()))
    html = cache.page(
        view, view.survey, also, here(), core().links.page_proof(view.invitation, core().clock.now()),
        lambda: form(view, _opened(view, chosen), TOKEN_MARK, PROOF_MARK, doors),
    )  # fmt: skip
    return Response(html, content_type="text/html; charset=utf-8")


def _opened(view: PageView, chosen: Mapping[str, list[str]]) -> Form:
    return Form({**texts_of(view.values), **chosen}, view.values, {})


def form(view: PageView, shown: Form, token: str = "", proof: str = "", doors: Doors = PERSONAL) -> str:
    """Return the page with the survey's form; token and proof are this visitor's unless given."""
    assert view.survey is not None
    token = token or here()
    survey = show(view.survey, view.language, view.names, shown.values)
    asked = fields(texts(view.language), view.survey, survey, shown.typed, shown.errors, shown.only,
                   own_look(view.language))  # fmt: skip
    conditional = [each.question.id for each in asked if each.condition and not each.hidden]
    carried = {name: told for name, told in shown.typed.items() if name not in shown.only} if shown.only else {}
    return frame(
        "survey/page.html", view, token, survey=survey, fields=asked, errors=shown.errors, stored=shown.stored,
        following=bool(shown.only), carried=carried, names={"proof": PROOF, "honeypot": HONEYPOT, "seen": SEEN},
        proof=proof or proof_of(view), seen=sorted(seen(request.form) | set(conditional)),
        languages=languages(view, token, shown, doors), doors=doors,
    )  # fmt: skip


def proof_of(view: PageView) -> str:
    """Return the proof that the page was shown; a page that follows keeps the first one's: one line is typed fast."""
    links, now = core().links, core().clock.now()
    given = request.form.get(PROOF, "")
    known = links.proof_age(view.invitation, given, now) is not None
    return given if known else links.page_proof(view.invitation, now)


def languages(view: PageView, token: str, shown: Form, doors: Doors) -> list[tuple[str, str, str]]:
    """Return the other languages of the survey: code, own name, address of this page in it."""
    if view.survey is None or request.method == "POST":
        return []  # changing the language would lose what was typed
    chosen = shown.typed.get(view.survey.questions[0].id, []) if "a" in request.args else []
    kept: dict[str, Any] = {**doors.kept, **({"a": chosen[0]} if chosen else {})}
    return [
        (code, language_name(code), url_for(doors.index, token=token, lang=code, **kept))
        for code in view.survey.languages
        if code != view.language
    ]


def closed(view: PageView) -> Response:
    """Return the page that says kindly why there is nothing to answer."""
    status, title, advice = CLOSED[view.kind]
    if view.kind == "answered" and request.method != "POST":
        status = 200
    return make_response(frame("survey/closed.html", view, title=title, advice=advice), status)


def later(status: int, seconds: float) -> Response:
    """Return the page that keeps what was typed until it can be stored, after so many seconds."""
    brand = Brand("default", core().settings.brand().name)
    kept = [(name, value) for name, value in request.form.items(multi=True)]
    said = language("customer")
    html = page(
        "survey/later.html", domain="customer", lang=said, language=said, direction=direction(said), brand=brand,
        style=style_address(brand.key), kept=kept, sites=sites(),
    )  # fmt: skip
    return make_response(html, status, {"Retry-After": str(max(1, math.ceil(seconds)))})


def frame(template: str, view: PageView, token: str = "", /, **values: object) -> str:
    """Render a page of the customer's in the survey's language and the brand's look."""
    said = view.language or language("customer")
    return page(
        template, domain="customer", lang=said, language=said, direction=direction(said), brand=view.brand,
        style=style_address(view.brand.key), view=view, timezone=view.timezone, token=token or here(),
        sites=sites(), **values,
    )  # fmt: skip


def sites() -> str:
    """Return the origins that may show these pages in a frame."""
    return " ".join(core().settings.web.frame_origins)


def here() -> str:
    """Return the token in this request's address."""
    return str((request.view_args or {})["token"])


def texts(said: str) -> Translator:
    """Return the customer's texts."""
    return core().i18n.translator("customer", said)
