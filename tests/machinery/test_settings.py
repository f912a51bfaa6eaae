"""Settings: where values come from, which mistakes are named how."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr

from feedbackhub.contract.hub import Unconfigured
from feedbackhub.machinery.durations import format_duration, parse_duration
from feedbackhub.machinery.settings import AskEntry, Brand, Settings
from feedbackhub.machinery.settings_load import SettingsError, load_settings, plugin_section


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give the place of a settings file."""
    return tmp_path / "feedbackhub.toml"


def mistakes(file: Path, text: str, **env: str) -> list[tuple[str, str]]:
    """Return option and reason of every mistake in a settings file."""
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        load_settings(file, env)
    return [(each.field, each.reason) for each in refused.value.problems]


def test_without_a_file_everything_is_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings(None, {})
    assert settings.brands == {"default": Brand()}
    assert settings.ask == (AskEntry(name="default"),)
    assert settings.database_url == f"sqlite:///{tmp_path / 'feedbackhub-data' / 'feedbackhub.db'}"
    assert (settings.listen_at, settings.origins["public_url"]) == (("127.0.0.1", 8000), "default")


def test_settings_can_be_made_without_a_file_for_tests(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, public_url="https://acme.example/f/")
    assert (settings.public_url, settings.brand().name, settings.ask[0].channels) == (
        "https://acme.example/f",
        "Feedback",
        ("email",),
    )


def test_the_environment_goes_over_the_file_and_each_source_is_kept(file: Path) -> None:
    file.write_text('public_url = "https://a.example"\n[web]\nsession_hours = 3\ncard_minutes = 5\n')
    settings = load_settings(
        file, {"FEEDBACKHUB_WEB__SESSION_HOURS": "8", "FEEDBACKHUB_DEMO": "true", "HOME": "/", "FEEDBACKHUB_TEST_X": ""}
    )
    assert (settings.web.session_hours, settings.web.card_minutes, settings.demo) == (8, 5, True)
    assert [settings.origins[name] for name in ("public_url", "web.session_hours", "demo", "web.frame_ancestors")] == [
        "file",
        "environment FEEDBACKHUB_WEB__SESSION_HOURS",
        "environment FEEDBACKHUB_DEMO",
        "default",
    ]


def test_lists_and_tables_come_from_the_environment_too(file: Path) -> None:
    file.write_text("")
    settings = load_settings(
        file,
        {
            "FEEDBACKHUB_WEB__FRAME_ANCESTORS": "https://a.example, https://b.example",
            "FEEDBACKHUB_PLUGINS_DISABLED": '["email"]',
            "FEEDBACKHUB_ENGINE__RATES": '{"email": 5}',
            "FEEDBACKHUB_BRANDS__ACME__NAME": "Acme",
            "FEEDBACKHUB_ASK": '[{"name": "calls", "match": {"channel": "phone"}, "delay": "15m"}]',
            "FEEDBACKHUB_PLUGINS__EMAIL__HOST": "smtp.example.com",
        },
    )
    assert settings.web.frame_ancestors == ("https://a.example", "https://b.example")
    assert (settings.plugins_disabled, settings.engine.rates) == (("email",), {"email": 5.0})
    assert (sorted(settings.brands), settings.brand("acme").name) == (["acme", "default"], "Acme")
    assert [(each.name, each.match.channel, each.delay) for each in settings.ask] == [
        ("calls", ("phone",), timedelta(minutes=15))
    ]
    assert settings.plugins == {"email": {"host": "smtp.example.com"}}


