"""Instances with subscribers of a test, and of the bundled plugins only the one that wants every event."""

import pytest

from feedbackhub.machinery.settings import Settings
from tests.plugin_data.conftest import open_with, settings

__all__ = ["open_with", "settings"]


@pytest.fixture(name="settings")
def few_readers(settings: Settings) -> Settings:
    """Leave out readers who note their place rarely, since they want few types of events."""
    return settings.model_copy(update={"plugins_disabled": ("apology", "recovery")})
