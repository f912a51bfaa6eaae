"""The processes of the compose file, started without containers: behind nginx, over PostgreSQL, Redis and Celery."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.files import BIN, MANY, certificate, command_of, nginx_site
from tests.mail.smtp_server import Running, Server
from tests.services.databases import PostgresDatabases
from tests.services.processes import absent, free_port, listening

PATIENCE = 150.0


class Fleet:
    """Processes of one instance, each started by the command of its service.

    Args:
        folder: Where settings, logs and data are.
        environment: What the containers would have in theirs.
    """

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FEEDBACKHUB_")}
        self.environment = {**kept, "PATH": f"{BIN}:{kept['PATH']}", **environment}
        self.running: list[subprocess.Popen[bytes]] = []

    def run(self, command: Sequence[str]) -> str:
        """Run a command to its end and return what it says."""
        done = subprocess.run(
            command, env=self.environment, cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, command: Sequence[str], **more: str) -> subprocess.Popen[bytes]:
        """Start a process that goes on."""
        with (self.folder / f"{len(self.running)}.log").open("wb") as log:
            process = subprocess.Popen(
                command, env={**self.environment, **more}, cwd=self.folder,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        self.running.append(process)
        return process

    def end(self) -> list[int]:
        """Ask every process to end and return their statuses, in the order of starting."""
        for process in reversed(self.running):
            if process.poll() is None:
                process.terminate()
        return [process.wait(timeout=60) for process in self.running]

    def kill(self) -> None:
        """End what is left."""
        for process in self.running:
            if process.poll() is None:
                process.kill()
                process.wait()

    def logs(self) -> str:
        """Return what all of them wrote."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))


def wait_for(what: Callable[[], Any], fleet: Fleet) -> Any:
    """Return what a question gives as soon as that is something."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = what()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"nothing came of it:\n{fleet.logs()}")


@contextmanager
def mail_server() -> Iterator[Server]:
    """Give a mail server that takes everything."""
    server = Server()
    running = Running(server)
    running.start()
    server.port = running.port
    try:
        yield server
    finally:
        running.stop()


class Visitor:
    """Somebody who comes through nginx.

    Args:
        port: nginx's.
        trust: Its certificate.
        key: An API key.
    """

    def __init__(self, port: int, trust: Path, key: str) -> None:
        self.port, self.key, self.context = port, key, ssl.create_default_context(cafile=str(trust))

    def call(self, method: str, path: str, body: object = None, form: str = "") -> tuple[int, str]:
        """Return status and body of an answer."""
        headers = {"Host": "feedback.example.com", "Accept-Language": "en"}
        data = None
        if form:
            headers["Content-Type"], data = "application/x-www-form-urlencoded", form
        elif path.startswith("/api/"):
            headers |= {"Content-Type": "application/json", "Authorization": f"Bearer {self.key}"}
            data = json.dumps(body) if body is not None else None
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=self.context)
        try:
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


@pytest.fixture
def fleet(tmp_path: Path, postgres_databases: PostgresDatabases) -> Iterator[tuple[Fleet, Visitor, Server]]:
    """Two web processes behind nginx, two pumps, two Celery workers, Redis, PostgreSQL, a mail server."""
    for program, package in (("redis-server", "redis-server"), ("nginx", "nginx-light"), ("openssl", "openssl")):
        if shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin") is None:
            absent(program, package)
    broker, front, webs = free_port(), free_port(), [free_port(), free_port()]
    certificate(tmp_path)
    with ExitStack() as stack:
        mail = stack.enter_context(mail_server())
        fleet = Fleet(tmp_path, environment(postgres_databases.new(), broker, tmp_path, mail.port))
        stack.callback(fleet.kill)
        fleet.start(["redis-server", "--port", str(broker), "--save", "", "--bind", "127.0.0.1"])
        wait_for(lambda: listening(broker), fleet)
        fleet.run([each.replace("${ADMIN:-", "").rstrip("}") for each in command_of("setup")])
        key = fleet.run(["feedbackhub", "keys", "create", "fleet", "--all-scopes"]).split()[-1]
        for port in webs:
            fleet.start(command_of("web"), FEEDBACKHUB_LISTEN=f"127.0.0.1:{port}")
        for service in ("pump", "pump", "celery", "celery"):
            fleet.start(command_of(service))
        places = {"listen 443": f"listen 127.0.0.1:{front}", "10.0.0.11:8001": f"127.0.0.1:{webs[0]}",
                  "10.0.0.11:8002": f"127.0.0.1:{webs[1]}"}  # fmt: skip
        whole = nginx_site(MANY / "nginx.conf", tmp_path, places)
        fleet.start(["/usr/sbin/nginx", "-c", str(whole), "-p", str(tmp_path)])
        for port in (*webs, front):
            wait_for(partial(listening, port), fleet)
        yield fleet, Visitor(front, tmp_path / "fullchain.pem", key), mail
    postgres_databases.drop(fleet.environment["FEEDBACKHUB_DATABASE"])


def environment(database: str, broker: int, folder: Path, smtp: int) -> dict[str, str]:
    """Return what the containers' environment says, with the addresses of this machine."""
    settings = folder / "feedbackhub.toml"
    text = (MANY / "feedbackhub.toml").read_text(encoding="utf-8")
    mail = 'security = "none"\nsender = "Example <feedback@example.com>"\n'
    at_once = text.replace('channels = ["email"]', 'channels = ["email"]\ndelay = "0m"')
    settings.write_text(re.sub(r"security = .*", mail, at_once, flags=re.DOTALL), encoding="utf-8")
    return {
        "FEEDBACKHUB_CONFIG": str(settings),
        "FEEDBACKHUB_DATABASE": database,
        "FEEDBACKHUB_DATA_DIR": str(folder / "data"),
        "FEEDBACKHUB_ENGINE__RUNNER": "celery",
        "FEEDBACKHUB_ENGINE__BROKER": f"redis://127.0.0.1:{broker}/0",
        "FEEDBACKHUB_PLUGINS__EMAIL__HOST": "127.0.0.1",
        "FEEDBACKHUB_PLUGINS__EMAIL__PORT": str(smtp),
    }


