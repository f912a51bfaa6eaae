"""A survey's page as one file that needs no server, for authors at the command line."""

from __future__ import annotations

from importlib.resources import files

from markupsafe import Markup

from ..machinery.i18n import I18n, direction
from ..machinery.rendering import Renderer
from ..surveys import Survey, show
from .survey_forms import fields

__all__ = ["preview_html"]

BRAND = ":root { --brand: #1f5f8b; --brand-ink: #ffffff; }"


def preview_html(survey: Survey, said: str) -> str:
    """Return the survey's page in one of its languages as a document of its own."""
    i18n = I18n()
    shown = show(survey, said, {})
    asked = fields(i18n.translator("customer", said), survey, shown, {}, {})
    sheet = files("feedbackhub_templates").joinpath("static/css/survey.css").read_text("utf-8")
    return Renderer(i18n).render(
        "staff/preview_file.html", said, "customer", language=said, direction=direction(said), survey=shown,
        fields=asked, sheet=Markup(f"<style>{BRAND}\n{sheet}</style>"),
    )  # fmt: skip
