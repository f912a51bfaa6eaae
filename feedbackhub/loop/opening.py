"""Opening an instance: its key, its database, its plugins; and bringing the database to this release."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..contract.hub import Http
from ..machinery.clock import Clock, SystemClock
from ..machinery.containment import Containment
from ..machinery.http import Http as GuardedHttp
from ..machinery.i18n import I18n
from ..machinery.keyfile import links_from
from ..machinery.plugin_loading import NO_MODULES, load_plugins
from ..machinery.plugins import Plugins
from ..machinery.rendering import Renderer
from ..machinery.settings import Settings, SourceSettings
from ..store.migrate import upgrade
from ..store.queries import subscribers
from ..store.store import Store
from . import tallies
from .analyst import Analyst
from .backstage import Stage
from .core import Core
from .own_schemas import upgrade_own_tables
from .plugin_views import dress
from .shelf import Shelf, publish_bundled
from .snapshots import Snapshots

__all__ = ["open_core", "prepare"]


def open_core(
    settings: Settings,
    clock: Clock | None = None,
    extra: Mapping[str, object] = NO_MODULES,
    http: Http | None = None,
) -> Core:
    """Open an instance: its key, its database, its plugins.

    Args:
        settings: The instance's settings; its data folder and key must exist.
        clock: Tells the time; the machine's own when left out.
        extra: Modules that are plugins too, by name.
        http: What plugins call other systems through; the guarded client when left out.
    """
    clock = clock or SystemClock()
    i18n = I18n(settings.default_language)
    store = Store(settings.database_url)
    http = GuardedHttp(settings.http, clock) if http is None else http
    plugins, containment = load_plugins(settings, clock, http, extra), Containment(clock)
    settings = _with_sources(settings, plugins)
    core = Core(
        settings=settings,
        store=store,
        clock=clock,
        links=links_from(Path(settings.data_dir) / "instance.key"),
        i18n=i18n,
        renderer=Renderer(i18n, settings.timezone),
        plugins=plugins,
        shelf=Shelf(store),
        analyst=Analyst(
            settings, clock, plugins, containment, lambda: _counted_to(store), Snapshots(store, clock), extra
        ),
        containment=containment,
    )
    dress(core)
    plugins.curtain.open(Stage(core))
    return core


def _with_sources(settings: Settings, plugins: Plugins) -> Settings:
    """Let plugins say which identifiers prove identity for their sources, where the settings say nothing."""
    said = {
        source.name: SourceSettings(identifying=tuple(source.identifying))
        for source in plugins.sources.values()
        if not source.trial
    }
    return settings.model_copy(update={"sources": {**said, **settings.sources}}) if said else settings


def _counted_to(store: Store) -> int:
    """Return up to which event the counts are kept."""
    with store.read() as connection:
        return subscribers.position_of(connection, tallies.NAME)


def prepare(core: Core) -> tuple[str, str]:
    """Bring the database to this release's schema, then each plugin's own tables, and publish the bundled surveys.

    A plugin whose tables cannot be brought up to date is failed from now on, and holds up nobody else.

    Returns:
        The schema's revisions before and after.
    """
    revisions = upgrade(core.store)
    upgrade_own_tables(core)
    publish_bundled(core.store, core.clock.now())
    return revisions
