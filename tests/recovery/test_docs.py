"""The settings that the docs show are settings."""

from __future__ import annotations

import tomllib

from feedbackhub_plugins.recovery.settings import Settings
from tests.docs.blocks import blocks


def test_every_example_of_settings_is_taken() -> None:
    for block in blocks("docs/recovery.md", "toml"):
        Settings.model_validate(tomllib.loads(block.text)["plugins"]["recovery"])
