"""Plugins that a test makes up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from feedbackhub import Call, Effects, Event, Hub, Subscriber, Task, hookimpl

Bring = Callable[[Hub], Any]


class Guest(ModuleType):
    """A plugin that brings what it was told to, and remembers its hub."""

    hub: Hub

    def __init__(self, name: str, **brings: Bring) -> None:
        super().__init__(name)
        for hook, bring in brings.items():
            setattr(self, f"feedbackhub_{hook}", hookimpl(self._hook(bring)))

    def _hook(self, bring: Bring) -> Bring:
        def hook(hub: Hub) -> Any:
            self.hub = hub
            return bring(hub)

        return hook


class Worker:
    """Does tasks: notes every call, and fails as it was told to."""

    def __init__(self, *plan: BaseException | None) -> None:
        self.calls: list[Call] = []
        self.plan = list(plan)

    def run(self, call: Call) -> None:
        """Note the call, then do what is next on the plan."""
        self.calls.append(call)
        error = self.plan.pop(0) if self.plan else None
        if error is not None:
            raise error


class Listener(Subscriber):
    """Notes the events it is handed, and answers with what it was told to."""

    def __init__(self, name: str = "listener", types: Sequence[str] = (), from_now: bool = False) -> None:
        self.name, self.types, self.from_now = name, types, from_now  # type: ignore[misc]
        self.events: list[Event] = []
        self.answer: Callable[[Sequence[Event]], Any] = lambda _: Effects()

    def handle(self, events: Sequence[Event]) -> Effects:
        """Note the events and answer."""
        answer: Effects = self.answer(events)
        self.events += events
        return answer

    @property
    def heard(self) -> list[str]:
        """The types of the events it was handed."""
        return [event.type for event in self.events]


def working(name: str, worker: Worker, **more: Any) -> Guest:
    """Return a plugin with one task called ``work``."""
    return Guest(name, tasks=lambda hub: [Task("work", worker.run, **more)])


def listening(name: str, *listeners: Subscriber, **brings: Bring) -> Guest:
    """Return a plugin with these subscribers."""
    return Guest(name, subscribers=lambda hub: list(listeners), **brings)
