"""Code of plugins, called so that it costs nobody else anything: in threads apart, for a limited time, with a fuse.

A plugin is trusted code that may have accidents. What hangs keeps a daemon thread of that plugin and nothing else; what
fails again and again rests for a while and is then tried once more. Every call is noted.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

from ..contract.errors import FeedbackhubError
from .clock import Clock, SystemClock
from .fuse import Fuse
from .hands import Hands, Late, Left, NoHands, Patience

__all__ = ["LIMITS", "Containment", "GivenUp", "PluginFault", "Ran", "Told"]

T = TypeVar("T")
Outcome = Literal["ok", "refused", "raised", "late", "wrong", "resting", "busy"]
log = logging.getLogger("feedbackhub.plugins")

#: Seconds that a call may take, by what is called.
LIMITS = {
    "deliver": 60.0,
    "returned": 60.0,
    "check": 15.0,
    "receive": 5.0,
    "verify": 2.0,
    "parse": 5.0,
    "enrich": 30.0,
    "decide": 1.0,
    "handle": 30.0,
    "page": 10.0,
    "route": 10.0,
    "section": 2.0,
    "slot": 1.0,
    "erase": 30.0,
    "report": 20.0,
    "stamp": 2.0,
    "offers": 1.0,
    "setup": 2.0,
}
#: Failures that belong to the call, not to the plugin's code.
FAULTS = ("raised", "late", "wrong", "resting", "busy")
KEPT = 2000


class PluginFault(FeedbackhubError):
    """A plugin's code failed, took too long or answered with something that the contract does not know.

    Args:
        plugin: The plugin.
        what: What was called.
        reason: What went wrong, without personal data.
        outcome: How: ``raised``, ``wrong``, ``late``, or not even tried: ``resting``, ``busy``.
    """

    def __init__(self, plugin: str, what: str, reason: str, outcome: Outcome = "raised") -> None:
        super().__init__(f"plugin {plugin}: {what} {reason}")
        self.plugin, self.what, self.reason, self.outcome = plugin, what, reason, outcome


class Told(Exception):
    """Raised by a call whose code ran in another process: what went wrong there.

    Args:
        reason: In words, without personal data.
        outcome: How it went wrong.
    """

    def __init__(self, reason: str, outcome: Outcome = "raised") -> None:
        super().__init__(reason)
        self.reason, self.outcome = reason, outcome


class GivenUp(PluginFault):
    """The server stops and waits no longer; nothing is known of what the code did."""


@dataclass(frozen=True, slots=True)
class Ran:
    """One call of a plugin's code.

    Args:
        plugin: The plugin.
        what: What was called, like ``deliver sms``.
        at: When.
        milliseconds: How long it took.
        outcome: ``ok``; ``refused`` when it raised an error of the contract; or what went wrong.
        detail: The reason, or the kind and place of an error; no personal data.
    """

    plugin: str
    what: str
    at: datetime
    milliseconds: float
    outcome: Outcome
    detail: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether the plugin is to blame."""
        return self.outcome in FAULTS


