"""Whether a request comes from whom it says: one check for each scheme, always with a secret but for `none`."""

from __future__ import annotations

import base64
from collections.abc import Callable
from urllib.parse import quote

from feedbackhub import Incoming, NotGenuine

from .recipes import recipe_of
from .signatures import check_signature, same
from .tokens import check_parameters, check_token
from .verify_settings import Verify

__all__ = ["CHOSEN_HERE", "Gate"]

#: Schemes whose secret we may choose; the others get theirs from the other system.
CHOSEN_HERE = ("header", "basic", "query", "hmac", "zammad", "helpscout")
HEADER = "x-webhook-secret"
MESSAGEBIRD = {"header": "messagebird-signature-jwt", "issuer": "MessageBird", "binds": ("body", "url")}


class Gate:
    """Lets genuine requests of one source in.

    Args:
        settings: How they show that they are genuine.
        derive: Returns a secret of our own; called late, when the instance stands.
        option: The option of the secret, for messages.
    """

    def __init__(self, settings: Verify, derive: Callable[[], bytes], option: str) -> None:
        self.settings, self._derive, self.option = settings, derive, option
        self._recipe = recipe_of(settings)
        self._token = settings.model_copy(update=MESSAGEBIRD) if settings.scheme == "messagebird" else settings

    @property
    def secret(self) -> str:
        """The secret: as set, else made here where we may choose it, else empty."""
        given = self.settings.secret.get_secret_value()
        if given or self.settings.scheme not in CHOSEN_HERE:
            return given
        # 32 letters: Help Scout takes at most 40.
        return base64.urlsafe_b64encode(self._derive()[:24]).decode()

    @property
    def header(self) -> str:
        """The header field of a shared secret."""
        return (self.settings.header or HEADER).lower()

    def check(self, incoming: Incoming) -> None:
        """Make sure that a request is genuine.

        Raises:
            NotGenuine: It is not, or there is no secret to tell by.
        """
        scheme = self.settings.scheme
        if scheme == "none":
            return
        previous = self.settings.previous_secret.get_secret_value()
        secrets = tuple(filter(None, (self.secret, previous)))
        if not secrets:
            raise NotGenuine(f"no secret is set; set {self.option}")
        if self._recipe:
            check_signature(incoming, self._recipe, secrets)
        elif scheme in ("jwt", "messagebird"):
            check_token(incoming, self._token, secrets)
        elif scheme == "vonage":
            check_parameters(incoming, self.settings, secrets)
        else:
            self._check_shared(incoming, secrets)

    def _check_shared(self, incoming: Incoming, secrets: tuple[str, ...]) -> None:
        given, expected = {
            "header": (incoming.headers.get(self.header, ""), [self.settings.prefix + each for each in secrets]),
            "basic": (incoming.headers.get("authorization", ""), [self._basic(each) for each in secrets]),
            "query": (incoming.query.get("key", ""), list(secrets)),
        }[self.settings.scheme]
        if not any(same(given, each) for each in expected):
            raise NotGenuine("the secret is missing or wrong")

    def _basic(self, secret: str) -> str:
        return "Basic " + base64.b64encode(f"{self.settings.user}:{secret}".encode()).decode()

    def key_in(self, address: str) -> str:
        """Return the address to paste, with the secret in it where the scheme says so."""
        return f"{address}?key={quote(self.secret, safe='')}" if self.settings.scheme == "query" else address
