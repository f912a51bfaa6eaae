"""Whether an apology or money wins customers back, measured as in a trial."""

from __future__ import annotations

from feedbackhub import About, Hub, Tables, hookimpl

from .tables import TABLES

__all__ = ["about", "feedbackhub_tables"]

about = About(
    title="Apology effect",
    description="Whether an apology or money wins customers back, measured as in a trial.",
    requires=("recovery",),
)


@hookimpl
def feedbackhub_tables(hub: Hub) -> Tables:
    """Bring the tables of experiments and assignments."""
    return TABLES
