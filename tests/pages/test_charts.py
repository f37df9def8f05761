"""Charts over time: the breaks they must carry (PUB-07), and what they never pass off as zero."""

import datetime as dt

import invented_figures as invented
import invented_recording as recording
import plotly.graph_objects as go
import polars as pl
import pytest
from published_home import FORCES

from dashboards.charts import across, intervals, over_time, style
from dashboards.charts.blanks import WITHHELD
from dashboards.charts.breaks import (
    UnmarkedBreakError,
    crossed,
    mark_breaks,
    regimes_of,
    require_breaks,
    time_span,
    unmarked,
)

REGIMES = regimes_of(invented.regimes(), source="mps_ward_offences", codes={"S&H"})


def monthly(points: pl.DataFrame | None = None) -> go.Figure:
    points = invented.monthly_points() if points is None else points
    return go.Figure(over_time.control_chart(points, REGIMES, unit="crimes a month"))  # a copy, to be spoilt at will


def gaps(figure: go.Figure) -> list[str]:
    """Where the line of values is broken for want of a value, leaving out where a new segment begins."""
    line = trace(figure, "values")
    return [x for i, (x, y) in enumerate(zip(line.x, line.y)) if y is None and x not in line.x[i + 1 :]]


def trace(figure: go.Figure, name: str) -> go.Scatter:
    return next(t for t in figure.data if t.name == name)


# PUB-07: a comparison across a regime date carries a break marker


def every_chart_over_time() -> dict[str, go.Figure]:
    coverage = invented.coverage(FORCES).with_columns(force_name="force_code")
    rolling = invented.rolling_points("r", 4000)
    return {
        "control_chart": monthly(),
        "rolling_years": over_time.control_chart(
            rolling, regimes_of(invented.regimes()), unit="crimes a year", period_months=12
        ),
        "coverage_matrix": over_time.coverage_matrix(coverage, regimes_of(invented.regimes())),
        "shares_over_time": intervals.shares_over_time(
            partner_shares(), regimes_of(invented.regimes()), unit="share", names=BOTH_WAYS
        ),
    }


BOTH_WAYS = {"principal": "by principal class", "principal or included": "by either"}


def partner_shares() -> pl.DataFrame:
    """Stalking's share both ways, without the eighth month."""
    return recording.former_partner_classes().select(
        "month",
        line="basis",
        share="stalking_share",
        lower="share_lower",
        upper="share_upper",
        count="stalking_count",
        of="denominator_count",
    )


@pytest.mark.parametrize("name", ["control_chart", "rolling_years", "coverage_matrix", "shares_over_time"])
def test_pub_07_every_change_inside_the_axis_has_a_dashed_line_and_a_label_at_its_date(name: str) -> None:
    figure = every_chart_over_time()[name]
    span = time_span(figure)
    assert span is not None
    regimes = REGIMES if name == "control_chart" else regimes_of(invented.regimes())
    inside = [r for r in regimes if span[0] < r.valid_from <= span[1]]
    assert inside, "the example must cross a change, or the test proves nothing"
    for regime in inside:
        line = next(s for s in figure.layout.shapes if s.name == f"regime {regime.ref}")
        date = regime.valid_from.isoformat()
        assert (line.x0, line.x1, line.line.dash) == (date, date, "dash")
        label = next(a for a in figure.layout.annotations if a.name == f"regime {regime.ref}")
        assert regime.date_text in label.text
    assert unmarked(figure, regimes) == []


def test_pub_07_a_chart_that_lost_a_mark_is_refused() -> None:
    figure = monthly()
    figure.layout.shapes = [s for s in figure.layout.shapes if s.name != "regime R24"]
    with pytest.raises(UnmarkedBreakError, match="R24 \\(31 Jan 2024\\)"):
        require_breaks(figure, REGIMES)


