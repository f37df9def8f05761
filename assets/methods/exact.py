"""Whether a group does worse than the rest by more than chance, exact for small counts."""

from __future__ import annotations

from math import comb


def chance_of_so_few(right: int, of: int, right_all: int, of_all: int) -> float:
    """Probability of `right` or fewer among the `of` of a group, were the `right_all` of all `of_all` spread by chance.

    Fisher's exact test, one-sided: the lower tail of the hypergeometric distribution (Fisher, Statistical Methods for
    Research Workers, 1934). 1 where the group is all. Raises ValueError for counts of no part of all.
    """
    if not 0 <= right <= of <= of_all or not right <= right_all <= of_all or of - right > of_all - right_all:
        raise ValueError(f"{right} of {of} is no part of {right_all} of {of_all}")
    least = max(0, of - (of_all - right_all))
    ways = sum(comb(right_all, n) * comb(of_all - right_all, of - n) for n in range(least, right + 1))
    return ways / comb(of_all, of)
