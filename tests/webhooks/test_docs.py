"""What docs/webhooks.md says is so."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from feedbackhub_plugins.webhooks.catalogue import TYPES
from feedbackhub_plugins.webhooks.filling import KNOWN
from feedbackhub_plugins.webhooks.presets import PRESETS
from feedbackhub_plugins.webhooks.settings import Settings
from tests.docs.blocks import blocks
from tests.gates.sources import ROOT
from tests.webhooks.conftest import Here
from tests.webhooks.receiver import Receiver

PAGE = "docs/webhooks.md"


def test_the_receiver_in_the_docs_verifies_what_is_sent(here: Here, receiver: Receiver) -> None:
    made = here.endpoint(receiver, "response.recorded")
    here.instance.answer()
    [got] = receiver.got
    said: dict[str, Any] = {}
    exec(blocks(PAGE, "python")[0].text, said)  # noqa: S102 (the page's own code)
    headers = {
        "webhook-id": got.id, "webhook-timestamp": str(got.timestamp), "webhook-signature": " ".join(got.signatures),
    }  # fmt: skip
    secret = here.service.secret(made.id)
    assert said["verified"](secret, headers, got.raw, got.timestamp) == got.body
    for now, raw in ((got.timestamp + 301, got.raw), (got.timestamp, got.raw.replace(b"response", b"Response", 1))):
        with pytest.raises(ValueError, match=r"too old|not signed"):
            said["verified"](secret, headers, raw, now)


def test_the_table_of_types_is_the_list_of_the_form() -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    assert dict(re.findall(r"^\| `([a-z.]+)` \| (.*) \|$", text, re.MULTILINE)) == TYPES


def test_the_settings_of_every_helpdesk_are_accepted() -> None:
    page = "\n".join(block.text for block in blocks(PAGE, "toml"))
    settings = Settings.model_validate(tomllib.loads(page)["plugins"]["webhooks"])
    assert settings.credentials.keys() == PRESETS.keys()


def test_every_placeholder_is_named() -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    assert all(f"`{name}`" in text for name in KNOWN)
