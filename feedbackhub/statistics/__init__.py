"""Honest numbers: pure functions over counts, standard library only, with the source of every formula.

Nothing is ever estimated from nothing: without data an estimate and its interval are None, never 0 or NaN.
"""

from .agreement import Agreement, kappa_interval
from .arm_costs import ArmCost, Dominated, cost_of_one_more, cost_per_win, cost_per_win_interval, dominated
from .as_r_prints import conditional_odds_as_r_prints
from .association import Association, Balance, Chosen, DoublyRobust, association
from .bayes import Belief, BetaBinomial, beta_binomial
from .beta import beta_quantile, incomplete_beta
from .chisquare import chi_square_tail
from .clusters import (
    Clustered,
    clustered,
    design_effect,
    difference_of_clumped,
    thinned,
    wilson_of_clumped,
)
from .conditional_odds import ConditionalOdds, conditional_odds_ratio
from .cuped import Cuped, Measured, cuped
from .e_process import EProcess, block_of, e_process
from .e_process_size import e_process_needed, e_process_power
from .exact import fisher, fisher_more, holm
from .factorial import Contrast, Factorial, contrast, factorial
from .few import FLAGGED_BELOW, HIDDEN_BELOW, Few, few
from .funnels import ALARM, ALERT, funnel_limits, over_dispersion
from .interaction import Interaction, interaction
from .logistic import Logistic, NotEstimable, logistic
from .many_questions import benjamini_hochberg, bonferroni
from .means import Moments, RankTest, difference_of_means, mean_interval, rank_test
from .msprt import Look, msprt
from .normal import Interval, two_sided_p, z_of
from .nps import Votes, adjusted_wald, band_of, nps_bounds, nps_difference, nps_interval, t_interval, wald
from .planning import (
    MixTest,
    Weighted,
    answers_needed,
    answers_needed_each,
    exact_need,
    exact_need_each,
    interval_of_finite,
    mix_test,
    weighted_nps,
)
from .proportions import Share, difference_of_shares, wilson
from .risk_e_value import risk_e_value, risk_e_value_of_interval
from .sample_ratio import MISMATCH, SampleRatio, exact_binomial, sample_ratio
from .sequences import SEQUENCE_FROM, confidence_sequence, difference_sequence, sequence_scale, share_sequence
from .share_intervals import agresti_coull, clopper_pearson, jeffreys, wald_of_share
from .shrinkage import GROUPS_FOR_A_PRIOR, Estimate, Prior, Spread, beta_posterior, shrunk, spread_interval, spread_of
from .standings import Compared, Part, Standing, compared
from .strata import ANY, Collapsed, Stratum, UnequalKeys, WeightingError, collapse, collapse_values
from .student import t_of
from .tables import MOST_TABLES, TableTest, TooManyTables, freeman_halton, pearson
from .trial_size import arcsine_needed, arms_needed, cohen_h, exact_arms_needed, power_of
from .trial_strata import Stratified, stratified
from .two_arms import Needed, TwoArms, two_arms
from .weighted import (
    WeightedMean,
    r_indicator,
    response_bounds,
    weighted_mean,
    weighted_mean_interval,
    weighted_nps_interval,
    weighted_share_interval,
)
from .weighting_gap import weighting_gap
from .weights import (
    Effective,
    EmptyStratum,
    MarginsDisagree,
    NobodyAnswered,
    NotConverged,
    UnknownStratum,
    kish,
    margins_of,
    poststratify,
    rake,
    trim,
)

__all__ = [
    "ALARM",
    "ALERT",
    "ANY",
    "FLAGGED_BELOW",
    "GROUPS_FOR_A_PRIOR",
    "HIDDEN_BELOW",
    "MISMATCH",
    "MOST_TABLES",
    "SEQUENCE_FROM",
    "Agreement",
    "ArmCost",
    "Association",
    "Balance",
    "Belief",
    "BetaBinomial",
    "Chosen",
    "Clustered",
    "Collapsed",
    "Compared",
    "ConditionalOdds",
    "Contrast",
    "Cuped",
    "Dominated",
    "DoublyRobust",
    "EProcess",
    "Effective",
    "EmptyStratum",
    "Estimate",
    "Factorial",
    "Few",
    "Interaction",
    "Interval",
    "Logistic",
    "Look",
    "MarginsDisagree",
    "Measured",
    "MixTest",
    "Moments",
    "Needed",
    "NobodyAnswered",
    "NotConverged",
    "NotEstimable",
    "Part",
    "Prior",
    "RankTest",
    "SampleRatio",
    "Share",
    "Spread",
    "Standing",
    "Stratified",
    "Stratum",
    "TableTest",
    "TooManyTables",
    "TwoArms",
    "UnequalKeys",
    "UnknownStratum",
    "Votes",
    "Weighted",
    "WeightedMean",
    "WeightingError",
    "adjusted_wald",
    "agresti_coull",
    "answers_needed",
    "answers_needed_each",
    "arcsine_needed",
    "arms_needed",
    "association",
    "band_of",
    "benjamini_hochberg",
    "beta_binomial",
    "beta_posterior",
    "beta_quantile",
    "block_of",
    "bonferroni",
    "chi_square_tail",
    "clopper_pearson",
    "clustered",
    "cohen_h",
    "collapse",
    "collapse_values",
    "compared",
    "conditional_odds_as_r_prints",
    "conditional_odds_ratio",
    "confidence_sequence",
    "contrast",
    "cost_of_one_more",
    "cost_per_win",
    "cost_per_win_interval",
    "cuped",
    "design_effect",
    "difference_of_clumped",
    "difference_of_means",
    "difference_of_shares",
    "difference_sequence",
    "dominated",
    "e_process",
    "e_process_needed",
    "e_process_power",
    "exact_arms_needed",
    "exact_binomial",
    "exact_need",
    "exact_need_each",
    "factorial",
    "few",
    "fisher",
    "fisher_more",
    "freeman_halton",
    "funnel_limits",
    "holm",
    "incomplete_beta",
    "interaction",
    "interval_of_finite",
    "jeffreys",
    "kappa_interval",
    "kish",
    "logistic",
    "margins_of",
    "mean_interval",
    "mix_test",
    "msprt",
    "nps_bounds",
    "nps_difference",
    "nps_interval",
    "over_dispersion",
    "pearson",
    "poststratify",
    "power_of",
    "r_indicator",
    "rake",
    "rank_test",
    "response_bounds",
    "risk_e_value",
    "risk_e_value_of_interval",
    "sample_ratio",
    "sequence_scale",
    "share_sequence",
    "shrunk",
    "spread_interval",
    "spread_of",
    "stratified",
    "t_interval",
    "t_of",
    "thinned",
    "trim",
    "two_arms",
    "two_sided_p",
    "wald",
    "wald_of_share",
    "weighted_mean",
    "weighted_mean_interval",
    "weighted_nps",
    "weighted_nps_interval",
    "weighted_share_interval",
    "weighting_gap",
    "wilson",
    "wilson_of_clumped",
    "z_of",
]
