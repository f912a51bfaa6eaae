"""What is stuck can be tried again or given up, each kind by its own rules; a slip is taken back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from feedbackhub import Letter, NotFound, TemporaryFailure
from feedbackhub.contract.records import Identifier
from feedbackhub.loop.core import Core
from feedbackhub.loop.letters import add_letter
from feedbackhub.office.erasing import erase_person
from feedbackhub.office.task_deeds import DONE, discard_all, discard_tasks, retry_all, retry_tasks
from feedbackhub.office.tasks import TaskLine, Wanted, list_tasks, one_task
from feedbackhub.store import tables
from feedbackhub.store.queries import inbound, outbox
from tests.loop.story import rows
from tests.staff.conftest import World

BUSY = TemporaryFailure("busy")


def tasks(core: Core, **wanted: Any) -> list[TaskLine]:
    """Return tasks, but for those of bundled plugins."""
    return [each for each in list_tasks(core, Wanted(**wanted), 100) if not each.lane.startswith("plugin:")]


def only(core: Core, **wanted: Any) -> TaskLine:
    """Return the only task."""
    [line] = tasks(core, **wanted)
    return line


def retry(core: Core, line: TaskLine) -> str:
    """Have a task run now, and return what is said of that."""
    [said] = retry_tasks(core, [line.id], "tests")
    return said


def discard(core: Core, line: TaskLine) -> str:
    """Call a task off, and return what is said of that."""
    [said] = discard_tasks(core, [line.id], "tests")
    return said


def actions(core: Core) -> list[str]:
    """Return what was done, as the audit log has it."""
    return [row.action for row in rows(core, tables.audit)]


def park(world: World, number: int = 1) -> TaskLine:
    """Let a delivery give up."""
    world.post.failure = BUSY
    world.asked(number)
    world.post.failure = None
    return tasks(world.core, state="parked")[-1]


def queued(core: Core, **values: Any) -> TaskLine:
    """Queue a task as the core does."""
    now = core.clock.now()
    core.store.write(lambda c: outbox.add_task(c, dedup_key=str(values), now=now, due_at=now, **values))
    return tasks(core)[-1]


def set_state(core: Core, **values: Any) -> None:
    """Change all tasks."""
    core.store.write(lambda connection: connection.execute(update(tables.task).values(values)))


def test_a_parked_delivery_names_its_contact_and_is_sent_when_tried_again(world: World, core: Core) -> None:
    line = park(world)
    [recorded] = rows(core, tables.contact)
    [message] = rows(core, tables.delivery)
    assert (line.kind, line.lane, line.state, line.error) == ("delivery", "post", "parked", "busy")
    assert (line.contact, line.what, line.attempts) == (recorded.public_id, message.public_id, 1)
    assert retry(core, line) == DONE
    world.run()
    assert len(world.post.sent) == 1
    assert rows(core, tables.delivery)[0].state == "sent"
    assert actions(core) == ["delivery.retried"]


def test_a_parked_delivery_that_was_discarded_is_taken_back(world: World, core: Core) -> None:
    line = park(world)
    assert discard(core, line) == DONE
    assert tasks(core) == []
    assert (only(core, state="cancelled").id, discard(core, line)) == (line.id, "it has ended")
    assert retry(core, line) == DONE
    world.run()
    assert len(world.post.sent) == 1


def test_a_waiting_delivery_that_was_called_off_takes_its_ask_with_it_and_brings_it_back(
    world: World, core: Core
) -> None:
    world.contact(1)
    line = only(core)
    assert discard(core, line) == DONE
    [ask] = rows(core, tables.invitation)
    assert (ask.state, ask.reason) == ("cancelled", "staff")
    assert retry(core, line) == DONE
    world.run()
    [ask] = rows(core, tables.invitation)
    assert (ask.state, ask.reason, ask.ended_at, len(world.post.sent)) == ("sent", "", None, 1)


def test_who_was_asked_anew_meanwhile_is_not_asked_by_what_is_taken_back(world: World, core: Core) -> None:
    first = world.contact(1)
    line = only(core)
    discard(core, line)
    world.contact(2, customer={"email": "c1@example.org"})
    assert first.contact.decision.outcome == "ask"
    assert retry(core, line) == "the customer was asked anew meanwhile"
    world.run(timedelta(hours=2))
    assert len(world.post.sent) == 1


def test_an_answered_ask_is_not_sent_again(world: World, core: Core) -> None:
    world.post.failure = BUSY
    recorded = world.asked(1)
    world.answer(recorded, satisfaction="5")
    parked = tasks(core, state="parked")
    assert [retry(core, each) for each in parked] == ["the customer has answered already"] * len(parked)


def test_what_runs_is_left_alone(world: World, core: Core) -> None:
    world.contact(1)
    set_state(core, state="claimed")
    line = only(core)
    assert (retry(core, line), discard(core, line)) == ("it runs now", "it runs now")


def test_the_fence_never_goes_back(world: World, core: Core) -> None:
    line = park(world)
    [before] = rows(core, tables.task, kind="deliver")
    retry(core, line)
    [after] = rows(core, tables.task, kind="deliver")
    assert (after.attempt, after.base, one_task(core, line.id).attempts) == (before.attempt, before.attempt, 0)


@pytest.mark.parametrize(("kind", "said"), [("settle", "settling"), ("erase", "erasing")])
def test_what_is_owed_cannot_be_called_off_but_tried_again(core: Core, kind: str, said: str) -> None:
    line = queued(core, kind=kind, lane="core", reference="1", payload={"whom": "sealed"})
    set_state(core, state="parked")
    assert (line.kind, discard(core, line)) == (said, "what it does is owed and cannot be called off")
    assert retry(core, line) == DONE
    assert one_task(core, line.id).state == "due"


def test_a_request_is_discarded_and_read_again_together_with_its_task(core: Core) -> None:
    values = {
        "public_id": "abcdefghijkl", "receiver": "desk", "kind": "source", "state": "received", "headers": {},
        "query": {}, "body": b"{}", "received_at": core.clock.now(), "problems": [], "result": {},
    }  # fmt: skip
    added = core.store.write(lambda connection: inbound.add(connection, values))
    assert added is not None
    core.store.write(lambda connection: inbound.queue(connection, added.id, core.clock.now()))
    set_state(core, state="parked")
    line = only(core)
    assert (line.kind, line.what) == ("request", "abcdefghijkl")
    assert discard(core, line) == DONE
    assert (rows(core, tables.inbound)[0].state, one_task(core, line.id).state) == ("discarded", "cancelled")
    assert retry(core, line) == DONE
    assert (rows(core, tables.inbound)[0].state, one_task(core, line.id).state) == ("received", "due")
    assert actions(core) == ["request.discarded", "request.retried"]


def letter(core: Core, address: str = "ann@example.org") -> TaskLine:
    """Queue a letter."""
    written = Letter(channel="post", to=Identifier("email", address), subject="Hello", text="Words")
    core.store.write(lambda connection: add_letter(connection, core, "writer", written, core.clock.now()))
    return tasks(core)[-1]


def test_a_letter_that_was_discarded_is_taken_back_with_its_words(world: World, core: Core) -> None:
    line = letter(core)
    assert (line.kind, line.plugin, line.lane) == ("letter", "writer", "post")
    assert discard(core, line) == DONE
    assert retry(core, line) == DONE
    world.run()
    assert [message.text for message in world.post.sent] == ["Words"]


def test_erasing_a_person_empties_discarded_letters_too(world: World, core: Core) -> None:
    recorded = world.contact(1)
    line = letter(core, "c1@example.org")
    discard(core, line)
    assert recorded.contact.customer is not None
    erase_person(core, recorded.contact.customer, "tests")
    [row] = rows(core, tables.task, kind="letter")
    assert (row.state, row.payload) == ("cancelled", None)
    assert retry(core, line) == "what it was to do is gone"


def test_all_of_a_kind_are_tried_again_or_given_up_at_once(world: World, core: Core) -> None:
    for number in (1, 2, 3):
        park(world, number)
    letter(core)
    assert retry_all(core, Wanted("parked", lane="other"), "tests") == {}
    assert discard_all(core, Wanted("parked", kind="delivery"), "tests") == {DONE: 3}
    assert [each.kind for each in tasks(core)] == ["letter"]
    assert retry_all(core, Wanted("cancelled"), "tests") == {DONE: 3}
    assert sorted(actions(core)) == ["delivery.cancelled"] * 3 + ["delivery.retried"] * 3


def test_tasks_are_read_on_by_ids_that_tell_nothing(world: World, core: Core) -> None:
    for number in range(5):
        world.contact(number)
    whole = tasks(core)
    first = list_tasks(core, Wanted(lane="post"), 2)
    rest = list_tasks(core, Wanted(lane="post"), 100, first[-1].id)
    assert [each.id for each in (*first, *rest)] == [each.id for each in whole]
    with core.store.read() as connection:
        numbers = {str(each) for each in connection.scalars(select(tables.task.c.id))}
    assert not numbers & {each.id for each in whole}
    assert len({each.id for each in whole}) == 5
    for wrong in ("abcdefghijkl", "1", whole[0].id[:-1]):
        with pytest.raises(NotFound):
            one_task(core, wrong)


