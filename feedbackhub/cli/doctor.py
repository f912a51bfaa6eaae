"""`feedbackhub doctor`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ..loop.core import Core
from ..loop.opening import open_core
from . import checks, lag_checks, plugin_checks
from .checks import Finding
from .instance import settings_of
from .picture_checks import check_pictures
from .where import Where

MARKS = {"ok": ("ok", "green"), "warning": ("warn", "yellow"), "error": ("WRONG", "red")}


@click.command()
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Look at settings, files, database, addresses, clock, plugins and channels; say what to do.

    Ends with status 1 when something is wrong; warnings alone do not count as that.
    """
    where: Where = ctx.obj
    core = open_core(settings_of(where))
    try:
        wrong = [finding for finding in _shown(_findings(core)) if finding.level == "error"]
    finally:
        core.close()
    if wrong:
        ctx.exit(1)


def _findings(core: Core) -> Iterator[Finding]:
    yield from checks.check_files(core.settings)
    database = list(checks.check_database(core.store))
    yield from database
    yield from checks.check_urls(core.settings)
    yield from checks.check_proxies(core.settings)
    if all(finding.level == "ok" for finding in database):
        yield from checks.check_clock(core.store, core.clock)
        yield from lag_checks.check_work(core)
    yield from checks.check_plugins(core.plugins, core.settings)
    if all(finding.level == "ok" for finding in database):
        yield from plugin_checks.check_names(core.plugins)
    yield from checks.check_channels(core.plugins)
    yield from check_pictures(core.artist, core.i18n)


def _shown(findings: Iterator[Finding]) -> Iterator[Finding]:
    """Print each finding as soon as it is known, for some take a while."""
    for finding in findings:
        mark, color = MARKS[finding.level]
        click.echo(f"{click.style(f'{mark:<6}', fg=color)}{finding.subject}: {finding.said}")
        if finding.advice:
            click.echo(f"      → {finding.advice}")
        yield finding
