"""What an operator says about the gateway that text messages go through."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

__all__ = ["Arrivals", "Generic", "SenderFor", "Settings", "Twilio"]

ADDRESS = re.compile(r"https?://[^\s\"'<>\\@]+")
SENDER = re.compile(r"|\+?[0-9]{3,15}|MG[0-9a-fA-F]{32}|(?=.*[A-Za-z])[A-Za-z0-9 &_+-]{1,11}")
PHONE = re.compile(r"|\+[1-9][0-9]{6,14}")


def _address(value: str) -> str:
    if not ADDRESS.fullmatch(value):
        raise ValueError("must be an address such as https://sms.example.com/send, without a password in it")
    return value


def _sender(value: str) -> str:
    if not SENDER.fullmatch(value):
        raise ValueError("must be a number, up to 11 letters and digits, or the MG… of a Twilio messaging service")
    return value


def _phone(value: str) -> str:
    if not PHONE.fullmatch(value):
        raise ValueError("must be a number with its country code, like +6281234567890")
    return value


Address = Annotated[str, Field(max_length=2000), AfterValidator(_address)]
Sender = Annotated[str, AfterValidator(_sender)]
Path = Annotated[str, Field(max_length=200, pattern=r"^[A-Za-z0-9_.@-]*$")]
Code = Annotated[str, Field(min_length=1, max_length=60, coerce_numbers_to_str=True)]
Codes = tuple[Code, ...]
Word = Annotated[str, Field(min_length=1, max_length=60)]
Header = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,80}$")]
Placeholder = Annotated[str, Field(max_length=200)]


class Closed(BaseModel):
    """A table without further options; errors do not repeat values, which may be secrets."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class SenderFor(Closed):
    """One sender of a list; the first that fits counts."""

    sender: Sender = Field(description="Number, name or messaging service to send from.")
    brand: str = Field("", max_length=64, description="For this brand only; empty: for all.")
    country: str = Field("", pattern=r"^([A-Z]{2})?$", description="For numbers of this country only, like ID.")


class Twilio(Closed):
    """The table `[plugins.sms.twilio]`."""

    account: str = Field(pattern=r"^AC[0-9a-fA-F]{32}$", description="The account's SID, AC….")
    auth_token: SecretStr = Field(min_length=8, description="The account's auth token; it also signs what comes in.")
    api_key: str = Field("", pattern=r"^(SK[0-9a-fA-F]{32})?$", description="Send with this API key instead, SK….")
    api_secret: SecretStr = Field(SecretStr(""), description="The API key's secret.")
    base_url: Address = Field("https://api.twilio.com", description="Address of the API; another region, or a test.")

    @model_validator(mode="after")
    def _key_with_secret(self) -> Self:
        if bool(self.api_key) != bool(self.api_secret.get_secret_value()):
            raise ValueError("api_key and api_secret are given together")
        return self


class Arrivals(Closed):
    """The table `[plugins.sms.generic.incoming]`: where the gateway's calls to `/in/sms` say what.

    Paths lead into JSON, a form or the query: `results.0.from`.
    """

    secret: SecretStr = Field(min_length=12, description="What the gateway shows with every call.")
    secret_header: Header = Field("x-webhook-secret", description="Header in which it stands; or as Basic password.")
    secret_field: Path = Field("", description="Instead: field of the query in which it stands.")
    items: Path = Field("", description="Path to a list, when one call tells of several messages.")
    id: Path = Field("", description="Path to the gateway's id of a message that came in.")
    sender: Path = Field("from", description="Path to the number that a message came from.")
    text: Path = Field("text", description="Path to its words.")
    status: Path = Field("status", description="Path to the state of a message of ours; empty: there are no receipts.")
    receipt: Path = Field("message_id", description="Path to the gateway's id of our message.")
    reference: Path = Field("", description="Path to our own id, when it was sent along as {id}.")
    code: Path = Field("", description="Path to the reason why a message did not arrive.")
    delivered: Codes = Field(("delivered", "DELIVRD"), description="States that mean: arrived.")
    failed: Codes = Field(
        ("failed", "undelivered", "rejected", "expired", "UNDELIV", "REJECTD", "EXPIRED"),
        description="States that mean: did not arrive, the next channel takes over.",
    )
    dead: Codes = Field((), description="States or reasons that mean: there is no such number.")
    suppress: Codes = Field((), description="States or reasons that mean: does not want any messages.")


