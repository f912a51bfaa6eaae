"""Whoever comes by an open link answers a survey page like any other, and looking leaves nothing behind."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.open_links import restore_link, revoke_link
from feedbackhub.store.queries import answers
from tests.open_links.conftest import Come, Make, responses
from tests.pages.visits import everything


def test_looking_writes_nothing_whatever_the_address_says(core: Core, make: Make, come: Come) -> None:
    passer = come(make())
    before = everything(core)
    for query in ("", "?a=1", "?ticket=7&a=1", "?lang=ar"):
        assert passer.look(query).status_code == 200
        assert passer.client.head(passer.path + query).status_code == 200
    assert everything(core) == before


def test_an_answer_makes_contact_and_invitation_and_leads_to_a_personal_link(
    core: Core, make: Make, come: Come
) -> None:
    passer = come(make(team="Counter", channel="counter"))
    sent = passer.send(solved="yes", satisfaction="5")
    assert sent.status_code == 303
    assert sent.location.startswith("/s/")
    [given] = responses(core)
    assert (given.confidence, given.signs, given.complete) == ("human", [], True)
    with core.store.read() as connection:
        whole = answers.response_by_public_id(connection, given.public_id)
    assert whole is not None
    assert (whole.team, whole.channel, whole.source, whole.customer_id) == ("Counter", "counter", "open-link", None)
    assert "Thank you" in passer.client.get(sent.location).text


def test_the_personal_link_changes_the_answer_within_its_window(
    core: Core, make: Make, come: Come, clock: SetClock
) -> None:
    passer = come(make())
    personal = passer.send(satisfaction="3").location.partition("/thanks")[0]
    passer.path, passer.page = personal, ""
    assert passer.send(satisfaction="4", comment="Better now").status_code == 303
    [given] = responses(core)
    assert (given.headline, given.comment, given.revision) == (4, "Better now", 2)
    clock.move(timedelta(days=2))
    assert passer.client.get(personal).text.count("You have answered already") > 0


def test_an_option_in_the_link_is_only_chosen_beforehand(core: Core, make: Make, come: Come) -> None:
    page = come(make(survey="nps")).look("?a=9").text
    assert 'value="9" checked' in page
    assert responses(core) == []


def test_an_empty_form_stores_nothing_and_says_what_is_missing(core: Core, make: Make, come: Come) -> None:
    passer = come(make())
    before = everything(core)
    answer = passer.send()
    assert answer.status_code == 422
    assert "Please answer this question." in answer.text
    assert f'action="{passer.path}' in answer.text
    assert everything(core) == before


def test_a_link_taken_back_takes_no_answers_until_it_is_given_back(core: Core, make: Make, come: Come) -> None:
    link = make()
    passer = come(link)
    passer.look()
    revoke_link(core, link.id, "tests")
    assert passer.send(satisfaction="5").status_code == 410
    assert passer.look().status_code == 410
    assert responses(core) == []
    restore_link(core, link.id, "tests")
    passer.look()
    assert passer.send(satisfaction="5").status_code == 303


@pytest.mark.parametrize("token", ["x", "A" * 24, "../../etc", "%00", "A" * 4000])
def test_a_forged_link_is_refused_without_asking_the_database(
    core: Core, client: FlaskClient, token: str
) -> None:
    asked: list[str] = []
    event.listen(core.store.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert client.get(f"/o/{token}").status_code == 404
    assert client.post(f"/o/{token}").status_code == 404
    assert asked == []


def test_a_personal_token_opens_no_open_link_and_the_other_way_round(
    core: Core, make: Make, client: FlaskClient
) -> None:
    link = make()
    assert client.get("/o/" + core.links.token(link.id)).status_code == 404
    assert client.get("/s/" + core.links.token(link.id, "open")).status_code == 404


def test_a_form_sent_by_another_site_is_suspect(core: Core, make: Make, come: Come) -> None:
    passer = come(make(), headers={"Accept-Language": "en", "Sec-Fetch-Site": "cross-site"})
    passer.send(satisfaction="5")
    [given] = responses(core)
    assert (given.confidence, given.signs) == ("suspect", ["other_site"])


def test_a_filled_in_honeypot_is_suspect(core: Core, make: Make, come: Come) -> None:
    come(make()).send(satisfaction="5", **{"second-line": "x"})
    assert [each.confidence for each in responses(core)] == ["suspect"]


def test_questions_that_follow_belong_to_the_personal_link(core: Core, make: Make, come: Come) -> None:
    answer = come(make()).send(satisfaction="1")
    [given] = responses(core)
    assert (answer.status_code, given.answers) == (200, {"satisfaction": 1})
    assert 'action="/s/' in answer.text
    assert "Do not ask me again" in answer.text
