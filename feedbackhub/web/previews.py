"""Previews: a survey's page, thanks and mail as a customer would see them, in a frame that sends nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from ..contract.records import Identifier
from ..loop.compose import Facts, Parts, compose, names_for
from ..loop.core import Core
from ..loop.deliver import brand_record
from ..machinery.i18n import N_, direction
from ..office.publishing import check
from ..office.survey_versions import find_version
from ..surveys import Survey, parse_survey, show
from .brand_style import style_address
from .current import core
from .headers import framed_by_self
from .permission import permission
from .plugin_pages import RAW
from .question_looks import own_look
from .rendering import page
from .survey_forms import fields
from .survey_rendering import PERSONAL

__all__ = ["PARTS", "Blank", "example_names", "mail_of", "preview", "preview_typed"]

PARTS = {"page": N_("Page"), "thanks": N_("Thanks"), "thanks_low": N_("Thanks after a low answer"), "mail": N_("Mail")}
#: What the mail's links lead to.
NOWHERE = "about:blank"


@dataclass(frozen=True)
class Blank:
    """An invitation that nobody has answered, for templates that ask."""

    answered: bool = False
    open_until: datetime | None = None
    values: dict[str, str] = field(default_factory=dict)


@permission("manager")
@framed_by_self
def preview(name: str) -> ResponseReturnValue:
    """Show a published version in one language."""
    found = find_version(core(), name, request.args.get("version", type=int))
    survey = parse_survey(found.source, found.types)
    return drawn(survey, request.args.get("lang", "")[:35], request.args.get("part", ""))


@permission("admin")
@framed_by_self
def preview_typed() -> ResponseReturnValue:
    """Show the text in the editor in one language, or what is wrong with it."""
    checked = check(core(), request.form.get("source", ""))
    if checked.survey is None:
        return page("staff/preview_problems.html", problems=checked.problems), 422
    return drawn(checked.survey, request.form.get("lang", "")[:35], request.form.get("part", ""))


def drawn(survey: Survey, wanted: str, part: str) -> ResponseReturnValue:
    """Return a part of a survey as a customer with that language would see it."""
    said = survey.language_for(wanted)
    if part == "mail":
        return mail(survey, said)
    here = core()
    brand = brand_record(here, "default")
    shown = show(survey, said, example_names(here, said))
    asked = fields(here.i18n.translator("customer", said), survey, shown, {}, {}, look=own_look(said))
    thanks = survey.thanks_low if part == "thanks_low" and survey.thanks_low is not None else survey.thanks
    template = "staff/preview_thanks.html" if part.startswith("thanks") else "staff/preview.html"
    return page(
        template, domain="customer", lang=said, language=said, direction=direction(said), brand=brand,
        style=style_address(brand.key), view=Blank(), token="preview", survey=shown, fields=asked, errors={},
        stored=False, following=False, carried={}, names={"proof": "", "honeypot": "", "seen": ""}, proof="", seen=[],
        languages=[], title=shown.title, said=thanks.in_language(said, survey.default_language), changeable=False,
        doors=PERSONAL, sites="",
    )  # fmt: skip


def example_facts(here: Core) -> Facts:
    """Return a contact that just ended, for the placeholders of a preview."""
    return Facts(ended_at=here.clock.now() - timedelta(hours=1), timezone=here.settings.timezone, channel="email")


def example_names(here: Core, said: str) -> dict[str, dict[str, str]]:
    """Return what placeholders stand for in a preview; names are left empty, as for many customers."""
    found = names_for(example_facts(here), "", brand_record(here, "default"), said)
    return {space: dict(values) for space, values in found.items()}


def mail_of(here: Core, survey: Survey, said: str) -> str:
    """Return the mail that asks with a survey, as HTML."""
    parts = Parts(
        message_id="preview@localhost", kind="first", to=Identifier("email", "customer@example.com"), customer_name="",
        language=said, brand=brand_record(here, "default"), survey=survey, facts=example_facts(here), link=NOWHERE,
        stop_link=NOWHERE, expires_at=here.clock.now() + timedelta(days=14),
    )  # fmt: skip
    return compose(parts, here.renderer).html


def mail(survey: Survey, said: str) -> Response:
    """Return the mail as a document confined to a sandbox."""
    response = make_response(mail_of(core(), survey, said))
    response.headers.update(RAW)
    return response
