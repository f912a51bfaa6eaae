"""The core: the one object that holds what every step of the loop needs."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from ..contract.errors import FeedbackhubError
from ..machinery.artist import Artist
from ..machinery.clock import Clock
from ..machinery.containment import Containment
from ..machinery.counting import Counts
from ..machinery.i18n import I18n
from ..machinery.links import Links, new_public_id
from ..machinery.plugins import Plugins
from ..machinery.rendering import Renderer
from ..machinery.settings import Settings
from ..store.store import Store
from .analyst import Analyst
from .bell import Bell
from .shelf import Shelf

log = logging.getLogger(__name__)
#: What a channel may take to let go of its connections.
CLOSE_SECONDS = 2.0


@dataclass(frozen=True)
class Core:
    """Settings, store, clock, links, texts and plugins of one instance.

    `counts` are this process's own since it began; what is counted in `sends` goes to the database from time to time,
    where it is added to what all other processes have sent. `process` names this process among them.
    """

    settings: Settings
    store: Store
    clock: Clock
    links: Links
    i18n: I18n
    renderer: Renderer
    plugins: Plugins
    shelf: Shelf
    analyst: Analyst
    containment: Containment = field(default_factory=Containment)
    counts: Counts = field(default_factory=Counts)
    sends: Counts = field(default_factory=Counts)
    process: str = field(default_factory=new_public_id)
    bell: Bell = field(default_factory=Bell)
    artist: Artist = field(default_factory=Artist)

    def close(self) -> None:
        """Let go of channels and the database."""
        self.containment.stop()
        self.analyst.close()
        self.artist.close()
        for plugin, channel in self.plugins.each("feedbackhub_channels"):
            try:
                self.containment.call(plugin, f"close {channel.name}", channel.close, limit=CLOSE_SECONDS)
            except FeedbackhubError as error:
                log.warning("%s", error)
        self.store.close()
