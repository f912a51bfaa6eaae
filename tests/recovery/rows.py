"""Cases as rows, and the plugin's hub in an instance."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from feedbackhub import Hub
from feedbackhub.loop.core import Core
from feedbackhub.machinery.http import Http
from feedbackhub.machinery.plugin_hub import PluginHub
from feedbackhub_plugins.recovery.book import Case, Cases
from feedbackhub_plugins.recovery.tables import case

#: A Monday, nine o'clock in the company's time zone.
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def hub_of(core: Core) -> Hub:
    """Return the plugin's hub."""
    return PluginHub("recovery", core.settings, core.clock, Http(core.settings.http, core.clock), core.plugins.curtain)


def put(hub: Hub, id_: str, **values: Any) -> Case:
    """Keep a case as if it had been opened, and return it."""
    opened = values.get("opened_at", START)
    row = {
        "id": id_, "response": id_, "customer": "", "contact": "", "survey": "standard", "team": "", "dimensions": {},
        "reasons": ["low"], "flags": [], "tags": [], "score": 0.0, "joined": [], "state": "open", "outcome": "",
        "owner": "", "level": 0, "opened_at": opened, "acknowledge_by": opened + timedelta(hours=8),
        "resolve_by": opened + timedelta(days=3), "due_at": opened + timedelta(hours=8), "watch_at": opened,
        "reminders": 0, "reference": "", "url": "", "quiet": False, "invitation": "", "again_response": "",
        "version": 1, **values,
    }  # fmt: skip
    hub.tables.write(insert(case).values(row))
    return Cases(hub).get(id_)
