"""The demo's story: what happens day by day, played through the same functions as in real life."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, Literal

from ..contract.records import Returned
from ..loop.collect import NotOpen, Sighting, Submitted, submit
from ..loop.core import Core
from ..loop.engine import Engine
from ..loop.gestures import GestureNote, record_gesture
from ..loop.intake import record_contact, reopen_contact
from ..loop.judge import judge
from ..loop.plugin_queue import PLUGIN_LANE
from ..loop.returned import store_returned
from ..loop.suppress import opt_out
from ..loop.views import ContactView, InvitationView
from ..machinery.clock import SetClock
from ..store.queries import answers as rows
from ..store.queries import invitations, outbox
from .demo_cases import CaseWork
from .demo_mood import Feeling, answers, feel, second_answers
from .demo_people import people
from .demo_visits import Visit, again, visits

__all__ = ["Span", "Story"]

_COMPENSATIONS = (("10 % off the next order", 500), ("Voucher of 15", 1500), ("Postage refunded", 600))
_SOON = timedelta(seconds=4)
#: How often plugins read what happened and the house is kept: rarer than in life, since each turn costs the same.
_TURN = timedelta(hours=6)


@dataclass(frozen=True)
class Span:
    """From when to when the story runs, and how many people and contacts a day it has."""

    start: datetime
    end: datetime
    customers: int
    contacts_a_day: float


class Story:
    """Plays a story on an instance whose clock it moves.

    Args:
        core: The instance, empty.
        clock: The instance's clock; stands at the end of the span afterwards.
        span: How long, how much.
        random: The dice; the same dice play the same story.
    """

    def __init__(self, core: Core, clock: SetClock, span: Span, random: Random) -> None:
        self._core, self._clock, self._span, self._random = core, clock, span, random
        self._engine = Engine(core)
        self._next_turn = span.start
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._tell: Callable[[float], None] = lambda done: None
        self._cases = CaseWork(core, random)

    def play(self, tell: Callable[[float], None]) -> None:
        """Play everything up to the end of the span.

        Args:
            tell: Is told now and then how much of the span has passed, from 0 to 1.
        """
        span = self._span
        everybody = people(self._random, span.customers)
        for visit in visits(self._random, everybody, span.start, span.end, span.contacts_a_day):
            self._at(visit.ended_at, self._ends, visit)
        while self._agenda:
            at, _, happen = heapq.heappop(self._agenda)
            self._go_to(at)
            happen()
            tell(self._progress(at))
        self._go_to(span.end)
        self._engine.drain()
        tell(1.0)

    def _progress(self, at: datetime) -> float:
        return (at - self._span.start) / (self._span.end - self._span.start)

    def _at(self, at: datetime, happen: Callable[..., None], *about: Any) -> None:
        """Put something on the agenda, unless the story is over by then."""
        if at < self._span.end:
            heapq.heappush(self._agenda, (at, next(self._numbers), lambda: happen(*about)))

    def _go_to(self, at: datetime) -> None:
        """Let time pass; what falls due on the way is sent on time, plugins have their turn every few hours."""
        while True:
            with self._core.store.read() as connection:
                due = outbox.next_due(connection, but=PLUGIN_LANE)
            stop = min(due or at, self._next_turn)
            if stop > at:
                break
            self._clock.moment = max(stop, self._clock.moment)
            if stop == self._next_turn:
                self._turn()
            elif due is None or self._engine.drain_own() == 0:
                break
        self._clock.moment = max(at, self._clock.moment)

    def _turn(self) -> None:
        """Let plugins read and do what is theirs to do by now."""
        self._engine.drain()
        self._next_turn = self._clock.moment + _TURN

    def _later(self, least: float, most: float) -> datetime:
        """Return a moment between some hours from now, sooner rather than later."""
        share = self._random.random() ** 2
        return self._clock.moment + timedelta(hours=least + (most - least) * share)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _ends(self, visit: Visit) -> None:
        """A contact ends: it is recorded, and its consequences are put on the agenda."""
        contact = record_contact(self._core, visit.event()).contact
        feeling = feel(self._random, visit, self._progress(visit.ended_at))
        if contact.invitation is not None:
            self._asked(visit, feeling, contact, contact.invitation)
        if not feeling.solved and visit.attempt < 4 and visit.person is not None:
            if self._chance(0.12):
                self._at(self._later(0.2, 20), self._reopened, visit, contact)
            elif self._chance(0.22):
                comes_back = again(self._random, visit, self._later(12, 120), same_ticket=False)
                self._at(comes_back.ended_at, self._ends, comes_back)

    def _reopened(self, visit: Visit, contact: ContactView) -> None:
        reopen_contact(self._core, contact.source, contact.external_id)
        goes_on = again(self._random, visit, self._later(0.5, 30), same_ticket=True)
        self._at(goes_on.ended_at, self._ends, goes_on)

    def _asked(self, visit: Visit, feeling: Feeling, contact: ContactView, asked: InvitationView) -> None:
        """An invitation will be sent: a machine may open it, the address may be dead, the customer may answer."""
        sent = asked.due_at
        if visit.person is not None and visit.person.address_is_dead:
            self._at(sent + timedelta(minutes=2), self._bounces, asked)
            return
        if self._chance(0.05):
            self._at(sent + _SOON, self._scanned, asked)
        if self._chance(0.02):
            self._at(sent + timedelta(hours=3), opt_out, self._core, asked.id)
        elif feeling.will_answer:
            wait = timedelta(minutes=min(self._random.lognormvariate(4.6, 1.6), 60 * 24 * 10))
            self._at(sent + timedelta(minutes=1) + wait, self._answers, visit, feeling, contact, asked)

    def _answers(self, visit: Visit, feeling: Feeling, contact: ContactView, asked: InvitationView) -> None:
        """The customer answers; some click a rating in the mail first and write more a little later."""
        given = answers(self._random, asked.survey, visit, feeling)
        language = visit.person.language if visit.person else "en"
        if len(given) > 1 and self._chance(0.2):
            first = dict([next(iter(given.items()))])
            if self._submit(asked.id, first, language, self._seconds()) is None:
                return
            self._clock.move(timedelta(seconds=40 + self._random.randrange(60)))
        done = self._submit(asked.id, given, language, self._seconds())
        if done is not None and done.low and contact.customer:
            if self._chance(0.6):
                self._at(self._later(2, 60), self._makes_up, visit, feeling, contact, done.response)
            self._at(self._later(1, 30), self._worked, visit, feeling, done.response)

    def _worked(self, visit: Visit, feeling: Feeling, response: str, days: int = 3) -> None:
        """Somebody takes the case on, writes to some customers, and closes it; most of those answer a second time."""
        self._turn()
        case, by = self._cases.case_of(response), visit.agent.name
        if not case:
            if days:  # it joined another case of the customer, or the answer was not settled yet
                self._at(self._clock.moment + timedelta(days=1), self._worked, visit, feeling, response, days - 1)
            return
        self._cases.take_on(case, by)
        if self._chance(0.3):
            self._cases.apologise(case, by)
        closed = self._later(4, 90)
        self._at(closed, self._cases.close, case, by)
        if self._chance(0.55):
            again = closed + timedelta(days=3, hours=1 + 60 * self._random.random())
            self._at(again, self._answers_again, visit, feeling, response)

    def _answers_again(self, visit: Visit, feeling: Feeling, response: str) -> None:
        """The customer is asked again after the case was closed, and answers."""
        asked = self._cases.asked_again(response)
        if asked:
            language = visit.person.language if visit.person else "en"
            done = self._submit(asked, second_answers(self._random, feeling), language, self._seconds())
            if done is not None and done.low:  # which opens the case again
                self._at(self._later(4, 40), self._cases.close, self._cases.case_of(response), visit.agent.name)

    def _seconds(self) -> int:
        return 8 + self._random.randrange(170)

    def _submit(self, asked: str, given: dict[str, Any], language: str, seconds: int) -> Submitted | None:
        """Send the form as a browser does that showed the page some seconds ago; None when the link is closed."""
        proof = self._core.links.page_proof(asked, self._clock.moment - timedelta(seconds=seconds))
        sighting = Sighting({"accept-language": language}, "", proof)
        try:
            return submit(self._core, asked, given, sighting=sighting, language=language)
        except NotOpen:
            return None

    def _scanned(self, asked: InvitationView) -> None:
        """A mail gateway presses a button within seconds of the sending."""
        question = {"nps": "recommend", "effort": "ease"}.get(asked.survey, "satisfaction")
        rating = str(self._random.choice((1, 3, 5)))
        try:
            done = submit(self._core, asked.id, {question: rating}, sighting=Sighting({"user-agent": "scanner"}))
        except NotOpen:
            return
        if self._chance(0.5):
            verdict: Literal["accepted", "discarded"] = "accepted" if self._chance(0.15) else "discarded"
            self._at(self._later(10, 90), self._judged, done.response, verdict)

    def _judged(self, response: str, verdict: Literal["accepted", "discarded"]) -> None:
        """The lead looks at an answer that is still suspect; a person may have answered meanwhile."""
        with self._core.store.read() as connection:
            row = rows.response_by_public_id(connection, response)
        if row is not None and row.confidence == "suspect":
            judge(self._core, response, verdict)

    def _bounces(self, asked: InvitationView) -> None:
        with self._core.store.read() as connection:
            row = invitations.by_public_id(connection, asked.id)
            message_id = invitations.first_message_id(connection, row.id) if row is not None else ""
        detail = "550 5.1.1 no such mailbox"
        if message_id:
            store_returned(self._core, "mailbox", Returned("bounce", f"bounce:{message_id}", message_id, detail=detail))

    def _makes_up(self, visit: Visit, feeling: Feeling, contact: ContactView, response: str) -> None:
        """Somebody of the team calls back, apologises or compensates."""
        note = GestureNote(
            "call_back" if feeling.wants_call else "apology",
            customer=contact.customer or "",
            by=visit.agent.name,
            agent=contact.agent or "",
            contact=contact.id,
            response=response,
        )
        if feeling.wants_call or self._chance(0.55):
            record_gesture(self._core, note)
        if feeling.satisfaction == 1 or self._chance(0.3):
            value, cents = self._random.choice(_COMPENSATIONS)
            record_gesture(
                self._core, replace(note, kind="compensation", value=value, cost_cents=cents, currency="USD")
            )
