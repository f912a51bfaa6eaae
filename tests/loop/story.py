"""The people and things that the loop's tests tell of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Barrier
from typing import Any, TypeVar

from sqlalchemy import Table, select

from feedbackhub import Ask, Channel, Contact, ContactEvent, DontAsk, History, Message, Receipt, Returned, Rule
from feedbackhub.loop.collect import Sighting, Submitted, submit
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.intake import Recorded, record_contact
from feedbackhub.machinery.clock import SetClock
from feedbackhub.store import tables

T = TypeVar("T")
ANN = {"email": "ann@example.org", "name": "Ann"}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GOOD = {"satisfaction": "5", "comment": "Thank you"}


class Line(Channel):
    """A channel that does what it was told to, in turn, and then accepts everything."""

    def __init__(self, name: str, reaches: tuple[str, ...]) -> None:
        self.name = name  # type: ignore[misc]
        self.reaches = reaches  # type: ignore[misc]
        self.tried: list[Message] = []
        self.sent: list[Message] = []
        self.plan: list[Callable[[Message], Any]] = []
        self.came_back: list[Returned | Exception] = []

    def deliver(self, message: Message) -> Receipt:
        """Do what is next on the plan."""
        self.tried.append(message)
        if self.plan:
            found: Receipt = self.plan.pop(0)(message)
        else:
            found = Receipt(f"receipt {len(self.tried)}")
        self.sent.append(message)
        return found

    def fail(self, *errors: BaseException) -> None:
        """Fail the next messages with these errors, one after the other."""

        def failing(error: BaseException) -> Callable[[Message], Any]:
            def run(_: Message) -> Any:
                raise error

            return run

        self.plan += [failing(error) for error in errors]

    def returned(self) -> Iterable[Returned]:
        """Yield what came back, and fail where told to."""
        while self.came_back:
            item = self.came_back.pop(0)
            if isinstance(item, Exception):
                raise item
            yield item


@dataclass
class Says(Rule):
    """A rule that says what it was told to."""

    answer: Callable[[Contact, History, Ask], Any]
    name: str = "says"  # type: ignore[misc]

    def decide(self, contact: Contact, history: History, ask: Ask) -> Ask | DontAsk:
        """Say it."""
        return self.answer(contact, history, ask)  # type: ignore[no-any-return]


class Watches(Rule):
    """A rule that only looks."""

    name = "watches"

    def __init__(self) -> None:
        self.seen: list[tuple[Contact, History, Ask]] = []

    def decide(self, contact: Contact, history: History, ask: Ask) -> Ask:
        """Note what there is to see."""
        self.seen.append((contact, history, ask))
        return ask


def with_rules(core: Core, *rules: Rule) -> Core:
    """Return the same instance with these rules instead of the bundled ones."""
    named = tuple(("tests", rule) for rule in rules)
    return replace(core, plugins=core.plugins.having("feedbackhub_rules", named))


def with_settings(core: Core, **changes: Any) -> Core:
    """Return the same instance with other settings."""
    return replace(core, settings=core.settings.model_copy(update=changes))


def event(external_id: str, customer: dict[str, Any] | None = None, **more: Any) -> ContactEvent:
    """Return an ended contact; Ann's unless told otherwise, nobody's with an empty customer."""
    customer = ANN if customer is None else customer
    values = {"source": "helpdesk", "external_id": external_id, "channel": "chat", "topic": "invoice", **more}
    return ContactEvent.model_validate({**values, "customer": customer} if customer else values)


def ended(core: Core, external_id: str, customer: dict[str, Any] | None = None, **more: Any) -> Recorded:
    """Record an ended contact."""
    return record_contact(core, event(external_id, customer, **more))


def asked(core: Core, external_id: str = "1", customer: dict[str, Any] | None = None, **more: Any) -> str:
    """Record a contact that must be asked about, and return its invitation's id."""
    found = ended(core, external_id, customer, **more).contact.invitation
    assert found is not None
    return found.id


def run(core: Core, clock: SetClock, after: timedelta = timedelta(0)) -> int:
    """Let time pass, and the engine do what is due then; return how many tasks that were."""
    clock.move(after)
    return Engine(core).drain()


def person(core: Core, invitation: str, seconds: float = 20) -> Sighting:
    """Return what the door sees of a person."""
    shown = core.clock.now() - timedelta(seconds=seconds)
    return Sighting({"accept-language": "en"}, "", core.links.page_proof(invitation, shown))


ROBOT = Sighting({"accept-language": "en"}, honeypot="http://spam.example")


def answer(core: Core, invitation: str, values: dict[str, Any] | None = None) -> Submitted:
    """Answer as a person."""
    return submit(core, invitation, values or GOOD, sighting=person(core, invitation))


def answer_by_machine(core: Core, invitation: str, values: dict[str, Any]) -> Submitted:
    """Answer as a machine that fills every field."""
    return submit(core, invitation, values, sighting=ROBOT)


def rows(core: Core, table: Table, **where: Any) -> Sequence[Any]:
    """Return rows of a table in the order in which they were inserted."""
    query = select(table).where(*(table.c[name] == value for name, value in where.items()))
    with core.store.read() as connection:
        return connection.execute(query.order_by(*table.primary_key.columns)).all()


def events(core: Core, prefix: str = "") -> list[str]:
    """Return the types of all events in order."""
    return [row.type for row in rows(core, tables.event) if row.type.startswith(prefix)]


def at_once(work: Sequence[Callable[[], T]]) -> list[T]:
    """Begin everything at the same moment in a thread each, and return what came of it, or raise."""
    gate = Barrier(len(work))

    def begin(each: Callable[[], T]) -> T:
        gate.wait(20)
        return each()

    with ThreadPoolExecutor(len(work)) as hands:
        begun: list[Future[T]] = [hands.submit(begin, each) for each in work]
    return [each.result() for each in begun]
