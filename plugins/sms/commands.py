"""`feedbackhub sms-length`: what a text costs as a text message, before it stands in a survey."""

from __future__ import annotations

import sys

import click

from .segments import size_of

__all__ = ["sms_length"]


@click.command()
@click.argument("text", required=False)
def sms_length(text: str | None) -> None:
    """Count what TEXT costs as a text message: its alphabet, its characters, the parts that are paid.

    Without TEXT it is read from the standard input.
    """
    words = sys.stdin.read().rstrip("\n") if text is None else text
    if not words:
        raise click.UsageError("give a text, or send one to the standard input")
    size = size_of(words)
    parts = "part" if size.segments == 1 else "parts"
    click.echo(f"{size.segments} {parts}, {size.alphabet}, {size.places} characters, room for {size.room} more")
