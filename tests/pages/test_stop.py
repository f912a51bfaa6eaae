"""Not being asked again: a button for people, one POST for mail programs, never by looking."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from feedbackhub import ContactEvent
from feedbackhub.loop.core import Core
from feedbackhub.loop.intake import record_contact
from feedbackhub.loop.views import InvitationView
from feedbackhub.store.tables import suppression
from tests.pages.visits import Visitor

Ask = Callable[..., InvitationView]
Visit = Callable[[InvitationView], Visitor]


def reasons(core: Core) -> list[str]:
    """Return why addresses are on the list."""
    with core.store.read() as connection:
        return list(connection.scalars(select(suppression.c.reason)))


def test_looking_asks_first(ask: Ask, visit: Visit, core: Core) -> None:
    visitor = visit(ask())
    text = visitor.client.get(visitor.path + "/stop").text
    assert f'<form method="post" action="{visitor.path}/stop?lang=en">' in text
    assert reasons(core) == []


def test_the_button_stops_all_asking_and_can_be_pressed_again(ask: Ask, visit: Visit, core: Core) -> None:
    visitor = visit(ask(email="ann@example.org", phone="+62 812 3456 789"))
    for _ in range(2):
        answer = visitor.client.post(visitor.path + "/stop")
        assert (answer.status_code, "We will not ask you again" in answer.text) == (200, True)
    assert reasons(core) == ["opt_out", "opt_out"]
    event = {"source": "chat", "external_id": "9", "customer": {"phone": "+628123456789"}}
    assert record_contact(core, ContactEvent.model_validate(event)).contact.invitation is None


def test_a_mail_program_stops_it_with_one_post_and_no_cookie(ask: Ask, core: Core, app: Flask) -> None:
    path = "/s/" + core.links.token(ask().id) + "/stop"
    answer = app.test_client(use_cookies=False).post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert reasons(core) == ["opt_out"]


def test_before_it_was_sent_stopping_takes_the_question_back(ask: Ask, visit: Visit) -> None:
    visitor = visit(ask(deliver=False))
    visitor.client.post(visitor.path + "/stop")
    answer = visitor.look()
    assert (answer.status_code, "You are no longer asked" in answer.text) == (410, True)


def test_the_stop_page_speaks_the_customers_language(ask: Ask, visit: Visit) -> None:
    visitor = visit(ask(language="ar"))
    assert '<html lang="ar" dir="rtl">' in visitor.client.get(visitor.path + "/stop").text
