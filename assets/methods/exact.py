"""Fisher's exact test: does a group do worse than the rest by more than chance?

Exact for small counts. Intervals of one share or rate are in intervals.
"""

from __future__ import annotations

from math import comb


def chance_of_so_few(right: int, of: int, right_all: int, of_all: int) -> float:
    """Probability of `right` or fewer in the group by chance alone, given `right_all` of all `of_all`.

    Fisher's exact test, one-sided: the lower tail of the hypergeometric distribution (Fisher, Statistical Methods for
    Research Workers, 1934). 1 where the group is everyone. Raises ValueError where the group is not part of all.

    >>> round(chance_of_so_few(0, 5, 5, 10), 3)
    0.004
    """
    if not 0 <= right <= of <= of_all or not right <= right_all <= of_all or of - right > of_all - right_all:
        raise ValueError(f"{right} of {of} is no part of {right_all} of {of_all}")
    ways = sum(comb(right_all, n) * comb(of_all - right_all, of - n) for n in range(right + 1))
    return ways / comb(of_all, of)
