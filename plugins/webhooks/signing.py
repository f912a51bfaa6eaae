"""Signatures by Standard Webhooks; secrets are derived from the instance's key and stored nowhere."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

__all__ = ["OVERLAP", "generations", "secret_of", "signed_headers"]

#: How long the secret before the present one signs too, after a rotation.
OVERLAP = timedelta(hours=24)


def secret_of(secret: Callable[[str], bytes], endpoint: str, generation: int) -> str:
    """Return an endpoint's secret as receivers paste it: ``whsec_`` and base64."""
    return "whsec_" + base64.b64encode(secret(f"endpoint {endpoint} {generation}")).decode()


def generations(current: int, rotated_at: datetime | None, now: datetime) -> tuple[int, ...]:
    """Return which secrets sign at a moment: the present one, and for a day after a rotation the one before."""
    is_fresh = rotated_at is not None and now - rotated_at < OVERLAP
    return (current, current - 1) if is_fresh and current > 1 else (current,)


def signed_headers(secrets: Sequence[str], id_: str, at: datetime, body: bytes) -> Mapping[str, str]:
    """Return the header fields that prove a body to its receiver.

    Args:
        secrets: ``whsec_…``; each signs.
        id_: The event's id, without a point.
        at: The moment of this attempt.
        body: The exact bytes that are sent.
    """
    timestamp = str(int(at.timestamp()))
    signed = f"{id_}.{timestamp}.".encode() + body
    marks = (hmac.digest(base64.b64decode(each.removeprefix("whsec_")), signed, "sha256") for each in secrets)
    signature = " ".join("v1," + base64.b64encode(mark).decode() for mark in marks)
    return {"webhook-id": id_, "webhook-timestamp": timestamp, "webhook-signature": signature}
