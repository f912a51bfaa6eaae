"""How sure we are that a person answered: mail gateways open pages and press buttons too.

One strong sign makes an answer suspect, or two weak ones. A missing or old page proof is weak: it
lowers confidence and never refuses an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

STRONG = ("honeypot", "prefetch", "other_site", "repeated")
_PROOF_AGE = timedelta(hours=24)
_FASTEST_READER = timedelta(seconds=1)
_FASTEST_MAIL = timedelta(seconds=10)
_BURST = timedelta(seconds=60)
_BURST_RATINGS = 3


@dataclass(frozen=True)
class Evidence:
    """What the door saw of an answer.

    Args:
        headers: Request headers, names in lower case.
        honeypot: What stood in the field that people do not see.
        proof_age: Age of the page's proof, None when it was missing or forged.
        since_send: Time since the newest message went out, None when none did.
        recent_ratings: Different ratings given on this link within the last minute, this one included.
        repeated: Whether it may be by somebody who has answered the same open link on the same day.
        open_page: Whether it was given on an open link's page, whose address everybody may know.
    """

    headers: Mapping[str, str]
    honeypot: str
    proof_age: timedelta | None
    since_send: timedelta | None
    recent_ratings: int = 1
    repeated: bool = False
    open_page: bool = False


def signs(evidence: Evidence) -> tuple[str, ...]:
    """Return the signs of a machine, strong ones first."""
    purpose = evidence.headers.get("sec-purpose", "") + evidence.headers.get("purpose", "")
    elsewhere = evidence.headers.get("sec-fetch-site") == "cross-site"
    found = {
        "honeypot": bool(evidence.honeypot),
        "prefetch": "prefetch" in purpose.lower() or "x-moz" in evidence.headers,
        "repeated": evidence.repeated,
        # Any page in the world can make its visitors' browsers post to an address that is no secret.
        "other_site": evidence.open_page and elsewhere,
        "no_page": evidence.proof_age is None,
        "old_page": evidence.proof_age is not None and evidence.proof_age > _PROOF_AGE,
        "too_fast": evidence.proof_age is not None and evidence.proof_age < _FASTEST_READER,
        "right_after_sending": evidence.since_send is not None and evidence.since_send < _FASTEST_MAIL,
        "no_language": not evidence.headers.get("accept-language"),
        "many_ratings": evidence.recent_ratings >= _BURST_RATINGS,
    }
    return tuple(name for name, seen in found.items() if seen)


def is_suspect(found: tuple[str, ...]) -> bool:
    """Tell whether these signs make an answer suspect."""
    return any(sign in STRONG for sign in found) or len(found) >= 2


BURST = _BURST
