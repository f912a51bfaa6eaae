"""Errors as one line for the person at the terminal."""

from __future__ import annotations

import errno

import click

from ..contract.errors import FeedbackhubError, Unavailable

__all__ = ["Failure", "because", "failure_of"]


class Failure(click.ClickException):
    """A command that did not do what it was asked; shown as one line, with status 1."""


def failure_of(error: Exception) -> Failure | None:
    """Return the line for an error, or None for one that click shows itself."""
    if isinstance(error, (click.ClickException, click.Abort, click.exceptions.Exit)):
        return None
    if isinstance(error, OSError) and error.errno == errno.EPIPE:
        return None
    return Failure(_line(error))


def _line(error: Exception) -> str:
    text = "; ".join(line.strip() for line in str(error).splitlines() if line.strip())
    if isinstance(error, Unavailable):
        return text + because(error.__cause__)
    if isinstance(error, FeedbackhubError):
        return text or type(error).__name__
    if isinstance(error, ModuleNotFoundError) and (error.name or "").startswith("psycopg"):
        return 'PostgreSQL needs a driver; run: pip install "feedbackhub[postgres]"'
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return f"{type(error).__name__}: {text} (unexpected; feedbackhub --debug … shows where)"


def because(cause: BaseException | None) -> str:
    """Return what the database's own driver said first, for whoever runs the instance; empty when it said nothing."""
    said = str(getattr(cause, "orig", None) or "").strip().splitlines()
    return f": {said[0]}" if said else ""
