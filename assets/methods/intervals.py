"""The 95% interval of one share (other levels by `z`).

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


def _check_quantile(z: float) -> None:
    if not 0 < z < math.inf:
        raise ValueError(f"a normal quantile above 0 is needed, not {z}")
