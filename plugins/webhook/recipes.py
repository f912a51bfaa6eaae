"""What the systems that sign their requests sign, and where they write it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from .verify_settings import Verify

__all__ = ["Recipe", "recipe_of"]


@dataclass(frozen=True)
class Recipe:
    """One way of signing.

    Args:
        header: Header field of the signature.
        signed: What is signed, with placeholders.
        algorithm: The hash.
        encoding: How the signature is written.
        prefix: What stands before it.
        keyed: HMAC; else a plain hash over a text that holds the secret.
        timestamp_header: Header field with the time of sending.
        timestamp_unit: How that time is written.
        nonce_header: Header field with the nonce.
        window: How many seconds that time may be from ours.
        addresses: Under which spellings of the address it may have been signed.
    """

    header: str
    signed: str = "{body}"
    algorithm: str = "sha256"
    encoding: str = "hex"
    prefix: str = ""
    keyed: bool = True
    timestamp_header: str = ""
    timestamp_unit: str = "s"
    nonce_header: str = ""
    window: int = 300
    addresses: Literal["as_is", "decoded", "any_port"] = "as_is"


KNOWN: Mapping[str, Recipe] = {
    "zendesk": Recipe(
        "x-zendesk-webhook-signature", "{timestamp}{body}", encoding="base64",
        timestamp_header="x-zendesk-webhook-signature-timestamp", timestamp_unit="iso",
    ),
    "intercom": Recipe("x-hub-signature", algorithm="sha1", prefix="sha1="),
    "zammad": Recipe("x-hub-signature", algorithm="sha1", prefix="sha1="),
    "chatwoot": Recipe(
        "x-chatwoot-signature", "{timestamp}.{body}", prefix="sha256=", timestamp_header="x-chatwoot-timestamp"
    ),
    "helpscout": Recipe("x-helpscout-signature", algorithm="sha1", encoding="base64"),
    "slack": Recipe(
        "x-slack-signature", "v0:{timestamp}:{body}", prefix="v0=", timestamp_header="x-slack-request-timestamp"
    ),
    "hubspot_v1": Recipe("x-hubspot-signature", "{secret}{body}", keyed=False),
    "hubspot_v2": Recipe("x-hubspot-signature", "{secret}{method}{url}{body}", keyed=False),
    "hubspot_v3": Recipe(
        "x-hubspot-signature-v3", "{method}{url}{body}{timestamp}", encoding="base64",
        timestamp_header="x-hubspot-request-timestamp", timestamp_unit="ms", addresses="decoded",
    ),
    "plivo": Recipe(
        "x-plivo-signature-v2", "{url_without_query}{nonce}", encoding="base64",
        nonce_header="x-plivo-signature-v2-nonce",
    ),
    "whatsapp": Recipe("x-hub-signature-256", prefix="sha256="),
    "front": Recipe(
        "x-front-signature", "{timestamp}:{body}", encoding="base64",
        timestamp_header="x-front-request-timestamp", timestamp_unit="ms",
    ),
    "typeform": Recipe("typeform-signature", encoding="base64", prefix="sha256="),
    "twilio": Recipe(
        "x-twilio-signature", "{url}{sorted_form}", algorithm="sha1", encoding="base64", addresses="any_port"
    ),
}  # fmt: skip


def recipe_of(settings: Verify) -> Recipe | None:
    """Return how a scheme signs, None for one that does not."""
    if settings.scheme != "hmac":
        return KNOWN.get(settings.scheme)
    return Recipe(
        header=settings.header.lower(),
        signed=settings.signed or "{body}",
        algorithm="sha256" if settings.algorithm == "auto" else settings.algorithm,
        encoding=settings.encoding,
        prefix=settings.prefix,
        keyed=settings.keyed,
        timestamp_header=settings.timestamp_header.lower(),
        timestamp_unit=settings.timestamp_unit,
        nonce_header=settings.nonce_header.lower(),
        window=settings.window_seconds,
    )
