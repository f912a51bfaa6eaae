"""Row: mails, beside smtplib that sends the finished bytes of the same mail."""

from __future__ import annotations

from collections.abc import Iterator

from bench.mail import measure
from bench.table import Figure, Plan

__all__ = ["rows"]


def rows(plan: Plan) -> Iterator[Figure]:
    """Measure mails."""
    found = measure(plan.n, plan.rounds)
    beside = f"smtplib {found.peer.rate:,.0f}/s, {found.peer.cpu:.2f} CPU-ms; ours {found.ours.rate:,.0f}/s, "
    beside += f"{found.ours.cpu:.2f} CPU-ms"
    what = "of smtplib with finished bytes"
    yield Figure("mail, one commit each", what, found.share * 100, "%", 60, 80, True, beside)
