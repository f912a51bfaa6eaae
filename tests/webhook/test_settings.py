"""A wrong option is named, with what would be right."""

from typing import Any

import pytest
from pydantic import ValidationError

from feedbackhub_plugins.webhook.settings import Settings, SourceSettings

from .conftest import MakeInstance

ID = {"external_id": "id"}


def wrong(**source: Any) -> list[tuple[str, str]]:
    """Return place and reason of what is wrong with a source's settings."""
    with pytest.raises(ValidationError) as error:
        Settings.model_validate({"sources": {"desk": source}})
    found = error.value.errors()
    return [(".".join(map(str, each["loc"])), each["msg"].removeprefix("Value error, ")) for each in found]


@pytest.mark.parametrize(("source", "place", "reason"), [
    ({"preset": "zendsk"}, "", "preset must be one of chatwoot, freshdesk, help_scout, intercom, zammad, zendesk"),
    ({}, "", "paths.external_id must say where the contact's id lies"),
    ({"paths": {**ID, "customer": {"mail": "a"}}}, ".paths.customer.mail.[key]",
     "there is no field customer.mail; did you mean customer.email?"),
    ({"paths": {**ID, "email": "a"}}, ".paths.email.[key]", "there is no field email; did you mean customer.email?"),
    ({"paths": {"external_id": "a["}}, ".paths.external_id.0",
     'Invalid jmespath expression: Incomplete expression: "a[" ^'),
    ({"paths": ID, "dates": {"timezone": "Mars"}}, ".dates.timezone", 'must be a time zone such as "Asia/Jakarta"'),
    ({"paths": ID, "verify": {"scheme": "hmac"}}, ".verify", "header must name the header field of the signature"),
    ({"paths": ID, "verify": {"scheme": "hmac", "header": "x", "signed": "{timestamp}{body}"}}, ".verify",
     "signed holds {timestamp}, so timestamp_header must be given"),
    ({"paths": ID, "lookups": {"who": {"url": "https://{customer.id}.example.com/"}}}, "",
     "lookups.who.url must begin with {address} or with a fixed host such as https://api.example.com/"),
    ({"paths": ID, "lookups": {"who": {"url": "{address}{customer.id}"}}}, "",
     "lookups.who.url must begin with {address} or with a fixed host such as https://api.example.com/"),
    ({"paths": ID, "address": "https://a:b@example.com"}, ".address",
     "must be an address without password and query, such as https://acme.zendesk.com"),
    ({"paths": ID, "credentials": {"kind": "header"}}, ".credentials", "header must name the header field"),
])
def test_a_wrong_option_is_named(source: dict[str, Any], place: str, reason: str) -> None:
    assert wrong(**source) == [(f"sources.desk{place}", reason)]


def test_settings_are_laid_over_the_preset_however_they_are_written() -> None:
    chosen = SourceSettings.model_validate({
        "preset": "zendesk",
        "verify": "query",
        "paths": {"customer.email": "who", "team": "", "customer": {"phone": ["a", "b"]}},
        "values": {"channel": {"mail": "letter"}},
        "ended": [{"path": "done"}],
    })
    assert (chosen.verify.scheme, chosen.paths["customer.email"], chosen.paths["team"]) == ("query", ("who",), ())
    assert (chosen.paths["customer.phone"], chosen.paths["external_id"][0]) == (("a", "b"), "ticket_id")
    assert (chosen.values["channel"]["mail"], chosen.values["channel"]["chat"]) == ("letter", "chat")
    assert [each.path for each in chosen.ended] == ["done"]


def test_a_wrong_option_fails_the_plugin_by_its_name(instance: MakeInstance) -> None:
    state = instance(desk={"paths": {"external_id": "a["}}).state("webhook")
    assert state.state == "failed"
    assert "plugins.webhook.sources.desk.paths.external_id" in state.reason


def test_presets_can_be_tried_without_any_settings(instance: MakeInstance) -> None:
    here = instance()
    assert here.state("webhook").state == "active"
    sources = [each for _, each in here.core.plugins.each("feedbackhub_sources")]
    assert [(each.name, each.trial) for each in sources] == [
        (f"preset-{name}", True) for name in ("chatwoot", "freshdesk", "help_scout", "intercom", "zammad", "zendesk")
    ]
