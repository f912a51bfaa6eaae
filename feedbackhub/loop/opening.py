"""Opening an instance: its key, its database, its plugins; and bringing the database to this release."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..machinery.clock import Clock, SystemClock
from ..machinery.containment import Containment
from ..machinery.http import Http
from ..machinery.i18n import I18n
from ..machinery.keyfile import links_from
from ..machinery.plugin_loading import NO_MODULES, load_plugins
from ..machinery.rendering import Renderer
from ..machinery.settings import Settings
from ..store.migrate import upgrade
from ..store.queries import log
from ..store.store import Store
from . import tallies
from .analyst import Analyst
from .core import Core
from .plugin_views import dress
from .shelf import Shelf, publish_bundled

__all__ = ["open_core", "prepare"]


def open_core(settings: Settings, clock: Clock | None = None, extra: Mapping[str, object] = NO_MODULES) -> Core:
    """Open an instance: its key, its database, its plugins.

    Args:
        settings: The instance's settings; its data folder and key must exist.
        clock: Tells the time; the machine's own when left out.
        extra: Modules that are plugins too, by name.
    """
    clock = clock or SystemClock()
    i18n = I18n(settings.default_language)
    store = Store(settings.database_url)
    http = Http(settings.http, clock)
    plugins, containment = load_plugins(settings, clock, http, extra), Containment(clock)
    core = Core(
        settings=settings,
        store=store,
        clock=clock,
        links=links_from(Path(settings.data_dir) / "instance.key"),
        i18n=i18n,
        renderer=Renderer(i18n, settings.timezone),
        plugins=plugins,
        shelf=Shelf(store),
        analyst=Analyst(settings, clock, plugins, containment, lambda: _counted_to(store)),
        containment=containment,
    )
    dress(core)
    return core


def _counted_to(store: Store) -> int:
    """Return up to which event the counts are kept."""
    with store.read() as connection:
        return log.position_of(connection, tallies.NAME)


def prepare(core: Core) -> tuple[str, str]:
    """Bring the database to this release's schema and publish the bundled surveys.

    Returns:
        The schema's revisions before and after.
    """
    revisions = upgrade(core.store)
    publish_bundled(core.store, core.clock.now())
    return revisions
