"""What time and people make of a case, whatever the clock does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedbackhub import Conflict, Refused, StaffMember
from feedbackhub_plugins.recovery.book import Cases
from feedbackhub_plugins.recovery.case import OUTCOMES, UNFINISHED, Case
from feedbackhub_plugins.recovery.moves import KEPT, Moves
from feedbackhub_plugins.recovery.settings import Settings
from feedbackhub_plugins.recovery.telling import people_of
from feedbackhub_plugins.recovery.watch import look
from feedbackhub_plugins.recovery.working_again import Again, work_again

from .rows import START

SETTINGS = Settings()
HOURS = SETTINGS.hours.calendar("UTC")
DAY = timedelta(days=1)
CASE = Case(
    id="case", response="resp", customer="", contact="", survey="", team="", dimensions={}, reasons=("low",), flags=(),
    tags=(), score=0.0, joined=(), state="open", outcome="", owner="", level=0, opened_at=START,
    acknowledge_by=START + timedelta(hours=8), resolve_by=START + 2 * DAY + timedelta(hours=8), acknowledged_at=None,
    closed_at=None, next_at=None, due_at=START + timedelta(hours=8), watch_at=START, overdue_at=None, reminders=0,
    reference="", url="", quiet=False, trial=None, reask_at=None, invitation="", again_response="", again_score=None,
    again_low=None, again_at=None, before=None, version=1,
)  # fmt: skip


def at(hours: float) -> Moves:
    """Return the moves some hours after the case was opened; before it for a clock set back."""
    return Moves(SETTINGS, HOURS, START + timedelta(hours=hours))


def test_a_clock_set_back_makes_no_negative_times() -> None:
    moves = at(-30)
    taken = replace(CASE, **moves.acknowledge(CASE))
    closed = replace(taken, **moves.close(taken, "solved"))
    assert taken.acknowledged_at == START
    assert (closed.closed_at, closed.due_at) == (START, START)


def test_what_cannot_be_is_refused() -> None:
    closed = replace(CASE, **at(1).close(CASE, "solved"))
    for what, case in (("take", closed), ("wait", closed), ("close", closed), ("open", CASE), ("undo", CASE)):
        assert after(what, case, at(2)) == {}
    for until in (START, START + 40 * DAY):
        with pytest.raises(Refused):
            at(2).wait(CASE, until)
    with pytest.raises(Refused):
        at(2).close(CASE, "erased")


def test_what_a_move_makes_of_a_case() -> None:
    taken = replace(CASE, **at(1).acknowledge(CASE))
    with pytest.raises(Conflict):
        at(2).acknowledge(taken)
    with pytest.raises(Refused):
        at(2).wait(taken, at(2).now)
    waiting = replace(taken, **at(2).wait(taken, START + DAY))
    assert waiting.acknowledged_at == taken.acknowledged_at == at(1).now
    back = replace(waiting, **at(3).work_again(waiting))
    assert (back.state, back.watch_at) == ("acknowledged", at(3).now)
    assert at(3).work_again(CASE) == {"watch_at": at(3).now}
    closed = replace(taken, level=2, reminders=5, **at(4).close(taken, "solved"))
    again = replace(closed, **at(5).work_again(closed))
    assert (again.state, again.level, again.reminders, again.watch_at, again.before) == ("open", 0, 0, at(5).now, None)
    assert replace(closed, **at(5).reopen(closed)).watch_at == again.due_at


def test_taking_a_step_back_puts_the_owner_back_and_only_the_last_step() -> None:
    taken = replace(CASE, owner="ann@x.example", **at(1).acknowledge(CASE))
    mine = replace(taken, before={**(taken.before or {}), "owner": ""})
    assert replace(mine, **at(2).undo(mine)).owner == ""
    with pytest.raises(Conflict):
        at(2).undo(replace(mine, state="waiting"))


def test_what_is_looked_at_is_told_once_as_new_and_then_as_a_reminder() -> None:
    told = look(CASE, at(0))
    assert (told.kind, told.tell, told.values["watch_at"]) == ("told", "new", START + timedelta(hours=4))
    reminded = look(replace(CASE, reminders=1), at(5))
    assert (reminded.kind, reminded.tell, reminded.values["watch_at"]) == ("reminded", "reminder", CASE.due_at)
    assert look(CASE, at(8)).tell == "overdue"
    taken = replace(CASE, **at(1).acknowledge(CASE))
    assert look(taken, at(2)).tell == ""
    assert look(replace(taken, watch_at=at(2).now), at(2)).tell == "news"


def test_a_case_that_waited_past_its_promise_has_a_day_before_it_is_overdue() -> None:
    waiting = replace(CASE, **at(1).wait(CASE, START + 7 * DAY))
    back = look(waiting, at(7 * 24))
    after = replace(waiting, **back.values)
    assert (back.tell, after.state, after.resolve_by) == ("back", "acknowledged", CASE.resolve_by)
    assert after.due_at == START + 7 * DAY + timedelta(hours=8)


def test_an_overdue_case_goes_up_at_its_time_however_rare_reminders_are() -> None:
    slow = SETTINGS.model_copy(update={"remind_hours": 100.0, "escalate_hours": 2.0})
    case, went_up = CASE, []
    for hours in range(24, 24 + 8):
        moves = Moves(slow, HOURS, START + timedelta(hours=hours))
        if case.watch_at is not None and case.watch_at <= moves.now:
            found = look(case, moves)
            case = replace(case, **found.values)
            went_up.append((hours - 24, case.level, found.tell))
    assert went_up == [(0, 0, "overdue"), (2, 1, "escalated"), (4, 2, "escalated")]


def test_a_letter_that_fails_after_its_customer_was_erased_is_nobodys_work() -> None:
    erased = replace(CASE, state="closed", outcome="erased")
    assert work_again(cast(Cases, None), at(2), erased, "not_taken") == Again(())


def staff(*addresses: str, role: str = "agent") -> list[StaffMember]:
    return [StaffMember(each, each, each, role, "en") for each in addresses]


@pytest.mark.parametrize(
    ("owner", "level", "told"),
    [
        ("ann@x.example", 0, ["ann@x.example"]),
        # Who has left is sent nothing.
        ("gone@x.example", 0, ["boss@x.example"]),
        ("", 0, ["boss@x.example"]),
        # Named by the settings: a mailbox of the whole team, of this one or of another.
        ("team@x.example", 0, ["team@x.example"]),
        ("lead@x.example", 0, ["lead@x.example"]),
        ("ann@x.example", 1, ["ann@x.example", "lead@x.example"]),
        ("ann@x.example", 2, ["ann@x.example", "lead@x.example", "boss@x.example"]),
    ],
)  # fmt: skip
def test_who_is_told_of_a_case(owner: str, level: int, told: list[str]) -> None:
    section = {"teams": {"Billing": {"owner": "Team@x.example", "escalate_to": "lead@x.example"}}}
    everybody = [*staff("ann@x.example"), *staff("boss@x.example", role="manager")]
    case = replace(CASE, team="Billing", owner=owner, level=level)
    assert people_of(case, Settings.model_validate(section), everybody) == told
    assert people_of(replace(case, team="Other", owner="ann@x.example", level=1), Settings(), everybody) == [
        "ann@x.example", "boss@x.example",
    ]  # fmt: skip


def test_a_waiting_case_that_a_fast_clock_woke_waits_on() -> None:
    waiting = replace(CASE, **at(1).wait(CASE, START + 7 * DAY))
    assert look(waiting, at(24)).values == {"watch_at": START + 7 * DAY}


MOVES = st.lists(st.tuples(st.sampled_from(["take", "wait", "close", "open", "undo", "look", "call", "end"]),
                           st.floats(-24, 24 * 40)), max_size=12)  # fmt: skip


@given(MOVES)
@settings(max_examples=80, deadline=None)
def test_no_case_is_ever_parked_silently(done: list[tuple[str, float]]) -> None:
    case = CASE
    for what, hours in done:
        moves = at(hours)
        made = after(what, case, moves)
        case = replace(case, **made)
        assert (case.watch_at is None) == case.is_closed
        assert (case.closed_at is not None) == case.is_closed == bool(case.outcome)
        assert (case.state == "waiting") == (case.next_at is not None)
        for later in (case.acknowledged_at, case.closed_at):
            assert later is None or later >= case.opened_at
        # What a clock that is ahead plans too late is found by the watch itself, see the story.
        if case.watch_at is not None and made and what != "undo":
            assert case.watch_at <= max(case.due_at, HOURS.add(moves.now, SETTINGS.remind))


def after(what: str, case: Case, moves: Moves) -> dict[str, Any]:
    """Return what a move makes of a case, nothing where it cannot be made."""
    ways: dict[str, Callable[[], dict[str, Any]]] = {
        "take": lambda: moves.acknowledge(case), "wait": lambda: moves.wait(case, moves.now + 3 * DAY),
        "close": lambda: moves.close(case, OUTCOMES[0]), "open": lambda: moves.reopen(case),
        "undo": lambda: moves.undo(case), "call": lambda: moves.work_again(case),
        "end": lambda: moves.end(case, "erased"),
        "look": lambda: dict(look(case, moves).values) if case.state in UNFINISHED else {},
    }  # fmt: skip
    try:
        return ways[what]()
    except Conflict:
        return {}


@given(st.sampled_from(["take", "wait", "close"]), st.floats(0, 100))
@settings(max_examples=20, deadline=None)
def test_what_is_taken_back_is_as_it_was(what: str, hours: float) -> None:
    done = replace(CASE, **after(what, CASE, at(hours)))
    back = replace(done, **at(hours + 1).undo(done))
    assert [getattr(back, name) for name in KEPT] == [getattr(CASE, name) for name in KEPT]
