"""The pages of experiments: the list, a draft in steps, the plan as it was frozen, who is in, and stopping."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from feedbackhub import Conflict, Hub, Page, PageRequest, PageResult, Problem, Refused, is_line
from feedbackhub.reporting import N_

from .book import Experiments
from .eligibility import REASONS
from .form_texts import DESIGNS, ENDS, STATES, STEP_TITLES, STOPPING, STRATA_TITLES
from .forms import STEPS, changed, fields_of
from .measure import measured_of
from .models import LONGEST_REASON
from .plan import MOST_ARMS, Plan, default_arms
from .planner import Forecast
from .records import DRAFT, RUNNING, Experiment
from .starting import expected, needed_of, problems_of, start, warnings_of

__all__ = ["LIST", "pages_of"]

LIST, MANAGER = "experiments", "manager"
#: With which arms a draft begins; wordings compare texts with each other.
KINDS: Mapping[str, tuple[int, ...]] = {"apology": (0, 1), "all": (0, 1, 2, 3)}
LONGEST_NAME = 80


def pages_of(hub: Hub) -> list[Page]:
    """Return the pages."""
    here = Screens(hub)
    one, post, both = f"{LIST}/<id>", ("POST",), ("GET", "POST")
    return [
        Page(LIST, N_("Experiments"), MANAGER, here.every),
        Page(f"{LIST}/new", "", MANAGER, here.new, both),
        Page(one, "", MANAGER, here.one),
        Page(f"{one}/start", "", MANAGER, here.start, post),
        Page(f"{one}/stop", "", MANAGER, here.stop, post),
        Page(f"{one}/remove", "", MANAGER, here.remove, post),
        Page(f"{one}/copy", "", MANAGER, here.copy, post),
        *(Page(f"{one}/{step}", "", MANAGER, partial(here.step, step=step), both) for step in STEPS),
    ]


class Screens:
    """What the pages show and do.

    Args:
        hub: The plugin's hub.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub, self._book = hub, Experiments(hub)

    def every(self, request: PageRequest) -> PageResult:
        """List the experiments."""
        rows = [(each, sum(self._book.counts(each.id).values())) for each in self._book.every()]
        return PageResult("experiments.html", {"rows": rows, "states": STATES})

    def new(self, request: PageRequest) -> PageResult:
        """Ask what a draft is to be called and with which arms it begins, or make it."""
        name, kind = request.form.get("name", "").strip(), request.form.get("kind", "apology")
        values: dict[str, Any] = {"fields": {"name": name, "kind": kind}, "longest": LONGEST_NAME, "problems": {}}
        if not request.form:
            return PageResult("new.html", values)
        try:
            arms = default_arms()
            draft = changed(Plan(name="draft"), "question", {"name": name}, {})
            chosen = tuple(arms[number] for number in KINDS.get(kind, KINDS["apology"]))
            made = self._book.add(draft.model_copy(update={"arms": chosen}), request.user)
        except Refused as refused:
            return PageResult("new.html", {**values, "problems": self._said(request, refused.problems)}, status=422)
        return PageResult(redirect=f"{LIST}/{made.id}/{STEPS[0]}")

    def step(self, request: PageRequest, *, step: str) -> PageResult:
        """Show a step of a draft, or keep it and go on to the next."""
        one = self._book.get(request.path["id"])
        if one.state != DRAFT:
            return self._shown(request, one, conflict=N_(
                "The plan was frozen when the experiment started and cannot be changed. Stop this experiment with a "
                "reason, and start another one."
            ) if request.form else "")  # fmt: skip
        if not request.form:
            return self._step(request, one, step, fields_of(one.plan))
        try:
            wanted = changed(one.plan, step, request.form, request.lists)
            self._book.change(one.id, wanted, request.number("version", -1))
        except (Refused, Conflict) as refused:
            problems = refused.problems if isinstance(refused, Refused) else (Problem("", str(refused)),)
            return self._step(request, one, step, _typed(request, step), self._said(request, problems))
        at = STEPS.index(step) + 1
        after = f"/{STEPS[at]}" if at < len(STEPS) and "stay" not in request.form else ""
        after = f"/{step}" if "stay" in request.form else after
        return PageResult(redirect=f"{LIST}/{one.id}{after}", notice=self._t(request)(N_("Saved.")))

    def one(self, request: PageRequest) -> PageResult:
        """Show an experiment."""
        return self._shown(request, self._book.get(request.path["id"]))

    def start(self, request: PageRequest) -> PageResult:
        """Freeze the plan and begin, or say what stands against it."""
        one = self._book.get(request.path["id"])
        if one.state == DRAFT and one.version != request.number("version", -1):
            return self._shown(request, one, conflict=N_("It was changed meanwhile. Look at the plan again."))
        return self._do(request, one, lambda: start(self._hub, one, request.user), N_("The experiment runs."))

    def stop(self, request: PageRequest) -> PageResult:
        """Stop an experiment with a reason."""
        one, reason = self._book.get(request.path["id"]), " ".join(request.form.get("reason", "").split())
        if not reason or len(reason) > LONGEST_REASON or not is_line(reason):
            said = N_("must say why, in at most 500 characters")
            return self._shown(request, one, problems={"reason": self._t(request)(said)}, reason=reason)
        return self._do(request, one, lambda: self._book.stop(one.id, reason, request.user), N_("It was stopped."))

    def remove(self, request: PageRequest) -> PageResult:
        """Forget a draft."""
        one = self._book.get(request.path["id"])
        try:
            self._book.remove(one.id)
        except Conflict as refused:
            return self._shown(request, one, conflict=str(refused))
        return PageResult(redirect=LIST, notice=self._t(request)(N_("The draft was removed.")))

    def copy(self, request: PageRequest) -> PageResult:
        """Make a draft of an experiment's plan."""
        made = self._book.add(self._book.get(request.path["id"]).plan, request.user)
        return PageResult(redirect=f"{LIST}/{made.id}", notice=self._t(request)(N_("A new draft with this plan.")))

    def _do(self, request: PageRequest, one: Experiment, deed: Callable[[], object], said: str) -> PageResult:
        try:
            deed()
        except Conflict as refused:
            return self._shown(request, self._book.get(one.id), conflict=str(refused))
        except Refused:  # the page lists everything that stands against it
            return self._shown(request, self._book.get(one.id), conflict=N_("It cannot start like this; see below."))
        return PageResult(redirect=f"{LIST}/{one.id}", notice=self._t(request)(said))

    def _shown(
        self, request: PageRequest, one: Experiment, *, conflict: str = "", reason: str = "",
        problems: Mapping[str, str] | None = None,
    ) -> PageResult:  # fmt: skip
        """Show an experiment: its plan, who is in, and how its arms fare only by way of the report."""
        t, draft = self._t(request), one.state == DRAFT
        counts, refused = self._book.counts(one.id), self._book.refusals(one.id)
        values: dict[str, Any] = {
            "one": one, "plan": one.plan, "states": STATES, "steps": STEP_TITLES, "counts": counts,
            "planned": one.plan.planned(), "refused": [(REASONS.get(key, key), n) for key, n in refused.most_common()],
            "obstacles": problems_of(self._hub, one.plan) if draft else [],
            "warnings": warnings_of(one.plan, self._book.running()) if draft else [],
            "comes": self._comes(one.plan) if one.state in (DRAFT, RUNNING) else None, "problems": problems or {},
            "conflict": t(conflict) if conflict else "", "reason": reason, "longest": LONGEST_REASON,
            "ends": ENDS, "stopping": STOPPING, "designs": DESIGNS, "strata": STRATA_TITLES,
        }  # fmt: skip
        return PageResult("experiment.html", values, status=409 if conflict else 422 if problems else 200)

    def _step(
        self, request: PageRequest, one: Experiment, step: str, fields: Mapping[str, Any],
        problems: Mapping[str, str] | None = None,
    ) -> PageResult:  # fmt: skip
        surveys = [(each.name, each.title) for each in self._hub.read.surveys()]
        comes = self._comes(one.plan) if step == "size" else None
        values: dict[str, Any] = {
            "one": one, "step": step, "steps": STEP_TITLES, "fields": {**fields_of(one.plan), **fields},
            "problems": problems or {}, "surveys": surveys, "most_arms": MOST_ARMS, "comes": comes,
            "needed": needed_of(comes, one.plan) if comes else None, "plan": one.plan, "strata": STRATA_TITLES,
            "stopping": STOPPING, "designs": DESIGNS, "version": one.version,
        }  # fmt: skip
        return PageResult(f"step_{step}.html", values, status=422 if problems else 200)

    def _comes(self, plan: Plan) -> Forecast | None:
        if plan.baseline + plan.effect >= 1:
            return None
        return expected(plan, measured_of(self._hub, plan))

    def _t(self, request: PageRequest) -> Callable[[str], str]:
        return lambda text: self._hub.translate(text, request.language)

    def _said(self, request: PageRequest, problems: tuple[Problem, ...]) -> dict[str, str]:
        t = self._t(request)
        return {each.field: t(each.reason) for each in reversed(problems)}


def _typed(request: PageRequest, step: str) -> dict[str, Any]:
    """Return what somebody typed, boxes that are not ticked included."""
    boxes: dict[str, dict[str, Any]] = {
        "question": {"calls_too": False, "surveys": ()},
        "arms": {"approve": False}, "size": {"strata": ()},
    }  # fmt: skip
    lists = {name: request.lists.get(name, (request.form[name],)) for name in ("surveys", "strata")
             if name in request.form}  # fmt: skip
    return {**boxes.get(step, {}), **request.form, **lists}
