"""The table `[plugins.sms]`: strict, named by option, and as the documentation writes it."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from pydantic import ValidationError

from feedbackhub.contract.hub import Unconfigured
from feedbackhub.machinery.settings import Settings as Core
from feedbackhub.machinery.settings_load import SettingsError, plugin_section
from feedbackhub_plugins.sms import Settings
from tests.docs.blocks import blocks
from tests.sms.gateway import ACCOUNT, TOKEN

TWILIO = {"preset": "twilio", "sender": "Acme", "twilio": {"account": ACCOUNT, "auth_token": TOKEN}}
GENERIC = {"preset": "generic", "generic": {"url": "https://sms.example.com/send"}}


def section(values: dict[str, Any]) -> Settings:
    """Return the section as the host reads it."""
    return plugin_section(Core(plugins={"sms": values}), "sms", Settings)


def test_without_a_table_the_plugin_is_unconfigured_not_failed() -> None:
    with pytest.raises(Unconfigured, match=r"plugins\.sms\.preset"):
        section({})


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({**TWILIO, "sendr": "x"}, "plugins.sms.sendr: unknown option; did you mean plugins.sms.sender?"),
        ({**TWILIO, "sender": "much too long a name"}, "plugins.sms.sender: must be a number, up to 11 letters"),
        ({**TWILIO, "segments": 0}, "plugins.sms.segments: "),
        ({**TWILIO, "test_number": "0812"}, "plugins.sms.test_number: must be a number with its country code"),
        ({**TWILIO, "preset": "generic"}, "the preset generic needs the table [plugins.sms.generic]"),
        ({**TWILIO, "sender": ""}, "sender must be given"),
        ({**TWILIO, "twilio": {"account": "AC1", "auth_token": TOKEN}}, "plugins.sms.twilio.account: "),
        ({**TWILIO, "twilio": {**TWILIO["twilio"], "api_key": "SK" + "1" * 32}}, "api_key and api_secret are given"),
        ({**GENERIC, "generic": {"url": "https://me:pw@sms.example.com"}}, "generic.url: must be an address"),
        ({**GENERIC, "generic": {"url": "https://x.example", "body": {"to": "{to}"}}}, "must hold {text}"),
        ({**GENERIC, "generic": {"url": "https://x.example", "incoming": {"secret": "short"}}}, "incoming.secret"),
    ],
)  # fmt: skip
def test_a_wrong_option_is_named_and_its_value_kept_quiet(values: dict[str, Any], wrong: str) -> None:
    with pytest.raises(SettingsError) as raised:
        section(values)
    assert wrong in str(raised.value)
    assert TOKEN not in str(raised.value)


def test_secrets_do_not_show(capsys: pytest.CaptureFixture[str]) -> None:
    print(section(TWILIO), section({**GENERIC, "generic": {**GENERIC["generic"], "headers": {"X-Key": "quiet"}}}))
    told = capsys.readouterr().out
    assert (TOKEN in told, "quiet" in told) == (False, False)


def test_the_pages_examples_are_good_settings() -> None:
    tables = [tomllib.loads(block.text) for block in blocks("docs/sms.md", "toml")]
    first, senders, generic = (table["plugins"]["sms"] for table in tables)
    assert section({**first, **senders}).senders[0].sender == "AcmeCare"
    assert section(generic).preset == "generic"
    with pytest.raises(ValidationError):
        Settings.model_validate(senders)
