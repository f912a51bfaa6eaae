"""Looking at a survey page: nothing is written, one's own language, nothing chosen but by the link."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from feedbackhub.loop.core import Core
from feedbackhub.loop.shelf import publish
from feedbackhub.loop.views import InvitationView
from tests.pages.visits import Visitor, everything

Ask = Callable[..., InvitationView]
Visit = Callable[[InvitationView], Visitor]


@pytest.mark.parametrize(
    "query", ["", "?a=2", "?a=2&satisfaction=1&page-proof=x", "?lang=ar", "?List-Unsubscribe=One-Click"]
)
def test_looking_never_writes(ask: Ask, visit: Visit, core: Core, query: str) -> None:
    visitor = visit(ask())
    before = everything(core)
    for method in ("get", "head", "options"):
        for part in ("", "/stop", "/thanks"):
            getattr(visitor.client, method)(visitor.path + part + query)
    assert everything(core) == before


def test_nothing_is_chosen_unless_the_link_chooses(ask: Ask, visit: Visit) -> None:
    visitor = visit(ask())
    visitor.look()
    assert visitor.chosen() == []
    visitor.look("?a=2")
    assert visitor.chosen() == [("satisfaction", "2")]


@pytest.mark.parametrize("option", ["6", "0", "-1", "2 ", "yes", "٢", "%00", "2&a=3", '"><script>', "9" * 5000])
def test_a_link_cannot_choose_what_there_is_not(ask: Ask, visit: Visit, option: str) -> None:
    visitor = visit(ask())
    answer = visitor.look(f"?a={option}")
    assert answer.status_code == 200
    assert visitor.chosen() in ([], [("satisfaction", "2")])  # of two, the first counts
    assert "<script>" not in answer.text.replace('<script src="/static/', "")


def test_the_page_sets_no_cookie_and_tells_no_other_site_its_address(ask: Ask, visit: Visit) -> None:
    answer = visit(ask()).look()
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    assert re.findall(r" on[a-z]+=| style=|<style|<script(?! src=)", answer.text) == []


@pytest.mark.parametrize(
    ("language", "direction", "words"),
    [
        ("en", "ltr", "Was your issue solved?"),
        ("id-ID", "ltr", "Apakah masalah Anda sudah terselesaikan?"),
        ("hi", "ltr", "क्या आपकी समस्या हल हो गई?"),
        ("ar", "rtl", "هل حُلّت مشكلتك؟"),
        ("fr", "ltr", "Was your issue solved?"),
    ],
)
def test_the_page_speaks_the_customers_language(
    ask: Ask, visit: Visit, language: str, direction: str, words: str
) -> None:
    text = visit(ask(language=language)).look().text
    assert words in text
    assert f'dir="{direction}"' in text


def test_another_language_can_be_chosen_and_stays_chosen(ask: Ask, visit: Visit) -> None:
    visitor = visit(ask(language="en"))
    text = visitor.look("?a=4&lang=ar").text
    assert '<html lang="ar" dir="rtl">' in text
    assert visitor.chosen() == [("satisfaction", "4")]
    assert f'action="{visitor.path}?lang=ar"' in text
    assert f'href="{visitor.path}?lang=id&amp;a=4"' in text


def test_the_browsers_language_counts_where_the_customers_is_unknown(ask: Ask, visit: Visit) -> None:
    visitor = visit(ask())
    visitor.headers = {"Accept-Language": "fr, hi;q=0.8, en;q=0.5"}
    assert '<html lang="hi"' in visitor.look().text


def test_scales_look_as_the_survey_says(ask: Ask, visit: Visit) -> None:
    text = visit(ask()).look().text
    assert text.count('<span class="symbol" aria-hidden="true">★</span>') == 15
    assert [face for face in "😠😞😐😊😃" if f'<span class="symbol" aria-hidden="true">{face}</span>' not in text] == []
    numbers = visit(ask(topic="loyalty")).look().text
    assert [n for n in range(11) if f'<span class="symbol" aria-hidden="true">{n}</span>' not in numbers] == []


def test_a_brand_brings_its_colours_in_a_style_sheet_of_its_own(client: FlaskClient) -> None:
    answer = client.get("/brand/default.css")
    assert answer.text == ":root{--brand:#1f5f8b;--brand-ink:#ffffff}\n"
    assert answer.content_type == "text/css; charset=utf-8"
    assert client.get("/brand/%22%3E.css").text == answer.text


def test_what_the_page_loads_is_there(ask: Ask, visit: Visit) -> None:
    visitor = visit(ask())
    addresses = re.findall(r'(?:href|src)="((?:/static|/brand)[^"]+)"', visitor.look().text)
    assert [visitor.client.get(each).status_code for each in addresses] == [200] * 4


GREETING = """
name: post-contact
languages: [en, ar]
title: "Hello {{ customer.name or 'there' }}"
questions:
  - {id: satisfaction, type: csat, text: "How was {{ contact.topic }} on {{ contact.date }}?"}
thanks: "Thanks"
"""


def test_each_customer_sees_their_own_words_link_and_proof(ask: Ask, visit: Visit, core: Core) -> None:
    core.store.write(lambda connection: publish(connection, GREETING, "tests", core.clock.now()))
    visitors = [visit(ask(name=name, topic=topic)) for name, topic in (("Ann", "tea"), ("Bo", "tea"), ("", "<b>"))]
    visitors += [visit(ask(name="Ann", topic="tea", language="ar"))]
    pages = [[visitor.look(query).text for query in ("", "?a=2", "")] for visitor in visitors]
    assert ["Hello Ann" in page for page in pages[0]] == [True] * 3
    assert ["Hello Bo" in page for page in pages[1]] == [True] * 3
    assert ["Hello there" in page and "&lt;b&gt;" in page for page in pages[2]] == [True] * 3
    assert ['dir="rtl"' in page for page in pages[3]] == [True] * 3
    for visitor, shown in zip(visitors, pages, strict=True):
        assert [set(re.findall(r"/s/([\w-]{24})", page)) for page in shown] == [{visitor.path[3:]}] * 3
        assert [" checked" in page for page in shown] == [False, True, False]
        age = core.links.proof_age(visitor.invitation.id, visitor.hidden()["page-proof"], core.clock.now())
        assert age is not None
