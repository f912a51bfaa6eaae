"""What an operator says about the mail server."""

from __future__ import annotations

import ssl
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from feedbackhub import as_line, is_line

from .addresses import own_address

Security = Literal["none", "starttls", "tls"]
SMTP_PORTS: dict[Security, int] = {"none": 25, "starttls": 587, "tls": 465}
IMAP_PORTS: dict[Security, int] = {"none": 143, "starttls": 143, "tls": 993}
LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))


def _sender(value: str) -> str:
    if not is_line(value):
        raise ValueError("must be one line without control characters")
    if not own_address(parseaddr(value)[1]):
        raise ValueError("must be an address such as Shop <feedback@example.com>")
    return value


def _address_or_nothing(value: str) -> str:
    return _sender(value) if value else value


Sender = Annotated[str, Field(max_length=320), AfterValidator(_sender)]
OptionalSender = Annotated[str, Field(max_length=320), AfterValidator(_address_or_nothing)]
Host = Annotated[str, Field(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9.:_-]+$")]
Port = Annotated[int, Field(ge=1, le=65535)]


class Server(BaseModel):
    """How to reach one server."""

    # Errors quote what was given, which here would be the password.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    host: Host = Field(description="Name of the server.")
    port: Port | None = Field(None, description="Port; left out, the usual one of the security chosen.")
    security: Security = Field("starttls", description="`starttls`, `tls` or `none`.")
    username: str = Field("", max_length=320, description="Name to sign in with; empty: no signing in.")
    password: SecretStr = Field(SecretStr(""), description="Password to sign in with.")
    ca_file: Path | None = Field(None, description="Certificates to trust, for a server with one of its own making.")
    timeout: float = Field(20, gt=0, le=300, description="Seconds to wait for each answer of the server.")

    @model_validator(mode="after")
    def _keeps_the_password_secret(self) -> Self:
        if self.username and self.security == "none" and self.host not in LOOPBACK:
            raise ValueError("signing in without security would show the password to the network; use starttls or tls")
        if not (self.username + self.password.get_secret_value()).isascii():
            raise ValueError("username and password must be ASCII: mail servers' sign-in carries nothing else")
        return self

    def tls(self) -> ssl.SSLContext:
        """Return what certificates are checked against."""
        return ssl.create_default_context(cafile=str(self.ca_file) if self.ca_file else None)

    def hide(self, text: str) -> str:
        """Return a server's text on one line, cut, and without the password should it repeat it."""
        secret = self.password.get_secret_value()
        return as_line(text.replace(secret, "…") if secret else text, 300)


class Imap(Server):
    """The mailbox that bounces and replies arrive in; best one of its own."""

    security: Security = Field("tls", description="`tls`, `starttls` or `none`.")
    folder: str = Field("INBOX", min_length=1, max_length=200, description="Folder to read unseen mails from.")
    done_folder: str = Field("", max_length=200, description="Folder to move read mails to; empty: marked as seen.")
    batch: int = Field(200, ge=1, le=5000, description="How many mails are read at a time.")
    largest: int = Field(2_000_000, ge=10_000, description="Bytes of a mail that are read; the rest is left out.")

    @property
    def at_port(self) -> int:
        """The port to connect to."""
        return self.port or IMAP_PORTS[self.security]


class Settings(Server):
    """The table `[plugins.email]`."""

    sender: Sender = Field(description="Sender of brands that name none, such as Shop <feedback@example.com>.")
    bounces_to: OptionalSender = Field("", description="Address that bounces go to; empty: the sender.")
    patience: float = Field(45, gt=0, le=600, description="Seconds for a whole mail; stay below engine.lease_seconds.")
    idle: float = Field(30, gt=0, le=600, description="Seconds after which an unused connection is closed.")
    mails_per_connection: int = Field(100, ge=1, le=10_000, description="Mails sent over one connection.")
    hostname: str = Field("", pattern=r"^[A-Za-z0-9.-]{0,253}$", description="Name to greet with; empty: ours.")
    imap: Imap | None = Field(None, description="Where bounces and replies are read; left out: they are not.")

    @property
    def at_port(self) -> int:
        """The port to connect to."""
        return self.port or SMTP_PORTS[self.security]
