"""The experiments of one instance, and how they change: a plan may be changed until the start and never after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from feedbackhub import Conflict, Effects, Fact, Hub, NotFound, new_public_id
from feedbackhub.reporting import N_

from .plan import Plan, digest_of
from .records import DRAFT, RUNNING, STOPPED, Assignment, Experiment
from .tables import assignment, experiment, refusal

__all__ = ["FROZEN", "Experiments", "ended"]

FROZEN = N_(
    "The plan was frozen when the experiment started. A plan that changes while answers come in proves nothing: stop "
    "this experiment with a reason and start another one."
)
CHANGED = N_("Somebody else has changed the experiment meanwhile. Look at it again.")
NOT_RUNNING = N_("Only a running experiment can be stopped.")
NO_SUCH = N_("no such experiment")


class Experiments:
    """The experiments of one instance.

    Args:
        hub: The plugin's hub.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def every(self) -> list[Experiment]:
        """Return all experiments, newest first."""
        query = select(experiment).order_by(experiment.c.created_at.desc(), experiment.c.id)
        return [Experiment.of(row) for row in self._hub.tables.read(query)]

    def begun(self) -> list[tuple[str, str, datetime]]:
        """Return the id, the name and the start of all experiments that have started, newest first; in one glance."""
        seen = (experiment.c.id, experiment.c.name, experiment.c.started_at)
        newest = (experiment.c.position.desc(), experiment.c.started_at.desc(), experiment.c.id)
        query = select(*seen).where(experiment.c.state != DRAFT).order_by(*newest)
        return [(row["id"], row["name"], row["started_at"]) for row in self._hub.tables.read(query)]

    def running(self) -> list[Experiment]:
        """Return the experiments that run, in the order in which they started: the first one holds a customer."""
        query = select(experiment).where(experiment.c.state == RUNNING)
        found = [Experiment.of(row) for row in self._hub.tables.read(query)]
        return sorted(found, key=lambda each: (each.position or 0, each.started_at or each.created_at, each.id))

    def get(self, id_: str) -> Experiment:
        """Return an experiment; raises NotFound."""
        found = self._hub.tables.read(select(experiment).where(experiment.c.id == id_))
        if not found:
            raise NotFound(NO_SUCH)
        return Experiment.of(found[0])

    def add(self, plan: Plan, by: str) -> Experiment:
        """Keep a new draft and return it."""
        id_ = new_public_id()
        row = {
            "id": id_, "name": plan.name, "state": DRAFT, "plan": plan.as_json(), "digest": "",
            "created_at": self._hub.clock.now(), "created_by": by[:200], "started_at": None, "started_by": "",
            "ended_at": None, "ended_by": "", "reason": "", "position": None, "is_closed": False, "version": 1,
        }  # fmt: skip
        self._hub.tables.write(insert(experiment).values(row))
        return self.get(id_)

    def change(self, id_: str, plan: Plan, seen: int | None = None) -> Experiment:
        """Put another plan in the place of a draft's.

        Args:
            id_: The experiment.
            plan: The plan as it should be.
            seen: The version that whoever changes it has seen, None for any.

        Raises:
            NotFound: There is no such experiment.
            Conflict: It has started, so that its plan is frozen; or somebody else changed it meanwhile.
        """
        before = self.get(id_)
        if before.state != DRAFT:
            raise Conflict(FROZEN)
        if seen is not None and seen != before.version:
            raise Conflict(CHANGED)
        self._move(before, name=plan.name, plan=plan.as_json())
        return self.get(id_)

    def remove(self, id_: str) -> None:
        """Forget a draft; raises NotFound, and Conflict once it has started."""
        before = self.get(id_)
        if before.state != DRAFT:
            raise Conflict(N_("What has started is kept: only a draft can be removed."))
        gone = experiment.delete().where(experiment.c.id == id_, experiment.c.version == before.version)
        if self._hub.tables.write(gone) != [1]:
            raise Conflict(CHANGED)

    def start(self, before: Experiment, by: str) -> Experiment:
        """Freeze the plan and begin; whether it may start is for `starting.reasons_against` to say.

        Raises:
            Conflict: It has started already, or somebody changed it meanwhile.
        """
        if before.state != DRAFT:
            raise Conflict(N_("It has started already."))
        now = self._hub.clock.now()
        end = self._hub.read.event_position()
        digest = digest_of(before.kept)
        told = Fact("apology.started", {"experiment": before.id, "arms": [each.name for each in before.plan.arms]})
        self._move(before, told, state=RUNNING, digest=digest, started_at=now, started_by=by[:200], position=end)
        return self.get(before.id)

    def stop(self, id_: str, reason: str, by: str) -> Experiment:
        """Stop an experiment by a person's decision; raises NotFound, and Conflict when it does not run."""
        return self.end(self.get(id_), reason, by, STOPPED)

    def end(self, before: Experiment, reason: str, by: str, state: str) -> Experiment:
        """Let an experiment be over.

        Args:
            before: The experiment as it is.
            reason: Why, in words or as the rule's name.
            by: Who says so, empty for its plan.
            state: ``stopped`` or ``ended``.

        Raises:
            Conflict: It does not run, or changed meanwhile.
        """
        if before.state != RUNNING:
            raise Conflict(NOT_RUNNING)
        now = self._hub.clock.now()
        told, by = ended(before.id, state), by[:200]
        self._move(before, told, state=state, ended_at=now, ended_by=by, reason=reason, is_closed=True)
        return self.get(before.id)

    def assignments(self, id_: str, after: int = 0) -> list[Assignment]:
        """Return who was assigned, in the order of assignment.

        Args:
            id_: The experiment.
            after: Only those with a higher number.
        """
        mine = (assignment.c.experiment == id_, assignment.c.number > after)
        rows = self._hub.tables.read(select(assignment).where(*mine).order_by(assignment.c.number))
        return [Assignment.of(row) for row in rows]

    def has_due(self, now: datetime) -> bool:
        """Tell whether windows are over that nobody has closed yet."""
        due = (assignment.c.is_over.is_(False), assignment.c.window_ends_at <= now)
        return bool(self._hub.tables.read(select(assignment.c.number).where(*due).limit(1)))

    def of_customers(self, customers: Sequence[str]) -> list[Assignment]:
        """Return the assignments of these customers in any experiment, in the order of assignment."""
        query = select(assignment).where(assignment.c.customer.in_(customers)).order_by(assignment.c.number)
        return [Assignment.of(row) for row in self._hub.tables.read(query)]

    def counts(self, id_: str) -> Counter[str]:
        """Return how many customers are in each arm."""
        query = select(assignment.c.arm, func.count().label("n")).where(assignment.c.experiment == id_)
        return Counter({row["arm"]: row["n"] for row in self._hub.tables.read(query.group_by(assignment.c.arm))})

    def refusals(self, id_: str) -> Counter[str]:
        """Return how many cases were not taken in, by reason."""
        query = select(refusal.c.reason, func.count().label("n")).where(refusal.c.experiment == id_)
        return Counter({row["reason"]: row["n"] for row in self._hub.tables.read(query.group_by(refusal.c.reason))})

    def changes(self) -> tuple[Any, ...]:
        """Return what is different whenever an experiment or an outcome is: a stamp for what was worked out."""
        of_experiments: list[Any] = [func.count().label("n"), func.sum(experiment.c.version).label("v")]
        filled = (assignment.c.asked_at, assignment.c.answered_at, assignment.c.score, assignment.c.won)
        of_assignments: list[Any] = [func.count().label("n"), *(func.count(each).label(each.name) for each in filled)]
        (first,) = self._hub.tables.read(select(*of_experiments).select_from(experiment))
        (second,) = self._hub.tables.read(select(*of_assignments).select_from(assignment))
        return (*first.values(), *second.values())

    def _move(self, before: Experiment, *told: Fact, **fields: Any) -> None:
        """Change a row that nobody has changed since it was read, and tell others, or do neither; raises Conflict."""
        mine = (experiment.c.id == before.id, experiment.c.version == before.version)
        changed = update(experiment).where(*mine).values({**fields, "version": before.version + 1})
        try:
            self._hub.apply(Effects([changed], events=told), if_touched=True)
        except Conflict:
            raise Conflict(CHANGED) from None


def ended(id_: str, state: str) -> Fact:
    """Return what others hear when an experiment is over; they may hear it again."""
    return Fact("apology.ended", {"experiment": id_, "state": state})