def test_pub_07_a_mark_at_another_date_or_drawn_solid_is_no_mark() -> None:
    moved, solid = monthly(), monthly()
    next(s for s in moved.layout.shapes if s.name == "regime R24").update(x0="2024-06-01", x1="2024-06-01")
    next(s for s in solid.layout.shapes if s.name == "regime R24").update(line_dash="solid")
    assert [r.ref for r in unmarked(moved, REGIMES)] == ["R24"]
    assert [r.ref for r in unmarked(solid, REGIMES)] == ["R24"]


def test_pub_07_a_chart_over_time_that_was_told_of_no_changes_is_refused() -> None:
    figure = go.Figure(go.Scatter(x=["2023-01-01", "2024-06-01"], y=[1, 2]))
    with pytest.raises(UnmarkedBreakError, match="needs the recording changes"):
        require_breaks(figure, None)
    with pytest.raises(UnmarkedBreakError, match="R24"):
        require_breaks(figure, REGIMES)


def test_pub_07_binds_charts_over_time_only() -> None:
    rows = pl.DataFrame({"label": ["2023"], "value": [1], "words": ["1"]})
    figure = across.bars(rows, label="label", value="value", words="words")
    assert time_span(figure) is None
    require_breaks(figure, None)


def test_a_change_on_the_first_day_of_the_axis_or_after_its_end_is_not_crossed() -> None:
    regime = regimes_of(invented.regimes().filter(pl.col("regime_ref") == "R14"))
    starts = go.Figure(go.Scatter(x=["2014-04-01", "2015-04-01"], y=[1, 2]))
    ends = go.Figure(go.Scatter(x=["2013-01-01", "2014-03-31"], y=[1, 2]))
    last_day = go.Figure(go.Scatter(x=["2013-01-01", "2014-04-01"], y=[1, 2]))
    assert crossed(starts, regime) == ()
    assert crossed(ends, regime) == ()
    assert [r.ref for r in crossed(last_day, regime)] == ["R14"]


def test_changes_of_another_source_or_offence_do_not_bear_on_a_chart() -> None:
    frame = invented.regimes()
    assert "MPS-2024-02" not in {r.ref for r in regimes_of(frame, source="recorded_crime_pfa")}
    assert "MPS-2024-02" in {r.ref for r in regimes_of(frame, source="mps_ward_offences")}
    assert {r.ref for r in regimes_of(frame, source="x", codes={"8U"})} == {"R18", "R25"}  # R25 affects all


def test_a_change_known_to_the_month_is_labelled_with_the_month() -> None:
    labels = [a.text for a in monthly().layout.annotations if a.name == "regime MPS-2024-02"]
    assert labels == ["<b>B</b> Feb 2024"]


def test_labels_of_changes_a_day_apart_stand_in_rows_of_their_own() -> None:
    shifts = {a.name: a.yshift for a in monthly().layout.annotations if a.name and a.name.startswith("regime")}
    assert shifts["regime R24"] != shifts["regime MPS-2024-02"]


def test_periods_that_mix_the_time_before_and_after_a_change_are_shaded() -> None:
    figure = every_chart_over_time()["rolling_years"]
    shaded = [(s.x0, s.x1) for s in figure.layout.shapes if s.name == "mixed period"]
    assert ("2014-04-01", "2015-03-01") in shaded
    assert not [s for s in monthly().layout.shapes if s.name == "mixed period"]


# missing is a gap, never a zero


def test_a_missing_month_is_a_gap_and_not_a_zero() -> None:
    line = trace(monthly(), "values")
    assert gaps(monthly()) == ["2024-08-15"]  # month 9 of the series was not supplied
    assert line.connectgaps is False
    assert 0 not in line.y


def test_the_line_is_interrupted_where_a_change_began_a_new_segment() -> None:
    line = trace(monthly(), "values")
    first = list(line.x).index("2024-02-15")
    assert line.y[first] is None
    assert line.y[first - 1] is not None
    assert line.y[first + 1] is not None
    assert line.x[first + 1] == "2024-02-15"
    assert None not in trace(every_chart_over_time()["rolling_years"], "values").y[:10]  # one segment, unbroken


