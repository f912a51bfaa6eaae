"""Trying: what a source would make of a request, and what would be decided, without storing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..contract.errors import FeedbackhubError, NotFound, Refused
from ..contract.inbound import Incoming, Parsed, Source
from ..contract.intake import ContactEvent
from .core import Core
from .decide import Verdict
from .foresee import foresee
from .receivers import kept
from .understand import completed, parsed

__all__ = ["PRESET", "Tried", "problems_of", "source_to_try", "try_request"]

#: What the names of sources begin with that are only for trying.
PRESET = "preset-"


@dataclass(frozen=True)
class Tried:
    """One thing that a source found in a request.

    Args:
        item: What it is.
        verdict: What would be decided on it; None when it is no contact, or cannot be used.
        flaw: Why it cannot be used.
    """

    item: Parsed
    verdict: Verdict | None = None
    flaw: FeedbackhubError | None = None


def source_to_try(core: Core, name: str) -> tuple[str, Source]:
    """Return a source with its plugin's name: a configured one, or a preset that is only for trying.

    Raises:
        NotFound: There is none.
    """
    found = {source.name: (plugin, source) for plugin, source in core.plugins.each("feedbackhub_sources")}
    for wanted in (name, PRESET + name):
        if wanted in found:
            return found[wanted]
    known = ", ".join(sorted(each.removeprefix(PRESET) for each in found)) or "none"
    raise NotFound(f"there is no active source or preset {name}; there are: {known}")


def try_request(core: Core, plugin: str, source: Source, incoming: Incoming, look_up: bool) -> Sequence[Tried]:
    """Return what a source finds in a request.

    Args:
        core: The instance.
        plugin: The plugin that brings the source.
        source: The source.
        incoming: The request; only what the inbox would keep of it is read.
        look_up: Whether to look up in other systems what the request lacks.

    Raises:
        Refused: It cannot be read, by field.
        PluginFault: The source failed.
    """
    less = kept(source, incoming)
    return [_tried(core, plugin, source, each, less, look_up) for each in parsed(core, plugin, source, less)]


def _tried(core: Core, plugin: str, source: Source, item: Parsed, incoming: Incoming, look_up: bool) -> Tried:
    if not isinstance(item, ContactEvent):
        return Tried(item)
    try:
        item = completed(core, plugin, source, item, incoming) if look_up else item
        return Tried(item, foresee(core, item))
    except FeedbackhubError as flaw:
        return Tried(item, flaw=flaw)


def problems_of(tried: Tried) -> list[tuple[str, str]]:
    """Return why something cannot be used, by field."""
    if isinstance(tried.flaw, Refused):
        return [(each.field, each.reason) for each in tried.flaw.problems]
    return [("", str(tried.flaw))] if tried.flaw else []
