"""The declaration of the settings as documentation, template and staff page."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import BaseModel, Field, SecretStr

from feedbackhub.machinery.options import options_of
from feedbackhub.machinery.settings import Settings
from feedbackhub.machinery.settings_docs import (
    OptionValue,
    describe,
    describe_section,
    example_toml,
    section_reference,
    settings_reference,
)
from feedbackhub.machinery.settings_load import load_settings


class Mail(BaseModel):
    """A plugin's options."""

    host: str = Field(description="Name of the server.")
    password: SecretStr = Field(SecretStr(""), description="Password.")


def test_every_option_is_documented() -> None:
    undocumented = [option.name for option in options_of(Settings) if not option.field.description]
    reference = settings_reference()
    missing = [
        option.name for option in options_of(Settings) if f"| `{option.name.rpartition('.')[2]}` |" not in reference
    ]
    assert (undocumented, missing) == ([], [])


def test_the_reference_names_default_meaning_and_variable() -> None:
    rows = [line for line in settings_reference().splitlines() if line.startswith("| `session_hours`")]
    assert rows == [
        "| `session_hours` | `12` | Hours until staff have to sign in again. | `FEEDBACKHUB_WEB__SESSION_HOURS` |"
    ]


def test_a_plugin_s_reference_marks_what_is_required() -> None:
    assert section_reference(Mail, "plugins.email.").splitlines()[-2:] == [
        "| `host` | – | Name of the server. Required. | `FEEDBACKHUB_PLUGINS__EMAIL__HOST` |",
        "| `password` | – | Password. | `FEEDBACKHUB_PLUGINS__EMAIL__PASSWORD` |",
    ]


def test_the_view_tells_value_source_and_default(tmp_path: Path) -> None:
    file = tmp_path / "feedbackhub.toml"
    file.write_text("[engine.rates]\nemail = 5\n[[ask]]\nname = 'calls'\n")
    view = {each.name: each for each in describe(load_settings(file, {"FEEDBACKHUB_LISTEN": "0.0.0.0:80"}))}
    assert view["listen"] == OptionValue(
        "listen",
        "0.0.0.0:80",
        "environment FEEDBACKHUB_LISTEN",
        "Address and port of the built-in server.",
        "127.0.0.1:8000",
    )
    assert (view["engine.rates"].value, view["engine.rates"].source) == ("email = 5.0", "file")
    assert (view["ask.1.name"].value, view["ask.1.name"].source) == ("calls", "file")
    assert (view["web.session_hours"].value, view["web.session_hours"].source) == ("12", "default")


def test_the_view_shows_no_secret() -> None:
    settings = Settings(
        database="postgresql+psycopg://fh:canary@db/fh", plugins={"email": {"host": "h", "password": "canary"}}
    )
    mail = Mail(host="https://u:canary@h", password=SecretStr("canary"))
    shown = repr([*describe(settings), *describe_section(mail, {}, "plugins.email.")]) + repr(settings) + str(settings)
    assert "canary" not in shown
    assert re.search(r"postgresql\+psycopg://fh:•+@db/fh", shown)


def test_the_first_file_loads_and_every_commented_option_exists(tmp_path: Path) -> None:
    file = tmp_path / "feedbackhub.toml"
    file.write_text(example_toml("https://ask.example.com", default_region="ID"), encoding="utf-8")
    settings = load_settings(file, {})
    assert (settings.public_url, settings.default_region) == ("https://ask.example.com", "ID")
    head, mail = file.read_text(encoding="utf-8").split("# Mails go out")
    active = re.sub(r"(?m)^# (?=[a-z_]+ = )", "", head)
    file.write_text(active.replace('default_region = "US"', ""), encoding="utf-8")
    assert load_settings(file, {}).trusted_proxies == 1
    assert mail.count("# ") == 3
