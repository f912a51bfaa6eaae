"""A personal link in the forms a company can hand out: one address per option, HTML to paste, a QR code."""

from __future__ import annotations

import io
import re
from urllib.parse import quote

import css_inline
import segno
from markupsafe import escape

from ..contract.records import Choice
from ..machinery.i18n import direction
from ..machinery.rendering import Renderer
from ..surveys import ShownAsk, ShownQuestion, ShownSurvey
from .blanks import Blanked, blanked, blanks

__all__ = ["DEFAULT_COLOR", "choices", "choices_of", "ink_on", "paste_html", "qr_png", "qr_svg", "safe_color"]

DEFAULT_COLOR = "#1f5f8b"
COLOR = re.compile(r"#[0-9a-fA-F]{6}")


def choices(survey: ShownSurvey, link: str) -> tuple[Choice, ...]:
    """Return one clickable option for each answer to the first question; none when it is not a matter of one click.

    Args:
        survey: The survey in the customer's language.
        link: The personal link; an option's address only pre-selects on the page behind it.
    """
    return choices_of(survey.questions[0], link)


def choices_of(first: ShownQuestion, link: str) -> tuple[Choice, ...]:
    """Return one clickable option for each answer to a survey's first question; as `choices`."""
    if first.value not in ("number", "option") or first.type == "consent":
        return ()
    return tuple(
        Choice(each.value, each.label or each.value, each.symbol, f"{link}?a={quote(each.value, safe='')}")
        for each in first.choices
    )


def paste_html(renderer: Renderer, ask: ShownAsk, link: str, color: str = "") -> str:
    """Return HTML to paste into a company's own mail: the first question and its options, styles inlined.

    Args:
        renderer: Renders the core's templates.
        ask: The survey's first question in the customer's language.
        link: The personal link.
        color: The brand's colour as #rrggbb.
    """
    if not ask.same_for_all:
        return _pasted(renderer, ask, link, color)
    link_here = blanks(("link",))["link"]

    def make() -> Blanked:
        return blanked(_pasted(renderer, ask, link_here, color))

    return renderer.once(("paste.html", ask.question, ask.language, color), make).filled({"link": str(escape(link))})


def _pasted(renderer: Renderer, ask: ShownAsk, link: str, color: str) -> str:
    html = renderer.render(
        "mail/paste.html", ask.language, "customer", lang=ask.language, dir=direction(ask.language),
        link=link, question=ask.question.text, choices=choices_of(ask.question, link),
    )  # fmt: skip
    return css_inline.inline_fragment(html, stylesheet(renderer, ask.language, color), load_remote_stylesheets=False)


def stylesheet(renderer: Renderer, language: str, color: str) -> str:
    """Return the mail's styles in a brand's colour."""
    main = safe_color(color)
    return renderer.render(
        "mail/style.css", language, "customer", color=main, ink=ink_on(main), start=start_of(language)
    )


def start_of(language: str) -> str:
    """Return the side on which lines begin; old mail programs know no logical sides."""
    return "right" if direction(language) == "rtl" else "left"


def safe_color(color: str) -> str:
    """Return a colour as #rrggbb, the default for anything else."""
    return color if COLOR.fullmatch(color) else DEFAULT_COLOR


def ink_on(color: str) -> str:
    """Return black or white, whichever is easier to read on a colour (WCAG's relative luminance)."""
    shares = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if luminance > 0.179 else "#ffffff"


def qr_svg(link: str) -> str:
    """Return the link as a QR code in scalable SVG, dark on white so that it also reads in dark mode."""
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        out, kind="svg", border=4, light="#fff", omitsize=True, xmldecl=False, svgclass=None, lineclass=None
    )
    return out.getvalue().decode("utf-8")


def qr_png(link: str, scale: int = 8) -> bytes:
    """Return the link as a QR code in PNG.

    Args:
        link: The personal link.
        scale: Pixels for each module of the code.
    """
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="png", scale=scale, border=4)
    return out.getvalue()
