"""How to read each kind of chart: one sentence, worked with the chart's own figures."""

import datetime as dt

import polars as pl
from dashboard_browser import plain
from rendered_words import faults_of

from dashboards.charts import intervals, sentences
from dashboards.text import numbers

LAST = {"month": dt.date(2026, 3, 1), "value": 294.0, "lower_limit": 180.2, "upper_limit": 262.4,
        "limits_status": "drawn", "signal": "beyond_limit"}  # fmt: skip
DUTIES = pl.DataFrame(
    {"label": ["Not supplied", "Plan\n98.0%, 49 of 50"], "kept_share": [None, 0.98], "kept_lower": [None, 0.895],
     "kept_upper": [None, 0.996]}
)  # fmt: skip


def last_point(**other: object) -> str:
    return plain(sentences.control(pl.DataFrame([LAST | other]), "crimes a month", numbers.month))


def test_a_control_chart_is_read_by_its_last_point() -> None:
    assert last_point() == (
        "The last point, Mar 2026, is 294, with limits 180 and 262: a signal (outside the limits), which chance alone "
        "seldom gives."
    )
    assert last_point(value=200.0, signal="") == (
        "The last point, Mar 2026, is 200, between the limits 180 and 262 and without a signal: chance alone could "
        "give it."
    )
    assert last_point(limits_status="too_few_points") == (
        "The last point, Mar 2026, is 294; the chart has no limits there, so a difference may be chance."
    )
    assert sentences.control(pl.DataFrame([LAST | {"value": None}]), "crimes", numbers.month) == ""


def test_intervals_are_read_by_the_first_that_is_drawn_and_the_chart_carries_the_sentence() -> None:
    said = plain(sentences.carried(intervals.dots(DUTIES, label="label")))
    assert said == (
        "“Plan, 98.0%, 49 of 50”: its line, 89.5% to 99.6%, is the 95% interval; dots whose lines overlap may differ "
        "by chance."
    )
    assert faults_of(said) == []
    assert sentences.carried(intervals.dots(DUTIES.head(1).cast({"kept_share": pl.Float64}), label="label")) == ""


def test_a_band_a_funnel_and_a_rising_curve_are_read_with_their_figures() -> None:
    months = pl.DataFrame(
        {"line": ["all", "all"], "month": [dt.date(2026, 2, 1), dt.date(2026, 3, 1)], "share": [0.9, None],
         "lower": [0.8, None], "upper": [0.95, None], "count": [45, 1], "of": [50, 3]}
    )  # fmt: skip
    forces = pl.DataFrame(
        {"force_code": ["a", "b"], "short_name": ["Kent", "Met"], "denominator": [1, 2], "value": [9.5, 8.0],
         "lower_998": [6.0, 7.0], "upper_998": [9.0, 8.5], "outlier": ["high_998", ""],
         "is_overdispersed": [True, False]}
    )  # fmt: skip
    curve = pl.DataFrame(
        {"cause": ["same victim"] * 2, "day": [90, 365], "is_headline": [True, True], "incidence": [0.1, 0.163],
         "lower": [0.08, 0.141], "upper": [0.12, 0.187]}
    )  # fmt: skip
    kent, largest = (sentences.funnel(forces, "rate_per_1000", ring) for ring in ("a", None))
    said = [
        (plain(sentences.band(months, "all")), "In Feb 2026 it was 90.0% (45 of 50); the band, 80.0% to 95.0%"),
        (plain(kent), "Kent has 9.50; chance and the usual spread between forces give a force of its size 6.00 to 9"),
        (plain(largest), "Met has 8.00; chance alone gives"), (plain(largest), "inside, so it is not unusual."),
        (plain(sentences.incidence(curve, "same victim", "suspects")), "“same victim” reaches 16.3% at day 365"),
        (plain(sentences.incidence(curve, "same victim", "suspects")), "(95% interval 14.1% to 18.7%)"),
    ]  # fmt: skip
    assert [pair for pair in said if pair[1] not in pair[0]] == []


def test_a_heat_map_is_read_by_the_highest_square_of_its_last_period() -> None:
    said = sentences.heat({"North": 0.2, "South": 0.4, "West": None}, {"South": "40.0%<br>20 of 50"}, "Q4 2025/26")
    assert said == (
        "The darkest square of Q4 2025/26 is South (40.0%, 20 of 50): darker is higher, and blank is without a figure."
    )
    assert sentences.heat({"West": None}, {}, "Q4 2025/26") == ""
