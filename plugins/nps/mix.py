"""Whether the mix of promoters, passives and detractors moved, which an equal score may hide."""

from __future__ import annotations

from feedbackhub import ReportTable
from feedbackhub.reporting import Words
from feedbackhub.statistics import FLAGGED_BELOW, Votes, mix_test, nps_difference

__all__ = ["mix_hidden", "mix_table"]

SURE = 0.05


def mix_table(t: Words, now: Votes, then: Votes) -> ReportTable | None:
    """Return both mixes beside each other with what Pearson's chi-square says; None when there are few answers.

    Args:
        t: The words.
        now: The votes of the period.
        then: Those of the period before.
    """
    test = mix_test(now, then)
    if min(now.n, then.n) < FLAGGED_BELOW:
        return None
    kinds = (
        (t("Promoters"), now.promoters, then.promoters),
        (t("Passives"), now.passives, then.passives),
        (t("Detractors"), now.detractors, then.detractors),
    )
    rows = [(kind, n, round(100 * n / now.n, 1), m, round(100 * m / then.n, 1)) for kind, n, m in kinds]
    columns = (t("Kind"), t("Answers now"), t("Share now %"), t("Answers before"), t("Share before %"))
    if test is None:
        return ReportTable(t("Mix of answers"), columns, rows, t("All answers are of one kind, so there is no test."))
    return ReportTable(t("Mix of answers"), columns, rows, said(t, test.p))


def mix_hidden(now: Votes, then: Votes) -> bool:
    """Tell whether the mix moved while the score shows no difference."""
    difference, test = nps_difference(now, then), mix_test(now, then)
    if difference is None or test is None or min(now.n, then.n) < FLAGGED_BELOW:
        return False
    return not difference.excludes_zero and test.p < SURE


def said(t: Words, p: float) -> str:
    """Say what the test found."""
    probable = t("p < 0.001") if p < 0.001 else t("p = {p}", p=t.number(p, ".3f"))
    if p >= SURE:
        return t("The mix shows no difference from the days before (chi-square, {p}).", p=probable)
    return t("The mix has changed from the days before (chi-square, {p}).", p=probable)
