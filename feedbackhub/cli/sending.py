"""`feedbackhub test-send`."""

from __future__ import annotations

from urllib.parse import urlsplit

import click

from ..contract.errors import NotFound
from ..contract.objects import Channel
from ..contract.records import Identifier, Message
from ..loop.compose import Facts, Parts, compose
from ..loop.core import Core
from ..loop.deliver import brand_record
from ..loop.views import survey_link
from ..machinery.addresses import normalise
from ..machinery.links import new_public_id
from .instance import opened_core
from .listing import examples
from .where import Where


@click.command("test-send", epilog=examples("test-send email you@example.com", "test-send sms +62215550123"))
@click.argument("channel")
@click.argument("address")
@click.option("--survey", default="post-contact", show_default=True, help="Survey to show.")
@click.option("--language", default="", help="Language to write in; left out: the default one.")
@click.option("--brand", default="default", show_default=True, help="Brand to write as.")
@click.pass_obj
def send_test(where: Where, channel: str, address: str, survey: str, language: str, brand: str) -> None:
    """Send one message through CHANNEL to ADDRESS, as a customer would get it; nothing is recorded.

    Its link leads to the page for links that are not known.
    """
    with opened_core(where) as core:
        way = _channel(core, channel)
        message = _message(core, way, address, survey, language or core.settings.default_language, brand)
        receipt = way.deliver(message)
    click.echo(f"Handed over to {channel}. {receipt.detail}".rstrip())


def _channel(core: Core, name: str) -> Channel:
    channel = core.plugins.channels.get(name)
    if channel is None:
        state = next((each for each in core.plugins.states if each.name == name and each.reason), None)
        known = ", ".join(core.plugins.channels) or "none"
        raise NotFound(f"no channel {name}: {state.reason}" if state else f"no channel {name}; there are: {known}")
    if not channel.reaches:
        raise NotFound(f"the channel {name} sends nothing by itself")
    return channel


def _message(core: Core, channel: Channel, address: str, survey: str, language: str, brand: str) -> Message:
    with core.store.read() as connection:
        version = core.shelf.newest(connection, survey)
    if version is None:
        raise NotFound(f"there is no survey {survey}")
    kind = channel.reaches[0]
    base = core.settings.base_url(brand)
    link = survey_link(core.links, base, new_public_id())
    parts = Parts(
        message_id=f"test.{new_public_id()}@{urlsplit(base).hostname}",
        kind="first",
        to=Identifier(kind, normalise(kind, address, core.settings.default_region)),
        customer_name="",
        language=language,
        brand=brand_record(core, brand),
        survey=version.survey,
        facts=Facts(ended_at=core.clock.now(), timezone=core.settings.timezone),
        link=link,
        stop_link=f"{link}/stop",
        takes_answers=channel.takes_answers,
        test=True,
    )
    return compose(parts, core.renderer)
