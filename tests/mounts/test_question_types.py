"""Question types of plugins from publishing to the answer, and what remains of them when the plugin is gone."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedbackhub import ContactEvent, Offered, Question
from feedbackhub.app import create_app
from feedbackhub.contract.errors import Refused
from feedbackhub.loop.core import Core
from feedbackhub.loop.intake import record_contact
from feedbackhub.loop.shelf import Shelf
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.http import Http
from feedbackhub.machinery.plugin_loading import load_given
from feedbackhub.machinery.plugins import Plugins
from feedbackhub.machinery.settings import AskEntry, Settings
from feedbackhub.office.publishing import publish_survey
from feedbackhub_plugins import link
from tests.app_fixtures import StaffClient
from tests.mounts.conftest import Package, plugin

VOTE = Question(
    "vote", "option", options=(Offered("up", {"en": "Up", "ar": "نعم"}, 100, "👍"), Offered("down", {"en": "Down"}, 0)),
    role="satisfaction", macro="vote.html",
)  # fmt: skip
SURVEY = """
name: voting
languages: [en, ar]
title: Vote
thanks: Thanks
questions:
  - {id: q1, type: vote, text: "Well <b>?", help: Think first., required: true}
"""
TEMPLATE = """<link rel="stylesheet" href="{{ static('vote.css') }}">
<div class="vote">{% for each in question.choices %}<label>
<input type="radio" name="{{ question.id }}" value="{{ each.value }}"{% if each.chosen %} checked{% endif %}>
{{ each.symbol }} {{ each.label }} {{ t("Ape") }} {{ t("Send my answer") }}</label>{% endfor %}</div>"""
LISTED = '<label class="option"><input type="radio" name="q1" value="up"'


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Ask by a link."""
    entry = AskEntry(name="default", channels=("link",), survey="voting")
    return settings.model_copy(update={"ask": (entry,), "plugins_disabled": ("asking",)})


@pytest.fixture
def modules(package: Package) -> dict[str, Any]:
    """A zoo that brings a type, and whose template can be changed."""
    files = {"templates/vote.html": TEMPLATE, "static/vote.css": ""}
    return {"zoo": plugin(package("zoo", files, ar={"Ape": "قرد"}), question_types=[VOTE]), "link": link}


def published(core: Core, clock: SetClock) -> str:
    """Publish the survey, let a contact end, and return the address of its page."""
    publish_survey(core, SURVEY, "tests")
    event = {"source": "helpdesk", "external_id": "T-1", "customer": {"email": "ann@example.org"}}
    invitation = record_contact(core, ContactEvent.model_validate(event)).contact.invitation
    assert invitation is not None
    return invitation.link.removeprefix(core.settings.base_url())


def restarted(core: Core, plugins: Plugins) -> Flask:
    """Return the application of the same instance with other plugins, nothing kept in memory."""
    return create_app(Core(**{**vars(core), "plugins": plugins, "shelf": Shelf(core.store)}))


def test_a_type_is_shown_its_plugin_s_way_inside_the_core_s_frame(
    client: FlaskClient, core: Core, clock: SetClock
) -> None:
    page = client.get(published(core, clock)).text
    assert '<legend class="asked">Well &lt;b&gt;?' in page
    assert ('<div class="vote">' in page, "👍 Up Ape Send my answer" in page, LISTED in page) == (True, True, False)
    assert '<link rel="stylesheet" href="/x/zoo/static/vote.css?v=' in page


def test_it_speaks_the_customer_s_language(client: FlaskClient, core: Core, clock: SetClock) -> None:
    page = client.get(published(core, clock) + "?lang=ar").text
    assert ("نعم قرد" in page, "Send my answer" in page) == (True, False)


def test_an_answer_is_checked_and_kept(client: FlaskClient, core: Core, clock: SetClock) -> None:
    address = published(core, clock)
    wrong = client.post(address, data={"q1": "sideways"})
    assert (wrong.status_code, '<div class="vote">' in wrong.text) == (422, True)
    assert client.post(address, data={"q1": "down"}).status_code == 303
    again = client.get(address).text
    assert 'value="down" checked' in again


