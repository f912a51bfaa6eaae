"""A company on a clock that stands still, and what its agents do there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from feedbackhub.loop.collect import submit
from feedbackhub.testing.instance import Instance
from feedbackhub_plugins.recovery.asking_again import AskingAgain
from feedbackhub_plugins.recovery.book import Cases
from feedbackhub_plugins.recovery.case import Case
from feedbackhub_plugins.recovery.deeds import Deeds
from feedbackhub_plugins.recovery.drafting import Wish
from feedbackhub_plugins.recovery.letters import Letters
from feedbackhub_plugins.recovery.offers import Offer
from feedbackhub_plugins.recovery.settings import Settings

BUDI = "budi@example.com"
ANN = {"email": "ann@example.com", "name": "Ann", "language": "en"}


@dataclass
class Company:
    """An instance and the plugin's parts, as its pages use them."""

    instance: Instance
    contacts: int = field(default=0)

    def __post_init__(self) -> None:
        self.hub = self.instance.hub("recovery")
        self.settings = self.hub.settings(Settings)
        self.letters = Letters(self.hub, self.settings.offers)
        self.asking = AskingAgain(self.hub, self.settings.reask)
        self.cases, self.deeds = Cases(self.hub), Deeds(self.hub, self.settings)

    def bad_answer(self, customer: dict[str, Any] | None = None, **fields: Any) -> Case:
        """Let a contact end and its customer answer badly, and return the case that this opens."""
        self.contacts += 1
        response = self.instance.answer(
            self.instance.ask(f"c{self.contacts}", customer=customer or ANN, **fields), 2, "It took weeks."
        )
        self.instance.run(timedelta(minutes=31))
        case = self.cases.find(response.public_id)
        assert case is not None
        return case

    def approved(self, case: Case, text: str = "apology", **wish: Any) -> Offer:
        """Draft a letter and approve it."""
        return self.letters.approve(self.letters.draft(case, Wish(text, **wish), BUDI, signed=BUDI), BUDI)

    def sent(self, case: Case, text: str = "apology", **wish: Any) -> Offer:
        """Let a letter go, and return it when it has arrived."""
        offer = self.approved(case, text, **wish)
        self.pass_time(timedelta(minutes=6))
        return self.letters.offers.get(offer.id)

    def closed(self, case: Case, outcome: str = "solved") -> Case:
        """Close a case."""
        closed = self.deeds.close(self.cases.get(case.id), BUDI, outcome)
        self.pass_time()
        return self.cases.get(closed.id)

    def answered_again(self, case: Case, rating: int) -> Case:
        """Let the customer answer the second ask."""
        submit(self.instance.core, self.cases.get(case.id).invitation, {"satisfaction": rating}, via="api")
        self.pass_time(timedelta(minutes=31))
        return self.cases.get(case.id)

    def pass_time(self, span: timedelta = timedelta(0)) -> None:
        """Let time pass, and everything that follows from it."""
        self.instance.run(span)
        self.instance.run()

    def kinds(self, case: Case) -> list[str]:
        """Return what happened to a case, step by step."""
        return [each.kind for each in self.cases.history(case.id)]
