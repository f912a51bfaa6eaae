"""Loading plugins one by one, each contained: the bundled first, then by name, and what others require before them."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import jinja2
from pydantic import BaseModel

from ..contract.errors import FeedbackhubError
from ..contract.hookspecs import CONTRACT_VERSION
from ..contract.hub import Http, Unconfigured
from ..contract.objects import About
from ..contract.scalars import as_line
from .clock import Clock
from .hands import Hands, Late
from .plugin_checks import NAME, BadPlugin
from .plugin_finding import Found, found_in, installed, of_file
from .plugin_hub import Curtain, PluginHub
from .plugin_objects import Brought, bring, hooks_of, manager_of
from .plugin_trial import Trials
from .plugins import Plugins, PluginState
from .settings import Settings

__all__ = ["load_given", "load_plugins"]

OLDEST_CONTRACT = 1
LOAD_SECONDS = 10.0
log = logging.getLogger("feedbackhub.plugins")
T = TypeVar("T")
NO_MODULES: Mapping[str, object] = {}


def load_plugins(
    settings: Settings, clock: Clock, http: Http, extra: Mapping[str, object] = NO_MODULES
) -> Plugins:
    """Load every plugin that is installed, in the plugins' folder, or named by its file.

    Args:
        settings: The instance's settings.
        clock: Handed to the plugins.
        http: Handed to the plugins.
        extra: Modules or objects that are plugins too, by name, instead of installed ones of the same name.

    Returns:
        What the working ones brought; one that fails is recorded and the others go on.
    """
    found = [each for each in _everywhere(settings) if each.name not in extra]
    return _Loading(settings, clock, http).load([*found, *(_given(name, module) for name, module in extra.items())])


def load_given(settings: Settings, clock: Clock, http: Http, modules: Mapping[str, object]) -> Plugins:
    """Load the given modules or objects, by plugin name, instead of those that are installed."""
    found = (_given(name, module) for name, module in modules.items())
    return _Loading(settings, clock, http).load(found)


def _given(name: str, module: object) -> Found:
    return Found(name, str(getattr(module, "__version__", "")), "given", "", lambda: module)


def _everywhere(settings: Settings) -> Iterator[Found]:
    yield from installed()
    folder = settings.plugins_folder
    if folder is not None and folder.is_dir():
        yield from found_in(folder)
    for path in settings.plugin_files:
        yield of_file(path / "__init__.py" if path.is_dir() else path)


class _Loading:
    """The plugins of one instance while they are being loaded."""

    def __init__(self, settings: Settings, clock: Clock, http: Http) -> None:
        self._settings, self._clock, self._http = settings, clock, http
        self._curtain = Curtain()
        self._trials = Trials(settings.data_dir, settings.plugin_trial_seconds)
        self._origins: dict[str, str] = {}
        self._owners: dict[tuple[str, str], str] = {}
        self._states: dict[str, PluginState] = {}
        self._twice: list[PluginState] = []
        self._brought: dict[str, Brought] = {}
        self._folders: dict[str, Path] = {}
        self._loaders: dict[str, jinja2.BaseLoader] = {}
        self._sections: dict[str, BaseModel] = {}

    def load(self, found: Iterable[Found]) -> Plugins:
        """Load all of them and return what the working ones brought."""
        waiting: dict[str, tuple[Found, object, About]] = {}
        for each in sorted(found, key=lambda each: (not each.bundled, each.name, each.origin)):
            imported = self._imported(each)
            if imported is not None:
                waiting[each.name] = (each, *imported)
        while waiting:
            name = self._next(waiting)
            self._start(*waiting.pop(name))
        return self._done()

    def _imported(self, found: Found) -> tuple[object, About] | None:
        """Import one plugin and return what it says of itself; None when it is not to be used or failed."""
        state = PluginState(found.name, found.version, "active", origin=found.origin)
        if found.name in self._origins:
            reason = f"{found.origin} and {self._origins[found.name]} both bring a plugin of this name"
            self._twice.append(replace(state, state="failed", reason=reason))
            return None
        self._origins[found.name] = found.origin
        off = self._switched_off(found)
        if off:
            self._states[found.name] = replace(state, state="disabled", reason=off)
            return None
        with _Noted(self, state):
            if not NAME.fullmatch(found.name):
                raise BadPlugin("its name must consist of small letters, digits, - and _")
            self._trials.pass_or_fail(found)
            module = found.load() if found.bundled else _in_time(found.name, found.load)
            about = _about_of(module)
            self._states[found.name] = replace(state, about=about)
            return module, about
        return None

    def _switched_off(self, found: Found) -> str:
        if found.name in self._settings.plugins_disabled:
            return "named in plugins_disabled"
        if self._settings.safe_mode and not found.bundled:
            return "safe mode: only the bundled plugins are loaded"
        return ""

    def _next(self, waiting: Mapping[str, tuple[Found, object, About]]) -> str:
        """Return the next plugin by name that waits for no other; of those that wait for each other, the first."""
        free = (name for name, (_, _, about) in waiting.items() if not set(about.requires) & waiting.keys())
        return next(free, next(iter(waiting)))

    def _start(self, found: Found, module: object, about: About) -> None:
        with _Noted(self, self._states[found.name]):
            self._require(found.name, about)
            hub = PluginHub(found.name, self._settings, self._clock, self._http, self._curtain)
            manager = manager_of(found.name, module)
            hooks = hooks_of(manager, module)
            if found.bundled:
                brought = bring(manager, hub, hooks)
            else:
                brought = _in_time(found.name, lambda: bring(manager, hub, hooks))
            hub.refuse_unread_options()
            self._accept(found.name, brought)
            self._keep(found.name, module, hub)
            self._states[found.name] = replace(self._states[found.name], hooks=hooks)

    def _require(self, name: str, about: About) -> None:
        for required in about.requires:
            state = self._states.get(required)
            if state is None:
                raise BadPlugin(f"it requires the plugin {required}, which is not installed")
            if required not in self._brought:
                why = state.reason or f"which requires {name} in turn"
                raise BadPlugin(f"it requires the plugin {required}, which does not work: {why}")

    def _accept(self, name: str, brought: Brought) -> None:
        """Take everything or, when one name is taken already, nothing."""
        owners: dict[tuple[str, str], str] = {}
        for kind, own in brought.names():
            owner = self._owners.get((kind, own))
            if owner is not None:
                raise BadPlugin(f"{kind} {own} is brought by plugin {owner} and by plugin {name}")
            owners[kind, own] = name
        self._owners |= owners
        self._brought[name] = brought

    def _keep(self, name: str, module: object, hub: PluginHub) -> None:
        folders = [Path(path) for path in getattr(module, "__path__", ())]
        if folders:
            self._folders[name] = folders[0]
        templates = [folder / "templates" for folder in folders if (folder / "templates").is_dir()]
        if templates:
            self._loaders[name] = jinja2.FileSystemLoader(templates)
        if hub.section is not None:
            self._sections[name] = hub.section

    def note(self, state: PluginState) -> None:
        """Note that a plugin does not work."""
        self._states[state.name] = state

    def _done(self) -> Plugins:
        warnings = tuple(self._warnings())
        for warning in warnings:
            log.warning("%s", warning)
        states = sorted([*self._states.values(), *self._twice], key=lambda each: each.name)
        return Plugins(
            states=tuple(states),
            brought=self._brought,
            folders=self._folders,
            template_loaders=self._loaders,
            sections=self._sections,
            warnings=warnings,
            curtain=self._curtain,
        )

    def _warnings(self) -> Iterator[str]:
        for name in self._settings.plugins:
            if name not in self._origins:
                yield f"[plugins.{name}] is set, but no plugin of that name is installed"
        for name in self._settings.plugins_disabled:
            if name not in self._origins:
                yield f"plugins_disabled names {name}, but no plugin of that name is installed"
        folder = self._settings.plugins_folder
        if folder is not None and not folder.is_dir():
            yield f"plugins_dir names {folder}, which is no folder"


class _Noted:
    """Notes whatever a plugin raises as its state, SystemExit included, so that the others go on."""

    def __init__(self, loading: _Loading, state: PluginState) -> None:
        self._loading, self._state = loading, state

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if error is None or isinstance(error, KeyboardInterrupt):
            return False
        if isinstance(error, Unconfigured):
            self._loading.note(replace(self._state, state="unconfigured", reason=str(error)))
            return True
        name = self._state.name
        log.warning("plugin %s failed to load", name, exc_info=None if isinstance(error, FeedbackhubError) else error)
        self._loading.note(replace(self._state, state="failed", reason=_reason(error)))
        return True


def _in_time(name: str, work: Callable[[], T]) -> T:
    """Do a part of the loading, unless it takes too long: it then goes on in a thread that holds nothing up."""
    try:
        return Hands(name, 1).call(work, (), LOAD_SECONDS)
    except Late:
        raise BadPlugin(f"loading it takes longer than {LOAD_SECONDS:g} seconds") from None


def _about_of(module: object) -> About:
    about = getattr(module, "about", About())
    if not isinstance(about, About):
        raise BadPlugin(f"about is {type(about).__name__}, not About(…)")
    contract: object = about.contract
    requires: object = about.requires
    if not isinstance(contract, int) or not isinstance(requires, tuple):
        raise BadPlugin("about: contract is a number, and requires a tuple of names")
    if not all(isinstance(each, str) for each in (*about.requires, about.title, about.description)):
        raise BadPlugin("about: requires, title and description are text")
    if about.contract > CONTRACT_VERSION:
        raise BadPlugin(
            f"it was written for version {about.contract} of the contract, and this feedbackhub knows up to "
            f"{CONTRACT_VERSION}; install a newer feedbackhub"
        )
    if about.contract < OLDEST_CONTRACT:
        raise BadPlugin(
            f"it was written for version {about.contract} of the contract, and this feedbackhub knows from "
            f"{OLDEST_CONTRACT}; install a newer version of the plugin"
        )
    return about


def _reason(error: BaseException) -> str:
    """Say in one line what a plugin raised, and where."""
    text = as_line(str(error), 500)
    if isinstance(error, FeedbackhubError):
        return text
    said = f"{type(error).__name__}: {text}" if text else type(error).__name__
    # A syntax error says itself where it is.
    frames = () if isinstance(error, SyntaxError) else traceback.extract_tb(error.__traceback__)
    return f"{said} ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else said
