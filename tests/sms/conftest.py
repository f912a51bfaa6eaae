"""An instance that asks by text message through a gateway of our own, and what the door and the engine make of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import AskEntry, HttpSettings, Settings
from tests.sms.gateway import ACCOUNT, OWN, TOKEN, Gateway, Running, form


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """A running gateway."""
    peer = Gateway()
    running = Running(peer)
    yield peer
    running.stop()


@pytest.fixture
def section(gateway: Gateway) -> dict[str, Any]:
    """The table `[plugins.sms]`."""
    twilio = {"account": ACCOUNT, "auth_token": TOKEN, "base_url": gateway.url}
    return {"preset": "twilio", "sender": OWN, "segments": 4, "twilio": twilio}


@pytest.fixture
def settings(settings: Settings, gateway: Gateway, section: dict[str, Any]) -> Settings:
    """Ask by text message, else by link."""
    return settings.model_copy(
        update={
            "public_url": "https://feedback.example.org",
            "http": HttpSettings(allow=(gateway.url.removeprefix("http://"),)),
            "ask": (AskEntry(name="default", channels=("sms", "mailbox"), reminders=0),),
            "plugins": {"sms": section},
        }
    )


@pytest.fixture
def door(app: Flask, core: Core, clock: SetClock, gateway: Gateway) -> Gateway:
    """The gateway, whose calls come in at our door and are read by the engine at once."""
    browser = app.test_client()

    def call(url: str, fields: dict[str, str], headers: dict[str, str]) -> int:
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        answer = browser.post(
            path, data=form(fields), headers=headers, content_type="application/x-www-form-urlencoded"
        )
        Engine(core).drain()
        return answer.status_code

    gateway.call = call
    return gateway
