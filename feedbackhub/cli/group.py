"""The program `feedbackhub`: its options, its help, and what it says when it is called alone."""

from __future__ import annotations

import difflib
import logging
import os
from pathlib import Path

import click

from ..version import __version__
from .commands import all_commands, load
from .failures import failure_of
from .listing import Listing
from .where import Where

__all__ = ["main"]

FIRST = """\
There is no instance here yet. Try it out on invented data:

    feedbackhub demo

or set up your own and start it:

    feedbackhub init
    feedbackhub serve
"""
NEXT = """\
{config} is set up. What is done most:

    feedbackhub serve                  run the server and send what is due
    feedbackhub doctor                 look for what is wrong
    feedbackhub users invite EMAIL     let somebody into the staff area
    feedbackhub keys create NAME       let a helpdesk hand in ended contacts
"""


class LazyGroup(Listing):
    """Lists commands from a table and imports one only when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(all_commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of a name; None when there is none."""
        entry = all_commands().get(cmd_name)
        return load(cmd_name, entry) if entry else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called; for an unknown name, say the nearest one."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = difflib.get_close_matches(args[0], all_commands(), n=1)
            if not near:
                raise
            raise click.UsageError(f"{error.message} Did you mean '{near[0]}'?", ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in all_commands().items()])

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; an error becomes one line."""
        try:
            return super().invoke(ctx)
        except Exception as error:  # the one place where a command's errors become lines
            failure = None if ctx.params.get("debug") else failure_of(error)
            if failure is None:
                raise
            raise failure from error


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Settings file, instead of $FEEDBACKHUB_CONFIG or ./feedbackhub.toml.",
)
@click.option("--debug", is_flag=True, help="Show where an error arises.")
@click.version_option(__version__, prog_name="feedbackhub", message="%(prog)s %(version)s")
@click.pass_context
def main(ctx: click.Context, config: Path | None, debug: bool) -> None:
    """Ask customers how a service contact went, and show the answer to the next agent."""
    # Without a handler Python would print warnings, tracebacks included, between a command's lines.
    logging.getLogger().addHandler(logging.StreamHandler() if debug else logging.NullHandler())
    ctx.obj = Where(config, debug)
    if ctx.invoked_subcommand is None:
        click.echo(_guide(config), nl=False)


def _guide(config: Path | None) -> str:
    path = config or Path(os.environ.get("FEEDBACKHUB_CONFIG") or "feedbackhub.toml")
    guide = NEXT.format(config=path) if path.is_file() else FIRST
    return guide + "\nfeedbackhub --help lists everything.\n"
