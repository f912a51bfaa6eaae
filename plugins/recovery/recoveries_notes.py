"""What the reader must know of the report on recoveries to read it rightly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from feedbackhub import Hub
from feedbackhub.reporting import Words
from feedbackhub.reporting.assumptions import plain

from .money_assumptions import CLAIM
from .recoveries_figures import why_not
from .recoveries_found import Found
from .recoveries_money import PAID

__all__ = ["notes"]


def notes(t: Words, hub: Hub, found: Found) -> Iterator[str]:
    """Yield the sentences."""
    yield from _of_answers(t, found)
    yield from _of_customers(t, hub, found)
    yield from _of_money(t, found)


def _of_answers(t: Words, found: Found) -> Iterator[str]:
    if not found.cases.opened:
        yield t("No case was opened in these days.")
    if found.query.basis == "contact" and found.cases.opened:
        yield t("Cases are counted by the day on which they were opened, whatever day is chosen for contacts.")
    if found.again.all.asked:
        yield t(
            "Second answers rise by themselves (regression to the mean): a better one is no proof that making good "
            "worked. Only a trial in which chance decides tells; see the report on the apology."
        )
    elif found.cases.opened:
        yield t("Nobody who was asked again has answered or let the time pass, so nothing is said of second answers.")
    if not found.seen.gestures:
        yield t("No gesture was noted in these days: no apology, no compensation, no call back.")
    if found.again.other_question:
        yield t(
            "{n} second answers are to another question than the first one, or on another scale; both are compared "
            "from 0 to 100.", n=found.again.other_question,
        )  # fmt: skip


def _of_customers(t: Words, hub: Hub, found: Found) -> Iterator[str]:
    days = found.within + found.follow
    if not found.seen.starts:
        yield t("No known customer gave a bad answer in these days, so nothing is said of who stayed.")
        return
    if found.young:
        last = (hub.clock.now() - timedelta(days=days)).date().isoformat()
        yield t(
            "{n} customers are left out, as their {days} days have not passed yet; choose days up to {last} to follow "
            "all to the end.", n=found.young, days=days, last=last,
        )  # fmt: skip
    if found.seen.strangers:
        yield t("Of {n} bad answers nobody knows whose they are, so nobody can follow them.", n=found.seen.strangers)
    if found.shown.unknown:
        yield t("Of {n} customers your system does not say whether they stayed; they are left out.",
                n=found.shown.unknown)  # fmt: skip
    if found.shown.left_out:
        yield t("{n} customers could be compared with nobody alike and are left out of the difference.",
                n=found.shown.left_out)  # fmt: skip
    if not found.by_attribute:
        yield t(
            "Whoever makes contact again counts as having stayed. That contact may be a complaint: where your own "
            "system knows who is still a customer, enter that attribute on the page of assumptions."
        )
    yield _what_it_shows(t, found)


def _what_it_shows(t: Words, found: Found) -> str:
    if found.lead:
        return t(
            "Chance decided who was given something, so the difference is what that did, whatever was done for the "
            "others afterwards. Its interval holds however often you look."
        )
    return t(
        "Association, not proof: people chose whose case to make good, and customers who are easier to please may have "
        "stayed anyway. First answer and segment are held equal; the rest is not."
    )


def _of_money(t: Words, found: Found) -> Iterator[str]:
    claim = found.held[CLAIM].range
    if found.money.ratio is None:
        yield t("No return is worked out: {why}.", why=why_not(t, found))
    else:
        if found.money.ratio.low <= 1 <= found.money.ratio.high:
            yield t("The return may lie above or below 1: it is not shown that the money comes back.")
        yield t(
            "The return is an estimate: what was measured and what is assumed were drawn by chance 10,000 times, with "
            "a fixed seed; 95 of 100 runs lie between the ends shown."
        )
    unpriced = found.account.costs.unpriced[PAID]
    if unpriced and found.account.costs.priced[PAID]:
        yield t("{n} compensations have no cost noted; they count as the mean of the others.", n=unpriced)
    if claim is not None:
        yield t(
            "It is often quoted that handling complaints returns {low} to {high} times what it costs. No study that "
            "found it is known, and it enters no calculation here.", low=plain(claim.low),
            high=plain(claim.high),
        )  # fmt: skip
