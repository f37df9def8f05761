"""A series as control charts between dated breaks, and the false signals to expect of such charts.

No build. Simulated series are charted all at once, so that their number can stay: a test of its own holds that against
the charts of each alone.
"""

import math
from collections.abc import Sequence
from datetime import date
from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from one_chart import control_chart
from polars.testing import assert_frame_equal

from assets.methods.spc.chart import (
    ChartType,
    chance_of_signal,
    control_charts,
    expected_false_signals,
)
from assets.methods.spc.limits import p_prime_limits
from assets.methods.spc.signals import SignalRules

LINES = ["centre_line", "lower_limit", "upper_limit"]
JUDGED = ["is_baseline", *LINES, "signal", "signal_direction", "limits_status"]
SERIES = 35  # drawn for each property: one that fails in one series of twelve is seen in 95 runs of 100
VALUES = st.lists(st.integers(0, 200), min_size=1, max_size=50)


def months(count: int, start: int = 0, step: int = 1) -> list[date]:
    """First days of months, from January 2020 on."""
    return [date(2020 + m // 12, m % 12 + 1, 1) for m in range(start, start + count * step, step)]


def counts(values: Sequence[float | None], start: int = 0, step: int = 1) -> pl.DataFrame:
    return pl.DataFrame({"month": months(len(values), start, step), "value": values},
                        schema={"month": pl.Date, "value": pl.Float64})


def shares(numerators: Sequence[int | None], denominators: Sequence[int | None]) -> pl.DataFrame:
    schema = {"month": pl.Date, "numerator": pl.Int64, "denominator": pl.Int64}
    return pl.DataFrame([months(len(numerators)), numerators, denominators], schema=schema)


def simulated(series: list[pl.DataFrame], kind: ChartType) -> list[pl.DataFrame]:
    """The charts of many series, drawn at once."""
    rows = [points.select(pl.lit(n).cast(pl.String).alias("series_ref"), pl.lit(kind).alias("chart_kind"),
                          pl.lit(1).alias("period_months"), pl.all()) for n, points in enumerate(series)]  # fmt: skip
    none = pl.DataFrame(schema={"series_ref": pl.String, "break_month": pl.Date})
    return control_charts(pl.concat(rows), none).partition_by("series_ref", maintain_order=True)


def count_signals(chart: pl.DataFrame) -> int:
    """Unbroken stretches of signalled points in one direction, as expected_false_signals counts them."""
    direction = pl.col("signal_direction")
    before = direction.shift(1, fill_value="").over("segment", order_by="month")
    return chart.filter((direction != "") & (direction != before)).height


def test_worked_example_of_a_count_that_jumps_after_its_baseline() -> None:
    """Baseline 10, 12 in turn for 24 months: 11 -/+ 2.66 x 2, so 5.68 to 16.32. Then 17, and six of 13."""
    chart = control_chart(counts([10, 12] * 12 + [17] + [13] * 6), chart_type="xmr")
    assert chart.columns == ["month", "value", "segment", "break_month", *JUDGED]
    assert chart["is_baseline"].to_list() == [True] * 24 + [False] * 7
    assert chart["centre_line"].unique().to_list() == [11.0]
    assert chart["lower_limit"].to_list() == pytest.approx([5.68] * 31)
    assert chart["upper_limit"].to_list() == pytest.approx([16.32] * 31)
    # December's 12 lies above the centre line too, so the run is of eight.
    assert chart["signal"].to_list() == [""] * 23 + ["shift", "beyond_limit"] + ["shift"] * 6
    assert chart["signal_direction"].to_list() == [""] * 23 + ["higher"] * 8
    assert chart["limits_status"].unique().to_list() == ["drawn"]
    assert count_signals(chart) == 1, "one unbroken stretch is one signal"


def test_worked_example_of_a_share_whose_limits_follow_the_denominator() -> None:
    numerators, denominators = [20, 30] * 12 + [60], [100, 120] * 12 + [150]
    chart = control_chart(shares(numerators, denominators), chart_type="p_prime")
    limits = p_prime_limits([*numerators[:24], 0], denominators, np.arange(25) < 24)
    assert chart["value"][1] == 0.25
    assert chart["centre_line"].to_list() == pytest.approx([600 / 2640] * 25)
    assert chart["upper_limit"].to_list() == pytest.approx(limits.upper.tolist())
    assert chart["upper_limit"][24] < chart["upper_limit"][1] < chart["upper_limit"][0]
    assert chart.row(24, named=True)["signal"] == "beyond_limit"


def test_limits_are_drawn_anew_only_at_a_break() -> None:
    low_then_high = [10, 12] * 8 + [50, 52] * 8
    unbroken = control_chart(counts(low_then_high), chart_type="xmr")
    assert unbroken["segment"].unique().to_list() == [1]
    broken = control_chart(counts(low_then_high), chart_type="xmr", breaks=[months(17)[16]])
    assert broken["segment"].to_list() == [1] * 16 + [2] * 16
    assert broken["break_month"].to_list() == [None] * 16 + [months(17)[16]] * 16
    assert broken["centre_line"].to_list() == [11] * 16 + [51] * 16
    assert count_signals(unbroken) > count_signals(broken) == 0


def test_breaks_without_points_between_them_start_one_segment() -> None:
    breaks = [date(2019, 4, 1), date(2020, 5, 1), date(2020, 6, 1), date(2030, 1, 1)]
    series = counts(list(range(12))).filter(~pl.col("month").is_between(date(2020, 5, 1), date(2020, 7, 1)))
    chart = control_chart(series, chart_type="xmr", breaks=breaks)
    assert chart["segment"].to_list() == [1] * 4 + [2] * 5
    assert chart["break_month"].unique(maintain_order=True).to_list() == [None, date(2020, 6, 1)]


def test_a_quarter_with_a_break_inside_it_belongs_to_the_segment_before() -> None:
    quarters = counts([1, 2, 3], step=3)
    chart = control_chart(quarters, chart_type="xmr", period_months=3, breaks=[date(2020, 5, 1)])
    assert chart["segment"].to_list() == [1, 1, 2]


def test_eleven_points_have_no_limits_and_twelve_have() -> None:
    eleven = control_chart(counts([10, 12] * 5 + [90]), chart_type="xmr")
    assert eleven["limits_status"].unique().to_list() == ["too_few_points"]
    assert eleven.select(pl.col(LINES).null_count()).row(0) == (11, 11, 11)
    assert not eleven["is_baseline"].any()
    assert count_signals(eleven) == 0
    twelve = control_chart(counts([10, 12] * 6), chart_type="xmr")
    assert twelve["limits_status"].unique().to_list() == ["drawn"]


def test_each_segment_needs_its_own_points() -> None:
    halves = [*[10, 12] * 10, 10, None, 10, 12]
    for kind, series in (("xmr", counts(halves)), ("p_prime", shares(halves, [100] * 24))):
        chart = control_chart(series, chart_type=kind, breaks=[months(13)[12]])
        assert chart["limits_status"].to_list() == ["drawn"] * 12 + ["too_few_points"] * 12


def test_missing_months_are_not_points_and_not_zero() -> None:
    values: list[float | None] = [10, 12] * 6
    values.insert(6, None)
    chart = control_chart(counts(values), chart_type="xmr")
    assert chart.height == 13
    assert chart.row(6, named=True)["is_baseline"] is False
    assert chart.row(6, named=True)["signal"] == ""
    assert chart["centre_line"].unique().to_list() == [11]
    assert control_chart(counts(values[:-1]), chart_type="xmr")["limits_status"][0] == "too_few_points"


@pytest.mark.parametrize(("neighbours", "status"), [(0, "too_few_points"), (5, "too_few_points"), (6, "drawn")])
def test_twelve_points_need_six_moving_ranges(neighbours: int, status: str) -> None:
    """Of twelve points the first have a neighbour before them, and gaps lie between the others."""
    gaps = [None] * (11 - neighbours)
    values = [10.0, 12.0] * 6
    together, apart = values[:neighbours + 1], values[neighbours + 1:]
    spread = [v for pair in zip(gaps, apart) for v in pair]
    assert control_chart(counts(together + spread), chart_type="xmr")["limits_status"].unique().to_list() == [status]


def test_where_no_limits_are_drawn_there_is_no_signal_not_even_a_trend() -> None:
    assert count_signals(control_chart(counts(range(11)), chart_type="xmr")) == 0
    assert count_signals(control_chart(counts(range(12)), chart_type="xmr")) > 0
    rolling = control_chart(counts(range(24), step=3), chart_type="xmr", period_months=12)
    assert count_signals(rolling) == 0


def test_a_signal_is_counted_anew_after_a_break() -> None:
    """Each half rises throughout: two signals, though the signalled points touch at the break."""
    halves = [*range(12), *range(12)]
    chart = control_chart(counts(halves), chart_type="xmr", breaks=[months(13)[12]],
                          rules=SignalRules(applied=("trend",)))
    assert chart["signal_direction"].unique().to_list() == ["higher"]
    assert count_signals(chart) == 2


def test_a_month_without_a_denominator_is_missing() -> None:
    series = shares([20, 30] * 6 + [None, 0, 7], [100] * 12 + [100, 0, None])
    chart = control_chart(series, chart_type="p_prime")
    assert chart["value"].to_list()[12:] == [None, None, None]
    assert chart["is_baseline"].to_list() == [True] * 12 + [False] * 3
    assert chart["upper_limit"].is_null().to_list() == [False] * 13 + [True] * 2


def test_overlapping_periods_are_not_charted() -> None:
    """Rolling years, a quarter apart: each shares nine months with the next."""
    chart = control_chart(counts([10, 12] * 12, step=3), chart_type="xmr", period_months=12)
    assert chart["limits_status"].unique().to_list() == ["overlapping_periods"]
    assert chart["centre_line"].null_count() == 24
    years = control_chart(counts([10, 12] * 12, step=12), chart_type="xmr", period_months=12)
    assert years["limits_status"].unique().to_list() == ["drawn"]


@pytest.mark.parametrize("numerator", [0, 5, 100])
def test_a_baseline_without_variation_draws_no_limits(numerator: int) -> None:
    """Else the first month that differs at all would be a signal."""
    flat = shares([numerator] * 12 + [50], [100] * 13)
    assert control_chart(flat.head(12), chart_type="p_prime")["limits_status"][0] == "no_variation"
    flat_then = flat.select("month", value=pl.col("numerator") / 100)
    chart = control_chart(flat_then, chart_type="xmr", baseline_points=12)
    assert chart["limits_status"].unique().to_list() == ["no_variation"]
    assert count_signals(chart) == 0


def test_no_points_give_no_rows_but_all_columns() -> None:
    chart = control_chart(counts([]), chart_type="xmr")
    assert chart.height == 0
    assert chart.schema == control_chart(counts([1]), chart_type="xmr").schema


@pytest.mark.parametrize(
    ("points", "options", "named"),
    [
        (counts([1]).drop("value"), {}, "value"),
        (counts([1, math.inf]), {}, "2020-02-01"),
        (counts([1]), {"chart_type": "p_prime"}, "numerator, denominator"),
        (shares([5], [4]), {"chart_type": "p_prime"}, "5 of 4 in 2020-01-01"),
        (shares([-1], [4]), {"chart_type": "p_prime"}, "-1 of 4"),
        (pl.concat([counts([1]), counts([2])]), {}, "2020-01-01 is given twice"),
        (counts([1]).with_columns(month=pl.date(2020, 1, 2)), {}, "first day"),
        (counts([1]).with_columns(month=pl.lit(None, dtype=pl.Date)), {}, "first day"),
        (counts([1]), {"breaks": [date(2024, 2, 26)]}, "first day"),
        (counts([1]), {"minimum_points": 30}, "30"),
    ],
)
def test_what_is_no_series_is_refused(points: pl.DataFrame, options: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        control_chart(points, **{"chart_type": "xmr", **options})  # type: ignore[arg-type]


@settings(max_examples=SERIES)
@given(st.lists(
    st.tuples(
        st.sampled_from(["xmr", "p_prime"]),
        st.lists(st.tuples(st.integers(0, 9), st.integers(9, 12) | st.none()), max_size=45),
        st.sets(st.sampled_from(months(60)), max_size=2),
        st.sampled_from([1, 3]),
    ),
    min_size=1, max_size=4,
))  # fmt: skip
def test_many_series_together_have_the_charts_that_each_has_alone(
    drawn: list[tuple[ChartType, list[tuple[int, int | None]], set[date], int]]
) -> None:
    """Of both kinds, of any length, with gaps, with breaks of their own, in months or in quarters."""
    series, broken, alone = [], [], []
    for ref, (kind, rows, breaks, step) in enumerate(drawn):
        numerators, denominators = [n for n, _ in rows], [d for _, d in rows]
        schema = {"month": pl.Date, "numerator": pl.Int64, "denominator": pl.Int64}
        points = pl.DataFrame([months(len(rows), 0, step), numerators, denominators], schema=schema)
        points = points.with_columns(value=pl.col("numerator") * pl.col("denominator") / 3)
        alone.append(control_chart(points, chart_type=kind, breaks=sorted(breaks), period_months=step))
        about = {"series_ref": str(ref), "chart_kind": kind, "period_months": step}
        series.append(points.with_columns(pl.lit(value).alias(name) for name, value in about.items()))
        broken += [(str(ref), month) for month in breaks]
    of_breaks = pl.DataFrame(broken, schema={"series_ref": pl.String, "break_month": pl.Date}, orient="row")
    together = control_charts(pl.concat(series), of_breaks)
    assert_frame_equal(together.select(alone[0].columns), pl.concat(alone), check_exact=True)


@settings(max_examples=SERIES)
@given(VALUES, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(values: list[int], random: Random) -> None:
    series = counts(values)
    order = list(range(len(values)))
    random.shuffle(order)
    assert control_chart(series[order], chart_type="xmr").equals(control_chart(series, chart_type="xmr"))


def test_no_limits_no_false_signals() -> None:
    assert expected_false_signals(11) == 0
    assert 0 < expected_false_signals(12) < expected_false_signals(24) < expected_false_signals(48)


@pytest.mark.parametrize("points_count", [24, 36])
def test_stable_series_show_as_many_signals_as_expected(points_count: int) -> None:
    """Charts drawn by control_chart itself, from a generator of its own."""
    generator = np.random.default_rng(11)
    stable = generator.normal(100, 10, (500, points_count)).tolist()
    seen = [count_signals(chart) for chart in simulated([*map(counts, stable)], "xmr")]
    allowed = 3 * float(np.std(seen)) / math.sqrt(len(seen))
    assert np.mean(seen) == pytest.approx(expected_false_signals(points_count), abs=allowed)


def test_how_often_the_last_of_a_stable_series_is_in_a_signal() -> None:
    """Against charts of series drawn here with another seed; below the fewest points there is no chart."""
    assert chance_of_signal(11) == 0
    generator = np.random.default_rng(5)
    stable = [counts(generator.normal(100, 5, 36).tolist()) for _ in range(600)]
    seen = [chart["signal"][-1] != "" for chart in simulated(stable, "xmr")]
    assert np.mean(seen) == pytest.approx(chance_of_signal(36), abs=4 * math.sqrt(0.07 * 0.93 / 600))
    assert 0.02 < chance_of_signal(36) < 0.15
