"""The plugins' rules and channels, called behind the guard: whatever their code does, the loop goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..contract.objects import Channel, Rule
from ..contract.records import Ask, Contact, DontAsk, History, Message, Returned
from ..machinery.containment import Containment
from ..machinery.plugins import Plugins
from .core import Core

__all__ = ["contained_rules", "hand_over", "plugin_of", "what_came_back"]


class ContainedRule(Rule):
    """A plugin's rule behind the guard; those of bundled plugins need no thread of their own."""

    def __init__(self, containment: Containment, plugin: str, rule: Rule, bundled: bool) -> None:
        self._containment, self._plugin, self._rule, self._bundled = containment, plugin, rule, bundled
        self.name = rule.name  # type: ignore[misc]  # read from instances only

    def decide(self, contact: Contact, history: History, ask: Ask) -> Ask | DontAsk:
        """Return the rule's answer.

        Raises:
            PluginFault: It failed or took too long.
        """
        what = f"decide {self.name}"
        if self._bundled:
            return self._containment.direct(self._plugin, what, self._rule.decide, contact, history, ask)
        answer: object = self._containment.call(self._plugin, what, self._rule.decide, contact, history, ask)
        if not isinstance(answer, Ask | DontAsk):
            raise self._containment.blame(self._plugin, what, f"returned {type(answer).__name__}")
        return answer


def contained_rules(core: Core, plugins: Plugins | None = None) -> Sequence[tuple[str, Rule]]:
    """Return the rules in the order of applying, each with its plugin's name.

    Args:
        core: The instance.
        plugins: Others than the instance's own, for trying changed settings.
    """
    chosen = core.plugins if plugins is None else plugins
    bundled = {state.name for state in chosen.states if state.bundled}
    return [(name, ContainedRule(core.containment, name, rule, name in bundled)) for name, rule in chosen.rules]


def plugin_of(core: Core, channel: Channel) -> str:
    """Return the name of the plugin that brings a channel."""
    found = core.plugins.owner("feedbackhub_channels", channel.name)
    return found[0] if found is not None else channel.name


def hand_over(core: Core, channel: Channel, message: Message) -> object:
    """Let a channel deliver a message and return its receipt, whatever that is.

    Raises:
        DeliveryFailure: The channel says what became of it.
        PluginFault: The channel failed or took too long.
    """
    return core.containment.call(plugin_of(core, channel), f"deliver {channel.name}", channel.deliver, message)


def what_came_back(core: Core, channel: Channel) -> Iterator[Returned]:
    """Yield what came back to a channel; the next is asked for when the one before is stored.

    Raises:
        DeliveryFailure: The channel cannot look.
        PluginFault: The channel failed or took too long.
    """
    plugin, what = plugin_of(core, channel), f"returned {channel.name}"
    if type(channel).returned is Channel.returned:
        return
    items = core.containment.call(plugin, what, lambda: iter(channel.returned()))
    while True:
        item = core.containment.call(plugin, what, next, items, None)
        if item is None:
            return
        if not isinstance(item, Returned):
            raise core.containment.blame(plugin, what, f"yielded {type(item).__name__}, which is no Returned")
        yield item
