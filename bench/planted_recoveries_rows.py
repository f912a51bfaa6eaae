"""The company that makes good some of its bad answers, put straight into an instance's tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bench.planted_recoveries_company import AGENT, Bad, Gift, RecoveryPlan, bad_answers, true_return
from bench.planted_rows import BASE, DEFINITION, SURVEY, Maker
from bench.targets import target_of
from feedbackhub.loop.core import Core
from feedbackhub.office.publishing import publish_survey

__all__ = ["PlantedRecoveries", "plant_recoveries"]

Row = tuple[Any, ...]


@dataclass(frozen=True)
class PlantedRecoveries:
    """What was planted, and what is true.

    Args:
        plan: What was planted.
        people: The customers.
        since, until: First and last day.
        truth: What each unit spent truly brings.
    """

    plan: RecoveryPlan
    people: Sequence[Bad]
    since: date
    until: date
    truth: float


def plant_recoveries(core: Core, plan: RecoveryPlan) -> PlantedRecoveries:
    """Put a company into an empty instance's tables and return what is true of it.

    Args:
        core: The instance.
        plan: What is planted.
    """
    publish_survey(core, DEFINITION, "bench")
    now = core.clock.now()
    people = list(bad_answers(plan, now))
    with core.store.read() as connection:
        version = core.shelf.newest(connection, SURVEY)
    assert version is not None
    maker = Maker(BASE, version.id, version.survey, now)
    asked = [each.ask for each in people]
    with target_of(core.store.url) as target:
        for name, columns, rows in maker.tables(asked, [AGENT]):
            if plan.by_attribute and name == "customer":
                rows = _with_attributes(rows, columns, people)
            target.put(name, columns, rows)
        for name, columns, rows in _beside(maker, people, plan):
            target.put(name, columns, rows)
        target.commit()
    return PlantedRecoveries(
        plan, people, asked[0].ended_at.date(), now.date(), true_return(plan, people, now)
    )  # fmt: skip


def _with_attributes(rows: Any, columns: tuple[str, ...], people: Sequence[Bad]) -> Iterator[Row]:
    at = columns.index("attributes")
    for row, each in zip(rows, people, strict=True):
        said = json.dumps({"active": "yes" if each.stayed else "no"})
        yield (*row[:at], said, *row[at + 1 :])


def _beside(maker: Maker, people: Sequence[Bad], plan: RecoveryPlan) -> Iterator[tuple[str, tuple[str, ...], Any]]:
    """Yield contacts that came later, gestures, and cases."""
    later = [(each, at) for each in people for at in each.contacts]
    name, columns, rows = next(iter(maker.contacts([
        replace(each.ask, number=len(people) + number, ended_at=at) for number, (each, at) in enumerate(later)
    ])))  # fmt: skip
    yield name, columns, rows
    gifts = [(each, gift) for each in people for gift in each.gifts]
    yield "gesture", _GESTURE, (_gesture(maker, number, *each) for number, each in enumerate(gifts))
    yield "plugin_recovery_case", _CASE, (
        _case(maker, each, plan) for each in people if each.has_case and each.ask.answered_at is not None
    )


def _gesture(maker: Maker, number: int, each: Bad, gift: Gift) -> Row:
    key, currency = maker.first + each.ask.number, "EUR" if gift.cents else ""
    return (
        maker.first + number, maker.public("g", number), maker.first + each.ask.customer, key, key, gift.kind, "",
        gift.cents, currency, "", "bench", 1, False, False, gift.at,
    )  # fmt: skip


def _case(maker: Maker, each: Bad, plan: RecoveryPlan) -> Row:
    ask, opened = each.ask, each.ask.answered_at or each.ask.ended_at
    trial = None
    if plan.by_chance:
        arm, text = ("apology", "apology") if each.made_good else ("nothing", "")
        trial = json.dumps({"experiment": "planted", "arm": arm, "apology": text, "compensation": None})
    hours: dict[str, datetime] = {"acknowledge": opened + timedelta(hours=8), "resolve": opened + timedelta(days=3)}
    score = {1: 0.0, 2: 25.0}[int(ask.values["satisfaction"])]
    return (
        maker.public("z", ask.number), maker.public("r", ask.number), maker.public("c", ask.customer),
        maker.public("k", ask.number), SURVEY, AGENT.team, json.dumps(dict(ask.dimensions)), '["low"]', "[]", "[]",
        score, "[]", "closed" if each.solved_at else "open", "solved" if each.solved_at else "", "", 0, opened,
        hours["acknowledge"], hours["resolve"], opened + timedelta(hours=2), each.solved_at, hours["resolve"], 0, "",
        "", False, trial, "", "", 1, "",
    )  # fmt: skip


_GESTURE = (
    "id", "public_id", "customer_id", "contact_id", "response_id", "kind", "value", "cost_cents", "currency", "note",
    "by", "nth", "imported", "test", "at",
)  # fmt: skip
_CASE = (
    "id", "response", "customer", "contact", "survey", "team", "dimensions", "reasons", "flags", "tags", "score",
    "joined", "state", "outcome", "owner", "level", "opened_at", "acknowledge_by", "resolve_by", "acknowledged_at",
    "closed_at", "due_at", "reminders", "reference", "url", "quiet", "trial", "invitation", "again_response",
    "version", "mark",
)  # fmt: skip
