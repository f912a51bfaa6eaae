"""Experiments planted as rows: so many won, lost and silent in each arm, and the report on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain, zip_longest
from types import SimpleNamespace
from typing import Any

from feedbackhub import Query, Report, ReportTable
from feedbackhub.reporting import Words
from feedbackhub_plugins.apology.effect import told
from feedbackhub_plugins.apology.effect_costs import Spent
from feedbackhub_plugins.apology.effect_study import Study
from feedbackhub_plugins.apology.plan import Arm, Compensation, Plan, digest_of
from feedbackhub_plugins.apology.records import Assignment, Experiment

__all__ = [
    "APOLOGY",
    "BOTH",
    "LATER",
    "MONEY",
    "NOTHING",
    "Cell",
    "T",
    "assignments",
    "column",
    "experiment",
    "figure",
    "plan",
    "report",
    "study",
    "table",
]  # fmt: skip

T = Words(SimpleNamespace(translate=lambda text, language: text), "en")  # type: ignore[arg-type]
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
LATER = START + timedelta(days=400)
QUERY = Query(date(2026, 1, 1), date(2026, 12, 31))
NOTHING = Arm(name="nothing")
APOLOGY = Arm(name="apology", apology="apology")
MONEY = Arm(name="money", compensation=Compensation(value="5 EUR", cost_cents=500, currency="EUR"))
BOTH = Arm(name="both", apology="apology", compensation=MONEY.compensation)
GESTURES = {
    "nothing": (), "apology": ("apology",), "money": ("compensation",), "small": ("compensation",),
    "large": ("compensation",), "both": ("apology", "compensation"),
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One arm (of one stratum): how many were won, answered and were not won, and kept silent."""

    arm: str
    won: int
    lost: int = 0
    silent: int = 0
    stratum: str = ""


def plan(*arms: Arm, **more: Any) -> Plan:
    """Return a plan of these arms."""
    return Plan(name="Trial", arms=arms or (NOTHING, APOLOGY), **{"survey": "re-ask", **more})


def experiment(of: Plan, state: str = "running", reason: str = "") -> Experiment:
    """Return an experiment with that plan."""
    ended = None if state == "running" else LATER
    return Experiment(
        id="experiment01", position=0, state=state, plan=of, digest=digest_of(of.as_json()), created_at=START,
        created_by="", started_at=START, started_by="", ended_at=ended, ended_by="", reason=reason,
        is_closed=state != "running", version=1, kept=of.as_json(),
    )  # fmt: skip


def assignments(cells: Sequence[Cell], first: int = 1) -> list[Assignment]:
    """Return those people, the arms taking turns; they are numbered from the first on."""
    people = [
        [(cell, how) for how, n in (("won", cell.won), ("lost", cell.lost), ("silent", cell.silent)) for _ in range(n)]
        for cell in cells
    ]
    turns = chain.from_iterable(zip_longest(*people))
    return [_one(at, *each) for at, each in enumerate((each for each in turns if each is not None), first)]


def _one(number: int, cell: Cell, how: str) -> Assignment:
    at = START + timedelta(minutes=number)
    reask = at + timedelta(days=7)
    answered = None if how == "silent" else reask + timedelta(days=3)
    return Assignment(
        number=number, experiment="experiment01", customer=f"c{number:011d}", case=f"k{number:011d}",
        response=f"r{number:011d}", arm=cell.arm, stratum=cell.stratum, block=None, place=None, assigned_at=at,
        reask_at=reask, window_ends_at=reask + timedelta(days=14), is_over=False, invitation="", asked_at=reask,
        again="", answered_at=answered, score=None if how == "silent" else 75.0, low=how == "lost",
        won=None if how == "silent" else how == "won", received=GESTURES.get(cell.arm, ()),
    )  # fmt: skip


def study(
    of: Plan, cells: Sequence[Cell], state: str = "running", *, now: datetime = LATER, reason: str = "",
    merged: Mapping[str, str] | None = None, refusals: Mapping[str, int] | None = None,
) -> Study:  # fmt: skip
    """Return an experiment with those people."""
    return Study(experiment(of, state, reason), assignments(cells), merged or {}, refusals or {}, now)


def report(found: Study, spent: Spent | None = None, **query: Any) -> Report:
    """Return the report on it."""
    return told(T, replace(QUERY, **query), found, spent or Spent())


def table(found: Report, title: str) -> ReportTable:
    """Return a table of a report by its title."""
    return next(each for each in found.tables if each.title == title)


def column(found: ReportTable, head: str) -> list[Any]:
    """Return a column of a table by its heading."""
    at = list(found.columns).index(head)
    return [row[at] for row in found.rows]


def figure(found: Report, label: str) -> Any:
    """Return a figure by its label."""
    return next(each for each in found.figures if each.label == label)
