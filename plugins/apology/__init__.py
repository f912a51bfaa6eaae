"""Whether an apology or money wins customers back, measured as in a trial."""

from __future__ import annotations

from feedbackhub import About, Analysis, Hub, Subscriber, Tables, Task, hookimpl

from .effect import Apology
from .following import Following
from .gestures import Gestures
from .looking import Looking
from .tables import TABLES

__all__ = ["about", "feedbackhub_analyses", "feedbackhub_subscribers", "feedbackhub_tables", "feedbackhub_tasks"]

about = About(
    title="Apology effect",
    description="Whether an apology or money wins customers back, measured as in a trial.",
    requires=("recovery",),
)


@hookimpl
def feedbackhub_tables(hub: Hub) -> Tables:
    """Bring the tables of experiments and assignments."""
    return TABLES


@hookimpl
def feedbackhub_subscribers(hub: Hub) -> list[Subscriber]:
    """Bring what assigns customers and follows them."""
    return [Following(hub)]


@hookimpl
def feedbackhub_tasks(hub: Hub) -> list[Task]:
    """Bring the look from time to time that ends experiments as their plans say."""
    return Looking(hub).tasks()


@hookimpl
def feedbackhub_analyses(hub: Hub) -> list[Analysis]:
    """Bring the reports on experiments, and on what agents chose."""
    return [Apology(hub), Gestures(hub)]