class Containment:
    """Calls plugins' code for one instance.

    Args:
        clock: For the times of the trace.
        hands: Most threads that one plugin may keep busy.
    """

    def __init__(self, clock: Clock | None = None, hands: int = 8) -> None:
        self._clock = clock or SystemClock()
        self._most = hands
        self._hands: dict[str, Hands] = {}
        self._fuses: dict[tuple[str, str], Fuse] = {}
        self._lock = threading.Lock()
        self._ran: deque[Ran] = deque(maxlen=KEPT)
        self._fresh: deque[Ran] = deque(maxlen=KEPT)

    def call(
        self, plugin: str, what: str, fn: Callable[..., T], *args: Any, limit: float | Patience | None = None
    ) -> T:
        """Call code of a plugin and return its result.

        Args:
            plugin: The plugin.
            what: What is called and of which object, like ``deliver sms``; its first word chooses the limit.
            fn: The code.
            args: Its arguments.
            limit: Seconds that it may take, where the usual limit of `LIMITS` does not fit; or what tells from time to
                time how many more seconds it may, for work that shows how it gets on.

        Raises:
            PluginFault: It failed, took too long, or rests after failing often.
            FeedbackhubError: What the contract lets the code raise, such as `TemporaryFailure`.
        """
        fuse = self._fuse(plugin, what)
        began = time.monotonic()
        if not fuse.closed(began):
            raise self._fault(plugin, what, began, "resting", f"rests after failing again and again: {fuse.reason}")
        seconds = LIMITS[what.partition(" ")[0]] if limit is None else limit
        try:
            result = self._hands_of(plugin).call(fn, args, seconds)
        except Late:
            raise self._blown(fuse, plugin, what, began, "late", _late(seconds)) from None
        except NoHands as error:
            raise self._blown(fuse, plugin, what, began, "busy", str(error)) from None
        except Left:
            raise GivenUp(plugin, what, "was given up because the server stops") from None
        except Told as told:
            raise self._blown(fuse, plugin, what, began, told.outcome, told.reason) from None
        except FeedbackhubError as error:
            fuse.good()
            self._note(plugin, what, began, "refused", type(error).__name__)
            raise
        except BaseException as error:  # SystemExit included: whatever it is, it is the plugin's
            # The words of whoever could not erase a person may name them.
            log.warning("plugin %s failed in %s", plugin, what, exc_info=None if what == "erase" else error)
            raise self._blown(fuse, plugin, what, began, "raised", place_of(error)) from None
        fuse.good()
        self._note(plugin, what, began, "ok", "")
        return result

    def direct(self, plugin: str, what: str, fn: Callable[..., T], *args: Any) -> T:
        """Call code without a thread of its own, noted and fused all the same; for code that is part of feedbackhub.

        Raises: as `call`.
        """
        fuse = self._fuse(plugin, what)
        began = time.monotonic()
        if not fuse.closed(began):
            raise self._fault(plugin, what, began, "resting", f"rests after failing again and again: {fuse.reason}")
        try:
            result = fn(*args)
        except FeedbackhubError:
            fuse.good()
            raise
        except (Exception, SystemExit) as error:
            log.warning("plugin %s failed in %s", plugin, what, exc_info=error)
            raise self._blown(fuse, plugin, what, began, "raised", place_of(error)) from None
        fuse.good()
        return result

    def blame(self, plugin: str, what: str, reason: str) -> PluginFault:
        """Note that a call gave something that the contract does not know, and return the error to raise.

        Args:
            plugin: The plugin.
            what: What was called, as in `call`.
            reason: What is wrong with its result; no personal data.
        """
        began = time.monotonic()
        return self._blown(self._fuse(plugin, what), plugin, what, began, "wrong", reason)

    def trace(self, plugin: str = "") -> list[Ran]:
        """Return the latest calls in this process, newest first.

        Args:
            plugin: Of one plugin only.
        """
        with self._lock:
            found = list(self._ran)
        return [each for each in reversed(found) if not plugin or each.plugin == plugin]

    def take_fresh(self) -> list[Ran]:
        """Return the calls noted since the last time this was asked, oldest first."""
        with self._lock:
            found = list(self._fresh)
            self._fresh.clear()
        return found

    def resting(self) -> dict[str, list[str]]:
        """Return what rests after failing again and again, by plugin."""
        now = time.monotonic()
        with self._lock:
            open_ = [key for key, fuse in self._fuses.items() if fuse.blown(now)]
        found: dict[str, list[str]] = {}
        for plugin, what in sorted(open_):
            found.setdefault(plugin, []).append(what)
        return found

    def busy(self, plugin: str) -> int:
        """Return how many calls of a plugin's code are running in this process."""
        return self._hands_of(plugin).running

    def stop(self) -> None:
        """Give up every call that is still running; its thread dies with the process."""
        with self._lock:
            hands = list(self._hands.values())
        for each in hands:
            each.leave()

    def _hands_of(self, plugin: str) -> Hands:
        with self._lock:
            if plugin not in self._hands:
                self._hands[plugin] = Hands(plugin, self._most)
            return self._hands[plugin]

    def _fuse(self, plugin: str, what: str) -> Fuse:
        with self._lock:
            return self._fuses.setdefault((plugin, what), Fuse())

    def _blown(
        self, fuse: Fuse, plugin: str, what: str, began: float, outcome: Outcome, reason: str
    ) -> PluginFault:
        fuse.bad(time.monotonic(), reason)
        return self._fault(plugin, what, began, outcome, reason)

    def _fault(self, plugin: str, what: str, began: float, outcome: Outcome, reason: str) -> PluginFault:
        self._note(plugin, what, began, outcome, reason)
        return PluginFault(plugin, what, reason, outcome)

    def _note(self, plugin: str, what: str, began: float, outcome: Outcome, detail: str) -> None:
        ran = Ran(plugin, what, self._clock.now(), (time.monotonic() - began) * 1000, outcome, detail)
        with self._lock:
            self._ran.append(ran)
            self._fresh.append(ran)


def _late(seconds: float | Patience) -> str:
    return "got no further for too long" if callable(seconds) else f"took longer than {seconds:g} s"


def place_of(error: BaseException) -> str:
    """Say what was raised and where, without the error's own text, which may quote a customer."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    return f"raised {type(error).__name__}{where}"
