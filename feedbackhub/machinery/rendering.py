"""Templates to text: the core's pages and messages, and those of plugins under `x/<plugin>/`."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    PackageLoader,
    StrictUndefined,
    TemplateNotFound,
    pass_context,
    select_autoescape,
)
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from feedbackhub.machinery import i18n as words
from feedbackhub.machinery.compiled import Compiled
from feedbackhub.machinery.i18n import I18n, Translator, Width

__all__ = ["FOR_PLUGINS", "Renderer"]

#: What a plugin's templates may extend or import of the core's.
FOR_PLUGINS = (
    "staff/plugin_page.html", "public/plugin_page.html", "staff/macros.html", "staff/lists.html",
    "staff/assumptions.html", "staff/assumption.html",
)  # fmt: skip

T = TypeVar("T")
#: How many things made of templates are kept.
KEPT = 256
ESCAPED = ("html", "htm", "svg", "xml")
#: The two kinds of environments compile the same text differently.
COMPILED, SANDBOXED = Compiled(), Compiled()


class OfPlugins(BaseLoader):
    """Finds `x/<plugin>/<name>` among a plugin's templates; each keeps its whole name, unlike with PrefixLoader."""

    def __init__(self, loaders: Mapping[str, BaseLoader]) -> None:
        self._loaders = loaders

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return a template's text; raises TemplateNotFound."""
        loader = self._loaders.get(plugin_of(template))
        if loader is None:
            raise TemplateNotFound(template)
        try:
            return loader.get_source(environment, template.split("/", 2)[2])
        except (TemplateNotFound, IndexError):
            raise TemplateNotFound(template) from None


class House(Environment):
    """Templates know others by name; those of a plugin mean their own, beside the few of the core made for them."""

    def join_path(self, template: str, parent: str) -> str:
        """Return the whole name of a template that another one names.

        Raises: TemplateNotFound: a plugin's template names what belongs to another plugin.
        """
        plugin = plugin_of(parent)
        if not plugin or template in FOR_PLUGINS or template.startswith(f"x/{plugin}/"):
            return template
        if template.startswith("x/"):
            raise TemplateNotFound(template, f"{template} belongs to another plugin than {parent}")
        return f"x/{plugin}/{template}"


def plugin_of(name: str) -> str:
    """Return the plugin that a template belongs to, empty for one of the core's."""
    first, _, rest = name.partition("/")
    return rest.partition("/")[0] if first == "x" else ""


class Sandbox(House, SandboxedEnvironment):
    """Templates of plugins that show questions: no attribute or method beyond plain values, everything escaped."""


class Renderer:
    """Renders templates in a language; HTML is escaped, a missing value is an error.

    `sandbox` is for what plugins show on the pages of customers.
    """

    def __init__(self, i18n: I18n, timezone: str = "UTC") -> None:
        self.i18n, self.timezone = i18n, timezone
        self._plugins: dict[str, BaseLoader] = {}
        self._kept: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = threading.Lock()
        own = PackageLoader("feedbackhub_templates", "")
        self.environment = House(
            loader=ChoiceLoader([own, OfPlugins(self._plugins)]),
            autoescape=select_autoescape(ESCAPED, default_for_string=True, default=False),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            extensions=["jinja2.ext.i18n"],
            auto_reload=False,
            bytecode_cache=COMPILED,
        )
        self.environment.policies["ext.i18n.trimmed"] = True
        self.environment.filters.update(FILTERS)
        self.sandbox = Sandbox(
            loader=OfPlugins(self._plugins),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
            auto_reload=False,
            bytecode_cache=SANDBOXED,
        )

    def add_plugin(self, name: str, loader: BaseLoader) -> None:
        """Make a plugin's templates known as `x/<name>/…`; they may use each other and `FOR_PLUGINS`."""
        self._plugins[name] = loader

    def exists(self, name: str) -> bool:
        """Tell whether there is a template of that name."""
        try:
            self.environment.get_template(name)
        except TemplateNotFound:
            return False
        return True

    def render(self, name: str, language: str, domain: str, /, **context: object) -> str:
        """Render a template.

        Args: name: such as `survey/page.html`; language: what `t`, dates and numbers speak; domain: of its texts, for
            a plugin's template of those that its own catalog lacks; context: values for the template (`timezone`
            overrides the company's).
        Returns: the text.
        Raises: jinja2.TemplateNotFound, jinja2.UndefinedError for a value that was not given.
        """
        plugin = plugin_of(name)
        translator = (
            self.i18n.of_plugin(plugin, language, domain) if plugin else self.i18n.translator(domain, language)
        )
        return self.environment.get_template(name).render({**self._words(translator), **context})

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what was made of templates before, or make it; what nobody asks for any more is forgotten.

        Args: key: everything that the result depends on, and no person's own words; make: makes it; may be called
            twice by threads that ask at the same moment.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]  # type: ignore[return-value]  # what this key's `make` made
        made = make()
        with self._lock:
            self._kept[key] = made
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made

    def _words(self, translator: Translator) -> dict[str, object]:
        return {
            "t": translator,
            "lang": translator.language,
            "dir": translator.direction,
            "timezone": self.timezone,
            "gettext": translator.gettext,
            "ngettext": translator.ngettext,
        }


@pass_context
def date_filter(context: Context, moment: datetime | date, width: Width = "long") -> str:
    """Write a date in the page's language and time zone."""
    return words.format_date(moment, context["lang"], context["timezone"], width)


@pass_context
def time_filter(context: Context, moment: datetime, width: Width = "short") -> str:
    """Write a time of day in the page's language and time zone."""
    return words.format_time(moment, context["lang"], context["timezone"], width)


@pass_context
def datetime_filter(context: Context, moment: datetime, width: Width = "medium") -> str:
    """Write a date with its time in the page's language and time zone."""
    return words.format_datetime(moment, context["lang"], context["timezone"], width)


@pass_context
def number_filter(context: Context, value: float) -> str:
    """Write a number in the page's language."""
    return words.format_number(value, context["lang"])


@pass_context
def money_filter(context: Context, amount: Decimal | float, currency: str = "") -> str:
    """Write an amount of money in the page's language."""
    return words.format_money(amount, currency, context["lang"])


@pass_context
def percent_filter(context: Context, share: float) -> str:
    """Write a share as percent in the page's language."""
    return words.format_percent(share, context["lang"])


FILTERS: dict[str, Callable[..., str]] = {
    "date": date_filter,
    "time": time_filter,
    "datetime": datetime_filter,
    "number": number_filter,
    "money": money_filter,
    "percent": percent_filter,
}
