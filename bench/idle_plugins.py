"""Measure what fifty idle plugins add to a submission: ``python -m bench.idle_plugins``.

Two instances, one with and one without them, take turns within one run; CPU seconds of the whole process are compared:
of the submissions alone, and with what the engine does afterwards. An idle plugin brings a channel, a rule, a page, a
desk section, a task and a subscriber for events that do not happen.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from statistics import median
from types import SimpleNamespace

from feedbackhub import (
    Ask,
    Channel,
    Contact,
    DeskSection,
    Effects,
    Event,
    History,
    Message,
    Page,
    PageResult,
    Receipt,
    Rule,
    Subscriber,
    Task,
    hookimpl,
)
from feedbackhub.loop.collect import submit
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.intake import record_contact
from feedbackhub.testing import Instance, make_contact_event

IDLE = 50


def idle(name_: str) -> SimpleNamespace:
    """Return a plugin that waits for what never comes."""

    class Line(Channel):
        name = name_
        reaches = (name_,)

        def deliver(self, message: Message) -> Receipt:
            return Receipt()

    class Silent(Rule):
        name = name_

        def decide(self, contact: Contact, history: History, ask: Ask) -> Ask:
            return ask

    class Section(DeskSection):
        name = name_
        title = name_

        def show(self, seat: object) -> None:
            return None

    class Listener(Subscriber):
        name = "listener"
        types = (f"{name_}.never",)

        def handle(self, events: Sequence[Event]) -> Effects:
            return Effects()

    return SimpleNamespace(
        feedbackhub_channels=hookimpl(lambda hub: [Line()]),
        feedbackhub_rules=hookimpl(lambda hub: [Silent()]),
        feedbackhub_desk_sections=hookimpl(lambda hub: [Section()]),
        feedbackhub_subscribers=hookimpl(lambda hub: [Listener()]),
        feedbackhub_tasks=hookimpl(lambda hub: [Task("never", print)]),
        feedbackhub_pages=hookimpl(lambda hub: [Page("", "", "agent", lambda request: PageResult(body=b""))]),
    )


class Measured:
    """One instance, and what its rounds cost."""

    def __init__(self, folder: Path, plugins: int) -> None:
        folder.mkdir()
        self.here = Instance(folder, {f"idle-{n}": idle(f"idle-{n}") for n in range(plugins)})
        self.engine = Engine(self.here.core)
        self.submitting: list[float] = []
        self.whole: list[float] = []
        self._number = 0

    def round(self, n: int) -> None:
        """Take some submissions and let the engine do what follows."""
        invitations = [self._invitation() for _ in range(n)]
        self.here.run(timedelta(hours=2))
        began = time.process_time()
        for each in invitations:
            submit(self.here.core, each, {"satisfaction": 4, "comment": "Fine."})
        between = time.process_time()
        self.engine.drain()
        self.submitting.append((between - began) / n)
        self.whole.append((time.process_time() - began) / n)

    def _invitation(self) -> str:
        self._number += 1
        event = make_contact_event(str(self._number), customer={"email": f"customer-{self._number}@example.com"})
        found = record_contact(self.here.core, event).contact.invitation
        if found is None:
            raise RuntimeError("the bench's contact was not asked about")
        return found.id


def main() -> None:
    """Run both and print what the idle plugins add."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=200, help="submissions in each round")
    parser.add_argument("--rounds", type=int, default=7, help="rounds, of which the median counts")
    parser.add_argument("--plugins", type=int, default=IDLE, help="idle plugins")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        without, with_ = Measured(Path(folder) / "without", 0), Measured(Path(folder) / "with", chosen.plugins)
        for _ in range(chosen.rounds):
            without.round(chosen.n)
            with_.round(chosen.n)
        _print("submission", without.submitting, with_.submitting)
        _print("submission and what follows", without.whole, with_.whole)
        without.here.close()
        with_.here.close()


def _print(what: str, without: list[float], with_: list[float]) -> None:
    before, after = median(without) * 1000, median(with_) * 1000
    print(f"{what}: {before:.2f} CPU-ms without, {after:.2f} with idle plugins: {after / before - 1:+.1%}")


if __name__ == "__main__":
    main()
