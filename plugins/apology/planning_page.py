"""The planner: what has to be found out, how many customers that takes, and how long at the present volume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from feedbackhub import Hub, Page, PageRequest, PageResult
from feedbackhub.reporting import N_

from .form_texts import WRONG
from .measure import measured_of
from .plan import MOST_ARMS, Plan
from .planner import ENOUGH, Forecast, Measured, Wish, forecast

__all__ = ["GUESS", "Planner", "planner_pages_of"]

#: Assumed while too little was measured and nothing stated.
GUESS = 0.2
#: Effects that are set beside the one asked for.
EFFECTS = (0.05, 0.1, 0.15, 0.2, 0.3)
LEAST_VOLUME = 0.1
DEFAULTS = {"baseline": "", "effect": "10", "arms": "2", "alpha": "5", "power": "80", "per_week": ""}
BOUNDS = {"baseline": (0.00099, 0.9991), "effect": (0.00099, 0.9991), "alpha": (0.0009, 0.21), "power": (0.49, 1.0)}


def planner_pages_of(hub: Hub) -> list[Page]:
    """Return the page of the planner."""
    return [Page("planner", N_("Planner of experiments"), "manager", Planner(hub).show)]


class Planner:
    """What the planner's page shows.

    Args:
        hub: The plugin's hub.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def show(self, request: PageRequest) -> PageResult:
        """Show the form with what it comes to."""
        fields = {name: request.query.get(name, default)[:20] for name, default in DEFAULTS.items()}
        plan = Plan(name="plan")
        measured = measured_of(self._hub, plan)
        wish, wrong = wish_of(fields, measured, plan.reask_days + plan.window_days)
        t = self._hub.translate
        problems = {name: t(WRONG[name], request.language) for name in wrong}
        values: dict[str, Any] = {
            "fields": fields, "problems": problems, "measured": measured, "most_arms": MOST_ARMS, "wish": wish,
            "is_measured": not fields["baseline"].strip() and measured.baseline is not None,
            "found": None, "others": [], "enough": ENOUGH,
        }  # fmt: skip
        if wish is not None and wish.baseline + wish.effect >= 1:
            problems["effect"] = t(N_("baseline and effect together must stay below 100 %"), request.language)
        elif wish is not None:
            values |= {"found": forecast(wish, measured), "others": beside(wish, measured)}
        return PageResult("planner.html", values, status=422 if problems else 200)


def wish_of(fields: Mapping[str, str], measured: Measured, days: int) -> tuple[Wish | None, Sequence[str]]:
    """Return what a form asks for, or the names of the fields that are wrong."""
    shares = {name: _share(fields[name], *BOUNDS[name]) for name in BOUNDS}
    arms, volume = fields["arms"].strip(), fields["per_week"].strip()
    per_week = _number(volume)
    if not fields["baseline"].strip():
        shares["baseline"] = measured.baseline or GUESS
    wrong = [name for name, value in shares.items() if value is None]
    if not (arms.isascii() and arms.isdecimal() and len(arms) == 1 and 2 <= int(arms) <= MOST_ARMS):
        wrong.append("arms")
    if volume and (per_week is None or per_week < LEAST_VOLUME):
        wrong.append("per_week")
    if wrong:
        return None, wrong
    baseline, effect, alpha, power = (shares[name] or 0.0 for name in ("baseline", "effect", "alpha", "power"))
    return Wish(baseline, effect, (1,) * int(arms), alpha, power, days, per_week), ()


def beside(wish: Wish, measured: Measured) -> list[tuple[float, Forecast]]:
    """Return what other effects would take."""
    return [
        (effect, forecast(Wish(wish.baseline, effect, wish.weights, wish.alpha, wish.power, wish.days, wish.per_week),
                          measured))
        for effect in EFFECTS if wish.baseline + effect < 1
    ]  # fmt: skip


def _number(text: str) -> float | None:
    try:
        found = float(text.replace(",", ".")) if len(text) <= 12 else None
    except ValueError:
        return None
    return found if found is not None and 0 < found <= 1_000_000 else None


def _share(text: str, low: float, high: float) -> float | None:
    found = _number(text.strip().removesuffix("%").strip())
    return found / 100 if found is not None and low < found / 100 < high else None
