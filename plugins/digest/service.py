"""All that is done with digests, by pages and by the API alike."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable

from feedbackhub import N_, Hub, Problem, Refused

from .addresses import read_addresses
from .book import Book, Digest
from .history import Edition, History
from .making import Maker
from .readers import Recipients
from .settings import Settings
from .wanted import Wanted, checked

__all__ = ["Service"]

MOST_DIGESTS = 200


class Service:
    """The digests of one instance, and all that is done with them.

    Args:
        hub: The plugin's hub.
        settings: The plugin's settings.
    """

    def __init__(self, hub: Hub, settings: Settings) -> None:
        self.hub, self.settings = hub, settings
        self.book, self.history, self.recipients = Book(hub), History(hub), Recipients(hub)
        self.maker = Maker(hub, settings)

    def add(self, wanted: Wanted, by: str) -> Digest:
        """Make a digest; raises Refused."""
        sound, addresses = self._sound(wanted)
        if len(self.book.all()) >= MOST_DIGESTS:
            raise Refused(Problem("", N_("There are {n} digests already."), {"n": MOST_DIGESTS}))
        made = self.book.add(sound, by)
        self.recipients.set(made.id, addresses)
        self.hub.log.info("digest %s was made", made.id)
        return made

    def change(self, id_: str, wanted: Wanted) -> Digest:
        """Change a digest; raises NotFound, Refused."""
        before = self.book.get(id_)
        sound, addresses = self._sound(wanted, before.reports)
        changed = self.book.change(id_, sound)
        self.recipients.set(id_, addresses)
        return changed

    def try_out(self, id_: str, address: str) -> Edition:
        """Send a digest as it would be now to one address, which ends nobody's; raises NotFound."""
        return self.maker.begin(self.book.get(id_), "test", address)

    def preview(self, id_: str) -> Edition:
        """Have a digest made as it would be now, to be looked at; raises NotFound."""
        return self.maker.begin(self.book.get(id_), "preview")

    @property
    def can_send(self) -> bool:
        """Whether the channel is there that digests are sent through."""
        return "email" in self.hub.channels().get(self.settings.channel, ())

    @property
    def can_draw(self) -> bool:
        """Whether charts become pictures: the extra that draws them is installed."""
        return importlib.util.find_spec("vl_convert") is not None

    def _sound(self, wanted: Wanted, kept: Iterable[str] = ()) -> tuple[Wanted, list[str]]:
        """Return what is wanted and whom it goes to, once nothing is wrong; raises Refused with every reason."""
        problems: list[Problem] = []
        sound, addresses = wanted, []
        try:
            sound = checked(wanted, list(self.hub.analyses()), list(kept))
        except Refused as wrong:
            problems += wrong.problems
        try:
            addresses = read_addresses(wanted.addresses, self.settings.domains)
        except Refused as wrong:
            problems += wrong.problems
        if problems:
            raise Refused(*problems)
        return sound, addresses
