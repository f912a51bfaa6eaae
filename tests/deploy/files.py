"""The files under ``examples/deploy``, made to run on this machine: other paths, ports and a certificate."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path("examples/deploy").resolve()
ONE, MANY = FOLDER / "one-machine", FOLDER / "many-machines"
BIN = Path(sys.executable).parent
INSTALLED = "/opt/feedbackhub/.venv/bin/"


def compose() -> dict[str, Any]:
    """Return the compose file, its shared parts merged in."""
    found: dict[str, Any] = yaml.safe_load((MANY / "compose.yaml").read_text(encoding="utf-8"))
    return found


def command_of(service: str) -> list[str]:
    """Return the command of a service in the compose file."""
    return [str(each) for each in compose()["services"][service]["command"]]


def unit_command(path: Path) -> list[str]:
    """Return what a unit starts, without the folder that it is installed in."""
    (line,) = [each for each in path.read_text(encoding="utf-8").splitlines() if each.startswith("ExecStart=")]
    return shlex.split(line.partition("=")[2].replace(INSTALLED, ""))


def certificate(folder: Path) -> None:
    """Make a certificate that nobody but a test trusts."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem", "-subj", "/CN=feedback.example.com",
         "-addext", "subjectAltName=DNS:feedback.example.com,IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip


def nginx_site(path: Path, folder: Path, ports: dict[str, str]) -> Path:
    """Write a whole nginx configuration around a site of ours and return its path.

    Args:
        path: The site.
        folder: Where nginx may write, and where the certificate is.
        ports: What stands in the site, and what stands there on this machine.
    """
    site = path.read_text(encoding="utf-8").replace("/etc/letsencrypt/live/feedback.example.com", str(folder))
    for said, here in ports.items():
        site = site.replace(said, here)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        f"events {{ worker_connections 256; }}\nhttp {{ access_log off; {temporary}\n{site}\n}}\n",
        encoding="utf-8",
    )
    return whole
