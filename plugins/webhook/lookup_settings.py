"""The tables `lookups` and `credentials`: calls for what a body lacks."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator

from .section import FieldName, Paths, Section

__all__ = ["PLACEHOLDER", "Address", "Credentials", "Lookup", "fixed_host"]

PLACEHOLDER = re.compile(r"\{([a-z0-9_.-]+)\}")


def _address(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query):
        raise ValueError("must be an address without password and query, such as https://acme.zendesk.com")
    return value.rstrip("/")


def fixed_host(url: str) -> None:
    """Make sure that no value of a body can choose where a look-up goes.

    Raises:
        ValueError: A placeholder stands in scheme, host or port.
    """
    rest = url.removeprefix("{address}")
    if not url or (rest != url and rest[:1] in ("", "/", "?")):
        return
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or "{" in parts.netloc:
        raise ValueError("must begin with {address} or with a fixed host such as https://api.example.com/")


Address = Annotated[str, AfterValidator(_address)]


class Lookup(Section):
    """One call: a GET whose answer fills fields that are still empty."""

    url: str = Field("", description="Address with placeholders of fields, such as "
                     "`{address}/api/users/{customer.id}`; empty: no call.")
    paths: Paths = Field({}, description="Where our fields lie in the answer.")
    when_missing: tuple[FieldName, ...] = Field((), description="Call when one of these fields is empty; none: when "
                                                "one of `paths` is.")
    needed: bool = Field(False, description="Without address and credentials, contacts wait in the inbox instead of "
                         "going on without what the call would tell.")


class Credentials(Section):
    """What look-ups sign in with."""

    kind: Literal["none", "basic", "bearer", "header", "oauth"] = Field(
        "none", description="`basic`: user and password; `bearer`: token; `header`: token in a header field of its "
        "own; `oauth`: a token fetched with client id and secret.")
    user: str = Field("", description="User name of `basic`, client id of `oauth`.")
    password: SecretStr = Field(SecretStr(""), description="Password of `basic`, client secret of `oauth`.")
    token: SecretStr = Field(SecretStr(""), description="The token of `bearer` and `header`.")
    header: str = Field("", description="Header field of `header`.")
    token_url: Annotated[str, AfterValidator(_address)] = Field("", description="Where `oauth` fetches its token.")

    @model_validator(mode="after")
    def _fits_together(self) -> Credentials:
        if self.kind == "header" and not self.header:
            raise ValueError("header must name the header field")
        if self.kind == "oauth" and not self.token_url:
            raise ValueError("token_url must be given")
        return self

    @property
    def given(self) -> bool:
        """Whether there is something to sign in with."""
        secret = self.password if self.kind in ("basic", "oauth") else self.token
        return self.kind == "none" or bool(secret.get_secret_value())

    @property
    def option(self) -> str:
        """The option that holds the secret."""
        return "password" if self.kind in ("basic", "oauth") else "token"
