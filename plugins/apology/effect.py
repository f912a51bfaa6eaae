"""The analysis of an experiment: what treating customers so does, as far as chance drew who is treated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from feedbackhub import Analysis, Chart, Hub, Option, Query, Report, ReportTable
from feedbackhub.charts import Spot, intervals
from feedbackhub.reporting import N_, Words
from feedbackhub.statistics import few

from .book import Experiments
from .effect_arms import arms_table, looking_table, ratio_table
from .effect_costs import Spent, costs_table, read_spent
from .effect_figures import figures, interval_of, nothing, refused
from .effect_known import known_chart, known_notes, known_table
from .effect_more import by_day_table, left_out_table, received_table, refusals_table, silence_table
from .effect_notes import notes
from .effect_over import differences_table, ratios_table
from .effect_strata import factorial_table, strata_table
from .effect_study import Study, read_study

__all__ = ["Apology", "told"]


class Apology(Analysis):
    """Whether an apology or money wins customers back, measured as in a trial.

    Args:
        hub: The plugin's hub.
    """

    name: ClassVar[str] = "apology"
    title: ClassVar[str] = N_("Does an apology win customers back?")
    lasts: ClassVar[timedelta | None] = timedelta(minutes=15)

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def offers(self) -> Sequence[Option]:
        """Return the choice of an experiment: those that have started, by name, as they are now."""
        begun = Experiments(self._hub).begun()
        chosen = {id_: f"{name} ({started_at.date().isoformat()})" for id_, name, started_at in begun}
        return (Option("experiment", N_("Experiment"), {"": N_("the newest"), **chosen}),)

    def stamp(self) -> str:
        """Say which assignments and outcomes a report rests on, so that it is made anew once there are more."""
        return ".".join(map(str, Experiments(self._hub).changes()))

    def report(self, query: Query) -> Report:
        """Return what an experiment has shown so far, or that it shows nothing."""
        t = Words(self._hub, query.language)
        study = read_study(self._hub, query.options.get("experiment", ""))
        if study is None:
            return nobody(t, self._hub.clock.now())
        return told(t, query, study, read_spent(self._hub, study))


def told(t: Words, query: Query, study: Study, spent: Spent) -> Report:
    """Return what an experiment shows.

    Args:
        t: The words.
        query: What was asked for.
        study: The experiment with everybody in it.
        spent: What was given to them.
    """
    if study.withheld:
        shown, tables = [refused(t, study)], [] if study.bent else [ratio_table(t, study)]
    else:
        shown, tables = list(figures(t, study)), list(tables_of(t, study, spent))
    more = (left_out_table(t, study), refusals_table(t, study), known_table(t))
    return Report(
        t("Does an apology win customers back? {name}", name=study.experiment.name), shown,
        list(charts(t, study)), [*tables, *(each for each in more if each is not None)],
        [*notes(t, query, study), *known_notes(t)], study.now,
    )  # fmt: skip


def nobody(t: Words, now: datetime) -> Report:
    """Return the report where no experiment has begun."""
    hint = t(
        "No experiment has begun, so nothing is known of your own customers. Plan one on the page of experiments: it "
        "says how many customers and weeks it takes."
    )
    return Report(
        t("Does an apology win customers back?"), [nothing(t)], [known_chart(t, None)], [known_table(t)],
        [hint, *known_notes(t)], now,
    )  # fmt: skip


def charts(t: Words, study: Study) -> Iterator[Chart]:
    """Yield the arms beside each other, and the own result beside what is known from elsewhere."""
    if not study.withheld and study.n:
        spots = [arm_spot(study, arm) for arm in study.shares]
        heads = (t("Arm"), t("Won back %"), t("Interval from"), t("Interval to"), t("Customers"))
        yield intervals(t("Won back by arm"), spots, heads, rtl=t.rtl)
    yield known_chart(t, None if study.withheld else study)


def arm_spot(study: Study, arm: str) -> Spot:
    """Return an arm in a picture; a gap while too little is known."""
    share = study.shares[arm]
    interval = interval_of(study, share)
    if interval is None or share.value is None or few(share.whole) in ("none", "counts"):
        return Spot(arm, None, n=share.whole)
    return Spot(arm, 100 * share.value, *interval.times(100), share.whole)


def tables_of(t: Words, study: Study, spent: Spent) -> Iterator[ReportTable]:
    """Yield the tables that the stage of the experiment allows, the ones that count most first."""
    yield arms_table(t, study)
    if not study.once:
        yield looking_table(t, study)
    if study.over and study.n:
        yield differences_table(t, study)
        yield from (each for each in (strata_table(t, study), factorial_table(t, study)) if each is not None)
    yield silence_table(t, study)
    yield by_day_table(t, study)
    yield costs_table(t, study, spent)
    yield received_table(t, study)
    yield ratio_table(t, study)
    if study.over and study.n:
        yield ratios_table(t, study)