def test_what_was_published_is_asked_and_answered_without_the_plugin(core: Core, clock: SetClock) -> None:
    address = published(core, clock)
    client = restarted(core, Plugins()).test_client()
    page = client.get(address).text
    assert (LISTED in page, "👍" in page, "vote.css" in page) == (True, True, False)
    assert client.post(address, data={"q1": "up"}).status_code == 303


def test_it_cannot_be_published_anew_without_the_plugin(core: Core, clock: SetClock) -> None:
    published(core, clock)
    bare = Core(**{**vars(core), "plugins": Plugins()})
    with pytest.raises(Refused, match="'vote' is not a question type"):
        publish_survey(bare, SURVEY + "# changed", "tests")


def test_a_changed_type_is_a_new_version_and_leaves_the_old_one_alone(
    core: Core, clock: SetClock, settings: Settings
) -> None:
    address = published(core, clock)
    assert publish_survey(core, SURVEY, "tests") == ("voting", 1, False)
    other = Question("vote", "option", options=(Offered("yes", {"en": "Yes"}), Offered("no", {"en": "No"})))
    plugins = load_given(settings, clock, Http(settings.http), {"zoo": plugin(question_types=[other])})
    changed = Core(**{**vars(core), "plugins": plugins, "shelf": Shelf(core.store)})
    assert publish_survey(changed, SURVEY, "tests") == ("voting", 2, True)
    client = create_app(changed).test_client()
    assert client.post(address, data={"q1": "yes"}).status_code == 422
    assert client.post(address, data={"q1": "up"}).status_code == 303


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{% if %}", "vote.html, line 1: Expected an expression, got 'end of statement block'"),
        ("{{ nowhere.at.all }}", "vote.html: UndefinedError: 'nowhere' is undefined"),
        ("{{ t.__class__.__mro__ }}", "vote.html: SecurityError: "),
        ("{% for n in range(10**9) %}{% endfor %}", "vote.html: OverflowError: Range too big"),
        ("{% extends 'staff/plugin_page.html' %}", "vote.html: TemplateNotFound: staff/plugin_page.html"),
        ("<p>no field</p>", "vote.html shows no field with the question's id as its name"),
        ('<input name="{{ question.id }}" value="up">', "vote.html shows no field for the option down"),
    ],
)
def test_a_template_that_cannot_show_its_type_takes_the_plugin_out_at_the_start(
    core: Core, settings: Settings, clock: SetClock, package: Package, template: str, reason: str
) -> None:
    bad = plugin(package("bad", {"templates/vote.html": template}), question_types=[VOTE])
    plugins = load_given(settings, clock, Http(settings.http), {"bad": bad})
    create_app(Core(**{**vars(core), "plugins": plugins}))
    state = plugins.state("bad")
    assert state is not None
    assert (state.state, state.reason.startswith(f"question type vote: {reason}")) == ("failed", True), state.reason


def test_a_template_that_breaks_later_gives_way_to_the_core_s_look(
    core: Core, settings: Settings, clock: SetClock, package: Package
) -> None:
    text = TEMPLATE + "{{ 1 // (0 if question.wrong else 1) }}"
    odd = plugin(package("odd", {"templates/vote.html": text, "static/vote.css": ""}), question_types=[VOTE])
    plugins = load_given(settings, clock, Http(settings.http), {"odd": odd, "link": link})
    made = Core(**{**vars(core), "plugins": plugins})
    client = create_app(made).test_client()
    address = published(made, clock)
    assert '<div class="vote">' in client.get(address).text
    wrong = client.post(address, data={"q1": "sideways"})
    assert (wrong.status_code, LISTED in wrong.text) == (422, True)
    ran = made.containment.trace("odd")[0]
    assert (ran.what, ran.outcome, ran.detail) == ("look vote", "wrong", "vote.html raised ZeroDivisionError")


def test_previews_and_the_editor_know_the_type(admin_client: StaffClient, core: Core, clock: SetClock) -> None:
    published(core, clock)
    assert '<div class="vote">' in admin_client.get("/surveys/voting/preview").text
    assert admin_client.get("/surveys/voting").status_code == 200
    typed = admin_client.submit("/surveys/-/check", {"source": SURVEY})
    assert (typed.status_code, "is not a question type" in typed.text) == (200, False)
    assert '<div class="vote">' in admin_client.submit("/surveys/-/preview", {"source": SURVEY}).text
