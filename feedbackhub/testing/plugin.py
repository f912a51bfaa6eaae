"""The fixtures that feedbackhub brings to pytest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .instance import Instance
from .peer import Peer

__all__ = ["feedbackhub_instance", "feedbackhub_peer"]


@pytest.fixture
def feedbackhub_peer() -> Iterator[Peer]:
    """Another system on this machine, which plugins of `feedbackhub_instance` may call."""
    peer = Peer()
    yield peer
    peer.close()


@pytest.fixture
def feedbackhub_instance(tmp_path: Path, feedbackhub_peer: Peer) -> Iterator[Callable[..., Instance]]:
    """Make an instance with a plugin: ``feedbackhub_instance(module, option=…)``, or by name for an installed one.

    The first argument is the plugin's module or its name. Further keywords are its options; `channels` names the
    channels to ask by, `settings` gives other settings.
    """
    made: list[Instance] = []

    def make(
        plugin: Any = None,
        *,
        name: str = "",
        channels: tuple[str, ...] = ("outbox",),
        settings: dict[str, Any] | None = None,
        **options: Any,
    ) -> Instance:
        folder = tmp_path / f"instance-{len(made)}"
        folder.mkdir()
        installed = plugin is None or isinstance(plugin, str)
        name = name or (plugin if isinstance(plugin, str) else getattr(plugin, "__name__", "").rpartition(".")[2])
        given = {} if installed else {name: plugin}
        sections = {name: options} if options else {}
        made.append(Instance(folder, given, [feedbackhub_peer.place], sections, channels, settings))
        return made[-1]

    yield make
    for each in made:
        each.close()
