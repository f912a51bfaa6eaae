"""A source says which identifiers prove identity for its contacts; the settings go before it."""

from types import SimpleNamespace

import pytest

from feedbackhub import Hub, Source, hookimpl
from feedbackhub.loop.opening import open_core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import Settings, SourceSettings
from tests.inbound.senders import Helpdesk, Preset


def plugin(*sources: Source) -> SimpleNamespace:
    """Return a plugin that brings sources."""

    @hookimpl
    def feedbackhub_sources(hub: Hub) -> list[Source]:
        return list(sources)

    return SimpleNamespace(feedbackhub_sources=feedbackhub_sources)


def test_a_source_says_what_proves_identity_where_the_settings_say_nothing(settings: Settings, clock: SetClock) -> None:
    known, unknown = Helpdesk(), Helpdesk()
    known.identifying, unknown.name = ["id:helpdesk"], "shop"
    core = open_core(settings, clock, {"desk": plugin(known, unknown, Preset())})
    assert {name: each.identifying for name, each in core.settings.sources.items()} == {
        "helpdesk": ("id:helpdesk",), "shop": ("email", "phone", "id:*"),
    }  # fmt: skip
    core.close()


def test_the_settings_go_before_what_a_source_says(settings: Settings, clock: SetClock) -> None:
    chosen = settings.model_copy(update={"sources": {"helpdesk": SourceSettings(identifying=("email",))}})
    core = open_core(chosen, clock, {"desk": plugin(Helpdesk())})
    assert core.settings.sources["helpdesk"].identifying == ("email",)
    core.close()


@pytest.mark.parametrize("what", ["keeps_headers", "keeps_query", "identifying"])
def test_a_text_instead_of_a_list_of_names_fails_the_plugin(settings: Settings, clock: SetClock, what: str) -> None:
    wrong = Helpdesk()
    setattr(wrong, what, "x-kind")
    core = open_core(settings, clock, {"desk": plugin(wrong)})
    state = core.plugins.state("desk")
    assert state is not None
    assert (state.state, state.reason) == ("failed", f"helpdesk: {what} must be a list of names")
    core.close()
