"""An instance for tests: a clock that stands still, a migrated database of each kind, the application, signed-in staff.

Whoever asks for `core` or anything above it runs once on SQLite and once on PostgreSQL.
"""

import hashlib
import importlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from feedbackhub.loop.core import Core
from feedbackhub.loop.opening import open_core, prepare
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.keyfile import KEY_FILE, write_key
from feedbackhub.machinery.settings import Settings
from feedbackhub.office.tokens import digest_of
from feedbackhub.office.users import User, invite_user
from feedbackhub.store.queries import staff
from tests.services.databases import Databases

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
MakeClient = Callable[..., "StaffClient"]


class StaffClient(FlaskClient):
    """A browser in which somebody is signed in; `submit` sends a form with its CSRF token, `post` without."""

    user: User
    token: str

    def submit(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form as our own pages would."""
        return self.post(path, data=data or {}, headers={"X-CSRFToken": self.csrf()}, **more)

    def csrf(self) -> str:
        """Return a valid CSRF token for this browser's session."""
        with self.session_transaction() as session:
            raw = session.setdefault("csrf_token", hashlib.sha1(b"test", usedforsecurity=False).hexdigest())
        key = self.application.secret_key
        assert key is not None
        return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(raw))


def database_of(folder: Path) -> Callable[[str], None]:
    """Return what makes the tables and publishes the bundled surveys in an empty database."""

    def fill(url: str) -> None:
        write_key(folder / KEY_FILE)
        core = open_core(Settings(data_dir=folder, database=url), SetClock(START))
        prepare(core)
        core.close()
        (folder / KEY_FILE).unlink()

    return fill


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], None]:
    """What makes a database ready, the same function all session long, so that copies of it are cheap."""
    return database_of(tmp_path_factory.mktemp("template"))


@pytest.fixture
def settings(tmp_path: Path, databases: Databases, filled: Callable[[str], None]) -> Settings:
    """Settings with a data folder, a key and a ready database; change them with ``model_copy(update={…})``."""
    write_key(tmp_path / KEY_FILE)
    return Settings(data_dir=tmp_path, database=databases.new(filled))


@pytest.fixture
def clock() -> SetClock:
    """A clock that stands at 2026-03-02 09:00 UTC until it is moved."""
    return SetClock(START)


@pytest.fixture
def core(settings: Settings, clock: SetClock) -> Iterator[Core]:
    """An open instance with the bundled plugins and surveys."""
    opened = open_core(settings, clock)
    yield opened
    opened.close()


@pytest.fixture
def app(core: Core) -> Flask:
    """The application."""
    # Here and not above: a page that cannot be imported fails the tests of the application, not the whole suite.
    return importlib.import_module("feedbackhub.app").create_app(core)  # type: ignore[no-any-return]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser of a stranger."""
    return app.test_client()


@pytest.fixture
def client_of(app: Flask, core: Core, clock: SetClock) -> MakeClient:
    """Sign somebody of a role in: ``client_of("manager", email=…, agent=…)``."""

    def make(role: str, email: str = "", agent: int | None = None) -> StaffClient:
        email = email or f"{role}@example.com"
        user, _ = invite_user(core.store, clock, email, role.title(), role, "tests", agent)
        # Everything but the password, whose hashing would make up most of the suite's time.
        token, now = f"session-of-{email}", clock.now()
        core.store.write(lambda c: staff.change_user(c, user.id, {"password_hash": "unusable"}))
        core.store.write(lambda c: staff.add_session(c, digest_of(token), user.id, now, now + timedelta(hours=12)))
        browser = StaffClient(app, app.response_class, use_cookies=True)
        browser.user, browser.token = replace(user, state="active"), token
        with browser.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        return browser

    return make


@pytest.fixture
def admin_client(client_of: MakeClient) -> StaffClient:
    """A browser in which an administrator is signed in."""
    return client_of("admin")


@pytest.fixture
def manager_client(client_of: MakeClient) -> StaffClient:
    """A browser in which a manager is signed in."""
    return client_of("manager")


@pytest.fixture
def agent_client(client_of: MakeClient) -> StaffClient:
    """A browser in which an agent is signed in."""
    return client_of("agent")
