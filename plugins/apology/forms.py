"""From the fields of a step's form to a plan, or to what is wrong beside each field; and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from feedbackhub import Problem, Refused

from .form_texts import WRONG
from .plan import MOST_ARMS, Arm, Plan

__all__ = ["ARM_FIELDS", "STEPS", "changed", "fields_of"]

#: The steps of a draft, in their order.
STEPS = ("question", "arms", "outcome", "size")
ARM_FIELDS = ("name", "apology", "value", "cost", "weight")
LISTED = ("exclude_topics", "exclude_tags", "exclude_segments", "exclude_words")
_NUMBER = re.compile(r"\d{1,12}(?:[.,]\d{1,6})?")
_MONEY = re.compile(r"\d{1,9}(?:[.,]\d{1,2})?")
Form = Mapping[str, str]
Lists = Mapping[str, Sequence[str]]


def changed(plan: Plan, step: str, form: Form, lists: Lists) -> Plan:
    """Return the plan as a step's form wants it.

    Args:
        plan: The plan as it is.
        step: One of `STEPS`.
        form: The fields.
        lists: Every value of fields that came more than once.

    Raises:
        Refused: Naming each field that is wrong, with a text to be translated.
    """
    wanted = {**plan.as_json(), **_READ[step](plan, form, lists)}
    try:
        return Plan.model_validate(wanted)
    except ValidationError as error:
        names = {_name_of(each["loc"], form) for each in error.errors()}
        if any(name.startswith("arm-") for name in names):
            names.discard("arms")  # an arm that is wrong is also one arm too few
        raise Refused(*(Problem(name, WRONG.get(_kind(name), WRONG[""])) for name in sorted(names))) from None


def _name_of(place: Sequence[int | str], form: Form) -> str:
    """Return the form's field that a place in the plan stands for."""
    if place[0] == "arms" and len(place) > 2:
        rows = [number for number in range(MOST_ARMS) if _is_used(form, number)]
        row = rows[int(place[1])]
        last = {"cost_cents": "cost", "currency": "currency"}.get(str(place[-1]), str(place[-1]))
        return last if last == "currency" else f"arm-{row}-{last}"
    name = str(place[1] if place[0] in ("who", "won") and len(place) > 1 else place[0])
    return name.removesuffix("_cents")


def _kind(name: str) -> str:
    return name.rpartition("-")[2] if name.startswith("arm-") else name


def _question(plan: Plan, form: Form, lists: Lists) -> dict[str, Any]:
    who = {
        "surveys": _several("surveys", form, lists), "calls_too": "calls_too" in form,
        "score_at_most": _number(form, "score_at_most"), **{name: _lines(form.get(name, "")) for name in LISTED},
    }  # fmt: skip
    return {"name": form.get("name", "").strip(), "question": form.get("question", "").strip(), "who": who}


def _arms(plan: Plan, form: Form, lists: Lists) -> dict[str, Any]:
    currency = form.get("currency", "").strip().upper()
    arms = [_arm(form, f"arm-{number}-", currency) for number in range(MOST_ARMS) if _is_used(form, number)]
    cents = _cents(form.get("handling", ""))
    return {
        "arms": arms, "currency": currency, "approve": "approve" in form,
        "handling_cents": 0 if cents is None else cents,
    }  # fmt: skip


def _arm(form: Form, prefix: str, currency: str) -> dict[str, Any]:
    given = {name: form.get(prefix + name, "").strip() for name in ARM_FIELDS}
    money = None
    if given["value"] or given["cost"]:
        cents = _cents(given["cost"])
        money = {"value": given["value"], "cost_cents": 0 if cents is None else cents, "currency": currency}
    weight = _read(given["weight"] or "1")
    return {"name": given["name"].lower(), "apology": given["apology"], "compensation": money, "weight": weight}


def _is_used(form: Form, number: int) -> bool:
    return any(form.get(f"arm-{number}-{name}", "").strip() for name in ("name", "apology", "value", "cost"))


