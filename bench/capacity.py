"""What so many contacts per second need, worked out from measured costs: ``python -m bench.capacity``.

The costs are those that ``make bench`` printed (``docs/figures.md``); change them when these change. A message on
PostgreSQL and the kilobytes of a contact are estimates.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["POSTGRES", "RATES", "SQLITE", "USE", "Costs", "Need", "Use", "need", "table"]

#: Contacts per second.
RATES = (1, 100, 1000)


@dataclass(frozen=True)
class Use:
    """What follows from one contact, on average.

    Args:
        asked: Asks; the others are vetoed by a rule, most by the throttle.
        reminded: Reminders for each ask.
        answered: Answers for each ask.
        looked: Looks at a survey page for each answer.
        cards: Looks at the card.
    """

    asked: float = 0.8
    reminded: float = 0.7
    answered: float = 0.2
    looked: float = 1.5
    cards: float = 1.0

    @property
    def mails(self) -> float:
        """Messages."""
        return self.asked * (1 + self.reminded)

    @property
    def answers(self) -> float:
        """Answers."""
        return self.asked * self.answered

    @property
    def commits(self) -> float:
        """Transactions: the contact, each message and its share of a claim, the answer, the audit of the card."""
        return 1 + 1.1 * self.mails + self.answers + self.cards


@dataclass(frozen=True)
class Costs:
    """Milliseconds of one processor for each operation, in our processes.

    Args:
        intake: A contact over HTTP: decided, invited.
        page: A look at a survey page.
        submission: An answer, durable, with its share of the tallies.
        mail: A message: claimed, composed, sent, noted.
        card: A look at the card, audited.
        kilobytes: What a contact and all that follows take on the disk.
    """

    intake: float
    page: float
    submission: float
    mail: float
    card: float
    kilobytes: float

    def web(self, use: Use) -> float:
        """Milliseconds for each contact in web processes."""
        return self.intake + use.cards * self.card + use.answers * (self.submission + use.looked * self.page)

    def workers(self, use: Use) -> float:
        """Milliseconds for each contact in workers."""
        return use.mails * self.mail


USE = Use()
SQLITE = Costs(intake=6.2, page=1.2, submission=2.5, mail=6.0, card=2.9, kilobytes=4.0)
POSTGRES = Costs(intake=8.8, page=1.3, submission=3.3, mail=6.0, card=4.8, kilobytes=6.0)


@dataclass(frozen=True)
class Need:
    """What a rate needs: processor cores of web processes and workers, commits and messages a second, disk a day."""

    web: float
    workers: float
    commits: float
    mails: float
    gigabytes: float


def need(rate: float, costs: Costs, use: Use = USE) -> Need:
    """Return what so many contacts a second need."""
    return Need(
        rate * costs.web(use) / 1000,
        rate * costs.workers(use) / 1000,
        rate * use.commits,
        rate * use.mails,
        rate * 86_400 * costs.kilobytes / 2**20,
    )


def table(costs: Costs) -> str:
    """Return the needs of all rates as a table in Markdown."""
    lines = [
        "| contacts per second | cores, web | cores, sending | commits per second | messages per second | GB per day |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for rate in RATES:
        needed = need(rate, costs)
        lines.append(
            f"| {rate:,} | {needed.web:.2f} | {needed.workers:.2f} | {needed.commits:,.0f} | {needed.mails:,.0f} "
            f"| {needed.gigabytes:,.1f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    print(f"SQLite\n\n{table(SQLITE)}\n\nPostgreSQL\n\n{table(POSTGRES)}")
