"""What `feedbackhub doctor` looks at; each check yields findings that say what to do."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from sqlalchemy import text

from ..contract.errors import DeliveryFailure, FeedbackhubError
from ..contract.objects import Channel
from ..machinery.clock import Clock
from ..machinery.keyfile import KEY_FILE, read_key
from ..machinery.plugins import Plugins
from ..machinery.settings import Settings
from ..office.audit import entries
from ..store import migrate
from ..store.store import Store
from .failures import because

__all__ = ["Finding", "check_channels", "check_clock", "check_database", "check_files", "check_plugins",
           "check_proxies", "check_urls"]  # fmt: skip

LOOPBACK = ("localhost", "127.0.0.1", "::1")
LEAST_FREE_MB = 200
SKEW = timedelta(seconds=30)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Args:
        level: ``ok``, ``warning`` or ``error``.
        subject: What was looked at, in a word or two.
        said: What was found.
        advice: What to do; empty when all is well.
    """

    level: Literal["ok", "warning", "error"]
    subject: str
    said: str
    advice: str = ""


def check_files(settings: Settings) -> Iterator[Finding]:
    """Look at the settings file, the data folder and the key: are they there, and private?"""
    if settings.path.exists():
        yield _private(settings.path, "settings", f"read from {settings.path}", 0o600)
    else:
        yield Finding("ok", "settings", "from the environment only")
    folder = settings.data_dir
    if not os.access(folder, os.W_OK):
        yield Finding("error", "data folder", f"{folder} cannot be written to", f"give it to this user: chown {folder}")
        return
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < LEAST_FREE_MB:
        yield Finding("error", "disk", f"only {free} MB are free", f"make room where {folder} is")
    yield _private(folder, "data folder", f"{folder}, {free:,} MB free", 0o700)
    yield _key(folder / KEY_FILE)


def _private(path: Path, subject: str, said: str, mode: int) -> Finding:
    found = stat.S_IMODE(path.stat().st_mode)
    if found & 0o077 & ~mode:
        return Finding("warning", subject, f"{path} may be read by others", f"chmod {mode:o} {path}")
    return Finding("ok", subject, said)


def _key(path: Path) -> Finding:
    try:
        count = len(read_key(path))
    except Exception as error:  # whatever keeps the key from being read is what is to be told
        return Finding("error", "key", str(error), "restore it from a backup: links already sent depend on it")
    return _private(path, "key", f"{count} in {path.name}", 0o600)


def check_database(store: Store) -> Iterator[Finding]:
    """Look at the database: does it answer, has it this release's tables?"""
    kind = "SQLite" if store.is_sqlite else f"PostgreSQL at {store.url.host or 'a local socket'}"
    try:
        found, wrong = migrate.current(store), migrate.misfit(store)
    except FeedbackhubError as error:
        advice = "look at the data folder's owner" if store.is_sqlite else "is the server up, is `database` right?"
        yield Finding("error", "database", f"{kind}: {error}{because(error.__cause__)}", advice)
        return
    if wrong:
        said, _, advice = wrong.partition("; ")
        yield Finding("error", "database", f"{kind} {said}", advice.removeprefix("run: "))
    else:
        yield Finding("ok", "database", f"{kind}, schema {found}")


def check_urls(settings: Settings) -> Iterator[Finding]:
    """Look at the addresses that customers are sent to."""
    own = {name: brand.public_url for name, brand in settings.brands.items() if brand.public_url}
    yield _address("public_url", settings.public_url)
    for name, url in own.items():
        yield _address(f"brands.{name}.public_url", url)


def _address(option: str, url: str) -> Finding:
    parts = urlsplit(url)
    if parts.hostname in LOOPBACK or (parts.hostname or "").startswith("127."):
        return Finding("warning", option, f"{url} is reached from this machine only", f"set {option} before asking")
    if parts.scheme != "https":
        return Finding("error", option, f"{url} is not encrypted", "use https, behind a proxy with a certificate")
    return Finding("ok", option, url)


def check_proxies(settings: Settings) -> Iterator[Finding]:
    """Look whether visitors are told apart: https is a proxy's work, and one that is not trusted hides them all."""
    if urlsplit(settings.public_url).scheme == "https" and not settings.trusted_proxies:
        said = "0, so that all visitors behind the proxy that makes https count as one, and share one rate limit"
        yield Finding("warning", "trusted_proxies", said, "set it to the number of proxies in front of feedbackhub")
    else:
        yield Finding("ok", "trusted_proxies", str(settings.trusted_proxies))


def check_clock(store: Store, clock: Clock) -> Iterator[Finding]:
    """Look at the clock: not behind what is recorded, and not apart from the database server's."""
    now = clock.now()
    newest = max((entry.at for entry in entries(store, limit=1)), default=now)
    if newest - now > SKEW:
        said = f"{now:%Y-%m-%d %H:%M} UTC lies before the newest record, {newest:%Y-%m-%d %H:%M}"
        yield Finding("error", "clock", said, "set the machine's clock, by NTP")
        return
    if not store.is_sqlite:
        with store.read() as connection:
            apart = abs(connection.execute(text("SELECT clock_timestamp()")).scalar_one() - clock.now())
        if apart > SKEW:
            yield Finding("warning", "clock", f"{apart} apart from the database server's", "set both by NTP")
            return
    yield Finding("ok", "clock", f"{now:%Y-%m-%d %H:%M} UTC")


def check_plugins(plugins: Plugins, settings: Settings) -> Iterator[Finding]:
    """Look at the plugins' states, and whether the ask policy names channels that nobody brings."""
    wanted = {*settings.plugins, *(channel for entry in settings.ask for channel in entry.channels)}
    for state in plugins.states:
        if state.state == "unconfigured" and state.bundled and state.name not in wanted:
            yield Finding("ok", f"plugin {state.name}", f"not in use; {state.reason}")
        elif state.state in ("failed", "unconfigured"):
            level: Literal["warning", "error"] = "error" if state.state == "failed" else "warning"
            advice = f"set it in {settings.path}, or name {state.name} in plugins_disabled"
            yield Finding(level, f"plugin {state.name}", f"{state.state}: {state.reason}", advice)
        else:
            yield Finding("ok", f"plugin {state.name}", state.state)
    for warning in plugins.warnings:
        yield Finding("warning", "plugins", warning, f"install it, or remove that from {settings.path}")
    for entry in settings.ask:
        absent = [name for name in entry.channels if name not in plugins.channels]
        if absent:
            said = f"asks by {', '.join(absent)}, which no working plugin brings"
            working = ", ".join(plugins.channels) or "none"
            yield Finding("error", f"ask {entry.name}", said, f"set up its plugin, or ask by one of: {working}")


def check_channels(plugins: Plugins) -> Iterator[Finding]:
    """Try every way out without sending anything."""
    for name, channel in plugins.channels.items():
        finding = _tried(name, channel)
        if finding is not None:
            yield finding


def _tried(name: str, channel: Channel) -> Finding | None:
    try:
        said = channel.check()
    except DeliveryFailure as failure:
        return Finding("error", f"channel {name}", failure.reason, f"look at [plugins.{name}] and at the other side")
    except Exception as error:  # a plugin's mistake, told as such
        said = f"{type(error).__name__}: {error}"
        return Finding("error", f"channel {name}", said, "report it to the plugin's author")
    return Finding("ok", f"channel {name}", said) if said else None
