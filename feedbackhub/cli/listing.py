"""How a command lists those below it, and how it is typed: whole sentences, and examples."""

from __future__ import annotations

import click

__all__ = ["Listing", "examples"]


class Listing(click.Group):
    """Lists its commands by their whole first sentence."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, first(self.get_command(ctx, name))) for name in self.list_commands(ctx)])


def first(command: click.Command | None) -> str:
    """Return the first paragraph of a command's help as one line."""
    return " ".join((command.help or "").split("\n\n")[0].split()) if command else ""


def examples(*lines: str) -> str:
    """Return what stands at the end of a command's help: how it is typed."""
    return "\n".join(["\b", "Examples:", *(f"  feedbackhub {line}" for line in lines)])
