"""What the log of events holds: ids and dimensions, nobody's name or address."""

import json

from feedbackhub.loop.core import Core
from feedbackhub.loop.gestures import GestureNote
from feedbackhub.loop.judge import judge
from feedbackhub.loop.suppress import opt_out
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.gestures import note_gesture
from feedbackhub.office.verdicts import judge_answers
from feedbackhub.store import tables
from tests.loop.story import ANN, HOUR, answer, answer_by_machine, asked, ended, rows, run


def test_events_name_nobody(core: Core, clock: SetClock) -> None:
    invitation = asked(core, "T-4711", {**ANN, "phone": "+14155552671"}, agent={"id": "7", "name": "Bo"})
    run(core, clock, HOUR)
    machine = answer_by_machine(core, invitation, {"satisfaction": "1"})
    judge_answers(core, [machine.response], "accepted", "lead@example.com")
    judge(core, machine.response, "")
    done = answer(core, invitation, {"satisfaction": "1", "comment": "Too slow"})
    customer = ended(core, "T-4711").contact.customer or ""
    note_gesture(core, GestureNote("apology", customer, "Bo", response=done.response, note="sorry"), "lead@example.com")
    opt_out(core, invitation)
    told = json.dumps([[row.type, row.payload] for row in rows(core, tables.event)])
    words = ("Ann", "ann@example", "415555", "Bo\"", "lead@", "T-4711", "slow", "sorry", invitation)
    assert [word for word in words if word in told] == []
