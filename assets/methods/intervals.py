"""95% intervals of one share and of one rate (other levels by `z`).

Scalars in, (lower, upper) out. Intervals of many units at once are in funnel and shrinkage.
"""

from __future__ import annotations

import math


def wilson_interval(count: float, total: float, z: float = 1.96) -> tuple[float, float]:
    """Wilson's score interval of the proportion count / total, within 0 and 1.

    Source: recording-standards 5.1; Wilson, Journal of the American Statistical Association 22 (1927). The
    normal approximation fails near 0 and 1.
    Raises ValueError unless 0 <= count <= total and total > 0.

    >>> [round(limit, 3) for limit in wilson_interval(8, 10)]
    [0.49, 0.943]
    """
    if not (0 <= count <= total and 0 < total < math.inf):
        raise ValueError(f"{count} of {total} is not a proportion")
    _check_quantile(z)
    share = count / total
    middle = share + z * z / (2 * total)
    half_width = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    # Exactly 0 and 1 at the ends, where rounding can leave the last digit.
    lower = 0.0 if count == 0 else max(0.0, (middle - half_width) / scale)
    upper = 1.0 if count == total else min(1.0, (middle + half_width) / scale)
    return lower, upper


def byar_interval(
    count: float, population: float, *, per: float = 1000.0, z: float = 1.96
) -> tuple[float, float]:
    """Byar's interval of the rate count / population x `per`; the count is taken as Poisson.

    Source: Breslow and Day, Statistical Methods in Cancer Research, volume II (1987), equation 2.13. From 10
    events on, 95% limits are within 0.2% of the exact ones (Public Health England, Technical Guide: Confidence
    Intervals, 2018). Below that the lower limit is somewhat too low. Chosen because SQL gives the same closed formula.
    The lower limit of 0 events is 0.
    Raises ValueError for a count below 0 or a population that is not above 0.

    >>> [round(limit, 2) for limit in byar_interval(10, 1000, per=1000)]
    [4.79, 18.39]
    """
    if not (0 <= count < math.inf and 0 < population < math.inf):
        raise ValueError(f"{count} events among {population} residents give no rate")
    _check_quantile(z)
    lower = 0.0
    if count > 0:
        # Below 0 only for one or two events and levels above 99%.
        lower = count * max(0.0, 1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3
    after = count + 1
    upper = after * (1 - 1 / (9 * after) + z / (3 * math.sqrt(after))) ** 3
    return lower * per / population, upper * per / population


def _check_quantile(z: float) -> None:
    if not 0 < z < math.inf:
        raise ValueError(f"a normal quantile above 0 is needed, not {z}")
