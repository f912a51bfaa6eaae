"""What the reader must know: what was held against what, who is not shown and why, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator

from feedbackhub import Query
from feedbackhub.reporting import Words
from feedbackhub.statistics import FLAGGED_BELOW, HIDDEN_BELOW

from .judging import Judged
from .study import Study

__all__ = ["notes", "of_mix", "of_transfers"]


def notes(t: Words, query: Query, found: Study) -> Iterator[str]:
    """Yield what the reader must know.

    Args:
        t: The words.
        query: What was asked for.
        found: What was found.
    """
    yield from of_teams(t, found.teams)
    if found.agents is None:
        yield t(
            "Results of single agents are switched off, for they are personal data about how somebody works. Whoever "
            "runs this instance may switch them on with agents = true below [plugins.fairness], after asking the works "
            "council and the data protection officer."
        )
    else:
        yield from of_agents(t, found.agents)
    yield from of_mix(t, found)
    yield t(
        "Groups that are all equal are called different in at most 1 of 100 reports. Nobody is ranked: the order of "
        "equal people's numbers is chance, and it puts those with the fewest answers at both ends."
    )
    if found.agents is not None:
        yield of_transfers(t)
    surveys = sorted({each.survey for each in found.measured.asked})
    if len(surveys) > 1:
        yield t("Answers of several surveys are counted together: {names}.", names=", ".join(surveys))
    if query.by:
        yield t("This report tells teams and agents apart and is not split further; keep to one value by the filters.")


def of_teams(t: Words, teams: Judged) -> Iterator[str]:
    """Yield what there is to say about teams."""
    few = [n for n in teams.sizes.values() if n < HIDDEN_BELOW]
    if few:
        yield t(
            "{hidden} of {all} teams have fewer than 10 answers and are not shown.", hidden=len(few),
            all=len(teams.sizes),
        )  # fmt: skip
    if teams.compared.p is not None and not teams.detectable:
        yield t(
            "No detectable difference between teams: what their numbers differ by is what chance does to equal teams, "
            "so no team is shown by itself."
        )
    yield from of_spread(t, teams, t("teams"))


def of_agents(t: Words, agents: Judged) -> Iterator[str]:
    """Yield what there is to say about agents."""
    sizes = agents.sizes.values()
    hidden = sum(n < HIDDEN_BELOW for n in sizes)
    flagged = sum(HIDDEN_BELOW <= n < FLAGGED_BELOW for n in sizes)
    if hidden:
        yield t(
            "{hidden} of {all} agents have fewer than 10 answers and are not shown: so few say more about chance than "
            "about a person.", hidden=hidden, all=len(sizes),
        )  # fmt: skip
    if flagged:
        yield t(
            "Agents with 10 to 29 answers: {n}. Of them nothing but an estimate drawn to their team may be shown.",
            n=flagged,
        )
    if agents.compared.p is None:
        yield t(
            "Agents cannot be compared: there are no two in a team with enough answers about the same kind of matter, "
            "or all answers are alike."
        )
    elif not agents.detectable:
        yield t(
            "No detectable difference between agents: what their numbers differ by is what chance does to equal "
            "people, so every one of them is best described by their team, and none is shown."
        )
    alone = len(agents.groups) - len(agents.compared.standings)
    if alone and agents.compared.standings:
        yield t("Agents not compared, as no colleague had the same kind of matter: {n}.", n=alone)
    yield from of_spread(t, agents, t("agents"))


def of_spread(t: Words, judged: Judged, who: str) -> Iterator[str]:
    """Say what the main number means, and whether limits were moved apart."""
    if judged.detectable:
        yield t("The difference between {who} is how far they typically lie from what is expected of them.", who=who)
    if judged.detectable and judged.dispersion > 1:
        yield t(
            "The {who} differ more than chance throughout, for reasons not known here; the limits are {times} times "
            "as wide because of that, and only what stands out even so lies outside.", who=who,
            times=round(judged.dispersion**0.5, 1),
        )  # fmt: skip


def of_mix(t: Words, found: Study) -> Iterator[str]:
    """Yield what is adjusted for, and what is not."""
    names = {"topic": t("topic"), "channel": t("channel")}
    known = [name for at, name in enumerate(found.answers.mix) if len({lot.mix[at] for lot in found.answers.lots}) > 1]
    if known:
        mix = t("{one} and {other}", one=names["topic"], other=names["channel"]) if len(known) > 1 else names[known[0]]
        yield t(
            "Adjusted for {mix}: everybody is held against what the others got on the same mix of matters, agents "
            "against those of their own team.", mix=mix,
        )  # fmt: skip
    else:
        yield t("Adjusted for nothing: all answers are about the same channel and topic, as far as is known.")
    if found.taken_together:
        yield t(
            "{n} of {all} answers are about kinds of matters with fewer than 30 answers, which are taken together.",
            n=found.taken_together, all=found.n,
        )  # fmt: skip
    yield t(
        "Not adjusted for, as it is not known: how hard a matter was, how long customers had waited, and who does "
        "not answer."
    )


def of_transfers(t: Words) -> str:
    """Say whose an answer is."""
    return t(
        "An answer belongs to the agent and the team that were named when its contact ended, mostly the last who "
        "served; what others did before is not told apart."
    )
