"""The one guarded way to call other systems: public addresses only, no redirects, limits on time and size.

The address that was checked is the address that is connected to, so a name that resolves differently the second time
gains nothing. Errors and logs name scheme, host and port, never the path, the query or a credential.
"""

from __future__ import annotations

import email.utils
import ipaddress
import json as json_format
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from pydantic import SecretStr
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import parse_url

from feedbackhub.contract.errors import AddressRefused, Unreachable
from feedbackhub.machinery.clock import Clock, SystemClock
from feedbackhub.machinery.settings import HttpSettings

__all__ = ["AddressRefused", "Answer", "Http", "Unreachable", "field_of"]

log = logging.getLogger(__name__)
PORTS = {"http": 80, "https": 443}
CHUNK = 65_536
AGENT = "feedbackhub"
# One wording for every refusal, so that a "test this address" button tells nothing about the network behind it.
REFUSED = "this address may not be called; private hosts are allowed by [http] allow"


@dataclass(frozen=True)
class Answer:
    """What a server answered; header names are in lower case, the body is cut at the configured size."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes
    retry_after: timedelta | None = None
    truncated: bool = False

    @property
    def ok(self) -> bool:
        """Whether the status says success."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """Return the body read as JSON; raises ValueError when it is none."""
        return json_format.loads(self.body)

    def field(self, *path: str | int) -> str:
        """Return what stands at a place of the JSON body as text, empty when there is no such place or no JSON."""
        return field_of(self.body, path)


def field_of(body: bytes, path: Sequence[str | int]) -> str:
    """Return what stands at a place of a JSON text, empty when there is no such place or it is no JSON."""
    try:
        found = json_format.loads(body)
        for step in path:
            found = found[step]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return found if isinstance(found, str) else "" if found is None else json_format.dumps(found)


class GuardedAdapter(IPFilterAdapter):
    """Connects only to public addresses, and checks what requests-hardened lets pass (site-local, IPv4 in IPv6)."""

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        """Return where to connect: the checked address; raises InvalidIPAddress."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        address = ipaddress.ip_address(host["host"].strip("[]"))
        if not is_public(address):
            raise InvalidIPAddress(address)
        return host, pool


