"""The question types of an instance: the core's, and those that its working plugins brought."""

from __future__ import annotations

from contextlib import suppress

from ..machinery.containment import PluginFault
from ..machinery.plugins import Plugins
from ..surveys import BUILTIN_TYPES, Types, type_of
from .core import Core
from .question_looks import flaw_in_look

__all__ = ["settle_types", "types_of"]


def types_of(plugins: Plugins) -> Types:
    """Return the types that surveys may use when they are written or published now.

    Args:
        plugins: The instance's plugins; those with types that cannot be used were taken out by `settle_types`.
    """
    found = dict(BUILTIN_TYPES)
    for plugin, declared in plugins.each("feedbackhub_question_types"):
        with suppress(ValueError):  # of a plugin that was not settled, as in commands without an instance
            found[declared.name] = type_of(plugin, declared)
    return found


def settle_types(core: Core) -> None:
    """Take out each plugin that brings a type which cannot be used, or whose template cannot show it."""
    for plugin, declared in core.plugins.each("feedbackhub_question_types"):
        try:
            kind = type_of(plugin, declared)
            what = f"setup {kind.name}"
            args = (core.renderer, core.i18n, kind)
            flaw = core.containment.call(plugin, what, flaw_in_look, *args) if kind.template else ""
        except (ValueError, PluginFault) as error:
            core.plugins.fail(plugin, str(error))
        else:
            if flaw:
                core.plugins.fail(plugin, f"question type {kind.name}: {flaw}")
