"""A link in the forms that a company hands out."""

import re
import struct
from dataclasses import replace

import pytest

from feedbackhub.loop.link_kit import choices, choices_of, ink_on, paste_html, qr_png, qr_svg
from feedbackhub.machinery.i18n import I18n
from feedbackhub.machinery.rendering import Renderer
from feedbackhub.surveys import bundled, parse_survey, show, shown_ask
from tests.mail.messages import LINK

SURVEYS = {name: parse_survey(text) for name, text in bundled().items()}
RENDERER = Renderer(I18n())


def test_there_is_an_address_for_each_option() -> None:
    survey = show(SURVEYS["post-contact"], "id", {})
    assert [(each.value, each.label, each.url) for each in choices(survey, LINK)] == [
        ("1", "Sangat tidak puas", f"{LINK}?a=1"),
        ("2", "Tidak puas", f"{LINK}?a=2"),
        ("3", "Biasa saja", f"{LINK}?a=3"),
        ("4", "Puas", f"{LINK}?a=4"),
        ("5", "Sangat puas", f"{LINK}?a=5"),
    ]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", sorted(SURVEYS))
def test_html_to_paste_stands_alone(name: str, language: str) -> None:
    ask = shown_ask(SURVEYS[name], language, {"brand": {"name": "Acme & Sons"}})
    html = paste_html(RENDERER, ask, LINK, "#123456")
    assert re.findall(r'href="([^"]*)"', html) == [choice.url for choice in choices_of(ask.question, LINK)]
    assert re.findall(r"<(?:style|script|link|html|body)\b", html) == []
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in html
    assert re.findall(r"<a (?![^>]*style=)", html) == []


def test_html_to_paste_is_the_same_whether_it_was_made_before_or_not() -> None:
    ask = shown_ask(SURVEYS["post-contact"], "id", {})
    other = f"{LINK}-other?x=1&y=2"
    kept = [paste_html(RENDERER, ask, link, "#123456") for link in (LINK, other, LINK)]
    fresh = [paste_html(Renderer(I18n()), ask, link, "#123456") for link in (LINK, other, LINK)]
    named = replace(ask, same_for_all=False)
    assert kept == fresh == [paste_html(RENDERER, named, link, "#123456") for link in (LINK, other, LINK)]


def test_the_qr_code_is_a_scalable_picture_and_a_pixel_picture() -> None:
    assert qr_svg(LINK).startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ')
    png = qr_png(LINK, scale=4)
    width, height = struct.unpack(">II", png[16:24])
    assert (png[:8], width == height, width % 4) == (b"\x89PNG\r\n\x1a\n", True, 0)


@pytest.mark.parametrize(("color", "ink"), [
    ("#ffffff", "#000000"), ("#ffcc00", "#000000"), ("#000000", "#ffffff"), ("#1f5f8b", "#ffffff"),
])  # fmt: skip
def test_letters_on_a_colour_can_be_read(color: str, ink: str) -> None:
    assert ink_on(color) == ink