class Http:
    """A client that may be shared between threads; connections are kept, cookies never."""

    def __init__(self, options: HttpSettings | None = None, clock: Clock | None = None) -> None:
        chosen = options or HttpSettings()
        self._allowed = frozenset(each.lower() for each in chosen.allow)
        self._timeout, self._max_bytes = chosen.timeout_seconds, chosen.max_answer_kb * 1024
        self._clock = clock or SystemClock()
        # A session is safe to share here: it has no cookies, and its connection pools lock for themselves.
        self._guarded, self._free = new_session(guarded=True), new_session(guarded=False)

    def close(self) -> None:
        """Give all kept connections back."""
        self._guarded.close()
        self._free.close()

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        token: str | SecretStr | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        """Fetch an address; see `request`."""
        return self.request("GET", url, headers=headers, token=token, params=params)

    def post(
        self,
        url: str,
        *,
        json: Any = None,
        data: bytes | Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        token: str | SecretStr | None = None,
    ) -> Answer:
        """Send JSON, bytes or form fields to an address; see `request`."""
        return self.request("POST", url, json=json, data=data, headers=headers, token=token)

    def request(
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        data: bytes | Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        token: str | SecretStr | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        """Call another system once.

        Args: method, url: what to call; json, data: the body; headers: further fields; token: sent as Bearer;
            params: added to the query.
        Returns: the answer, whatever its status; a redirect is an answer like any other.
        Raises: AddressRefused, Unreachable.
        """
        target, session = self._place(url)
        sent = requests.Request(method, url, fields(headers, token), json=json, data=data, params=params)
        with failures_of(target, self._timeout):
            answer = self._send(session, session.prepare_request(sent))
        log.info("called", extra={"target": target, "method": method, "status": answer.status})
        return answer

    def _send(self, session: requests.Session, request: requests.PreparedRequest) -> Answer:
        deadline = time.monotonic() + self._timeout
        with session.send(request, timeout=self._timeout, allow_redirects=False, stream=True) as response:
            body, truncated = self._read(response, deadline)
        headers = {name.lower(): value for name, value in response.headers.items()}
        wait = self._wait(headers.get("retry-after", ""))
        return Answer(response.status_code, response.reason or "", headers, body, wait, truncated)

    def _place(self, url: str) -> tuple[str, requests.Session]:
        """Return the address without path and query, and the session that may call it."""
        try:
            parts = parse_url(url)
        except (LocationParseError, UnicodeError):
            raise AddressRefused("(unreadable address)", REFUSED) from None
        if parts.scheme not in PORTS or not parts.host or parts.auth or not is_plain(url):
            raise AddressRefused("(unreadable address)", REFUSED)
        place = f"{parts.host.lower()}:{parts.port or PORTS[parts.scheme]}"
        return f"{parts.scheme}://{place}", self._free if place in self._allowed else self._guarded

    def _read(self, response: requests.Response, deadline: float) -> tuple[bytes, bool]:
        """Read the body up to the size limit and the deadline, which a slow drip cannot stretch."""
        body = bytearray()
        # read1 returns what one read of the socket gave; read would wait for the whole chunk, however slowly it comes.
        while chunk := response.raw.read1(CHUNK, decode_content=True):
            body += chunk
            if len(body) > self._max_bytes:
                return bytes(body[: self._max_bytes]), True
            if time.monotonic() > deadline:
                raise TimeoutError
        return bytes(body), False

    def _wait(self, text: str) -> timedelta | None:
        """Read Retry-After, which is seconds or a date; nonsense counts as not given."""
        if text.isascii() and text.isdigit() and len(text) < 9:
            return timedelta(seconds=int(text))
        try:
            moment = email.utils.parsedate_to_datetime(text)
            return max(moment - self._clock.now(), timedelta(0))
        except (TypeError, ValueError):
            return None


@contextmanager
def failures_of(target: str, timeout: float) -> Iterator[None]:
    """Turn what goes wrong in a call into our own errors, which keep nothing of the address but the target."""
    try:
        yield
    except (InvalidIPAddress, requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema):
        log.warning("call refused", extra={"target": target})
        raise AddressRefused(target, REFUSED) from None
    except (requests.Timeout, TimeoutError):
        raise Unreachable(target, f"no answer within {timeout:g} seconds") from None
    except (requests.RequestException, HTTPError, OSError, ValueError) as error:
        # The library's texts repeat the whole address with its query; only the kind of error is kept.
        raise Unreachable(target, f"the call failed ({type(error).__name__})") from None


def new_session(*, guarded: bool) -> requests.Session:
    """Return a session without cookies, without proxies and passwords from the surroundings, and with the guard."""
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    if guarded:
        session.mount("http://", GuardedAdapter(is_https_proto=False))
        session.mount("https://", GuardedAdapter(is_https_proto=True))
    return session


def fields(headers: Mapping[str, str] | None, token: str | SecretStr | None) -> dict[str, str]:
    """Return the header fields of a call."""
    sent = {"User-Agent": AGENT, "Accept-Encoding": "identity", **(headers or {})}
    if token is not None:
        sent["Authorization"] = f"Bearer {token.get_secret_value() if isinstance(token, SecretStr) else token}"
    return sent


def is_plain(url: str) -> bool:
    """Tell whether an address holds only what all parsers read alike."""
    return url.isascii() and "\\" not in url and all(33 <= ord(letter) < 127 for letter in url)


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Tell whether an address belongs to the public internet, in every spelling of an IPv4 address inside IPv6."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return is_public(inner)
        # ::a.b.c.d and fec0::/10 (both deprecated) and ::ffff:0:a.b.c.d (IPv4-translated, RFC 2765) count as global in
        # the standard library.
        if address.is_site_local or int(address) >> 32 in (0, 0xFFFF0000):
            return False
    return address.is_global and not address.is_multicast
