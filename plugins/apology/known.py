"""What is known from elsewhere: two experiments with apologies, what they can say, and what they cannot.

Sources: J. Abeler, J. Calaki, K. Andree and C. Basek, The Power of Apology, CeDEx Discussion Paper 2009-12, Nottingham
(Economics Letters, 2010); B. Halperin, B. Ho, J. A. List and I. Muir, Toward an Understanding of the Economics of
Apologies, Economic Journal 132 (2022), on 1.5 million late riders.
"""

from __future__ import annotations

from dataclasses import dataclass

from feedbackhub.reporting import N_
from feedbackhub.statistics import Share

__all__ = ["APOLOGY", "KNOWN", "NOTTINGHAM", "POOLED", "RIDERS", "Against", "Study"]

#: Counts of the arms that fit every published percentage; the paper's own table has not been seen.
APOLOGY, SMALL, LARGE = Share(94, 210), Share(41, 212), Share(48, 210)
POOLED = Share(SMALL.part + LARGE.part, SMALL.whole + LARGE.whole)


@dataclass(frozen=True, slots=True)
class Against:
    """An apology against money in one study.

    Args:
        label: What was compared, in words to be translated.
        apology: Those who were asked for pardon, and how many of them were won.
        money: Those who were offered money.
    """

    label: str
    apology: Share
    money: Share


@dataclass(frozen=True, slots=True)
class Study:
    """An experiment of somebody else; all its words are to be translated.

    Args:
        title: Its short name.
        who: Who took part.
        arms: What was tried against what.
        outcome: What counted as success.
        found: What was found.
        limits: What it does not say.
        source: Where it is told.
        contrasts: What can be drawn beside the own result; none where no counts are known.
        reconstructed: Whether its counts were worked out from published percentages.
    """

    title: str
    who: str
    arms: str
    outcome: str
    found: str
    limits: str
    source: str
    contrasts: tuple[Against, ...] = ()
    reconstructed: bool = False


NOTTINGHAM = Study(
    title=N_("Nottingham, eBay buyers (2009)"),
    who=N_("more than 600 buyers who had left a neutral or bad evaluation"),
    arms=N_("an apology, 2.50 euros, or 5 euros; nobody was left with nothing"),
    outcome=N_("took back a public evaluation when asked to"),
    found=N_("45 % took it back for an apology, 23 % for compensation"),
    limits=N_(
        "There was no arm with nothing, so it does not say what an apology adds: only its lead over money is known. "
        "Taking back an evaluation on request is not loyalty, and paying for it is forbidden in places today."
    ),
    source=N_(
        "J. Abeler and others, The Power of Apology, CeDEx Discussion Paper 2009-12; press release of the University "
        "of Nottingham, 23 September 2009"
    ),
    contrasts=(
        Against(N_("Nottingham, 5 euros (RECONSTRUCTED)"), APOLOGY, LARGE),
        Against(N_("Nottingham, 2.50 euros (RECONSTRUCTED)"), APOLOGY, SMALL),
    ),
    reconstructed=True,
)

RIDERS = Study(
    title=N_("Late riders (2022)"),
    who=N_("1.5 million riders whose car had come late"),
    arms=N_("nothing, apologies in several wordings, a coupon, or both"),
    outcome=N_("what they spent on rides later"),
    found=N_(
        "Money speaks louder than words: the best apology came with a coupon. Some apologies did worse than none, "
        "above all repeated ones and those that promised to do better."
    ),
    limits=N_("It counts money spent, not answers; no counts are published that could be drawn beside the own result."),
    source=N_("B. Halperin, B. Ho, J. A. List and I. Muir, Economic Journal 132 (641), 2022"),
)

#: In the order shown.
KNOWN = (NOTTINGHAM, RIDERS)
