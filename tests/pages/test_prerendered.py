"""A page that was rendered before is, byte for byte, the page that would be rendered now."""

import itertools
from collections.abc import Iterator

import pytest
from flask import Flask

from feedbackhub.loop.compose import Facts
from feedbackhub.loop.core import Core
from feedbackhub.loop.deliver import brand_record
from feedbackhub.loop.page import PageView
from feedbackhub.machinery.settings import Brand, Settings
from feedbackhub.surveys import Survey, parse_survey
from feedbackhub.surveys.library import bundled
from feedbackhub.web.survey_rendering import Form, first_form, form
from tests.app_fixtures import START

SURVEYS = {name: parse_survey(text) for name, text in bundled().items()}
BRANDS = {
    "default": Brand(),
    "other": Brand(name="Ann & Söhne <Ltd>", logo_url="https://static.example.org/logo.svg", color="#123456"),
}
CASES = [
    (name, language, brand) for name, survey in SURVEYS.items() for language in survey.languages for brand in BRANDS
]
WORDS = ("<b>refund</b>", "{{ TOKEN }}")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Two brands, one with a name that needs care."""
    return settings.model_copy(update={"brands": BRANDS})


def view_of(core: Core, survey: Survey, language: str, brand: str, topic: str) -> PageView:
    """Return what is behind a link that nobody has answered."""
    facts = Facts(START, "Asia/Jakarta", channel="chat", topic=topic, team="A & B", reference="T-1", agent_name="Bo")
    return PageView(
        "open", "aaaaaaaaaaaa", survey, language, "Asia/Jakarta", brand_record(core, brand), facts, "Ann", {}, False,
        START,
    )  # fmt: skip


def ratings(survey: Survey) -> Iterator[str]:
    """Yield what a link may choose beforehand: nothing, something, and what is no choice."""
    first = survey.questions[0]
    yield from ("", "nonsense")
    yield from [str(point) for point in first.points][-1:] or [option.value for option in first.options][:1]


def test_the_kept_page_is_the_rendered_one(app: Flask, core: Core) -> None:
    """One test for all bundled surveys, their languages and both brands: an instance for each would take minutes."""
    for name, language, brand in CASES:
        survey = SURVEYS[name]
        for rating, topic in itertools.product(ratings(survey), WORDS):
            view = view_of(core, survey, language, brand, topic)
            with app.test_request_context(f"/s/{core.links.token(view.invitation)}", query_string={"a": rating}):
                chosen = {survey.questions[0].id: [rating]} if rating not in ("", "nonsense") else {}
                rendered = form(view, Form(chosen, {}, {})).encode()
                assert first_form(view).get_data() == rendered, (name, language, brand, rating, topic)
                assert first_form(view).get_data() == rendered, "and once more, from what was kept"


def test_no_more_pages_are_kept_than_there_is_room_for(app: Flask, core: Core) -> None:
    survey = parse_survey(
        "name: hello\ntitle: Hello {{ contact.topic }}\nlanguages: [en]\n"
        "questions: [{id: good, type: csat, text: How was it?}]\nthanks: Thanks.\n"
    )
    for number in range(300):
        view = view_of(core, survey, "en", "default", f"topic {number}")
        with app.test_request_context(f"/s/{core.links.token(view.invitation)}"):
            assert f"Hello topic {number}".encode() in first_form(view).get_data()
    assert len(app.extensions["feedbackhub.survey_pages"]) == 256
