"""Instances that send digests to a real SMTP server, and analyses that say what a test tells them to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from feedbackhub import Analysis, Figure, Hub, Query, Report, ReportTable
from feedbackhub.charts import Spot, trend
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.opening import open_core
from feedbackhub.loop.plugin_views import dress
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.http import Http
from feedbackhub.machinery.plugin_hub import PluginHub
from feedbackhub.machinery.settings import AskEntry, Settings
from feedbackhub_plugins.digest.book import Digest
from feedbackhub_plugins.digest.service import Service
from feedbackhub_plugins.digest.settings import Settings as Options
from feedbackhub_plugins.digest.wanted import Wanted
from tests.mail.smtp_server import Running, Server
from tests.plugin_data.guests import Guest

#: Makes the report of an analysis.
Say = Callable[[Query], Report]
STAFF = ("ann@acme.example", "bob@acme.example")


class Told(Analysis):
    """Says what a test tells it to."""

    title = "Told <i>by</i> a test"

    def __init__(self, name: str, say: Say) -> None:
        self.name, self.say = name, say  # type: ignore[misc]
        self.asked: list[Query] = []

    def report(self, query: Query) -> Report:
        """Return what was told."""
        self.asked.append(query)
        return self.say(query)


def numbers(label: str, value: float | None, by: tuple[float, float, float] | None, few: str = "") -> Say:
    """Return what says a score, and its change with the interval."""
    score = Figure(label, value, 20, 40, 1234, "points", few=few)  # type: ignore[arg-type]
    amount, low, high = by or (None, None, None)
    change = Figure("Change", amount, low, high, None, "points", few=few, change=True)  # type: ignore[arg-type]
    spots = [Spot("2026-02", 20.0, 10.0, 30.0, 40), Spot("2026-03", 30.0, 20.0, 40.0, 50)]
    heads = ("From", "Score", "Low", "High", "Answers")
    chart = trend(f"{label} over time", spots, heads)
    table = ReportTable("Rest", ["A", "B"], [["x", 1]])
    return lambda query: Report("Told?", [score, change], [chart], [table], ["A note & more"])


def fails(_: Query) -> Report:
    """Fail."""
    raise ValueError("out of order")


class Here:
    """An instance, and what a manager does with digests.

    Args:
        core: The instance.
        clock: Its clock.
        server: Where its mails go.
        told: Its analyses beside the bundled ones, by name.
    """

    def __init__(self, core: Core, clock: SetClock, server: Server, told: dict[str, Told]) -> None:
        self.core, self.clock, self.server, self.told = core, clock, server, told
        dress(core)
        self.hub: Hub = PluginHub(
            "digest", core.settings, clock, Http(core.settings.http, clock), core.plugins.curtain
        )
        options = core.settings.plugins.get("digest", {})
        self.service = Service(self.hub, Options.model_validate(options))

    def digest(self, *reports: str, title: str = "Shipping", **more: object) -> Digest:
        """Make a digest of some reports, daily at eight, unless told otherwise."""
        values = {"every": "daily", "reports": reports or ("moved",), "addresses": STAFF, "charts": False, **more}
        return self.service.add(Wanted(title, **values), "boss@acme.example")  # type: ignore[arg-type]

    def run(self, after: timedelta = timedelta(0)) -> None:
        """Let time pass, and the engine do what is due."""
        self.clock.move(after)
        Engine(self.core).drain()

    @property
    def mails(self) -> list[EmailMessage]:
        """What arrived."""
        return [message_from_bytes(taken.raw, policy=default) for taken in self.server.taken]

    @property
    def receivers(self) -> list[str]:
        """To whom, in their order."""
        return [taken.recipients[0] for taken in self.server.taken]


MakeHere = Callable[..., Here]


@pytest.fixture
def server() -> Iterator[Server]:
    """An SMTP server."""
    server = Server()
    controller = Running(server)
    controller.start()
    server.port = controller.port
    yield server
    controller.stop()


@pytest.fixture
def make_here(settings: Settings, clock: SetClock, server: Server) -> Iterator[MakeHere]:
    """Open the instance, of whose analyses some say what a test tells them to."""
    opened: list[Core] = []

    def make(*, digest: dict[str, object] | None = None, mail: bool = True, **changes: object) -> Here:
        told = {
            "moved": Told("moved", numbers("Moved", 32.0, (12.0, 3.0, 21.0))),
            "fell": Told("fell", numbers("Fell", 12.0, (-9.0, -15.0, -2.0))),
            "same": Told("same", numbers("Same", 30.0, (2.0, -3.0, 7.0))),
            "tiny": Told("tiny", numbers("Tiny", None, None, "counts")),
            "broken": Told("broken", fails),
        }
        email = {"host": "127.0.0.1", "port": server.port, "security": "none", "sender": "Acme <us@acme.example>",
                 "hostname": "test.example.org"}  # fmt: skip
        options = {"digest": digest or {}, **({"email": email} if mail else {})}
        asks = (AskEntry(name="default", channels=("link",)),)
        # Analyses in processes of their own would take most of the tests' time.
        rest = {"ask": asks, "plugins_disabled": ("causes", "nps", "satisfaction"), **changes}
        wanted = settings.model_copy(update={"plugins": options, **rest})
        guest = Guest("telling", analyses=lambda hub: list(told.values()))
        opened.append(open_core(wanted, clock, extra={"telling": guest}))
        return Here(opened[-1], clock, server, told)

    yield make
    for each in opened:
        each.close()


@pytest.fixture
def here(make_here: MakeHere) -> Here:
    """An instance."""
    return make_here()
