"""Commands that take a public id, of which one in 64 begins with a hyphen."""

from __future__ import annotations

import click

from ..machinery.links import is_public_id

__all__ = ["ById"]


class ById(click.Command):
    """Takes a public id for what it is, not for an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Move ids that begin with a hyphen to where no options are looked for."""
        known = {name for param in self.get_params(ctx) for name in param.opts}
        ids = [each for each in args if each.startswith("-") and is_public_id(each) and each not in known]
        if ids and "--" not in args:
            args = [each for each in args if each not in ids] + ["--", *ids]
        return super().parse_args(ctx, args)
