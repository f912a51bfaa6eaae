"""Why there is no report, in words for the reader."""

from __future__ import annotations

from ..contract.errors import Unavailable
from ..machinery.containment import PluginFault
from .rendering import texts

__all__ = ["failure"]


def failure(error: PluginFault | Unavailable) -> str:
    """Say why there is no report, in words for the reader; the inside is in the plugin's trace."""
    t = texts()
    if isinstance(error, Unavailable):
        return t("Too much is being asked at the moment. Look again in a minute.")
    if error.outcome == "late":
        return t("The plugin {plugin} took too long and was stopped. Choose fewer days.", plugin=error.plugin)
    if error.outcome == "resting":
        return t("The plugin {plugin} failed several times and rests for a while.", plugin=error.plugin)
    return t("The plugin {plugin} could not make this report: {reason}", plugin=error.plugin, reason=error.reason)