class Generic(Closed):
    """The table `[plugins.sms.generic]`.

    Placeholders in `url`, `headers` and `body`: {to} (+6281…), {number} (without the plus), {text}, {sender}, {id} (our
    own id, the same when tried again), {callback} (address for receipts).
    """

    url: Address = Field(description="Address to send to.")
    method: Literal["POST", "PUT", "GET"] = Field("POST", description="`POST`, `PUT` or `GET`.")
    format: Literal["json", "form", "query"] = Field("json", description="How the fields travel.")
    headers: dict[Header, SecretStr] = Field({}, max_length=20, description="Header fields, such as an API key.")
    username: str = Field("", max_length=200, description="Name for Basic sign-in.")
    password: SecretStr = Field(SecretStr(""), description="Password for Basic sign-in.")
    token: SecretStr = Field(SecretStr(""), description="Token for Bearer sign-in.")
    body: dict[str, Any] = Field({"to": "{to}", "from": "{sender}", "text": "{text}"}, description="Fields to send.")
    id: Path = Field("id", description="Path to the message's id in the answer.")
    code: Path = Field("", description="Path to the result or error code in the answer.")
    accepted: Codes = Field((), description="Codes that mean: taken over; empty: the HTTP status says so.")
    temporary: Codes = Field((), description="Codes or HTTP statuses that mean: try again later.")
    permanent: Codes = Field((), description="Codes or HTTP statuses that mean: give up, take the next channel.")
    dead: Codes = Field((), description="Codes that mean: there is no such number.")
    suppress: Codes = Field((), description="Codes that mean: this person does not want messages.")
    check_url: Address | Literal[""] = Field("", description="Address that `doctor` fetches to try the way out.")
    incoming: Arrivals | None = Field(None, description="Left out: nothing comes back.")

    @model_validator(mode="after")
    def _body_has_what_matters(self) -> Self:
        given = self.url + repr(self.body)
        if "{text}" not in given or ("{to}" not in given and "{number}" not in given):
            raise ValueError("body or url must hold {text}, and {to} or {number}")
        return self


class Settings(Closed):
    """The table `[plugins.sms]`."""

    preset: Literal["twilio", "generic"] = Field(description="`twilio` or `generic`; each has a table of its name.")
    sender: Sender = Field("", description="Number, name (up to 11 letters) or MG… to send from.")
    senders: tuple[SenderFor, ...] = Field((), max_length=200, description="Other senders for brands and countries.")
    segments: int = Field(3, ge=1, le=10, description="The most parts that one message may be sent and paid in.")
    replies: bool = Field(True, description="Whether customers may answer by replying with a number.")
    receipts: bool = Field(True, description="Whether to ask the gateway for receipts at `/in/sms`.")
    stop_words: tuple[Word, ...] = Field((), max_length=100, description="Further words that mean STOP.")
    start_words: tuple[Word, ...] = Field((), max_length=100, description="Further words that mean START.")
    test_number: Annotated[str, AfterValidator(_phone)] = Field("", description="Where tests go; empty: nowhere.")
    twilio: Twilio | None = Field(None, description="For the preset `twilio`.")
    generic: Generic | None = Field(None, description="For the preset `generic`.")

    @model_validator(mode="after")
    def _has_its_gateway(self) -> Self:
        if getattr(self, self.preset) is None:
            raise ValueError(f"the preset {self.preset} needs the table [plugins.sms.{self.preset}]")
        if self.preset == "twilio" and not self.sender:
            raise ValueError("sender must be given: a number, a name or a messaging service of the Twilio account")
        return self
