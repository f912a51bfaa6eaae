"""What each arm cost, and what a customer won back cost in it: gestures as they were recorded, letters by the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from feedbackhub import Filters, Hub, ReportTable
from feedbackhub.reporting import Words
from feedbackhub.statistics import ArmCost, Interval, cost_of_one_more, cost_per_win, dominated, few

from .effect_arms import Row
from .effect_figures import interval_of
from .effect_study import Study
from .evidence import level_of
from .records import Assignment

__all__ = ["Spent", "costs_table", "read_spent"]

COLUMNS = ("customer", "response", "at", "cost_cents", "currency", "withdrawn_at")
MADE_GOOD = {"apology", "compensation"}


@dataclass(slots=True)
class Spent:
    """What was given to those whose outcome is known.

    Args:
        cents: By arm, in hundredths of the plan's currency.
        unknown: Gestures whose cost is not known.
        foreign: Gestures in another currency.
    """

    cents: Counter[str] = field(default_factory=Counter)
    unknown: int = 0
    foreign: int = 0


def read_spent(hub: Hub, study: Study) -> Spent:
    """Return what was spent in each arm on those whose outcome is known.

    Args:
        hub: The plugin's hub.
        study: The experiment.
    """
    units = {each.response: each for arm in study.known.values() for each in arm}
    people = {study.merged.get(each.customer, each.customer): each for each in units.values()}
    found = Spent()
    # A clock that went back after the start dates what followed before it.
    filters = Filters(since=min((each.assigned_at for each in units.values()), default=study.now))
    for batch in hub.read.batches("gestures", filters, size=5000, only=COLUMNS):
        for row in zip(*(batch.columns[name] for name in COLUMNS), strict=True):
            customer, response, at, cents, currency, withdrawn = row
            of_person = people.get(study.merged.get(customer, customer)) if customer else None
            unit = units.get(response) or of_person
            if unit is None or withdrawn or (unit.response != response and not unit.assigned_at <= at):
                continue
            if at <= unit.window_ends_at:
                _add(found, study, unit, cents, currency or "")
    return found


def _add(found: Spent, study: Study, unit: Assignment, cents: int | None, currency: str) -> None:
    if cents is None:
        found.unknown += 1
    elif cents and currency != study.plan.money:
        found.foreign += 1
    else:
        found.cents[unit.arm] += cents


def costs_table(t: Words, study: Study, spent: Spent) -> ReportTable:
    """Return what each arm cost, what a customer won back cost, and which arms are dearer without being better."""
    costs = {arm: _cost(study, arm, spent) for arm in study.shares if study.shares[arm].whole}
    free = not any(each.total for each in costs.values())
    beaten = {arm: _beaten(t, study, costs, arm) for arm in costs}
    more = _one_more(costs)
    rows: list[Row] = []
    for arm, cost in costs.items():
        hidden = free or few(cost.share.whole) in ("none", "counts")
        each, interval = cost_per_win(cost), interval_of(study, cost.share)
        low, high = (None, None) if hidden or each is None else _ends(cost, interval)
        rows.append((
            arm, cost.share.whole, cost.total, cost.share.part, None if hidden else each, low, high,
            None if hidden else more.get(arm), "" if hidden else beaten[arm],
        ))  # fmt: skip
    money = study.plan.money or "–"
    columns = (
        t("Arm"), t("Outcome known"), t("Spent, {currency}", currency=money), t("Won back"),
        t("Per customer won back, {currency}", currency=money), t("From"), t("To"),
        t("One more than the next cheaper arm, {currency}", currency=money), t("Beaten by"),
    )  # fmt: skip
    return ReportTable(t("What a customer won back costs"), columns, rows, _note(t, study, spent, free))


def _cost(study: Study, arm: str, spent: Spent) -> ArmCost:
    letters = sum(bool(MADE_GOOD & set(each.received)) for each in study.known[arm])
    total = (spent.cents[arm] + letters * study.plan.handling_cents) / 100
    share = study.shares[arm]
    return ArmCost(share, total / share.whole)


def _ends(cost: ArmCost, interval: Interval | None) -> tuple[float | None, float | None]:
    """Return the ends of the cost of a win, from those of the share; the costs are taken as known."""
    if interval is None or not interval.low > 0:
        return None, None
    return cost.each / interval.high, cost.each / interval.low


def _one_more(costs: Mapping[str, ArmCost]) -> dict[str, float | None]:
    """Return what one more customer won back costs in each arm, against the next cheaper one; arms beaten are out."""
    beaten = dominated(costs)
    ordered = sorted((arm for arm in costs if arm not in beaten), key=lambda arm: costs[arm].each)
    pairs = zip(ordered[1:], ordered, strict=False)
    return {arm: cost_of_one_more(costs[arm], costs[cheaper]) for arm, cheaper in pairs}


def _beaten(t: Words, study: Study, costs: Mapping[str, ArmCost], arm: str) -> str:
    """Say which arm costs no more and wins no fewer; beyond doubt only where it was looked at once."""
    found = dominated(costs, level_of(study.plan)).get(arm)
    if found is None:
        return ""
    if study.once and found.shown:
        return t("{arm}: cheaper and better (dominated)", arm=found.by)
    return t("{arm}: not dearer, and no worse as seen so far", arm=found.by)


def _note(t: Words, study: Study, spent: Spent, free: bool) -> str:
    words = [t(
        "Spent is what gestures cost as recorded, and {cents} hundredths for each letter by the plan; nothing was made "
        "to hang on a changed rating.",
        cents=study.plan.handling_cents,
    )]  # fmt: skip
    if free:
        words.append(t("Nothing was spent as far as recorded, so nothing can be said about costs."))
    if spent.unknown:
        words.append(t("The cost of {n} gestures is not known and counts as 0.", n=spent.unknown))
    if spent.foreign:
        words.append(t("{n} gestures in another currency are left out.", n=spent.foreign))
    return " ".join(words)
