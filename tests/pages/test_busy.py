"""Many customers behind one address: who is put off keeps what was typed."""

from collections.abc import Callable

import pytest

from feedbackhub.loop.views import InvitationView
from feedbackhub.machinery.settings import Settings
from tests.pages.visits import Visitor

Ask = Callable[..., InvitationView]
Visit = Callable[[InvitationView], Visitor]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Two requests to survey pages in an hour."""
    return settings.model_copy(update={"web": settings.web.model_copy(update={"survey_limit": "2/hour"})})


def test_who_is_too_fast_is_put_off_and_loses_nothing(ask: Ask, visit: Visit) -> None:
    visitor = visit(ask())
    visitor.look()
    visitor.look()
    answer = visitor.send(satisfaction="1", comment="<b>late</b>")
    assert (answer.status_code, 3500 < int(answer.headers["Retry-After"]) <= 3602) == (429, True)
    assert '<input type="hidden" name="comment" value="&lt;b&gt;late&lt;/b&gt;">' in answer.text
    assert '<input type="hidden" name="satisfaction" value="1">' in answer.text
    assert visitor.stored() is None


def test_who_only_looks_too_often_is_told_to_wait(ask: Ask, visit: Visit) -> None:
    visitor = visit(ask())
    answers = [visitor.look() for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "Please wait a minute and try again." in answers[-1].text
