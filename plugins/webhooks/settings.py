"""The table `[plugins.webhooks]`."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

__all__ = ["Credentials", "Settings", "is_allowed"]


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ValueError("must be an address without password and query, such as https://acme.zendesk.com")
    return value.rstrip("/")


Address = Annotated[str, AfterValidator(_address)]


class Section(BaseModel):
    """A table that refuses unknown options and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Credentials(Section):
    """What calls of template endpoints go to and sign in with."""

    address: Address = Field(description="The only place that these credentials are sent to, with its scheme.")
    kind: Literal["none", "basic", "bearer", "header", "oauth"] = Field(
        "none",
        description="`basic`: user and secret; `bearer`: secret as a token; `header`: secret in a header field of its "
        "own; `oauth`: a token fetched with client id (user) and secret.",
    )
    user: str = Field("", description="User name of `basic`, client id of `oauth`.")
    secret: SecretStr = Field(SecretStr(""), description="Password, token or client secret.")
    header: str = Field("", pattern=r"^[A-Za-z0-9_-]*$", description="Header field of `header`.")
    prefix: str = Field("", description="What stands before the secret in that field, such as `Token token=`.")
    token_url: str = Field("", description="Where `oauth` fetches its token.")
    values: dict[str, str] = Field(
        {}, description="What templates name as `{values.…}`, such as `{ account_id = \"1\" }`."
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Credentials:
        if self.kind == "header" and not self.header:
            raise ValueError("header must name the header field")
        if self.kind == "oauth":
            _address(self.token_url)
        if self.kind != "none" and not self.secret.get_secret_value():
            raise ValueError("secret must be given")
        return self


class Settings(Section):
    """Where answers and other events are sent."""

    log_days: int = Field(30, ge=1, le=365, description="Days that the log of deliveries is kept.")
    allow_http: tuple[str, ...] = Field(
        (), description="Hosts with port that may be called without TLS, such as `10.0.0.5:8080`; private ones must "
        "stand in `[http] allow` too."
    )
    credentials: dict[str, Credentials] = Field({}, description="Credentials of template endpoints, by name.")

    @model_validator(mode="after")
    def _encrypted(self) -> Settings:
        for name, each in self.credentials.items():
            for option, url in (("address", each.address), ("token_url", each.token_url)):
                if url and not is_allowed(url, self.allow_http):
                    raise ValueError(f"credentials.{name}.{option} must begin with https://")
        return self


def is_allowed(url: str, without_tls: tuple[str, ...]) -> bool:
    """Tell whether an address is encrypted, or may go without."""
    parts = urlsplit(url)
    try:
        place = f"{parts.hostname}:{parts.port or 80}"
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and place in {each.lower() for each in without_tls})