def test_the_file_is_named_by_argument_then_variable(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('timezone = "Asia/Jakarta"')
    (tmp_path / "b.toml").write_text('timezone = "Europe/Paris"')
    env = {"FEEDBACKHUB_CONFIG": str(tmp_path / "b.toml")}
    assert load_settings(tmp_path / "a.toml", env).timezone == "Asia/Jakarta"
    assert load_settings(None, env).timezone == "Europe/Paris"
    with pytest.raises(SettingsError, match="there is no such file"):
        load_settings(None, {"FEEDBACKHUB_CONFIG": str(tmp_path / "c.toml")})


def test_the_data_folder_is_relative_to_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text('data_dir = "here"')
    monkeypatch.chdir("/")
    assert load_settings(file, {}).data_dir == file.parent / "here"
    file.write_text('data_dir = "/elsewhere"')
    assert load_settings(file, {}).data_dir == Path("/elsewhere")


@pytest.mark.parametrize(
    ("text", "option", "nearest"),
    [
        ('public_ur = "x"', "public_ur", "public_url"),
        ("[web]\nframe_ancestor = []", "web.frame_ancestor", "web.frame_ancestors"),
        ("[web]\nlease_seconds = 30", "web.lease_seconds", "engine.lease_seconds"),
        ("session_hours = 3", "session_hours", "web.session_hours"),
        ('[brands.acme]\ncolour = "#000000"', "brands.acme.colour", "brands.acme.color"),
        ('[[ask]]\nname = "a"\nsurvy = "x"', "ask.0.survy", "ask.0.survey"),
        ('[[ask]]\nname = "a"\n[ask.match]\nchanel = "x"', "ask.0.match.chanel", "ask.0.match.channel"),
    ],
)
def test_an_unknown_option_names_the_nearest_known(file: Path, text: str, option: str, nearest: str) -> None:
    assert mistakes(file, text) == [(option, f"unknown option; did you mean {nearest}? (in feedbackhub.toml)")]


def test_an_unknown_option_that_resembles_nothing_is_just_unknown(file: Path) -> None:
    assert mistakes(file, "quux = 1") == [("quux", "unknown option (in feedbackhub.toml)")]


@pytest.mark.parametrize(
    ("text", "option", "reason"),
    [
        (
            '[[ask]]\nname = "a"\ndelay = "5 hours"',
            "ask.0.delay",
            'write a span such as "90s", "15m", "24h", "3d", "2w" or "0"',
        ),
        (
            '[[ask]]\nname = "a"\ndelay = 5',
            "ask.0.delay",
            'write a span such as "90s", "15m", "24h", "3d", "2w" or "0"',
        ),
        ('[[ask]]\nsurvey = "a"', "ask.0.name", "must be given"),
        ('[[ask]]\nname = "a"\n[[ask]]\nname = "a"', "", "ask: two entries are named a"),
        ("[web]\nsession_hours = 0", "web.session_hours", "should be greater than or equal to 1"),
        ("trusted_proxies = -1", "trusted_proxies", "should be greater than or equal to 0"),
        (
            'public_url = "feedback.example.com"',
            "public_url",
            "must be an address such as https://feedback.example.com",
        ),
        ('public_url = "https://a:b@x.example"', "public_url", "must hold no query, fragment or user name"),
        ('timezone = "Mars/Olympus"', "timezone", 'must be a time zone such as "UTC" or "Asia/Jakarta"'),
        ('log_level = "loud"', "log_level", "should be 'debug', 'info', 'warning' or 'error'"),
        ('[brands.default]\nsender = "a\\r\\nBcc: b"', "brands.default.sender", "must be a single line"),
        ('listen = "8000"', "listen", "must be written like 127.0.0.1:8000"),
        ('[brands.acme]\ncolor = "red"', "brands.acme.color", "must be written like #1f5f8b"),
        (
            'database = "postgresql://x@y/z"',
            "database",
            "must begin with postgresql+psycopg://, or be left out for SQLite",
        ),
        ("web = 3", "web", "should be a valid dictionary or instance of Web"),
    ],
)
def test_a_wrong_value_names_option_and_reason(file: Path, text: str, option: str, reason: str) -> None:
    assert mistakes(file, text) == [(option, f"{reason} (in feedbackhub.toml)")]


def test_a_mistake_in_the_environment_names_the_variable(file: Path) -> None:
    place = "(in the environment, FEEDBACKHUB_WEB__SESSION_HOURS)"
    assert mistakes(file, "", FEEDBACKHUB_FOO="1", FEEDBACKHUB_WEB__SESSION_HOURS="x") == [
        (
            "web.session_hours",
            f"should be a valid integer, unable to parse string as an integer {place}",
        ),
        ("foo", "unknown option (in the environment, FEEDBACKHUB_FOO)"),
    ]
    assert mistakes(file, "demo = true", FEEDBACKHUB_DEMO__X="1") == [
        ("demo.x", "demo is not a table (in the environment, FEEDBACKHUB_DEMO__X)")
    ]
    assert mistakes(file, "", FEEDBACKHUB_ASK="[") == [
        ("", "environment FEEDBACKHUB_ASK: begins like JSON but is none")
    ]


def test_all_mistakes_are_told_at_once_and_no_value_is_repeated(file: Path) -> None:
    file.write_text('public_url = "canary"\ntimezone = "canary"\n')
    with pytest.raises(SettingsError) as refused:
        load_settings(file, {})
    assert (str(refused.value).count("\n"), "canary" in str(refused.value)) == (1, False)


@pytest.mark.parametrize("content", [b"a = ", b"\xff", b"a = 1\na = 2"])
def test_a_file_that_is_not_toml_is_named(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(SettingsError, match=r"feedbackhub\.toml: is not TOML"):
        load_settings(file, {})


def test_a_folder_instead_of_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path, {})


def test_an_unknown_brand_is_the_default_brand() -> None:
    settings = Settings(brands={"acme": Brand(name="Acme", public_url="https://ask.acme.example/")})
    assert [settings.base_url(name) for name in ("acme", "other", None)] == [
        "https://ask.acme.example",
        "http://127.0.0.1:8000",
        "http://127.0.0.1:8000",
    ]


class Mail(BaseModel):
    """A plugin's options."""

    host: str
    port: int = 587
    password: SecretStr = SecretStr("")


def test_a_plugin_s_section_is_read_as_it_declares_it(file: Path) -> None:
    file.write_text('[plugins.email]\nhost = "smtp.example.com"\n')
    settings = load_settings(file, {"FEEDBACKHUB_PLUGINS__EMAIL__PORT": "25"})
    assert plugin_section(settings, "email", Mail) == Mail(host="smtp.example.com", port=25)


def test_a_plugin_without_its_required_options_is_unconfigured() -> None:
    with pytest.raises(Unconfigured) as missing:
        plugin_section(Settings(), "email", Mail)
    assert missing.value.options == ("plugins.email.host",)


def test_a_plugin_s_unknown_or_wrong_option_is_refused(file: Path) -> None:
    file.write_text('[plugins.email]\nhots = "x"\nport = "many"\n')
    with pytest.raises(SettingsError) as refused:
        plugin_section(load_settings(file, {}), "email", Mail)
    assert [each.field for each in refused.value.problems] == [
        "plugins.email.host",
        "plugins.email.port",
        "plugins.email.hots",
    ]
    assert refused.value.problems[2].reason == "unknown option; did you mean plugins.email.host? (in feedbackhub.toml)"


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("24h", timedelta(days=1)),
        ("3d", timedelta(days=3)),
        ("2w", timedelta(days=14)),
        ("0", timedelta(0)),
        (" 1h ", timedelta(hours=1)),
    ],
)
def test_a_span_is_read(text: str, span: timedelta) -> None:
    assert parse_duration(text) == span


@pytest.mark.parametrize("text", ["", "h", "-1h", "1.5h", "1h30m", "\u0661h", "99999w", True, None, 1.5, [], "1H"])
def test_what_is_no_span_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="span"):
        parse_duration(text)


@given(st.integers(0, 3660 * 86_400))
def test_a_written_span_reads_back(seconds: int) -> None:
    if seconds <= 999_999 or seconds % 60 == 0:
        assert parse_duration(format_duration(timedelta(seconds=seconds))) == timedelta(seconds=seconds)
