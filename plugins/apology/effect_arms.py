"""The tables that hold at every stage: who is in which arm, what came back, and whether the ratio is as planned."""

from __future__ import annotations

from collections.abc import Sequence

from feedbackhub import ReportTable
from feedbackhub.reporting import Words
from feedbackhub.statistics import MISMATCH, SampleRatio, few

from .effect_figures import experiment_way, interval_of
from .effect_study import Study
from .plan import Arm

__all__ = ["Row", "arms_table", "looking_table", "percent", "ratio_table", "what_arm"]

Row = tuple[str | int | float | None, ...]


def percent(share: float | None) -> float | None:
    """Return a share as per cent, as tables have it."""
    return None if share is None else 100 * share


def what_arm(t: Words, arm: Arm) -> str:
    """Say what an arm gives."""
    parts = [t("the apology {name}", name=arm.apology)] if arm.apology else []
    if arm.compensation is not None:
        parts.append(arm.compensation.value)
    return " + ".join(parts) or t("nothing before the second ask")


def arms_table(t: Words, study: Study) -> ReportTable:
    """Return each arm with everybody in it, whose outcome is known, and how many of them were won back."""
    rows: list[Row] = []
    for arm in study.plan.arms:
        share = study.shares[arm.name]
        hidden = few(share.whole) in ("none", "counts")
        interval = None if hidden else interval_of(study, share)
        low, high = interval.times(100) if interval else (None, None)
        asked = sum(each.asked_at is not None for each in study.known[arm.name])
        rows.append((
            arm.name, what_arm(t, arm), study.assigned[arm.name], share.whole, asked, study.answered[arm.name],
            share.part, None if hidden or not interval else percent(share.value), low, high,
        ))  # fmt: skip
    columns = (
        t("Arm"), t("Gets"), t("Assigned"), t("Outcome known"), t("Asked again"), t("Answered"), t("Won back"),
        t("Won back %"), t("Interval from"), t("Interval to"),
    )  # fmt: skip
    note = t(
        "Everybody counts in the arm that they were assigned to, whatever they got (intention to treat). An outcome is "
        "known once the window after the second ask is over; whoever kept silent until then is not won back."
    )
    return ReportTable(t("Arms"), columns, rows, note, [experiment_way(study)] * len(rows))


def looking_table(t: Words, study: Study) -> ReportTable:
    """Return what the rule that stops sees: it may be looked at every day."""
    rows: list[Row] = []
    for arm, found in study.evidence.items():
        process, shown = found.process, study.shares[arm].whole and found.interval is not None
        low, high = found.interval.times(100) if found.interval else (None, None)
        rows.append((
            arm, process.blocks, _evidence(process.e), round(1 / process.alpha, 6),
            percent(found.difference) if shown else None, low, high, _decided(t, study, arm),
        ))  # fmt: skip
    columns = (
        t("Arm against {first}", first=study.first), t("Blocks counted"), t("Evidence now"), t("Evidence needed"),
        t("Difference, percentage points"), t("Interval from"), t("Interval to"), t("Decision"),
    )  # fmt: skip
    note = t(
        "The evidence (e-process) says how many times better “the arms differ” foretold the outcomes than “they are "
        "alike”. Once it has reached what is needed the decision stands. It and the interval (confidence sequence) "
        "hold however often you look; with several arms both are stricter, so that they hold together."
    )
    return ReportTable(t("Safe to look at every day"), columns, rows, note)


def _evidence(e: float) -> float:
    """Return the evidence as a table has it: beyond a billion more says nothing, and it must be finite."""
    return min(e, 1e9)


def _decided(t: Words, study: Study, arm: str) -> str:
    found = study.evidence[arm]
    if not min(found.one.whole, found.other.whole):
        return t("no data")
    if not study.is_decided(arm):
        return t("not decided")
    if not found.difference:
        return t("how large the difference is remains open")
    return t("decided: more won back") if found.difference > 0 else t("decided: fewer won back")


def ratio_table(t: Words, study: Study) -> ReportTable:
    """Return whether as many people as planned are in each arm, of those assigned and of those who answered."""
    checks = (
        (t("Assigned"), study.assigned, study.ratio_assigned),
        (t("Second answers"), study.answered, study.ratio_answered),
    )
    rows = [row for name, counts, found in checks for row in _ratio_rows(t, study, name, counts, found)]
    columns = (t("What is counted"), t("Arm"), t("People"), t("Expected"), t("Chi-square"), t("As planned?"))
    note = t(
        "Chance draws the arms, so their sizes must be near the plan (sample-ratio test). Below p = {limit} chance is "
        "no explanation: something sorts people, and no result is shown.",
        limit=MISMATCH,
    )  # fmt: skip
    return ReportTable(t("Are the arms as large as planned?"), columns, rows, note)


def _ratio_rows(
    t: Words, study: Study, name: str, counts: dict[str, int], found: SampleRatio | None
) -> Sequence[Row]:
    if found is None:
        return [(name, arm, 0, None, None, t("no data")) for arm in counts]
    said = t("no: p < {limit}", limit=MISMATCH) if found.broken else t("yes") if found.enough else t("too few to say")
    return [
        (name, arm, n, round(expected, 1), found.chi_square if study.over and at == 0 else None, said)
        for at, ((arm, n), expected) in enumerate(zip(counts.items(), found.expected, strict=True))
    ]
