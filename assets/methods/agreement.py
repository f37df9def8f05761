"""Agreement of two raters beyond chance: Cohen's kappa with its interval.

Only measures of agreement between raters of the same units belong here. Agreement of rankings is in rank_agreement.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Agreement:
    """Cohen's kappa of `pairs` ratings, with 95% limits.

    `observed` is the share of equal ratings. `kappa` is None, with the `reason`, where a rater gave one answer alone:
    agreement beyond chance is not defined then. The limits are None where the large-sample variance is 0.
    """

    pairs: int
    observed: float | None
    kappa: float | None
    lower: float | None
    upper: float | None
    reason: str = ""


def cohens_kappa(pairs: Sequence[tuple[str, str]], z: float = 1.96) -> Agreement:
    """Cohen's kappa of pairs of ratings (first, second), with limits kappa -/+ z s.

    Limits are cut at -1 and 1. All figures are None without pairs. Interval for large samples: read it with care below
    30 pairs. Sources: Cohen, Educational and Psychological Measurement 20 (1960); variance for kappa other than 0:
    Fleiss, Cohen and Everitt, Psychological Bulletin 72 (1969).

    >>> cohens_kappa([("met", "met"), ("met", "not met"), ("not met", "not met"), ("not met", "not met")]).kappa
    0.5
    """
    count = len(pairs)
    if not count:
        return Agreement(0, None, None, None, None, "no unit has been rated by two people")
    cells = {pair: n / count for pair, n in Counter(pairs).items()}
    first = {k: n / count for k, n in Counter(a for a, _ in pairs).items()}
    second = {k: n / count for k, n in Counter(b for _, b in pairs).items()}
    observed = sum(p for (a, b), p in cells.items() if a == b)
    chance = sum(first[k] * second.get(k, 0.0) for k in first)
    if min(len(first), len(second)) == 1:
        return Agreement(count, observed, None, None, None, "a rater gave one and the same answer throughout")
    kappa = (observed - chance) / (1 - chance)
    spread = sum(
        p * (1 - (first.get(a, 0.0) + second.get(a, 0.0)) * (1 - kappa)) ** 2 for (a, b), p in cells.items() if a == b
    )
    spread += (1 - kappa) ** 2 * sum(
        p * (first.get(b, 0.0) + second.get(a, 0.0)) ** 2 for (a, b), p in cells.items() if a != b
    )
    spread -= (kappa - chance * (1 - kappa)) ** 2
    if spread <= 1e-12:
        return Agreement(count, observed, kappa, None, None)
    error = math.sqrt(spread / count) / (1 - chance)
    return Agreement(count, observed, kappa, max(-1.0, kappa - z * error), min(1.0, kappa + z * error))
