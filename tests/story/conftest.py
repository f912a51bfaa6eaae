"""A demo that is served and sends, as `feedbackhub demo` serves it, on SQLite and on real time."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedbackhub.app import create_app
from feedbackhub.cli.server import Server
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.opening import open_core, prepare
from feedbackhub.machinery.clock import SetClock, SystemClock
from feedbackhub.machinery.keyfile import KEY_FILE, write_key
from feedbackhub.machinery.settings import Settings
from feedbackhub.machinery.settings_load import load_settings
from feedbackhub.office.demo import Size, fill
from feedbackhub.office.demo_company import settings_text
from tests.services.processes import free_port


@dataclass(frozen=True)
class Served:
    """A demo that answers at an address."""

    core: Core
    address: str


@pytest.fixture(scope="session")
def settings_of_demo(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings as the demo writes them, with a few days of its story in the database."""
    folder, port = tmp_path_factory.mktemp("story"), free_port()
    file = folder / "feedbackhub.toml"
    file.write_text(settings_text(port), encoding="utf-8")
    settings = load_settings(file, {})
    quick = {
        "data_dir": folder / "data",
        "web": settings.web.model_copy(update={"survey_limit": "100000/minute", "sign_in_limit": "100000/minute"}),
        "engine": settings.engine.model_copy(update={"tick_seconds": 0.1}),
    }
    settings = settings.model_copy(update=quick)
    settings.data_dir.mkdir()
    write_key(Path(settings.data_dir) / KEY_FILE)
    now, clock = SystemClock().now(), SetClock(datetime(2026, 1, 1, tzinfo=UTC))
    core = open_core(settings, clock)
    clock.moment = now - timedelta(days=4)
    prepare(core)
    fill(core, clock, Size(days=4, customers=20, contacts_a_day=6.0), now, lambda _: None)
    core.close()
    return settings


@pytest.fixture(scope="session")
def demo(settings_of_demo: Settings) -> Iterator[Served]:
    """The running demo."""
    core = open_core(settings_of_demo)
    engine = Engine(core)
    engine.start()
    host, port = core.settings.listen_at
    server = Server(create_app(core, lambda: engine.running), host, port, 1 << 20)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Served(core, core.settings.public_url)
    server.stop()
    thread.join(20)
    engine.stop()
    core.close()
