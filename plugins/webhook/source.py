"""One system that sends to us, as the core meets it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedbackhub import ContactEvent, Data, Hub, Incoming, NotGenuine, Parsed, Refused, Setup, Source

from .gate import Gate
from .guides import setup_of
from .lookups import Lookups
from .mapping import Reader
from .paths import find, text_of
from .placeholders import filled
from .settings import SourceSettings

__all__ = ["WebhookSource"]

HEADER_PATH = re.compile(r"_headers\.([a-z0-9_]+)")
QUERY_PATH = re.compile(r"_query\.([A-Za-z0-9_]+)")


class WebhookSource(Source):
    """Reads any system's JSON or form body by its settings.

    Args:
        name: The source's name.
        settings: How its requests are checked and read.
        hub: What it may use.
        trial: Only for trying a preset; nobody can call it.
    """

    data = Data(sends=("id",))

    def __init__(self, name: str, settings: SourceSettings, hub: Hub, trial: bool = False) -> None:
        self.name, self.settings, self.trial, self._hub = name, settings, trial, hub
        self.option = f"plugins.webhook.sources.{name}"
        self.reader = Reader(name, settings)
        self.gate = Gate(settings.verify, lambda: hub.secret(f"source:{name}"), f"{self.option}.verify.secret")
        self.lookups = Lookups(hub, self.reader, self.option)
        self.identifying = settings.identifying or ("email", "phone", f"id:{self.reader.system}")
        read = " ".join(path for paths in settings.paths.values() for path in paths) + " "
        read += " ".join(each.path for each in (*settings.ended, *settings.reopened, *settings.ignore,
                                                *settings.do_not_ask))
        self.keeps_headers = tuple(sorted({each.replace("_", "-") for each in HEADER_PATH.findall(read)}))
        self.keeps_query = tuple(sorted(set(QUERY_PATH.findall(read))))

    def verify(self, incoming: Incoming) -> None:
        """Make sure that a request comes from the other system."""
        if self.trial:
            raise NotGenuine("this source is only for trying")
        self.gate.check(incoming)

    def delivery_id(self, incoming: Incoming) -> str:
        """Return the sender's own id of a request; empty when it gives none."""
        if not self.settings.delivery:
            return ""
        try:
            event = next(iter(self.reader.events(incoming)), {})
            return text_of(find(self.settings.delivery, event)[0])[:200]
        except (Refused, ValueError):
            return ""

    def acknowledge(self, incoming: Incoming) -> tuple[bytes, str]:
        """Return the configured answer; the core's own when there is none, or a value for it is missing."""
        if not self.settings.reply:
            return b"", ""
        try:
            event = next(iter(self.reader.events(incoming)), {})
            said = filled(self.settings.reply, self.settings.address, self.reader.fields(event))
        except (Refused, ValueError):
            return b"", ""
        return (said.encode(), "application/json") if said else (b"", "")

    def parse(self, incoming: Incoming) -> Sequence[Parsed]:
        """Read a request."""
        return self.reader.read(incoming)

    def enrich(self, event: ContactEvent, incoming: Incoming) -> ContactEvent:
        """Look up what the request lacks."""
        return self.lookups.enrich(event, incoming)

    def setup(self, language: str = "en") -> Setup:
        """Return what an administrator needs to connect the other system."""
        return setup_of(self.name, self.settings, self.gate, self._hub.public_url, language)
