"""What `feedbackhub doctor` says about names in plugins' settings of things that are not there."""

from __future__ import annotations

from collections.abc import Iterator

from ..machinery.plugins import Plugins
from .checks import Finding

__all__ = ["check_names"]


def check_names(plugins: Plugins) -> Iterator[Finding]:
    """Let every plugin look at its own settings; what it finds is a warning with the option's name."""
    for name, keeper in plugins.keepers.items():
        try:
            found = [(each.field, each.reason) for each in keeper.check()]
        except Exception as error:  # a plugin's mistake, told as such
            said = f"{type(error).__name__}: {error}"
            yield Finding("error", f"plugin {name}", said, "report it to the plugin's author")
            continue
        for field, reason in found:
            yield Finding("warning", f"plugins.{name}.{field}", reason)