def _outcome(plan: Plan, form: Form, lists: Lists) -> dict[str, Any]:
    counts = form.get("won") == "score"
    return {
        "survey": form.get("survey", ""), "reask_days": _number(form, "reask_days"),
        "window_days": _number(form, "window_days"),
        "checkpoints": [_read(each) for each in re.split(r"[\s,;]+", form.get("checkpoints", "").strip())],
        "won": {"score_at_least": _number(form, "score_at_least", "–") if counts else None},
    }  # fmt: skip


def _size(plan: Plan, form: Form, lists: Lists) -> dict[str, Any]:
    shares = {name: _share(form.get(name, "")) for name in ("baseline", "effect", "alpha", "power")}
    return {
        **shares, "per_week": _number(form, "per_week"), "n_each": _number(form, "n_each", "–"),
        "stopping": form.get("stopping", ""), "design": form.get("design", ""),
        "strata": _several("strata", form, lists),
    }  # fmt: skip


_READ: Mapping[str, Callable[[Plan, Form, Lists], dict[str, Any]]] = {
    "question": _question, "arms": _arms, "outcome": _outcome, "size": _size,
}  # fmt: skip


def _several(name: str, form: Form, lists: Lists) -> list[str]:
    return [each for each in lists.get(name, [form.get(name, "")]) if each]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.replace("،", ",").replace(",", "\n").splitlines() if line.strip()]


def _read(text: str) -> float | str:
    """Return a number, or the text as it is when it is none: then the plan refuses it."""
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else text or "–"


def _number(form: Form, name: str, empty: Any = None) -> Any:
    text = form.get(name, "").strip()
    return _read(text) if text else empty


def _share(text: str) -> float | str:
    found = _read(text.strip().removesuffix("%").strip())
    return round(found / 100, 8) if isinstance(found, float) else found


def _cents(text: str) -> int | str | None:
    given = text.strip()
    if not given:
        return None
    return round(float(given.replace(",", ".")) * 100) if _MONEY.fullmatch(given) else given


def fields_of(plan: Plan) -> dict[str, Any]:
    """Return what stands in the forms of all steps."""
    who, won = plan.who, plan.won.score_at_least
    return {
        "name": plan.name, "question": plan.question, "surveys": who.surveys, "calls_too": who.calls_too,
        "score_at_most": _said(who.score_at_most), **{name: "\n".join(getattr(who, name)) for name in LISTED},
        **arm_fields(plan.arms), "currency": plan.money, "handling": _money(plan.handling_cents),
        "approve": plan.approve, "survey": plan.survey, "reask_days": str(plan.reask_days),
        "window_days": str(plan.window_days), "checkpoints": ", ".join(map(str, plan.checkpoints)),
        "won": "low" if won is None else "score", "score_at_least": _said(won),
        **{name: _said(getattr(plan, name) * 100) for name in ("baseline", "effect", "alpha", "power")},
        "per_week": _said(plan.per_week), "n_each": str(plan.n_each), "stopping": plan.stopping,
        "design": plan.design, "strata": plan.strata,
    }  # fmt: skip


def arm_fields(arms: Sequence[Arm]) -> dict[str, str]:
    """Return the fields of all rows of arms, those still empty included."""
    found = {f"arm-{number}-{name}": "" for number in range(MOST_ARMS) for name in ARM_FIELDS}
    for number, arm in enumerate(arms):
        money = arm.compensation
        given = (arm.name, arm.apology, money.value if money else "", _money(money.cost_cents) if money else "",
                 str(arm.weight))  # fmt: skip
        found |= {f"arm-{number}-{name}": text for name, text in zip(ARM_FIELDS, given, strict=True)}
    return found


def _said(number: float | None) -> str:
    return "" if number is None else f"{number:.12g}"


def _money(cents: int) -> str:
    return f"{cents / 100:.2f}".removesuffix(".00") if cents else ""
