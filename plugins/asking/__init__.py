"""Ask well: reasons not to ask, samples, and hours in which people are left alone."""

from __future__ import annotations

from feedbackhub import About, Hub, Rule, hookimpl

from .quiet import QuietHours
from .sampling import Sampling
from .settings import Settings
from .vetoes import ClosedBy, Outbound, TooOld

__all__ = ["ClosedBy", "Outbound", "QuietHours", "Sampling", "Settings", "TooOld", "about", "feedbackhub_rules"]

about = About(title="Asking", description="Reasons not to ask, samples, and hours in which people are left alone.")


@hookimpl
def feedbackhub_rules(hub: Hub) -> list[Rule]:
    """Bring the rules: first those that refuse, then the sample, last the one that moves the moment."""
    settings = hub.settings(Settings)
    return [
        ClosedBy(settings.closed_by),
        Outbound(settings.outbound),
        TooOld(settings.too_old_days),
        Sampling(settings.sampling),
        QuietHours(settings.quiet_hours),
    ]
