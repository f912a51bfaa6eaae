"""Tasks: what is to be done, what is stuck; have it run now, or call it off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ...contract.errors import Conflict
from ...loop.core import Core
from ...office.task_deeds import DONE, discard_tasks, retry_tasks
from ...office.tasks import Wanted, list_tasks, one_task
from ..current import core
from .chapter import Chapter
from .shapes import Page, Shape, actor

__all__ = ["chapter"]

chapter = Chapter("tasks", "What is to be done and what is stuck: deliveries, letters, requests, plugins' work.")
State = Literal["", "due", "claimed", "parked", "cancelled"]
Kind = Literal["", "delivery", "settling", "request", "task", "periodic", "letter", "erasing"]
Lane = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_:-]{0,64}$", max_length=64)]


class Task(Shape):
    """One task; addresses and contents stay inside."""

    id: str
    kind: str
    lane: str = Field(description="The channel, or another lane of its own, in which it waits.")
    plugin: str = Field(description="The plugin whose work it is; empty for the core's.")
    what: str = Field(description="Public id of its delivery, response or request; of a plugin's task its name.")
    contact: str = Field(description="Public id of the contact that it is about, empty when there is none.")
    invitation: str
    state: str
    attempts: int = Field(description="How often it was tried, since a person last asked for it.")
    due_at: datetime
    created_at: datetime
    ended_at: datetime | None = Field(description="When it was parked or called off.")
    error: str


class TaskPage(Shape):
    """A part of the list of tasks."""

    items: tuple[Task, ...]
    next: str
    more: bool


class TaskQuery(Page):
    """Which tasks to list."""

    state: State = Field("", description="Empty: whatever has not ended.")
    kind: Kind = ""
    lane: Lane = ""


@chapter.operation("GET", "/tasks", "tasks:read", {200: TaskPage}, query=TaskQuery, refuses=(404,))
def index(query: TaskQuery) -> TaskPage:
    """List tasks in the order in which they were queued."""
    wanted = Wanted(query.state, query.kind, query.lane)
    found = list_tasks(core(), wanted, query.limit + 1, query.after)
    shown = found[: query.limit]
    items = tuple(Task.model_validate(each) for each in shown)
    return TaskPage(items=items, next=shown[-1].id if shown else query.after, more=len(found) > query.limit)


@chapter.operation("GET", "/tasks/<public:id>", "tasks:read", {200: Task})
def show(id: str) -> Task:
    """Return one task."""
    return Task.model_validate(one_task(core(), id))


@chapter.operation("POST", "/tasks/<public:id>/retry", "tasks:write", {200: Task}, refuses=(409,))
def retry(id: str) -> Task:
    """Have a task run now, its tries counted anew: one that is parked, waits after a failure or was called off."""
    return done(retry_tasks, id)


@chapter.operation("POST", "/tasks/<public:id>/discard", "tasks:write", {200: Task}, refuses=(409,))
def discard(id: str) -> Task:
    """Call a task off that waits or is parked; `retry` takes that back for as long as it is kept."""
    return done(discard_tasks, id)


def done(deed: Callable[[Core, Sequence[str], str], Mapping[str, int]], task_id: str) -> Task:
    """Do something with a task and return it as it is then.

    Raises:
        Conflict: That cannot be done with it.
    """
    for said in deed(core(), [task_id], actor()):
        if said != DONE:
            raise Conflict(said)
    return Task.model_validate(one_task(core(), task_id))
