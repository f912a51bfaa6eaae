"""The numbers and tables of what agents chose; gestures stand in the order of their names, never of their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from feedbackhub import Figure, ReportTable, Way
from feedbackhub.reporting import N_, Words, share
from feedbackhub.statistics import few, wilson

from .effect_arms import Row, percent
from .gestures_compared import APART, LEAST, NONE, Beside, Names, share_good
from .gestures_read import Case, Question

__all__ = ["balance_table", "beside_table", "figures", "name_of", "shares_table"]

KINDS = {
    "apology": N_("apology"), "compensation": N_("compensation"), "call_back": N_("call-back"),
    "apology: plain": N_("apology, plain"), "apology: explanation": N_("apology with an explanation"),
    "apology: promise": N_("apology with a promise"),
}  # fmt: skip
DIMENSION_NAMES = {
    "score": N_("First rating"), "channel": N_("Channel"), "team": N_("Team"), "topic": N_("Topic"),
    "product": N_("Product"), "language": N_("Language"), "segment": N_("Segment"), "country": N_("Country"),
}  # fmt: skip


def name_of(t: Words, names: Names) -> str:
    """Return what somebody received, in words."""
    known = [t(KINDS[each]) if each in KINDS else each.replace("_", " ") for each in sorted(names)]
    return " + ".join(known) or t("no gesture")


def way_of(question: Question | None) -> Way:
    """Return the way to the answers that a share is about."""
    if question is None:
        return Way(values={"low": "yes"})
    score = next(iter(question.values)) if len(question.values) == 1 else ""
    return Way(values={"question": question.id, **({"score": score} if score else {})})


def figures(t: Words, groups: Mapping[Names, Sequence[Case]], question: Question | None) -> Iterator[Figure]:
    """Yield the share of later answers that count: with any gesture, without one, and by gesture."""
    some = [case for names, cases in groups.items() if names for case in cases]
    label, way = outcome_of(t, question), way_of(question)
    yield share(t, t("{outcome}, after any gesture", outcome=label), share_good(some), way if some else None)
    none = groups.get(NONE, ())
    yield share(t, t("{outcome}, without a gesture", outcome=label), share_good(none), way if none else None)
    for names, cases in groups.items():
        # Rare combinations stand in the table alone.
        if names and few(share_good(cases).whole) not in ("none", "counts"):
            yield share(t, t("{outcome}: {gesture}", outcome=label, gesture=name_of(t, names)), share_good(cases), way)


def outcome_of(t: Words, question: Question | None) -> str:
    """Return what is counted, in words."""
    if question is None:
        return t("Second rating not bad")
    return t("{question} = {values}", question=question.id, values=", ".join(sorted(question.values)))


def shares_table(t: Words, groups: Mapping[Names, Sequence[Case]], question: Question | None) -> ReportTable:
    """Return how many later answers count, by what was done before."""
    rows: list[Row] = []
    for names, cases in groups.items():
        found = share_good(cases)
        interval = None if few(found.whole) in ("none", "counts") else wilson(found)
        low, high = interval.times(100) if interval else (None, None)
        value = percent(found.value) if interval else None
        rows.append((name_of(t, names), len(cases), found.whole, found.part, value, low, high, t.few(few(found.whole))))
    columns = (
        t("Gesture"), t("Cases"), t("With a later answer"), outcome_of(t, question), t("Share %"), t("Interval from"),
        t("Interval to"), t("Note"),
    )  # fmt: skip
    note = t(
        "Wilson's intervals. Agents chose who received what, so these groups are different people: the shares say how "
        "answers go with gestures, not what a gesture brings about."
    )
    return ReportTable(t("Later answers by gesture"), columns, rows, note, [way_of(question)] * len(rows))


def beside_table(t: Words, beside: Sequence[Beside]) -> ReportTable:
    """Return each gesture beside none among people alike in what is known, or why they cannot be compared."""
    rows: list[Row] = [_beside(t, each) for each in beside]
    columns = (
        t("Gesture beside none"), t("What may be said"), t("People"), t("People without"),
        t("Plain difference, points"), t("Weighted (IPW)"), t("Doubly robust (AIPW)"), t("Interval from"),
        t("Interval to"), t("E-value"), t("E-value of the interval"),
    )  # fmt: skip
    note = t(
        "Each person counts with one case. Weights make the groups alike in the first rating and in the known "
        "dimensions; intervals allow for several gestures. The E-value says how strongly something that nobody "
        "noted, such as how bad it was, would have to go with both the gesture and the answer to explain the plain "
        "ratio away: near 1 hardly anything is needed. Nothing is compared below {n} comparable people in a group, "
        "and gestures are never ranked.",
        n=LEAST,
    )  # fmt: skip
    return ReportTable(t("Among people alike in what is known (association)"), columns, rows, note)


def _beside(t: Words, each: Beside) -> Row:
    name, found, estimate = name_of(t, each.gestures), each.found, each.estimate
    if found is None or estimate is None:
        sizes = (found.treated.whole, found.others.whole) if found else (None, None)
        return (name, _why_not(t, each), *sizes, *[None] * 7)
    value, interval = estimate
    if not interval.excludes_zero:
        said = t("no difference shown")
    else:
        said = t("higher share; association only") if interval.low > 0 else t("lower share; association only")
    if any(abs(balance.after) > APART for balance in found.balance):
        said = t("groups stay different: {said}", said=said)
    return (
        name, said, found.treated.whole, found.others.whole, percent(found.naive), percent(found.weighted),
        percent(value), *interval.times(100), each.e_value, each.e_value_near,
    )  # fmt: skip


def _why_not(t: Words, each: Beside) -> str:
    if each.why_not == "apart":
        return t("not compared: what is known tells who received it, so nobody alike is left")
    return t("not compared: fewer than {n} comparable people in a group", n=LEAST)


def balance_table(t: Words, each: Beside) -> ReportTable:
    """Return how far the groups lie apart before and after weighting, and how much the weights rest on."""
    found = each.found
    rows: list[Row] = []
    if found is not None:
        named = zip(each.known, found.balance, strict=True)
        rows = [(_known(t, name), balance.before, balance.after) for name, balance in named]
        rows += [
            (t("Chance to receive it, smallest"), None, found.chances.low),
            (t("Chance to receive it, largest"), None, found.chances.high),
            (t("People with hardly anybody alike in the other group"), None, found.outside),
            (t("Comparable people with it"), found.treated.whole, found.effective_treated),
            (t("Comparable people without"), found.others.whole, found.effective_others),
        ]
    note = t(
        "Differences are in standard deviations; beyond {apart} the groups are still different people. Beyond chances "
        "of 0.05 and 0.95 hardly anybody alike received the other.",
        apart=APART,
    )  # fmt: skip
    title = t("How alike are the groups? {gesture}", gesture=name_of(t, each.gestures))
    return ReportTable(title, (t("What is known"), t("Before weighting"), t("After weighting")), rows, note)


def _known(t: Words, name: str) -> str:
    dimension, _, value = name.partition(": ")
    head, given = t(DIMENSION_NAMES[dimension]), value or t("(not given)")
    return head if dimension == "score" else f"{head}: {given}"
