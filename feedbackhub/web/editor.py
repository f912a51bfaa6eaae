"""The editor: a survey's text is checked line by line, compared with the version before, and published."""

from __future__ import annotations

from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue

from ..contract.errors import Conflict
from ..machinery.i18n import language_name
from ..office.publishing import check as check_text
from ..office.publishing import publish_survey
from ..office.survey_versions import changes, find_version, newest_version
from ..surveys import Survey, SurveyCheck
from .current import core
from .excerpts import excerpts
from .permission import permission
from .previews import PARTS
from .redirects import go
from .rendering import language, page, texts
from .sessions import actor

__all__ = ["check", "edit", "new", "publish"]

EXAMPLE = """\
# Everything that customers read may be said in several languages: {en: "…", id: "…"}.
name: my-survey
languages: [en]
title: "Your contact with us"
intro: "Thank you for contacting {{ brand.name or 'us' }}. It takes less than a minute."

questions:
  - id: satisfaction
    type: csat            # also: nps, ces, rating, yes-no, choice, choices, text, consent
    look: faces           # or stars, numbers
    text: "How satisfied are you with the service you received?"

  - id: reason
    type: text
    role: comment
    text: "What could we have done better?"
    show_if: {question: satisfaction, below: 4}

thanks: "Thank you! The person who helps you next time will know."
"""


@permission("admin")
def edit(name: str) -> ResponseReturnValue:
    """Show a survey's text for changing."""
    found = find_version(core(), name, request.args.get("version", type=int))
    return editor(found.source, find_version(core(), name).number)


@permission("admin")
def new() -> ResponseReturnValue:
    """Show an example to begin a new survey with."""
    return editor(EXAMPLE, 0)


@permission("admin")
def check() -> ResponseReturnValue:
    """Check the text and show what is wrong, what could be better, and what it changes."""
    source = typed_source()
    checked = check_text(core(), source)
    return editor(source, upon(checked.survey), checked), 200 if checked.survey else 422


@permission("admin")
def publish() -> ResponseReturnValue:
    """Publish the text; where there is a version before, ask once more and show what changes."""
    source, t = typed_source(), texts()
    checked = check_text(core(), source)
    if checked.survey is None:
        return editor(source, upon(None), checked), 422
    newest = newest_version(core(), checked.survey.name)
    if newest is not None and request.form.get("confirmed") != str(newest.number):
        return editor(source, upon(checked.survey), checked, confirming=True)
    try:
        name, number, fresh = publish_survey(core(), source, actor(), newest.number if newest else 0)
    except Conflict:
        flash(t("Somebody published another version meanwhile: look at what changes now."), "error")
        return editor(source, upon(checked.survey), checked, confirming=True), 409
    if fresh:
        flash(t("Version {n} of {name} is published. New asks use it at once.", n=number, name=name), "good")
    else:
        flash(t("Nothing was published: the newest version says the same."), "error")
    return go(f"/surveys/{name}")


def typed_source() -> str:
    """Return the text of the form with the line ends that files have."""
    return request.form.get("source", "").replace("\r\n", "\n").replace("\r", "\n")


def upon(survey: Survey | None) -> int:
    """Return the number of the version that the text would replace; that of the form while it cannot be read."""
    if survey is None:
        return request.form.get("upon", 0, type=int)
    newest = newest_version(core(), survey.name)
    return newest.number if newest else 0


def editor(source: str, number: int, checked: SurveyCheck | None = None, confirming: bool = False) -> str:
    """Return the page with the text, and what was found out about it."""
    survey = checked.survey if checked else None
    before = newest_version(core(), survey.name) if survey else None
    known = checked.survey if checked else check_text(core(), source).survey
    values: dict[str, Any] = {
        "source": source, "upon": number, "checked": checked, "confirming": confirming, "before": before,
        "changes": changes(before.source, source) if before else [], "survey": survey, "parts": PARTS,
        "languages": [(code, language_name(code)) for code in known.languages] if known else [],
        "chosen": known.language_for(language()) if known else "",
        "problems": excerpts(source, checked.problems if checked else ()),
        "warnings": excerpts(source, checked.warnings if checked else ()),
    }  # fmt: skip
    return page("staff/survey_edit.html", **values)
