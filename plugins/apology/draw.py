"""Which arm a customer falls into: by keyed hash, or by permuted blocks; pure, and not to be foreseen without the key.

Sources: by hash as in R. Kohavi, D. Tang and Y. Xu, Trustworthy Online Controlled Experiments
(2020), ch. 4; permuted blocks as in K. F. Schulz and D. A. Grimes, The Lancet 359 (2002) 515-519.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from itertools import accumulate

__all__ = ["arm_at", "block_order", "hashed_position", "keyed_position"]

_BYTES = 8
_PARTS = 1 << 64
#: So long a block is not doubled: the longer it is, the further arms may drift apart before it is full.
_LONG = 12
_APART = "\x1e"


def keyed_position(key: bytes, experiment: str, customer: str) -> float:
    """Return where between 0 and 1 a customer falls, always the same: HMAC-SHA256 of ``experiment|customer``.

    Args:
        key: A secret; without it nobody can tell beforehand.
        experiment: Id of the experiment, so that another one shuffles anew.
        customer: Id of the customer.
    """
    return _fraction(hmac.new(key, f"{experiment}|{customer}".encode(), hashlib.sha256).digest())


def hashed_position(salt: str, experiment: str, customer: str) -> float:
    """Return the same without a key, by SHA-256 of ``salt:experiment:customer``: for comparing with other tools."""
    return _fraction(hashlib.sha256(f"{salt}:{experiment}:{customer}".encode()).digest())


def _fraction(digest: bytes) -> float:
    return int.from_bytes(digest[:_BYTES], "big") / _PARTS


def arm_at(position: float, weights: Sequence[float]) -> int:
    """Return the number of the arm at a position: the first whose cumulative weight lies above it.

    Args:
        position: From 0 to 1.
        weights: The arms' weights in their order, above 0; they need not add up to 1.
    """
    whole = sum(weights)
    for number, upto in enumerate(accumulate(weights)):
        if position * whole < upto:
            return number
    return len(weights) - 1  # a position that rounding made 1


def block_order(key: bytes, experiment: str, stratum: str, block: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Return the arms' numbers in the order in which one block hands them out.

    A block holds each arm as often as its weight says, or twice as often: were all alike long, whoever knows the arms
    handed out would know the last ones beforehand.

    Args:
        key: A secret.
        experiment: Id of the experiment.
        stratum: The stratum.
        block: Number of the block within it.
        weights: The arms' weights, without a common factor.
    """

    def digest(*more: object) -> bytes:
        said = _APART.join(map(str, (experiment, stratum, block, *more)))
        return hmac.new(key, said.encode(), hashlib.sha256).digest()

    times = 1 if sum(weights) > _LONG else 1 + digest("length")[0] % 2
    arms = [arm for arm, weight in enumerate(weights) for _ in range(weight * times)]
    return tuple(arm for _, arm in sorted((digest(place), arm) for place, arm in enumerate(arms)))
