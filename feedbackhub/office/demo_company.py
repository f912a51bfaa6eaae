"""The demo's company: brands, teams, topics, products, agents, and how well each of them does."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["AGENTS", "CHANNELS", "SETTINGS", "TEAMS", "DemoAgent", "DemoChannel", "Team", "settings_text"]


@dataclass(frozen=True)
class DemoChannel:
    """A channel of contacts.

    Args:
        name: As in contacts.
        share: How much of all contacts come through it.
        pleases: What it adds to satisfaction on a scale of five.
        answers: How likely those asked about it answer.
        minutes: How long a contact takes in the middle.
    """

    name: str
    share: int
    pleases: float
    answers: float
    minutes: int


@dataclass(frozen=True)
class Team:
    """A team with what it is asked about; each topic with the theme of complaints about it."""

    name: str
    share: int
    pleases: float
    topics: tuple[tuple[str, str, float], ...]


@dataclass(frozen=True)
class DemoAgent:
    """Who serves; `pleases` is what the agent adds to satisfaction."""

    id: str
    name: str
    team: str
    pleases: float


CHANNELS = (
    DemoChannel("email", 30, 0.0, 0.42, 240),
    DemoChannel("chat", 28, 0.15, 0.50, 14),
    DemoChannel("phone", 24, 0.1, 0.36, 9),
    DemoChannel("web_form", 10, -0.2, 0.34, 600),
    DemoChannel("social", 8, -0.25, 0.45, 90),
)

TEAMS = (
    Team("Billing", 22, 0.0, (("invoice", "billing", 0.0), ("refund", "refund", -0.5), ("payment", "billing", 0.1))),
    Team("Delivery", 26, -0.1, (("late parcel", "delivery", -0.4), ("address change", "thanks", 0.4),
                                ("damaged parcel", "delivery", -0.5))),
    Team("Technical", 20, -0.2, (("setup", "technical", 0.1), ("fault", "technical", -0.4), ("app", "technical", 0.0))),
    Team("Returns", 18, 0.1, (("return label", "thanks", 0.3), ("exchange", "refund", 0.1),
                              ("warranty", "technical", -0.3))),
    Team("Accounts", 14, 0.3, (("sign-in", "technical", 0.2), ("renewal", "billing", 0.1),
                               ("cancellation", "waiting", -0.3))),
)  # fmt: skip

_NAMES = {
    "Billing": ("Ada Muster", "Budi Muster", "Chetan Muster", "Dalia Muster"),
    "Delivery": ("Eko Muster", "Farah Muster", "Gita Muster", "Hasan Muster", "Iris Muster"),
    "Technical": ("Joko Muster", "Kavita Muster", "Lina Muster", "Mark Muster"),
    "Returns": ("Nadia Muster", "Omar Muster", "Putri Muster"),
    "Accounts": ("Ravi Muster", "Sita Muster", "Tariq Muster"),
}
# Most agents are much alike; a few stand out, so that comparing them shows something.
_SKILLS = (0.15, -0.1, 0.0, 0.25, -0.35)

AGENTS = tuple(
    DemoAgent(f"{team.lower()}-{number}", name, team, _SKILLS[(number + len(team)) % len(_SKILLS)])
    for team, names in _NAMES.items()
    for number, name in enumerate(names, 1)
)

SETTINGS = """\
# The demo's settings; `feedbackhub demo` made this file. Its people and contacts are invented.
demo = true
data_dir = "data"
public_url = "http://127.0.0.1:{port}"
listen = "127.0.0.1:{port}"
timezone = "Asia/Jakarta"
default_language = "en"

[brands.default]
name = "Sample Shop"
color = "#1f5f8b"
sender = "Sample Shop <service@shop.example>"

[brands.outlet]
name = "Sample Outlet"
color = "#9a3b2e"
sender = "Sample Outlet <service@outlet.example>"

[web]
show_agent_names = true

[throttle]
days = 14
surveys = {{ nps = 60 }}

[plugins.digest]
channel = "mailbox"

[plugins.recovery]
channel = "mailbox"

[plugins.recovery.offers]
channels = ["mailbox"]

# The first entry that matches a contact decides.
[[ask]]
name = "tour"
match = {{ source = "tour" }}
channels = ["mailbox"]
delay = "0"
reminders = 0
throttle = "0"

[[ask]]
name = "renewals"
match = {{ topic = "renewal" }}
survey = "nps"
channels = ["mailbox"]
delay = "1d"

[[ask]]
name = "subscribers"
match = {{ product = ["Subscription", "Headphones"], channel = ["email", "chat", "phone"] }}
survey = "nps"
channels = ["mailbox"]
delay = "1d"

[[ask]]
name = "forms"
match = {{ channel = "web_form" }}
survey = "effort"
channels = ["mailbox"]
delay = "2h"

[[ask]]
name = "calls"
match = {{ channel = "phone" }}
channels = ["mailbox"]
delay = "30m"
reminders = 0
expires_after = "7d"

[[ask]]
name = "default"
channels = ["mailbox"]
"""


def settings_text(port: int) -> str:
    """Return the demo's settings file for a port."""
    return SETTINGS.format(port=port)
