"""The files for one machine and for many: the programs they are written for accept them, and they agree."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from feedbackhub.machinery.settings_load import load_settings
from tests.deploy.files import (
    BIN,
    FOLDER,
    INSTALLED,
    MANY,
    ONE,
    certificate,
    command_of,
    compose,
    nginx_site,
    unit_command,
)
from tests.services.processes import absent

UNITS = sorted(path for path in FOLDER.rglob("*") if path.suffix in (".service", ".timer"))
#: What the compose specification lets a service have; a slip of the pen is not among it.
KEYS = set(
    ("image", "build", "command", "restart", "environment", "volumes", "stop_grace_period", "depends_on")
    + ("healthcheck", "deploy", "ports")
)
SITES = (ONE / "nginx.conf", MANY / "nginx.conf", MANY / "compose-nginx.conf")


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        absent("systemd-analyze", "systemd")
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace(INSTALLED, f"{BIN}/")
        name = unit.name.replace("@.", "@8001.")
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    own = [line for line in said.stderr.splitlines() if str(tmp_path) in line or "feedbackhub" in line]
    assert own == []


@pytest.mark.parametrize("site", SITES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_nginx_accepts_the_sites(site: Path, tmp_path: Path) -> None:
    if shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin") is None:
        absent("nginx", "nginx-light")
    certificate(tmp_path)
    whole = nginx_site(site, tmp_path, {"web:8000": "127.0.0.1:8000"})
    said = subprocess.run(
        ["/usr/sbin/nginx", "-t", "-c", whole, "-p", tmp_path, "-g", f"lock_file {tmp_path}/lock;"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (said.returncode, said.stderr.count("[warn]") + said.stderr.count("[emerg]")) == (0, 0), said.stderr


@pytest.mark.parametrize("path", [each / "feedbackhub.toml" for each in (ONE, MANY)], ids=lambda path: path.parent.name)
def test_the_settings_are_settings(path: Path) -> None:
    settings = load_settings(path, {})
    assert (settings.public_url, settings.trusted_proxies) == ("https://feedback.example.com", 1)


def test_containers_and_units_start_the_same_commands() -> None:
    units = {name: unit_command(MANY / f"feedbackhub-{name}.service") for name in ("web@", "pump", "celery")}
    assert units == {"web@": command_of("web"), "pump": command_of("pump"), "celery": command_of("celery")}


def test_every_service_has_known_keys_and_waits_for_services_that_there_are() -> None:
    file = compose()
    services = file["services"]
    assert {key for service in services.values() for key in service} - KEYS == set()
    assert {each for service in services.values() for each in service.get("depends_on", ())} - set(services) == set()
    named = {volume.partition(":")[0] for service in services.values() for volume in service.get("volumes", ())}
    assert {each for each in named if not each.startswith(".")} == set(file["volumes"])
    assert all((MANY / each).exists() for each in named if each.startswith("."))


def test_the_settings_given_to_containers_are_settings() -> None:
    given = compose()["services"]["web"]["environment"]
    said = {name: str(value).replace("${PUBLIC_URL:-", "").replace("8080}", "8080") for name, value in given.items()}
    settings = load_settings(MANY / "feedbackhub.toml", said)
    assert (settings.engine.runner, settings.engine.broker) == ("celery", "redis://broker:6379/0")
