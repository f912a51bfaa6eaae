"""Instances with subscribers of a test."""

from tests.plugin_data.conftest import open_with, settings

__all__ = ["open_with", "settings"]
