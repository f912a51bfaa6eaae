"""Messages for the tests, all in one place."""

from dataclasses import replace
from typing import Any

from feedbackhub import Brand, Identifier, Message

LINK = "https://feedback.example.org/s/AbCdEfGhIjKlMnOpQrStUvWx"
BRAND = Brand("default", "Acme", "#1f5f8b", sender="Acme <hello@acme.example>", reply_to="Help <help@acme.example>")
MESSAGE = Message(
    id="AbCdEfGhIjKl.1@feedback.example.org",
    kind="first",
    to=Identifier("email", "siti@example.org"),
    name="Siti",
    language="en",
    direction="ltr",
    subject="How did we do?",
    text=f"How did we do?\n\n{LINK}\n",
    html=f'<!doctype html><html><head><title>x</title></head><body><a href="{LINK}?a=5">5</a></body></html>',
    link=LINK,
    stop_link=f"{LINK}/stop",
    choices=(),
    brand=BRAND,
)


def message(**changes: Any) -> Message:
    """Return the usual message with some fields changed."""
    return replace(MESSAGE, **changes)
