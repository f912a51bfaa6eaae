"""Forged links: one kind answer to all of them, before the database is asked."""

import string
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedbackhub.contract.errors import Unavailable
from feedbackhub.loop.core import Core
from feedbackhub.loop.views import InvitationView
from tests.pages.visits import everything

Ask = Callable[..., InvitationView]
PARTS = ("", "/stop", "/thanks")


def refusals(client: FlaskClient, token: str) -> set[tuple[int, bool]]:
    """Return how each page behind a token answers, looking and sending: status, and whether it says so kindly."""
    answers = [client.get(f"/s/{token}{part}") for part in PARTS]
    answers += [client.post(f"/s/{token}{part}", data={"satisfaction": "5"}) for part in PARTS[:2]]
    return {(answer.status_code, "This link does not work" in answer.text) for answer in answers}


@pytest.fixture
def no_database(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything fail that asks the database."""

    def gone(*_: object) -> None:
        raise Unavailable("asked the database for a forged link")

    monkeypatch.setattr(core.store, "read", gone)
    monkeypatch.setattr(core.store, "glance", gone)
    monkeypatch.setattr(core.store, "write", gone)


def forgeries(core: Core, invitation: InvitationView) -> list[str]:
    """Return texts that look like the invitation's token."""
    good = core.links.token(invitation.id)
    letters = string.ascii_letters + string.digits + "-_"
    altered = [good[:n] + letters[(letters.index(good[n]) + 1) % 64] + good[n + 1 :] for n in range(24)]
    cut = [good[:n] for n in (1, 12, 23)] + [good + "A", good * 2, good[1:] + good[0], good.swapcase()]
    foreign = [core.links.token(invitation.id, "card"), core.links.token(invitation.id, "undo gesture"), invitation.id]
    odd = ["é" * 24, "..%5C" * 8, "٣" * 24, "x" * 5000, " " + good, good + "%20", good + "%0A"]
    return altered + cut + foreign + odd


def test_forged_links_are_refused_alike_without_the_database(
    ask: Ask, client: FlaskClient, core: Core, request: pytest.FixtureRequest
) -> None:
    tokens = forgeries(core, ask())
    request.getfixturevalue("no_database")
    found = {token: refusals(client, token) for token in tokens}
    assert {token: seen for token, seen in found.items() if seen != {(404, True)}} == {}


def test_whatever_stands_in_the_address_is_answered_kindly(core: Core, client: FlaskClient) -> None:
    @settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.text(min_size=1, max_size=60).filter(lambda text: not set("/?#.") & set(text)))
    def check(token: str) -> None:
        answer = client.get("/s/" + token.encode("utf-8", "replace").decode("utf-8"))
        assert answer.status_code in (404, 308)

    check()


def test_no_forged_link_writes(ask: Ask, core: Core, client: FlaskClient) -> None:
    tokens = forgeries(core, ask())
    before = everything(core)
    for token in tokens:
        refusals(client, token)
    assert everything(core) == before

