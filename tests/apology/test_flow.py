"""From a bad answer to an arm, and from there to a second answer, on both databases."""

from __future__ import annotations

from datetime import timedelta

from .conftest import World

DAY = timedelta(days=1)


def test_a_bad_answer_is_assigned_once_and_told(world: World) -> None:
    one = world.started()
    found = world.assigned("ann")
    (told,) = world.events("apology.assigned")
    assert told.payload["arm"] == found.arm
    assert found.reask_at == world.clock.now() + 7 * DAY
    print(told.payload, world.book.counts(one.id), world.book.refusals(one.id))
