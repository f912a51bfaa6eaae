"""Everything that the report on an experiment says something about, read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from feedbackhub import Hub, Problem, Refused
from feedbackhub.reporting import N_
from feedbackhub.statistics import SampleRatio, Share, sample_ratio

from .book import Experiments
from .evidence import Evidence, evidence
from .families import Family, conflicts, one_each
from .plan import Plan
from .records import DRAFT, ENDED, RUNNING, STOPPED, Assignment, Experiment
from .ripe import by_arm, has_answered, is_open, ripe, share_won

__all__ = ["Study", "read_study"]

NO_SUCH = N_("there is no experiment with this id")


@dataclass(frozen=True)
class Study:
    """An experiment with everybody in it.

    Args:
        experiment: The experiment.
        everybody: All that were assigned, in their order.
        merged: Which id stands for customers proven to be one person.
        refusals: How many cases were not taken in, by reason.
        now: The moment it was read.
    """

    experiment: Experiment
    everybody: Sequence[Assignment]
    merged: Mapping[str, str]
    refusals: Mapping[str, int]
    now: datetime

    @property
    def plan(self) -> Plan:
        """The plan, frozen at the start."""
        return self.experiment.plan

    @property
    def first(self) -> str:
        """Name of the arm that the others are compared with."""
        return self.plan.first.name

    @property
    def others(self) -> list[str]:
        """Names of the other arms."""
        return [each.name for each in self.plan.arms[1:]]

    @cached_property
    def counted(self) -> list[Assignment]:
        """Those who count: one for each person, without those who stand in several arms."""
        return one_each(self.everybody, self.merged)

    @cached_property
    def torn(self) -> list[Family]:
        """People who stand in several arms."""
        return conflicts(self.everybody, self.merged)

    @cached_property
    def over(self) -> bool:
        """Whether it has ended and every window is over: only then rules made for one look may be used."""
        ended = self.experiment.state not in (DRAFT, RUNNING)
        return ended and not any(is_open(each, self.now) for each in self.counted)

    @property
    def once(self) -> bool:
        """Whether it was planned to be looked at once and went to its planned end, so that ordinary intervals hold."""
        return self.over and self.plan.stopping == "fixed" and self.experiment.state == ENDED

    @cached_property
    def known(self) -> dict[str, list[Assignment]]:
        """Those whose outcome is known, by arm."""
        return by_arm(ripe(self.counted, self.now), [each.name for each in self.plan.arms])

    @cached_property
    def shares(self) -> dict[str, Share]:
        """How many of those whose outcome is known were won back, by arm."""
        return {arm: share_won(units) for arm, units in self.known.items()}

    @property
    def n(self) -> int:
        """Of how many the outcome is known."""
        return sum(map(len, self.known.values()))

    @cached_property
    def evidence(self) -> dict[str, Evidence]:
        """What speaks for each arm against the first, safe at every look; by arm."""
        return {each.arm: each for each in evidence(self.plan, self.counted, self.now)}

    def is_decided(self, arm: str) -> bool:
        """Tell whether the evidence has decided for or against an arm.

        Where the plan looks once, it never does before: two rules together find differences where there are none. Once
        a person has stopped such an experiment, the planned look will not come.
        """
        has_a_say = self.plan.stopping != "fixed" or self.experiment.state == STOPPED
        return has_a_say and self.evidence[arm].process.stopped

    @cached_property
    def assigned(self) -> dict[str, int]:
        """How many were assigned to each arm, whatever was found out about them later."""
        return {arm: len(units) for arm, units in by_arm(self.everybody, list(self.known)).items()}

    @cached_property
    def answered(self) -> dict[str, int]:
        """Of how many in each arm a second answer came, of those whose window is over."""
        return {arm: sum(map(has_answered, units)) for arm, units in self.known.items()}

    @cached_property
    def ratio_assigned(self) -> SampleRatio | None:
        """Whether as many were assigned to each arm as planned."""
        return self._ratio(self.assigned)

    @cached_property
    def ratio_answered(self) -> SampleRatio | None:
        """Whether as many second answers came from each arm as planned."""
        return self._ratio(self.answered)

    @property
    def broken(self) -> bool:
        """Whether the arms are so uneven that no result may be shown."""
        return any(each is not None and each.broken for each in (self.ratio_assigned, self.ratio_answered))

    @property
    def bent(self) -> bool:
        """Whether somebody changed the frozen plan in the database, so that no result proves anything."""
        return not self.experiment.is_intact

    @property
    def withheld(self) -> bool:
        """Whether no result may be shown, for either reason."""
        return self.bent or self.broken

    def _ratio(self, observed: Mapping[str, int]) -> SampleRatio | None:
        return sample_ratio(list(observed.values()), [each.weight for each in self.plan.arms])


def read_study(hub: Hub, wanted: str) -> Study | None:
    """Return an experiment with everybody in it, None when none has begun.

    Args:
        hub: The plugin's hub.
        wanted: Its id; empty for the newest that has started.

    Raises:
        Refused: There is no such experiment, or it has not started.
    """
    book = Experiments(hub)
    begun = [id_ for id_, _, _ in book.begun()]
    if wanted and wanted not in begun:
        raise Refused(Problem("options", NO_SUCH))
    if not begun:
        return None
    found = book.get(wanted or begun[0])
    return Study(found, book.assignments(found.id), hub.read.merged(), book.refusals(found.id), hub.clock.now())