def contact(number: int) -> dict[str, object]:
    return {"source": "helpdesk", "external_id": str(number), "channel": "chat",
            "customer": {"email": f"ann{number}@example.org", "name": "Ann", "language": "en"}}  # fmt: skip


def link_in(server: Server, recipient: str) -> str:
    """Return the path of the survey in the mail to somebody, empty when there is none yet."""
    for taken in server.taken:
        if taken.recipients == [recipient]:
            text = taken.raw.decode(errors="replace").replace("=\r\n", "")
            found = re.search(r"https://feedback\.example\.com(/s/[A-Za-z0-9_-]{24})", text)
            return found[1] if found else ""
    return ""


def test_the_loop_goes_round_over_all_processes_and_on_without_some(fleet: tuple[Fleet, Visitor, Server]) -> None:
    processes, visitor, mail = fleet
    _, first_web, _, first_pump, _, first_celery, *_ = processes.running
    assert visitor.call("POST", "/api/v1/contacts", contact(1))[0] == 201
    link = wait_for(lambda: link_in(mail, "ann1@example.org"), processes)
    assert visitor.call("GET", link)[0] == 200
    assert visitor.call("POST", link, form="satisfaction=2&comment=Slow")[0] in (200, 303)
    for process in (first_web, first_pump, first_celery):
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert [visitor.call("POST", "/api/v1/contacts", contact(number))[0] for number in (2, 3)] == [201, 201]
    for number in (2, 3):
        wait_for(partial(link_in, mail, f"ann{number}@example.org"), processes)
    asked = {"email": "ann1@example.org", "agent": {"source": "helpdesk", "id": "7"}}
    status, said = visitor.call("POST", "/api/v1/customers/lookup", asked)
    assert (status, json.loads(said)["found"]) == (200, True)
    # So quick an answer without the page's proof counts only when a person accepts it; it is kept all the same.
    status, said = visitor.call("GET", "/api/v1/responses")
    assert (status, [each["comment"] for each in json.loads(said)["items"]]) == (200, ["Slow"])
    assert sorted(taken.recipients[0] for taken in mail.taken) == [f"ann{n}@example.org" for n in (1, 2, 3)]
    left = [process for process in processes.running if process.returncode is None]
    processes.end()
    assert [process.returncode for process in left] == [0] * len(left), processes.logs()
