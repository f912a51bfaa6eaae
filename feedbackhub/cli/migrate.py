"""`feedbackhub migrate`."""

from __future__ import annotations

import click

from ..loop.opening import open_core, prepare
from .instance import settings_of
from .where import Where


@click.command()
@click.pass_obj
def migrate(where: Where) -> None:
    """Bring the database to this release, its bundled surveys included; doing it again changes nothing."""
    core = open_core(settings_of(where))
    known = {state.name: state.state for state in core.plugins.states}
    try:
        before, after = prepare(core)
        failed = [state for state in core.plugins.states if state.state == "failed" != known.get(state.name)]
    finally:
        core.close()
    if before == after:
        click.echo(f"The database has schema {after} already.")
    else:
        click.echo(f"The database has schema {after} now" + (f"; it had {before}." if before else "."))
    for state in failed:
        click.echo(f"warning: plugin {state.name}: {state.reason}", err=True)
