"""The channel `sms`: one text message out, receipts and answers back."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import quote, urlsplit

import phonenumbers

from feedbackhub import (
    Channel,
    Data,
    Http,
    Incoming,
    Message,
    PermanentFailure,
    Receipt,
    Receives,
    Returned,
    Setup,
    wish_of,
)

from .generic import GenericGateway
from .outgoing import Gateway, Outgoing
from .segments import size_of
from .settings import Settings
from .twilio import TwilioGateway
from .wording import body_of

__all__ = ["SmsChannel"]


class SmsChannel(Channel, Receives):
    """Sends through a gateway over HTTP; safe to use from several threads."""

    name = "sms"
    reaches = ("phone",)
    data = Data(sends=("address", "text"))

    def __init__(self, settings: Settings, http: Http, public_url: str, log: logging.Logger) -> None:
        self.settings, self.public_url, self.log = settings, public_url, log
        heard = settings.preset == "twilio" or (settings.generic is not None and settings.generic.incoming is not None)
        self.takes_answers = settings.replies and heard
        self.gateway: Gateway = gateway_of(settings, http)
        self.keeps_query = self.gateway.keeps_query

    def deliver(self, message: Message) -> Receipt:
        """Send one text message; the gateway's id becomes the receipt.

        Raises:
            TemporaryFailure: The gateway is away or busy, or refuses our sign-in or sender.
            PermanentFailure: It refuses this message, or there is no such number.
            Suppressed: The person told the gateway to be left alone.
        """
        to, country = self._number(message)
        body = body_of(message, self.settings.segments)
        receipt = self.gateway.send(
            Outgoing(to, self._sender(message.brand.key, country), body, message.id, self._callback(message.id))
        )
        size = size_of(body)
        self.log.info("a text message went out: %s", size)  # what it costs; no number and no words
        return replace(receipt, detail=f"{receipt.detail}, {size}")

    def check(self) -> str:
        """Sign in with the gateway without sending anything.

        Raises:
            DeliveryFailure: What is wrong.
        """
        return self.gateway.check()

    def verify(self, incoming: Incoming) -> None:
        """Make sure that the gateway sent this.

        Raises:
            NotGenuine: It did not.
        """
        self.gateway.verify(incoming)

    def setup(self, language: str = "en") -> Setup:
        """Return what to set at the gateway so that it calls us."""
        return self.gateway.setup(f"{self.public_url}in/{self.name}")

    def delivery_id(self, incoming: Incoming) -> str:
        """Return by what a repeated call of the gateway is known."""
        return self.gateway.delivery_id(incoming)

    def acknowledge(self, incoming: Incoming) -> tuple[bytes, str]:
        """Return what the gateway wants to hear."""
        return self.gateway.acknowledge()

    def receive(self, incoming: Incoming) -> Iterable[Returned]:
        """Return receipts, answers, and wishes to be left alone in whatever language."""
        return [self._understood(item) for item in self.gateway.receive(incoming)]

    def _understood(self, item: Returned) -> Returned:
        """Return a customer's message as the wish that it is, if it is one."""
        if item.kind != "answer":
            return item
        wish = wish_of(item.detail, self.settings.stop_words, self.settings.start_words)
        if wish == "stop":
            return replace(item, kind="opt_out")
        if wish == "start":
            return replace(item, kind="opt_in")
        return item if self.takes_answers else replace(item, kind="reply")

    def _number(self, message: Message) -> tuple[str, str]:
        """Return the number in E.164 and its country.

        Raises:
            PermanentFailure: It is none.
        """
        value = message.to.value if message.to.kind == "phone" else ""
        if message.test and (self.settings.test_number or not value):
            value = self.settings.test_number
        if not value:
            raise PermanentFailure("a test goes nowhere: plugins.sms.test_number is not set")
        try:
            number = phonenumbers.parse(value, None)
        except phonenumbers.NumberParseException:
            raise PermanentFailure("not a number with a country code", address_is_dead=True) from None
        country = phonenumbers.region_code_for_number(number) or ""
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), country

    def _sender(self, brand: str, country: str) -> str:
        for each in self.settings.senders:
            if each.brand in ("", brand) and each.country in ("", country):
                return each.sender
        return self.settings.sender

    def _callback(self, message_id: str) -> str:
        """Return the address for receipts: it names our message, so that none can come before we know its receipt."""
        host = urlsplit(self.public_url).hostname or ""
        if not self.settings.receipts or host in ("localhost", "127.0.0.1", "::1"):
            return ""
        return f"{self.public_url}in/{self.name}?m={quote(message_id, safe='@')}"


def gateway_of(settings: Settings, http: Http) -> Gateway:
    """Return the gateway that the settings choose."""
    if settings.preset == "twilio" and settings.twilio is not None:
        return TwilioGateway(settings.twilio, http)
    assert settings.generic is not None
    return GenericGateway(settings.generic, http)
