"""The demo: an instance in a folder of its own, filled with an invented company's last months."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, event

from ..contract.errors import Conflict
from ..loop.core import Core
from ..loop.opening import open_core, prepare
from ..machinery.clock import Clock, SetClock
from ..machinery.keyfile import KEY_FILE, write_key
from ..machinery.links import new_public_id
from ..machinery.one_at_a_time import held
from ..machinery.settings_load import SettingsError, load_settings
from ..store.door import TransactionDoor
from ..store.queries import people
from .demo_company import AGENTS, DemoAgent, settings_text
from .demo_story import Span, Story
from .users import invite_user

__all__ = ["DEMO_ADMIN", "SETTINGS_FILE", "Size", "fill", "is_demo", "make_demo", "remove_demo"]

SETTINGS_FILE = "feedbackhub.toml"
#: The demo's admin; there are a lead and two agents beside.
DEMO_ADMIN = "admin@demo.example"
_LOCK_FILE = "serve.lock"


@dataclass(frozen=True)
class Size:
    """How much the demo holds.

    Args:
        days: How many days before now it begins.
        customers: How many people.
        contacts_a_day: How many contacts they have on a day.
        seed: Another one makes other data.
    """

    days: int = 90
    customers: int = 400
    contacts_a_day: float = 15.5
    seed: int = 1


def is_demo(folder: Path) -> bool:
    """Tell whether a folder holds a demo that was filled to its end.

    Raises:
        Conflict: It holds something else, which must not be touched.
    """
    if not folder.exists():
        return False
    path = folder / SETTINGS_FILE
    try:
        demo = path.is_file() and load_settings(path, {}).demo
    except SettingsError:
        demo = False
    if not demo:
        raise Conflict(f"{folder} is there already and is no demo; choose another folder")
    return True


def remove_demo(folder: Path) -> None:
    """Remove a demo.

    Raises:
        Conflict: The folder holds something else.
        TakenAlready: A server is running on it.
    """
    if is_demo(folder):
        data = load_settings(folder / SETTINGS_FILE, {}).data_dir
        data.mkdir(exist_ok=True)
        with held(data / _LOCK_FILE):
            shutil.rmtree(folder)


def make_demo(folder: Path, port: int, size: Size, clock: Clock, tell: Callable[[float], None]) -> None:
    """Make a demo in a folder that is not there yet; the folder appears only once it is complete.

    Args:
        folder: Where.
        port: Port that the server will listen at.
        size: How much.
        clock: Tells when the story ends.
        tell: Is told now and then which share is done.
    """
    part = folder.with_name(folder.name + ".part")
    if part.exists():
        shutil.rmtree(part)
    part.mkdir(mode=0o700, parents=True)
    (part / SETTINGS_FILE).write_text(settings_text(port), encoding="utf-8")
    settings = load_settings(part / SETTINGS_FILE, {})
    settings.data_dir.mkdir(mode=0o700)
    write_key(settings.data_dir / KEY_FILE)
    now = clock.now()
    story_clock = SetClock(_first_day(now, size.days))
    core = open_core(settings, story_clock)
    try:
        _write_alone(core)
        prepare(core)
        fill(core, story_clock, size, now, tell)
    finally:
        core.close()
    part.rename(folder)


def _write_alone(core: Core) -> None:
    """Write in this thread, and without waiting for the disk.

    Nobody else writes to a demo that is being made, and one that a power cut interrupts is made anew.
    """

    @event.listens_for(core.store.engine, "connect")
    def _connected(raw: Any, _record: Any) -> None:
        raw.execute("PRAGMA synchronous=OFF")

    core.store.door.close()
    core.store.door = TransactionDoor(core.store.engine.execution_options(begin="IMMEDIATE"))


def fill(core: Core, clock: SetClock, size: Size, now: datetime, tell: Callable[[float], None]) -> None:
    """Play the story on an empty instance whose clock stands at its beginning; ends at `now`.

    Args:
        core: The instance.
        clock: The instance's clock.
        size: How much.
        now: When the story ends.
        tell: Is told now and then which share is done.
    """
    clock.moment = _first_day(now, size.days)
    _invite_staff(core)
    span = Span(clock.moment, now, size.customers, size.contacts_a_day)
    with _without_collecting():
        Story(core, clock, span, Random(size.seed)).play(tell)


def _first_day(now: datetime, days: int) -> datetime:
    return (now - timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)


def _invite_staff(core: Core) -> None:
    """Add an admin, a lead and two agents who are agents of the story; nobody has a password yet."""
    invite_user(core.store, core.clock, DEMO_ADMIN, "Demo Admin", "admin", "demo")
    invite_user(core.store, core.clock, "lead@demo.example", "Demo Lead", "manager", "demo")
    for agent in AGENTS[:2]:
        row_id = core.store.write(partial(_add_agent, agent, core.clock.now()))
        invite_user(core.store, core.clock, f"{agent.id}@demo.example", agent.name, "agent", "demo", row_id)


def _add_agent(agent: DemoAgent, now: datetime, connection: Connection) -> int:
    values = {"name": agent.name, "team": agent.team}
    return people.upsert_agent(connection, "helpdesk", agent.id, new_public_id(), values, now)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Let no garbage collection run over the thousands of objects that stay until the end anyway."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
