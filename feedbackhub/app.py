"""The application: a core, a door, and the pages behind it, put together in named steps.

To add pages, write a module in ``feedbackhub/web/`` with a function ``blueprint(core: Core) -> Blueprint``, declare who
may call each view with ``@permission(…)``, render with ``rendering.page(…)``, and name the function in `BLUEPRINTS`.
A blueprint called ``contacts`` whose main view has the endpoint ``index`` finds its own line in the navigation.
"""

from __future__ import annotations

from collections.abc import Callable

from apiflask import APIFlask
from flask import Blueprint, Flask

from .loop.core import Core
from .web import (
    account,
    administration,
    answers,
    api,
    brand_style,
    card_pages,
    contacts,
    deliveries,
    demo_pages,
    desk,
    desk_open,
    engine,
    errors,
    exports,
    guard,
    hand_over,
    headers,
    health,
    home,
    inbound,
    keys,
    limits,
    metrics,
    open_link_pages,
    open_pages,
    plugin_pages,
    proxies,
    reports,
    sessions,
    sources,
    staff_surveys,
    static_files,
    suppressions,
    survey_pages,
    users,
    watching,
)
from .web.current import EXTENSION
from .web.permission import assert_declared

__all__ = ["BLUEPRINTS", "create_app"]

BLUEPRINTS: tuple[Callable[[Core], Blueprint], ...] = (
    static_files.blueprint,
    survey_pages.blueprint,
    open_pages.blueprint,
    inbound.blueprint,
    brand_style.blueprint,
    card_pages.blueprint,
    desk.blueprint,
    desk_open.blueprint,
    demo_pages.blueprint,
    metrics.blueprint,
    home.blueprint,
    home.sign_in_blueprint,
    account.blueprint,
    contacts.blueprint,
    answers.blueprint,
    reports.blueprint,
    staff_surveys.blueprint,
    open_link_pages.blueprint,
    hand_over.blueprint,
    sources.blueprint,
    deliveries.blueprint,
    engine.blueprint,
    suppressions.blueprint,
    exports.blueprint,
    users.blueprint,
    keys.blueprint,
    administration.settings_blueprint,
    administration.plugins_blueprint,
    administration.audit_blueprint,
)


def create_app(core: Core, engine_runs: Callable[[], bool] | None = None) -> Flask:
    """Put the web application of an instance together.

    Args:
        core: The instance; found again at ``app.extensions["feedbackhub"]``.
        engine_runs: Tells ``/readyz`` whether due messages are being sent; None where another process does that.

    Raises:
        Undeclared: A view does not say who may call it.
    """
    app = _bare(core)
    _open_the_door(app, core)
    _add_pages(app, core, engine_runs)
    _limit(app, core)
    assert_declared(app)
    return app


def _bare(core: Core) -> APIFlask:
    app = api.application("feedbackhub")
    app.extensions[EXTENSION] = core
    most = core.settings.web.max_body_kb * 1024
    app.config.update(MAX_CONTENT_LENGTH=most, MAX_FORM_MEMORY_SIZE=most)
    # Redirects to a cleaned-up path would take the host's name from the request.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    proxies.place(app, core.settings)
    return app


def _open_the_door(app: Flask, core: Core) -> None:
    watching.install(app, core)
    errors.install(app)
    sessions.install(app, core)
    guard.install(app)
    headers.install(app, core.settings)


def _add_pages(app: APIFlask, core: Core, engine_runs: Callable[[], bool] | None) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint(core))
    app.register_blueprint(health.blueprint(health.Checks(core, engine_runs)))
    plugin_pages.install(app, core)
    api.install(app, core)


def _limit(app: Flask, core: Core) -> None:
    limits.install(app, core.settings.web)
