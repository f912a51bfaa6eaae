"""Many submissions on one link at once: one response, no failure, and the last human answer stands."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.views import InvitationView
from feedbackhub.machinery.clock import SetClock
from feedbackhub.store.tables import answer, invitation, response, revision
from tests.pages.visits import HIDDEN

Ask = Callable[..., InvitationView]
AT_ONCE, LINKS = 32, 12


def test_parallel_submissions_leave_one_response_each(ask: Ask, app: Flask, core: Core, clock: SetClock) -> None:
    invitations = [ask(deliver=False) for _ in range(LINKS)]
    clock.move(timedelta(hours=2))
    Engine(core).drain()
    clock.move(timedelta(minutes=10))
    for each in invitations:
        statuses = at_once(app, core, clock, each)
        assert set(statuses) <= {200, 303}
        assert stored(core, each) == 1


def at_once(app: Flask, core: Core, clock: SetClock, asked: InvitationView) -> list[int]:
    """Send different answers on one link from many browsers and return how each was answered."""
    path, headers = "/s/" + core.links.token(asked.id), {"Accept-Language": "en"}
    hidden = dict(HIDDEN.findall(app.test_client().get(path, headers=headers).text))
    clock.move(timedelta(seconds=30))

    def send(number: int) -> int:
        data = {**hidden, "satisfaction": str(1 + number % 2), "comment": f"number {number}"}
        return app.test_client().post(path, data=data, headers=headers).status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(send, range(AT_ONCE)))


def stored(core: Core, asked: InvitationView) -> int:
    """Return how many responses an invitation has, having compared the response with its newest submission."""
    with core.store.read() as connection:
        query = select(response).join(invitation, invitation.c.id == response.c.invitation_id)
        rows = connection.execute(query.where(invitation.c.public_id == asked.id)).all()
        last = select(revision).where(revision.c.response_id == rows[0].id).order_by(revision.c.number)
        revisions = connection.execute(last).all()
        kept = connection.execute(select(answer).where(answer.c.response_id == rows[0].id)).all()
    assert [each.number for each in revisions] == list(range(1, AT_ONCE + 1))
    human = [each for each in revisions if each.confidence == "human"]
    assert rows[0].answers == human[-1].answers
    assert {each.question: each.value for each in kept} == human[-1].answers
    return len(rows)
