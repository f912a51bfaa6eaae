"""What the reader must know of an experiment's result, in sentences that cannot be misread."""

from __future__ import annotations

from collections.abc import Iterator

from feedbackhub import Query
from feedbackhub.reporting import Words
from feedbackhub.statistics import MISMATCH, Interval, few

from .contrasts import Contrast, against_first
from .effect_figures import verdict
from .effect_more import wrong
from .effect_study import Study
from .looking import DECIDED
from .records import ENDED, RUNNING, STOPPED

__all__ = ["notes"]


def notes(t: Words, query: Query, study: Study) -> Iterator[str]:
    """Yield what the reader must know.

    Args:
        t: The words.
        query: What was asked for.
        study: The experiment.
    """
    yield _plan(t, study)
    if study.bent:
        yield t(
            "This is not the plan that was frozen: somebody changed it in the database. Its results prove nothing."
        )
        return
    if study.broken:
        yield from _broken(t, study)
        return
    yield from _stage(t, study)
    for contrast in against_first(study):
        yield _result(t, contrast)
    yield from _thin(t, study)
    if study.torn:
        yield t(
            "{n} people turned out to be customers in several arms and are left out; they are listed below.",
            n=len(study.torn),
        )
    if query.by or query.where or query.survey:
        yield t(
            "An experiment is read whole: days, filters and groups of this page change nothing. Picking groups after "
            "the fact finds what chance has put there."
        )


def _plan(t: Words, study: Study) -> str:
    plan = study.plan
    goal = (
        t("a second rating that is not bad")
        if plan.won.score_at_least is None
        else t("a second rating of {n} of 100 or more", n=plan.won.score_at_least)
    )
    rule = t("e-process, at any look") if plan.stopping == "e-process" else t("once, at the planned end")
    return t(
        "The plan was frozen at the start ({day}, {digest}): won back means {goal} within {window} days of the second "
        "ask, which comes {reask} days after the case; {n} customers in an arm, alpha {alpha}, decided {rule}.",
        day=study.experiment.started_at.date().isoformat() if study.experiment.started_at else "–",
        digest=study.experiment.digest[:12], goal=goal, window=plan.window_days, reask=plan.reask_days, n=plan.n_each,
        alpha=t.number(plan.alpha, "g"), rule=rule,
    )  # fmt: skip


def _broken(t: Words, study: Study) -> Iterator[str]:
    assigned = study.ratio_assigned
    what = t("people assigned") if assigned is not None and assigned.broken else t("second answers")
    yield t(
        "No result is shown: the numbers of {what} in the arms differ so much from the plan that chance is no "
        "explanation (sample-ratio test, p < {limit}). Something sorts customers, so the arms cannot be compared. Look "
        "for it before you start another experiment: a channel that fails in one arm, people who act before the arm is "
        "drawn, answers that are lost.",
        what=what, limit=MISMATCH,
    )  # fmt: skip


def _stage(t: Words, study: Study) -> Iterator[str]:
    waiting = len(study.counted) - study.n
    if study.experiment.state == RUNNING:
        yield t(
            "The experiment runs. Only numbers that hold however often you look are shown: the evidence (e-process) "
            "decides, the interval is a confidence sequence. Others would find a difference in one of four experiments "
            "where there is none."
        )
        if study.plan.stopping == "fixed":
            yield t("This plan decides once, at its end: what is shown until then is for watching, not for deciding.")
    elif not study.over:
        yield t(
            "Nobody is taken in any more, but windows are still open; numbers for a single look come when all are over."
        )
    if waiting and not study.over:
        yield t("{n} customers are not counted yet: their window, or that of somebody before them, is open.", n=waiting)
    if waiting and study.over:
        yield t("{n} customers are left out: a clock that ran ahead dated them far into the future.", n=waiting)
    if study.experiment.state != RUNNING:
        yield _why_over(t, study)


def _why_over(t: Words, study: Study) -> str:
    if study.experiment.state == ENDED and study.experiment.reason == DECIDED:
        decided = [arm for arm, each in study.evidence.items() if each.process.stopped]
        if not decided:
            return t(
                "The experiment ended early, for the evidence sufficed then. What was found out later, such as "
                "answers discarded or customers who are one person, has weakened it: it suffices no longer."
            )
        return t(
            "The experiment ended early, for the evidence sufficed ({arms}). The intervals that hold at every look "
            "therefore go first: ordinary ones are too narrow where one may stop as soon as it looks good.",
            arms=", ".join(decided),
        )  # fmt: skip
    if study.experiment.state == STOPPED:
        return t(
            "A person stopped the experiment ({reason}), so the intervals that hold at every look go first.",
            reason=study.experiment.reason or "–",
        )
    if study.plan.stopping == "e-process":
        return t(
            "The experiment went to its planned end without enough evidence for a decision; it could have ended "
            "earlier, so the intervals that hold at every look go first."
        )
    return t("The experiment went to its planned end and is looked at once, as planned.")


def _result(t: Words, contrast: Contrast) -> str:
    arm, first = contrast.arm, contrast.against
    if not contrast.one.whole or not contrast.other.whole:
        return t("{arm} against {first}: no data, for one of the arms holds nobody whose outcome is known.",
                 arm=arm, first=first)  # fmt: skip
    if contrast.shown and not contrast.is_sized:
        return t(
            "{arm} against {first}: decided, {verdict}. Chance drew the arms, so this is what the treatment did.",
            arm=arm, first=first, verdict=verdict(t, contrast),
        )  # fmt: skip
    if few(contrast.n) == "counts":
        return t("{arm} against {first}: too few to say.", arm=arm, first=first)
    if contrast.interval is None or contrast.difference is None:
        return t("{arm} against {first}: too early for an interval that holds at every look.", arm=arm, first=first)
    return _between(t, contrast, contrast.difference, contrast.interval)


def _between(t: Words, contrast: Contrast, difference: float, interval: Interval) -> str:
    arm, first = contrast.arm, contrast.against
    low, high = (t.number(end, "+.1f") for end in interval.times(100))
    if contrast.safe and contrast.is_sized and not contrast.shown:
        return t(
            "{arm} against {first}: not decided by the evidence, although the interval goes from {low} to {high} "
            "percentage points.",
            arm=arm, first=first, low=low, high=high,
        )  # fmt: skip
    if not contrast.shown:
        return t(
            "{arm} against {first}: no difference shown; the true one may lie anywhere from {low} to {high} percentage "
            "points.",
            arm=arm, first=first, low=low, high=high,
        )  # fmt: skip
    lead = t.number(100 * difference, "+.1f")
    return t(
        "{arm} against {first}: {lead} percentage points won back, {low} to {high}. Chance drew the arms, so this is "
        "what the treatment did.",
        arm=arm, first=first, lead=lead, low=low, high=high,
    )  # fmt: skip


def _thin(t: Words, study: Study) -> Iterator[str]:
    if study.n and not any(each.asked_at for units in study.known.values() for each in units):
        yield t("Nobody was asked again yet, so that nobody could answer: look at the second ask before the result.")
    elif study.n and not sum(study.answered.values()):
        yield t("Nobody answered the second ask: silence alone says nothing about the arms.")
    for arm in study.plan.arms:
        units = study.known[arm.name]
        without = sum(bool(wrong(arm, each)[0]) for each in units)
        if 2 * without > len(units) and few(len(units)) != "counts":
            yield t(
                "Most customers in the arm {arm} did not get what it says, so the numbers say little about it: look at "
                "the cases for letters that are missing, and whether the text of the plan is there.",
                arm=arm.name,
            )  # fmt: skip
