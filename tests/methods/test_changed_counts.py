"""A count is clearly more or fewer in one of twenty comparisons at most while nothing changes: simulated."""

import polars as pl

from assets.methods.comparison import CHANCE_ALONE, Spread
from benchmarks.changed_counts import is_clear, of_steady_months, spread_of


def test_months_that_vary_by_chance_alone_have_no_spread_and_others_have_theirs() -> None:
    assert spread_of([100, 101] * 7) == Spread(0, 13)
    assert spread_of([80, 120] * 7) == Spread((1600 - 200) / (2 * 100**2), 13)
    assert spread_of([80, 120, 80, 120, 80, 120, 300, 80], left_out=[6]).pairs == 5


def test_a_change_beyond_the_spread_is_still_clear() -> None:
    spread = Spread(0.005, 36)
    assert is_clear(140, 100, CHANCE_ALONE) and not is_clear(140, 100, spread) and is_clear(165, 100, spread)


def test_hardly_any_of_the_months_that_do_not_change_is_called_clearly_different() -> None:
    """Of 200 worlds a kind: with a true 5% more than 10% come once in 500 kinds, and the mean of 36 is near it."""
    found = of_steady_months(200)
    assert found["own spread"].max() <= 0.1 and 0.01 <= found["own spread"].mean() <= 0.05
    uneven = found.filter(pl.col("mean") == 1000, pl.col("extra variance") == 0.01)
    assert uneven["Poisson"].min() > 0.4, "what the spread is for"