def test_a_month_delivered_without_a_value_is_a_gap_too() -> None:
    points = invented.monthly_points().with_columns(
        value=pl.when(pl.col("month") == dt.date(2025, 1, 1)).then(None).otherwise("value")
    )
    assert gaps(monthly(points)) == ["2024-08-15", "2025-01-15"]
    drawn = [x for t in monthly(points).data if t.mode == "markers" for x in t.x]
    assert "2025-01-15" not in drawn


def test_a_missing_quarter_of_rolling_years_is_a_gap_but_a_yearly_start_is_not() -> None:
    yearly = pl.date_range(dt.date(2002, 4, 1), dt.date(2006, 4, 1), "1y", eager=True)
    quarterly = pl.date_range(dt.date(2006, 7, 1), dt.date(2009, 1, 1), "3mo", eager=True)
    months = pl.concat([yearly, quarterly.filter(quarterly != dt.date(2008, 1, 1))])
    rows = over_time.with_gaps(pl.DataFrame({"month": months, "value": range(len(months))}), period_months=12)
    assert rows.filter(pl.col("value").is_null())["month"].to_list() == [dt.date(2008, 1, 1)]


def test_a_point_stands_in_the_middle_of_its_month_or_at_the_end_of_its_year() -> None:
    assert over_time.position(dt.date(2024, 2, 1), 1) == "2024-02-15"  # after a change on 1 February
    assert over_time.position(dt.date(2017, 4, 1), 12) == "2018-03-31"  # before a change on 1 April 2018


