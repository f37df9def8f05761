"""Agreement of two raters beyond chance: Cohen's kappa with its interval.

Only measures of agreement between raters of the same units belong here. Agreement of rankings is in rank_agreement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from statsmodels.stats.proportion import proportion_confint


@dataclass(frozen=True)
class Agreement:
    """Cohen's kappa of `pairs` ratings, with 95% limits.

    `same` pairs have equal ratings, and `observed` is their share. `kappa` and its limits are None, with the `reason`,
    where a rater gave one answer alone: agreement beyond chance is not defined then.
    """

    pairs: int
    same: int
    observed: float | None
    kappa: float | None
    lower: float | None
    upper: float | None
    reason: str = ""


def cohens_kappa(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Cohen's kappa of pairs of ratings (first, second): 1 - D / E.

    D is the share of unequal pairs, E that which chance would give. The limits put those of Clopper and Pearson
    (Biometrika 26, 1934) for D in its place, with E as seen: D and E rise together, so nothing need be added for E.
    The large-sample limits of Fleiss, Cohen and Everitt (1969) are far too narrow where raters mostly agree. Limits
    are cut at -1. Coverage is simulated in benchmarks/verdicts.py. Source: Cohen, Educational and Psychological
    Measurement 20 (1960).

    >>> cohens_kappa([("met", "met"), ("met", "not met"), ("not met", "not met"), ("not met", "not met")]).kappa
    0.5
    """
    count = len(pairs)
    if not count:
        return Agreement(0, 0, None, None, None, None, "no unit has been rated by two people")
    same = sum(a == b for a, b in pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    if min(len(first), len(second)) == 1:
        reason = "a rater gave one and the same answer throughout"
        return Agreement(count, same, same / count, None, None, None, reason)
    chance = sum(n * second[k] for k, n in first.items()) / count**2
    low, high = proportion_confint(count - same, count, method="beta")
    kappa, least, most = (1 - unequal / (1 - chance) for unequal in ((count - same) / count, high, low))
    return Agreement(count, same, same / count, kappa, max(-1.0, least), most)
