"""Whatever happens in whatever order, the counts are those that a recount gives, at any time."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from feedbackhub import Identifier
from feedbackhub.contract.errors import FeedbackhubError
from feedbackhub.loop import tallies
from feedbackhub.loop.collect import NotOpen
from feedbackhub.loop.core import Core
from feedbackhub.loop.judge import judge
from feedbackhub.loop.merging import merge
from feedbackhub.loop.recounting import check, rebuild
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.erasing import erase_person
from feedbackhub.office.event_log import plan_replay, replay
from feedbackhub.store import tables
from feedbackhub.store.queries.tallies import whole_tally
from tests.loop.story import DAY, HOUR, answer, answer_by_machine, asked, rows, run

PICK = st.integers(0, 1000)
SOLVED = st.sampled_from(["yes", "no", ""])
ANSWERS = st.fixed_dictionaries({"satisfaction": st.sampled_from("12345"), "solved": SOLVED})


class History(RuleBasedStateMachine):
    """One company's days; the instance is the same in all of them, its numbers go on."""

    core: Core
    clock: SetClock

    @initialize()
    def begin(self) -> None:
        self.invitations: list[str] = []
        self.people: list[str] = []

    @rule(team=st.sampled_from(["a", "b", ""]), is_test=st.booleans())
    def ask(self, team: str, is_test: bool) -> None:
        number = len(rows(self.core, tables.contact))
        address = f"{number}@example.org"
        self.invitations.append(asked(self.core, str(number), {"email": address}, team=team, test=is_test))
        self.people.append(address)

    @precondition(lambda self: self.invitations)
    @rule(which=PICK, values=ANSWERS, by_machine=st.booleans())
    def answers(self, which: int, values: dict[str, str], by_machine: bool) -> None:
        """Answer, or change an answer."""
        way = answer_by_machine if by_machine else answer
        try:
            way(self.core, self.invitations[which % len(self.invitations)], values)
        except NotOpen:
            return  # it is over, or its customer was erased

    @rule(which=PICK, verdict=st.sampled_from(["accepted", "discarded", ""]))
    def judges(self, which: int, verdict: str) -> None:
        found = rows(self.core, tables.response)
        if found:
            judge(self.core, found[which % len(found)].public_id, verdict)  # type: ignore[arg-type]

    @precondition(lambda self: self.people)
    @rule(which=PICK)
    def erases(self, which: int) -> None:
        erase_person(self.core, [Identifier("email", self.people.pop(which % len(self.people)))], "tests")

    @rule(one=PICK, other=PICK)
    def merges(self, one: int, other: int) -> None:
        persons = [row.id for row in rows(self.core, tables.person)]
        try:
            merge(self.core, persons[one % len(persons)], persons[other % len(persons)], "tests")
        except (FeedbackhubError, ZeroDivisionError):
            return  # they are one already, or there is nobody

    @rule(hours=st.sampled_from([0, 1, 30]))
    def time_passes(self, hours: int) -> None:
        run(self.core, self.clock, hours * HOUR)
        with self.core.store.read() as connection:
            assert whole_tally(connection) == dict(tallies.recount(connection))

    @rule()
    def puts_right(self) -> None:
        assert check(self.core.store).differences == ()
        rebuild(self.core.store, self.clock.now())

    @rule(start=PICK)
    def reads_again(self, start: int) -> None:
        """Replay from any event that is kept."""
        try:
            replay(self.core, plan_replay(self.core, tallies.NAME, start), "tests")
        except FeedbackhubError:
            return  # there is no such event, or it has not been read yet

    @rule()
    def days_pass(self) -> None:
        self.clock.move(2 * DAY)

    @invariant()
    def counts_are_right(self) -> None:
        assert check(self.core.store).differences == ()


def test_counts_equal_a_recount_after_any_history(core: Core, clock: SetClock) -> None:
    checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    chosen = settings(max_examples=4, stateful_step_count=12, deadline=None, suppress_health_check=checks)
    run_state_machine_as_test(type("Bound", (History,), {"core": core, "clock": clock}), settings=chosen)