def test_an_axis_of_longer_periods_names_them_where_their_points_are() -> None:
    quarters = [dt.date(2021 + i // 4, 1 + i % 4 * 3, 1) for i in range(14)]
    axis = over_time.named_ticks(quarters, period_months=3)
    assert axis["tickvals"][:2] == ["2024-06-30", "2023-12-31"]
    assert axis["ticktext"][:2] == ["Jun<br>2024", "Dec<br>2023"]
    assert len(axis["tickvals"]) == 7


def test_a_month_not_supplied_is_crossed_out_in_the_coverage_matrix() -> None:
    coverage = invented.coverage(FORCES).with_columns(force_name="force_code")
    figure = over_time.coverage_matrix(coverage, regimes_of(invented.regimes()))
    crosses, slashes = trace(figure, "not supplied"), trace(figure, "not supplied, reason known")
    assert (crosses.marker.symbol, len(crosses.x)) == ("x-thin", 3)
    assert (slashes.marker.symbol, len(slashes.x)) == ("line-ne", 8)
    cells = next(t for t in figure.data if t.type == "heatmap")
    row = list(cells.y).index("E23000013")
    assert cells.z[row][4] == 0  # not supplied
    assert cells.z[row][3] == 2  # supplied
    assert "not supplied" in cells.text[row][4]
    assert "0 rows" not in cells.text[row][4]


def test_a_force_not_expected_in_a_source_is_left_as_paper() -> None:
    coverage = invented.coverage(FORCES).with_columns(force_name="force_code")
    coverage = coverage.filter((pl.col("force_code") != "E23000032") | (pl.col("month") > dt.date(2025, 4, 1)))
    cells = next(t for t in over_time.coverage_matrix(coverage, REGIMES).data if t.type == "heatmap")
    assert cells.z[list(cells.y).index("E23000032")][0] is None
    assert cells.hoverongaps is False


# control chart


def test_two_segments_have_limits_of_their_own_that_do_not_join() -> None:
    points = invented.monthly_points().with_columns(
        limits_status=pl.lit("drawn"),
        centre_line=pl.col("centre_line").fill_null(3900.0),
        upper_limit=pl.col("upper_limit").fill_null(4200.0),
        lower_limit=pl.col("lower_limit").fill_null(3600.0),
    )
    upper = [t for t in monthly(points).data if t.name == "upper limit"]
    assert [set(t.y) for t in upper] == [{4200.0}, {4630.0}]


def test_overlapping_periods_are_a_line_without_limits() -> None:
    figure = every_chart_over_time()["rolling_years"]
    assert not {"average", "upper limit", "lower limit"} & {t.name for t in figure.data}
    assert not any(t.showlegend for t in figure.data)


def test_signals_differ_by_shape_as_well_as_colour() -> None:
    signals = {t.name: t.marker for t in monthly().data if t.mode == "markers" and t.showlegend}
    assert set(signals) == {"outside the limits, higher", "two of three points near a limit, lower"}
    assert len({m.symbol for m in signals.values()}) == 2
    assert "circle" not in {m.symbol for m in signals.values()}
    assert len({m.color for m in signals.values()}) == 2


def test_mark_breaks_checks_its_own_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboards.charts.breaks._draw", lambda *_: None)
    with pytest.raises(UnmarkedBreakError):
        mark_breaks(go.Figure(go.Scatter(x=["2023-01-01", "2024-06-01"], y=[1, 2])), REGIMES)


# shares with intervals


def test_neither_line_nor_band_is_drawn_over_a_month_that_is_not_there() -> None:
    figure = every_chart_over_time()["shares_over_time"]
    missing = over_time.position(recording.MONTHS[7], 1)
    line = trace(figure, "by principal class")
    assert dict(zip(line.x, line.y))[missing] is None
    assert line.connectgaps is False
    bands = [t for t in figure.data if t.name == "95% interval"]
    assert len(bands) == 2
    assert all(missing not in band.x for band in bands)
    assert max(bands[0].x) < missing < min(bands[1].x)


def test_a_month_alone_between_two_gaps_keeps_its_interval() -> None:
    alone = recording.MONTHS[10]
    shares = partner_shares().filter(~pl.col("month").is_in([recording.MONTHS[9], recording.MONTHS[11]]))
    figure = intervals.shares_over_time(shares, REGIMES, unit="share", names=BOTH_WAYS)
    stroke = [t for t in figure.data if t.name == "95% interval" and set(t.x) == {over_time.position(alone, 1)}]
    assert len(stroke) == 1
    assert stroke[0].y[0] < stroke[0].y[1]


def test_two_ways_of_counting_differ_by_dash_and_mark_as_well_as_colour() -> None:
    lines = [trace(every_chart_over_time()["shares_over_time"], name) for name in BOTH_WAYS.values()]
    assert len({line.line.dash for line in lines}) == len({line.marker.symbol for line in lines}) == 2
    assert all(line.showlegend for line in lines)


def test_no_two_ticks_of_a_narrow_axis_of_shares_read_the_same() -> None:
    assert [style.share_format(reach) for reach in (1, 0.05, 0.012, 0.001)] == [".0%", ".0%", ".1%", ".2%"]
    points = invented.monthly_points().with_columns(
        value=pl.col("value") / 1e6 + 0.99, centre_line=0.994, lower_limit=0.99, upper_limit=0.999
    )
    figure = over_time.control_chart(points, REGIMES, unit="share of records kept")
    assert figure.layout.yaxis.tickformat == ".1%"


def test_dots_without_a_value_keep_their_label_and_get_no_dot() -> None:
    rows = pl.DataFrame(
        {"label": ["A", "<b>B</b>"], "kept_share": [0.9, None], "kept_lower": [0.8, None], "kept_upper": [0.95, None]}
    )
    figure = intervals.dots(rows, label="label", whole=0.92)
    assert list(figure.layout.yaxis.ticktext) == ["A", "&lt;b&gt;B&lt;/b&gt;"]
    assert [(len(t.x), t.name == WITHHELD) for t in figure.data if t.mode == "markers"] == [(1, False), (1, True)]
    assert [s.x0 for s in figure.layout.shapes] == [0.92]
    above = intervals.dots(rows, label="label", has_labels_above=True)
    assert [a.text for a in above.layout.annotations] == ["A", "&lt;b&gt;B&lt;/b&gt;"]
