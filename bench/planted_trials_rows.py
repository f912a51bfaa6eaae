"""What a page says of an experiment, read from its JSON; and experiments whose assignments are planted as rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

from feedbackhub import Query
from feedbackhub.reporting import Words
from feedbackhub_plugins.apology.effect import told
from feedbackhub_plugins.apology.effect_costs import Spent
from feedbackhub_plugins.apology.effect_study import Study
from feedbackhub_plugins.apology.plan import Arm, Plan, digest_of
from feedbackhub_plugins.apology.records import Assignment, Experiment

__all__ = ["Result", "planted_rows", "result_of"]

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Result:
    """What the page of one seed says.

    Args:
        seed: The seed.
        truth: What was planted: the difference of the shares won back.
        value, low, high: The page's first difference with its interval, None where it shows none.
        holds: Whether the interval holds what was planted.
        refused: Whether the page shows no result, for the arms are not as large as planned.
        evidence: The e-process at the end.
        stopped: Whether it has ever sufficed.
        state, reason: Of the experiment, and why it ended.
        assigned: Customers by arm.
        known: Outcomes that are known.
        seconds: Time of the processor.
    """

    seed: int
    truth: float
    value: float | None
    low: float | None
    high: float | None
    holds: bool
    refused: bool
    evidence: float
    stopped: bool
    state: str
    reason: str
    assigned: Mapping[str, int]
    known: int
    seconds: float = 0.0

    def within(self, seconds: float) -> Result:
        """Return it with the time that it took."""
        return replace(self, seconds=round(seconds, 1))


def result_of(
    seed: int, truth: float, report: Mapping[str, Any], state: str, reason: str, assigned: Mapping[str, int]
) -> Result:
    """Return what a report's JSON says.

    Args:
        seed: The seed.
        truth: What was planted.
        report: The report.
        state: Of the experiment.
        reason: Why it ended.
        assigned: Customers by arm.
    """
    found = next((each for each in report["figures"] if each["label"] == "apology less nothing"), None)
    if found is None:
        return Result(
            seed, truth, None, None, None, holds=False, refused=True, evidence=0.0, stopped=False, state=state,
            reason=reason, assigned=dict(assigned), known=0,
        )  # fmt: skip
    looked = next(each for each in report["tables"] if each["title"] == "Safe to look at every day")
    row = dict(zip(looked["columns"], looked["rows"][0], strict=True))
    arms = next(each for each in report["tables"] if each["title"] == "Arms")
    at = list(arms["columns"]).index("Outcome known")
    low, high = found["low"], found["high"]
    return Result(
        seed, truth, found["value"], low, high, holds=low is not None and low <= truth <= high, refused=False,
        evidence=row["Evidence now"], stopped=str(row["Decision"]).startswith("decided"), state=state, reason=reason,
        assigned=dict(assigned), known=sum(each[at] for each in arms["rows"]),
    )  # fmt: skip


def planted_rows(seed: int, effect: float, share: float, answers: float, each: int) -> Result:
    """Plant an experiment's assignments, and return what its page says.

    Args:
        seed: What everything is drawn from.
        effect: What the apology adds to the share won back.
        share: The share won back without one.
        answers: How many answer the second ask.
        each: Customers in each arm.
    """
    chance = Random(seed)
    plan = Plan(
        name="Planted", arms=(Arm(name="nothing"), Arm(name="apology", apology="apology")), n_each=each, survey="re-ask"
    )
    units = [_unit(chance, number, effect, share, answers) for number in range(1, 2 * each + 1)]
    experiment = Experiment(
        id="planted00001", position=0, state="ended", plan=plan, digest=digest_of(plan.as_json()), created_at=START,
        created_by="", started_at=START, started_by="", ended_at=START, ended_by="", reason="full", is_closed=True,
        version=1, kept=plan.as_json(),
    )  # fmt: skip
    study = Study(experiment, units, {}, {}, START + 100 * WEEK)
    words = Words(SimpleNamespace(translate=lambda text, language: text), "en")
    report = asdict(told(words, Query(date(2026, 1, 1), date(2026, 12, 31)), study, Spent()))
    return result_of(seed, effect, report, "ended", "full", study.assigned)


def _unit(chance: Random, number: int, effect: float, share: float, answers: float) -> Assignment:
    arm = chance.choice(("nothing", "apology"))
    answered = chance.random() < answers
    won = answered and chance.random() < (share + (effect if arm == "apology" else 0)) / answers
    at = START + timedelta(minutes=number)
    return Assignment(
        number=number, experiment="planted00001", customer=f"c{number:011d}", case=f"k{number:011d}",
        response=f"r{number:011d}", arm=arm, stratum="", block=None, place=None, assigned_at=at, reask_at=at + WEEK,
        window_ends_at=at + 3 * WEEK, is_over=True, invitation="", asked_at=at + WEEK, again="",
        answered_at=at + 2 * WEEK if answered else None, score=100.0 if won else 0.0, low=not won,
        won=won if answered else None, received=("apology",) if arm == "apology" else (),
    )  # fmt: skip
