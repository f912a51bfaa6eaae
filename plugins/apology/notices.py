"""What the core's pages say of experiments: to whom one applies, and which ones run."""

from __future__ import annotations

from feedbackhub import DeskSection, Hub, Piece, Seat, Slot
from feedbackhub.reporting import N_

from .book import Experiments
from .ledger import kin_of
from .records import RUNNING
from .ripe import is_open

__all__ = ["Notices", "sections_of", "slots_of"]

HELD = N_(
    "In the experiment “{name}” until {day}, arm: {arm}. Solve the problem as ever, and give whatever is owed; an "
    "apology or a compensation beyond that changes what the experiment measures."
)
RUNS = N_("{name}: {n} of {planned} customers")


def slots_of(hub: Hub) -> list[Slot]:
    """Return the fillings."""
    return [Slot("home", N_("Experiments"), "manager", Notices(hub).home)]


def sections_of(hub: Hub) -> list[DeskSection]:
    """Return the pieces of the card, fetched after it so that it waits for none."""
    return [Notices(hub)]


class Notices(DeskSection):
    """What each piece says.

    Args:
        hub: The plugin's hub.
    """

    name = "apology"
    title = N_("Experiment")

    def __init__(self, hub: Hub) -> None:
        self._hub, self._book = hub, Experiments(hub)

    def show(self, seat: Seat) -> Piece | None:
        """Say that a customer is in an experiment, while the window is open."""
        running = {each.id: each for each in self._book.every() if each.state == RUNNING}
        if seat.customer is None or not running:
            return None
        kin, now = kin_of(seat.customer.public_id, self._hub.read.merged()), self._hub.clock.now()
        said = self._hub.translate(HELD, seat.language)
        lines = tuple(
            said.format(name=running[each.experiment].name, day=each.window_ends_at.date().isoformat(), arm=each.arm)
            for each in self._book.of_customers(kin)
            if each.experiment in running and is_open(each, now)
        )
        return Piece(lines=lines) if lines else None

    def home(self, seat: Seat) -> Piece | None:
        """Say which experiments run, and how full they are."""
        said = self._hub.translate(RUNS, seat.language)
        lines = tuple(
            said.format(name=each.name, n=self._book.counts(each.id).total(), planned=sum(each.plan.planned().values()))
            for each in self._book.running()
        )
        return Piece(lines=lines) if lines else None
