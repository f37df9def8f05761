"""Precision and recall of linkage, from counts of the pairs that readers settled.

It is apart from `linkage/`, whose files decide who is linked: a change there links everybody again.
"""

from __future__ import annotations

import polars as pl

from assets.methods.intervals import wilson_interval

Limits = tuple[float | None, float | None, float | None]  # share, lower, upper
LIMITS = ("", "_lower", "_upper")


def reviewed_shares(kinds: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """The rows given, each with precision and recall of its pairs and their Wilson limits; null where there is none.

    In: `same_pair_count`, pairs of one person according to readers; `linked_pair_count`, pairs that were linked;
    `right_pair_count`, pairs that are both.
    """
    z = dict(reference_settings.select("key", "value").iter_rows())["intervals.z"]
    shares = {
        name: [_share(right, of, z) for right, of in kinds.select("right_pair_count", total).iter_rows()]
        for name, total in (("precision", "linked_pair_count"), ("recall", "same_pair_count"))
    }
    return kinds.with_columns(
        pl.Series(name + limit, [share[place] for share in found], dtype=pl.Float64)
        for name, found in shares.items()
        for place, limit in enumerate(LIMITS)
    )


def _share(count: int, total: int, z: float) -> Limits:
    return (count / total, *wilson_interval(count, total, z)) if total else (None, None, None)
