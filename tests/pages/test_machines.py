"""Mail gateways open links and press buttons: none of it counts, and no person is refused for it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.views import InvitationView
from feedbackhub.machinery.clock import SetClock
from feedbackhub.store.queries.tallies import whole_tally
from feedbackhub.store.tables import response
from tests.pages.visits import Visitor

Ask = Callable[..., InvitationView]
Visit = Callable[[InvitationView], Visitor]


#: The cell of a survey's tally that counts its answers as a whole: question, dimension, value, score.
WHOLE = ("", "", "", "answered")


def answers_counted(core: Core) -> int:
    """Return how many answers the numbers hold."""
    Engine(core).drain()
    with core.store.read() as connection:
        taken = connection.execute(select(response).where(response.c.confidence == "human")).all()
        tallied = [n for key, n in whole_tally(connection).items() if key[0] == "answer" and key[3:] == WHOLE]
    assert sum(tallied) == len(taken)
    return len(taken)


def test_traffic_without_a_person_leaves_no_counted_answer(
    ask: Ask, visit: Visit, core: Core, clock: SetClock
) -> None:
    visitor = visit(ask())
    visitor.headers = {"User-Agent": "gateway"}
    for value in "12345":
        visitor.client.head(f"{visitor.path}?a={value}")
        visitor.look(f"?a={value}")
        visitor.client.post(visitor.path, data={**visitor.hidden(), "satisfaction": value, "seen-before": "call_back"})
    assert answers_counted(core) == 0
    assert visitor.stored().confidence == "suspect"


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        ({"Sec-Purpose": "prefetch;prerender"}, {}),
        ({"Purpose": "prefetch"}, {}),
        ({"X-Moz": "prefetch"}, {}),
        ({}, {"second-line": "SEO offers"}),
        ({"Accept-Language": ""}, {"page-proof": "forged"}),
    ],
)
def test_signs_of_a_machine_make_an_answer_suspect(
    ask: Ask, visit: Visit, headers: dict[str, str], fields: dict[str, Any]
) -> None:
    visitor = visit(ask())
    visitor.look()
    visitor.headers |= headers
    visitor.send(satisfaction="5", solved="yes", **fields)
    assert visitor.stored().confidence == "suspect"


def test_a_person_after_a_machine_is_heard_and_stays_heard(ask: Ask, visit: Visit, core: Core, clock: SetClock) -> None:
    invitation = ask()
    machine, human = visit(invitation), visit(invitation)
    machine.headers |= {"Sec-Purpose": "prefetch"}
    machine.send(satisfaction="1", solved="no")
    clock.move(timedelta(minutes=30))
    human.send(satisfaction="5", solved="yes")
    assert (human.stored().confidence, human.stored().answers["satisfaction"]) == ("human", 5)
    machine.send(satisfaction="1", solved="no")
    assert (human.stored().confidence, human.stored().answers["satisfaction"]) == ("human", 5)
    assert answers_counted(core) == 1


@pytest.mark.parametrize("proof", ["", "x", "A" * 20, "é" * 20, "A" * 5000])
def test_a_missing_proof_alone_refuses_nobody(ask: Ask, visit: Visit, proof: str) -> None:
    visitor = visit(ask())
    visitor.look()
    assert visitor.send(satisfaction="5", **{"page-proof": proof}).status_code == 303
    assert visitor.stored().confidence == "human"


def test_pressing_every_button_on_delivery_counts_nothing(ask: Ask, visit: Visit, core: Core) -> None:
    visitor = visit(ask(since=2))
    visitor.look()
    for value in "12345":
        visitor.client.post(visitor.path, data={**visitor.hidden(), "satisfaction": value}, headers=visitor.headers)
    assert visitor.stored().confidence == "suspect"
    assert answers_counted(core) == 0
