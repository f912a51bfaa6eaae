"""A real IMAP server: dovecot with one mailbox a test."""

import shutil
import signal
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from imaplib import IMAP4
from itertools import count
from pathlib import Path

import pytest

from tests.services.processes import absent, account, directory, free_port, listening, running, unprivileged

PASSWORD = "kept-for-tests"

CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
default_internal_user = {account}
default_login_user = {account}
default_internal_group = {group}
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
mail_fsync = never
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={account} gid={group} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True)
class Mailbox:
    """One account on the test server, empty at the start of the test."""

    host: str
    port: int
    tls_port: int
    username: str
    password: str
    certificate: Path

    def put(self, message: bytes, folder: str = "INBOX") -> None:
        """Leave a message unread in a folder, as if it had just arrived."""
        with self.connection() as connection:
            connection.append(folder, "", "", message.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))

    def messages(self, folder: str = "INBOX", criterion: str = "ALL") -> list[bytes]:
        """Return the raw messages of a folder that fit an IMAP criterion, without marking them as read."""
        with self.connection() as connection:
            connection.select(folder, readonly=True)
            numbers = connection.search(None, criterion)[1][0].split()
            fetched = [connection.fetch(number.decode(), "(BODY.PEEK[])")[1][0] for number in numbers]
        return [part[1] for part in fetched if isinstance(part, tuple)]

    def connection(self) -> IMAP4:
        """Return a signed-in connection of the test's own."""
        connection = IMAP4(self.host, self.port, timeout=10)
        connection.login(self.username, self.password)
        return connection

    def trust(self) -> ssl.SSLContext:
        """Return a TLS context that accepts the server's certificate."""
        return ssl.create_default_context(cafile=str(self.certificate))


def certificate(folder: Path) -> None:
    """Make a certificate for the loopback address, valid for a day."""
    subprocess.run(
        unprivileged([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost",
            "-keyout", folder / "key.pem", "-out", folder / "certificate.pem",
        ]),
        check=True, capture_output=True, cwd="/",
    )  # fmt: skip


@contextmanager
def dovecot() -> Iterator[Mailbox]:
    """Run a server; yield how to reach it, with a user name still to be chosen."""
    program = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
    if program is None or not shutil.which("openssl"):
        absent("dovecot or openssl", "dovecot-imapd openssl")
    with directory("imap") as folder:
        port, tls_port = free_port(), free_port()
        group = subprocess.run(["id", "-gn", account()], check=True, capture_output=True, text=True).stdout.strip()
        certificate(folder)
        config = folder / "dovecot.conf"
        config.write_text(
            CONFIG.format(
                folder=folder, account=account(), group=group, password=PASSWORD, port=port, tls_port=tls_port
            )
        )
        with running([program, "-F", "-c", config], folder / "log", lambda: listening(port), signal.SIGTERM):
            yield Mailbox("127.0.0.1", port, tls_port, "", PASSWORD, folder / "certificate.pem")


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[Mailbox]:
    """A dovecot that lives as long as the session."""
    with dovecot() as server:
        yield server


USERS = count(1)


@pytest.fixture
def imap_server(dovecot_server: Mailbox) -> Mailbox:
    """An empty mailbox on a real IMAP server, reachable with and without TLS."""
    server = dovecot_server
    name = f"feedback{next(USERS)}"
    return Mailbox(server.host, server.port, server.tls_port, name, server.password, server.certificate)
