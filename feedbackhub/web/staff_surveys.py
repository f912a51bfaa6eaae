"""Surveys: which there are, their versions and what changed, and a preview in each language."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from ..loop.core import Core
from ..machinery.i18n import language_name
from ..office.survey_versions import DAYS, changes, find_version, list_surveys, versions
from ..surveys import check_survey, parse_survey
from . import editor, previews
from .current import core
from .permission import outranks, permission
from .pieces import fillings
from .rendering import language, page
from .sessions import person

__all__ = ["blueprint"]

SLUG = "<string(maxlength=40):name>"


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/surveys``; a survey's name begins with a letter, so what begins with a hyphen is ours."""
    pages = Blueprint("surveys", __name__, url_prefix="/surveys")
    pages.get("")(index)
    pages.get(f"/{SLUG}")(show)
    pages.get(f"/{SLUG}/preview")(previews.preview)
    pages.get(f"/{SLUG}/edit")(editor.edit)
    pages.get("/-/new")(editor.new)
    pages.post("/-/check")(editor.check)
    pages.post("/-/preview")(previews.preview_typed)
    pages.post("/-/publish")(editor.publish)
    return pages


@permission("manager")
def index() -> ResponseReturnValue:
    """List the surveys."""
    return page("staff/surveys.html", surveys=list_surveys(core()), days=DAYS, edits=edits(), names=language_name)


def edits() -> bool:
    """Tell whether the visitor may change surveys."""
    return outranks(person().role, "admin")


@permission("manager")
def show(name: str) -> ResponseReturnValue:
    """Show one version of a survey: how it looks, its text, and what it changed."""
    here = core()
    found = find_version(here, name, request.args.get("version", type=int))
    all_of_it = versions(here, name)
    before = next((each for each in all_of_it if each.number < found.number), None)
    survey = parse_survey(found.source, found.types)
    wanted = request.args.get("lang", "")[:35]
    chosen = wanted if wanted in survey.languages else survey.language_for(language())
    return page(
        "staff/survey.html", found=found, versions=all_of_it, survey=survey, chosen=chosen, before=before,
        languages=[(code, language_name(code)) for code in survey.languages], edits=edits(),
        changes=changes(before.source, found.source) if before else [], newest=all_of_it[0].number,
        warnings=check_survey(found.source, found.types).warnings, parts=previews.PARTS,
        part=request.args.get("part", "") if request.args.get("part", "") in previews.PARTS else "page",
        fillings=fillings("survey", survey=name),
        used_by=[entry.name for entry in here.settings.ask if entry.survey == name],
    )  # fmt: skip
