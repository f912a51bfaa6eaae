"""The bundled channels as plugins: loaded like any other, with the settings an operator writes."""

from pathlib import Path

from feedbackhub import Receipt
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.http import Http
from feedbackhub.machinery.plugin_loading import load_given
from feedbackhub.machinery.plugins import Plugins
from feedbackhub.machinery.settings import Settings
from feedbackhub_plugins import email, link, mailbox
from feedbackhub_plugins.link import LinkChannel
from tests.mail.messages import message


def loaded(tmp_path: Path, clock: SetClock, **sections: dict[str, object]) -> Plugins:
    settings = Settings.model_validate({"data_dir": tmp_path, "plugins": sections})
    return load_given(settings, clock, Http(settings.http), {"email": email, "link": link, "mailbox": mailbox})


def test_without_a_mail_server_the_others_work(tmp_path: Path, clock: SetClock) -> None:
    plugins = loaded(tmp_path, clock)
    assert {state.name: state.state for state in plugins.states} == {
        "email": "unconfigured", "link": "active", "mailbox": "active",
    }  # fmt: skip
    assert set(plugins.channels) == {"link", "mailbox"}
    assert [page.title for _, page in plugins.each("feedbackhub_pages")] == ["Mailbox", "", ""]
    assert set(plugins.keepers) == {"mailbox"}


def test_with_a_mail_server_all_three_work(tmp_path: Path, clock: SetClock) -> None:
    plugins = loaded(tmp_path, clock, email={"host": "mail.example.org", "sender": "Shop <shop@example.org>"})
    assert {name: channel.reaches for name, channel in plugins.channels.items()} == {
        "email": ("email",), "link": (), "mailbox": ("email", "phone"),
    }  # fmt: skip


def test_a_link_is_handed_over_at_once() -> None:
    assert LinkChannel().deliver(message()) == Receipt(detail="handed to the caller")
