"""Honest numbers: pure functions over counts, standard library only, with the source of every formula.

Nothing is ever estimated from nothing: without data an estimate and its interval are None, never 0 or NaN.
"""

from .beta import beta_quantile, incomplete_beta
from .exact import fisher, fisher_more, holm
from .few import FLAGGED_BELOW, HIDDEN_BELOW, Few, few
from .means import Moments, RankTest, difference_of_means, mean_interval, rank_test
from .normal import Interval, two_sided_p, z_of
from .nps import Votes, adjusted_wald, band_of, nps_bounds, nps_difference, nps_interval, t_interval, wald
from .planning import (
    MixTest,
    Weighted,
    answers_needed,
    answers_needed_each,
    interval_of_finite,
    mix_test,
    weighted_nps,
)
from .proportions import Share, difference_of_shares, wilson
from .share_intervals import agresti_coull, clopper_pearson, jeffreys, wald_of_share
from .student import t_of

__all__ = [
    "FLAGGED_BELOW",
    "HIDDEN_BELOW",
    "Few",
    "Interval",
    "MixTest",
    "Moments",
    "RankTest",
    "Share",
    "Votes",
    "Weighted",
    "adjusted_wald",
    "agresti_coull",
    "answers_needed",
    "answers_needed_each",
    "band_of",
    "beta_quantile",
    "clopper_pearson",
    "difference_of_means",
    "difference_of_shares",
    "few",
    "fisher",
    "fisher_more",
    "holm",
    "incomplete_beta",
    "interval_of_finite",
    "jeffreys",
    "mean_interval",
    "mix_test",
    "nps_bounds",
    "nps_difference",
    "nps_interval",
    "rank_test",
    "t_interval",
    "t_of",
    "two_sided_p",
    "wald",
    "wald_of_share",
    "weighted_nps",
    "wilson",
    "z_of",
]
