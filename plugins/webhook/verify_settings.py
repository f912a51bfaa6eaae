"""The table `verify`: how requests show that they are genuine."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, SecretStr, model_validator

from .section import Section

__all__ = ["Scheme", "Verify"]

Scheme = Literal[
    "header", "basic", "query", "hmac", "jwt", "none",
    "zendesk", "intercom", "chatwoot", "helpscout", "zammad",
    "twilio", "slack", "hubspot_v1", "hubspot_v2", "hubspot_v3", "plivo", "whatsapp", "vonage", "front", "typeform",
    "messagebird",
]  # fmt: skip


class Verify(Section):
    """How requests show that they are genuine; the options beside `scheme` and `secret` are for `hmac` and `jwt`."""

    scheme: Scheme = Field("header", description="`header`: a shared secret in a header field; `basic`: user and "
                           "password; `query`: `?key=` in the address (for senders that can do nothing else: it ends "
                           "up in logs on the way); `hmac`, `jwt`: as described below; `none`: anybody may send; or "
                           "the scheme of a system.")
    secret: SecretStr = Field(SecretStr(""), description="The shared secret; empty: one is made for schemes where we "
                              "may choose it, shown on the page Sources.")
    previous_secret: SecretStr = Field(SecretStr(""), description="Also accepted, while the secret is being changed.")
    user: str = Field("feedbackhub", description="User name of `basic`.")
    header: str = Field("", description="Header field of the secret, the signature or the token.")
    prefix: str = Field("", description="What stands before it in that field, such as `sha256=` or `Bearer `.")
    algorithm: Literal["auto", "md5", "sha1", "sha256", "sha384", "sha512"] = Field(
        "auto",
        description="Hash of `hmac` (`auto`: `sha256`), `vonage` (`auto`: `md5`) and `jwt` (`auto`: any of SHA-2).",
    )
    encoding: Literal["hex", "base64"] = Field("hex", description="How the signature is written.")
    signed: str = Field("", description="What is signed, of `{body}`, `{timestamp}`, `{nonce}`, `{method}`, `{url}`, "
                        "`{url_without_query}`, `{sorted_form}` and `{secret}`; empty: `{body}`.")
    keyed: bool = Field(True, description="false: a plain hash, with `{secret}` in what is signed.")
    timestamp_header: str = Field("", description="Header field with the time of sending.")
    timestamp_unit: Literal["s", "ms", "iso"] = Field("s", description="How that time is written.")
    window_seconds: int = Field(300, ge=1, le=86_400, description="How far that time may be from ours.")
    nonce_header: str = Field("", description="Header field with the nonce.")
    issuer: str = Field("", description="What a token must name as its issuer.")
    binds: tuple[Literal["body", "url"], ...] = Field((), description="What a token must hold the hash of: `body` "
                                                      "(claim `payload_hash`), `url` (claim `url_hash`).")

    @model_validator(mode="after")
    def _fits_together(self) -> Verify:
        if self.scheme == "hmac" and not self.header:
            raise ValueError("header must name the header field of the signature")
        needs = {"{timestamp}": self.timestamp_header, "{nonce}": self.nonce_header}
        for placeholder, header in needs.items():
            if placeholder in self.signed and not header:
                raise ValueError(f"signed holds {placeholder}, so {placeholder[1:-1]}_header must be given")
        if not self.keyed and "{secret}" not in self.signed:
            raise ValueError("signed must hold {secret} when keyed = false")
        return self

    @model_validator(mode="before")
    @classmethod
    def _name_alone(cls, given: Any) -> Any:
        """Take `verify = "zendesk"` for its scheme."""
        return {"scheme": given} if isinstance(given, str) else given
