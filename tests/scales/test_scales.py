"""Agreement and thumbs: asked in four languages, answered with and without scripts, scored, and kept without them."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

import feedbackhub_plugins.scales as scales
from feedbackhub import ContactEvent, Identifier
from feedbackhub.loop.card import read_card
from feedbackhub.loop.collect import submit
from feedbackhub.loop.core import Core
from feedbackhub.loop.intake import record_contact
from feedbackhub.machinery.settings import AskEntry, Settings
from feedbackhub.office.publishing import publish_survey
from feedbackhub.surveys import BUILTIN_TYPES, Survey, check_answers, headline, parse_survey, show, type_of
from feedbackhub_plugins.scales.types import AGREEMENT, THUMBS
from tests.web.conftest import databases
from tests.web.live import Live, live

__all__ = ["databases", "live"]

LANGUAGES = ("en", "id", "hi", "ar")
SOURCE = """
name: scales
languages: [en, id, hi, ar]
title: {en: Your call, id: Panggilan Anda, hi: आपकी कॉल, ar: مكالمتك}
thanks: {en: Thank you, id: Terima kasih, hi: धन्यवाद, ar: شكرًا}
questions:
  - {id: helped, type: agreement, role: solution, text: I got the help that I needed., required: true}
  - {id: menu, type: agreement, look: menu, text: I was treated well.}
  - {id: thumb, type: thumbs, text: Was it good?, help: One tap is enough.}
"""
TYPES = {**BUILTIN_TYPES, **{each.name: type_of("scales", each) for each in (AGREEMENT, THUMBS)}}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Ask by a link at once."""
    return settings.model_copy(update={"ask": (AskEntry(name="default", channels=("link",), survey="scales"),)})


@pytest.fixture
def link(core: Core) -> str:
    """The path of a survey page."""
    publish_survey(core, SOURCE, "tests")
    event = {"source": "helpdesk", "external_id": "1", "customer": {"email": "ana@example.com"}}
    invitation = record_contact(core, ContactEvent.model_validate(event)).contact.invitation
    assert invitation is not None
    return invitation.link.removeprefix(core.settings.base_url())


def survey() -> Survey:
    """Return the survey of these tests."""
    return parse_survey(SOURCE, TYPES)


def test_the_plugin_is_listed(core: Core) -> None:
    state = core.plugins.state("scales")
    assert state is not None
    assert (state.state, state.hooks, scales.about.title) == ("active", ("feedbackhub_question_types",), "Scales")


@pytest.mark.parametrize("kind", [AGREEMENT, THUMBS], ids=lambda kind: kind.name)
def test_every_option_is_said_in_every_language(kind: Any) -> None:
    assert [set(option.text) for option in kind.options] == [set(LANGUAGES)] * len(kind.options)
    for language in LANGUAGES:
        assert len({option.text[language] for option in kind.options}) == len(kind.options)


@pytest.mark.parametrize(
    ("given", "stored", "score", "low"),
    [("strongly_disagree", "strongly_disagree", 0, True), ("2", "disagree", 25, True),
     ("neutral", "neutral", 50, False), ("4", "agree", 75, False), (5, "strongly_agree", 100, False)],
)  # fmt: skip
def test_agreement_is_scored_from_one_end_to_the_other(given: Any, stored: str, score: float, low: bool) -> None:
    checked = check_answers(survey(), {"helped": given})
    first = headline(survey(), checked.values)
    assert checked.values == {"helped": stored}
    assert first is not None
    assert (first.score, first.low) == (score, low)


@pytest.mark.parametrize(("given", "stored"), [("👍", "up"), ("YES", "up"), (0, "down"), ("-1", "down"), (True, None)])
def test_thumbs_are_understood_in_many_spellings(given: Any, stored: str | None) -> None:
    assert check_answers(survey(), {"thumb": given}).values == ({"thumb": stored} if stored else {})


def test_a_mail_offers_thumbs_as_two_pictures_and_agreement_as_lines() -> None:
    first, _, last = show(survey(), "id", {}).questions
    assert [(each.label, each.symbol) for each in last.choices] == [("Bagus", "👍"), ("Kurang bagus", "👎")]
    assert [each.symbol for each in first.choices] == [""] * 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_offers_each_option_by_its_words(client: FlaskClient, link: str, language: str) -> None:
    page = client.get(f"{link}?lang={language}").text
    for kind in (AGREEMENT, THUMBS):
        for option in kind.options:
            assert f'value="{option.value}"' in page
            assert f">{option.text[language]}<" in page
    assert page.count("/x/scales/static/scales.css?v=") == 3


def test_the_card_says_the_answer_in_words(core: Core, link: str) -> None:
    submit(core, core.links.read(link.rpartition("/")[2]) or "", {"helped": "disagree"}, "api")
    (rating,) = read_card(core, [Identifier("email", "ana@example.com")]).ratings
    assert (rating.value, rating.score, rating.low, rating.label) == (None, 25, True, "Disagree")


def send(page: Page) -> None:
    """Press the button."""
    page.locator("form[data-survey] button").click()


def test_in_a_browser_with_scripts(
    page: Page, app: Flask, core: Core, link: str, live: Live, accessible: Callable[[Page], None]
) -> None:
    address = live(app) + link
    page.goto(address)
    accessible(page)
    page.set_viewport_size({"width": 340, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 340
    accessible(page)
    page.get_by_label("Agree", exact=True).first.check()
    page.locator("select[name=menu]").select_option("neutral")
    page.locator("select[name=menu]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("input[name=thumb][value=up]")).to_be_checked()
    send(page)
    page.wait_for_url("**/thanks*")
    page.goto(address)
    expect(page.locator("input[name=helped][value=agree]")).to_be_checked()
    expect(page.locator("select[name=menu]")).to_have_value("neutral")


def test_in_a_browser_without_scripts_from_right_to_left(browser: Browser, app: Flask, link: str, live: Live) -> None:
    page = browser.new_context(java_script_enabled=False, viewport={"width": 340, "height": 800}).new_page()
    page.goto(f"{live(app)}{link}?lang=ar")
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.get_by_role("radio", name="جيد", exact=True).check()
    send(page)
    assert page.locator(".wrong").count() == 1
    page.get_by_label("أوافق بشدة", exact=True).check()
    assert page.locator("input[name=thumb][value=up]").is_checked()
    send(page)
    page.wait_for_url("**/thanks*")
