"""Recorded demand by week: its control chart and its finding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

import plotly.graph_objects as go
import polars as pl

from dashboards.charts import sentences
from dashboards.charts.breaks import Regime, crossed, mark_breaks, regimes_of
from dashboards.charts.cache import drawn_once
from dashboards.charts.over_time import DIRECTION_COLOURS, SIGNAL_SHAPES
from dashboards.charts.style import NAVY, QUIET, new_figure
from dashboards.data import regimes
from dashboards.data.published import Copy
from dashboards.parts import figure, page
from dashboards.text import numbers as number_words
from dashboards.text.numbers import Format
from dashboards.text.small_numbers import SmallNumbers

POINTS = "metrics.demand_week_points"
SHOWN_WEEKS = 104
LINES = (
    ("centre_line", "average", "solid"), ("upper_limit", "upper limit", "dot"), ("lower_limit", "lower limit", "dot"),
)  # fmt: skip
COLUMNS = ("week", "value", "centre_line", "lower_limit", "upper_limit", "signal", "signal_direction")


@page.section("recorded crimes by week")
def draw_weeks(copy: Copy, series_ref: str, rule: SmallNumbers) -> None:
    """Draw the last two years of an extract's series.

    Says so if the series is not published by week.
    """
    rows = copy.select(POINTS, where="series_ref = $ref", order_by="week", may_be_empty=True, ref=series_ref)
    if rows.is_empty():
        few = f"some weeks have {rule.small_counts} crimes"
        page.note(f"Not shown by week: {few}, no week is complete, or the series is not from an extract.")
        return
    held = rows.with_columns(pl.col("signal", "signal_direction", "limits_status").fill_null(""))
    rows = held.tail(SHOWN_WEEKS)
    bearing = regimes_of(regimes.read_regimes(copy).filter("moves_counts"), source="crime", codes={"S&H"})
    chart = control_chart(rows, bearing)
    numbers: dict[str, Format] = dict.fromkeys(
        ("value", "centre_line", "lower_limit", "upper_limit"),
        lambda v: number_words.NO_VALUE if v is None else number_words.number(round(v)),
    )
    words: dict[str, Format] = {
        "week": number_words.day,
        "signal": lambda s: number_words.SIGNALS.get(s, s) or "none",
        "signal_direction": lambda s: s or "none",
    }
    figure.Figure(
        key="demand-by-week",
        finding=finding(held),
        chart=chart,
        alt=alternative(rows, len(crossed(chart, bearing))),
        data=figure.Data(rows, COLUMNS, numbers | words),
        tables=(POINTS,),
        regimes=bearing,
        period=f"weeks from {number_words.day(rows['week'][0])} to {number_words.day(rows['week'][-1])}",
        caveats=(
            "A week missing from the extract is a gap in the line, not a zero.",
            "The baseline is under a year: seasons alone can take weeks outside the limits, without a change.",
            by_chance(rows),
        ),
    ).draw(copy)


def finding(rows: pl.DataFrame) -> str:
    """Signals since the limits last began."""
    drawn = rows.filter(pl.col("limits_status") == "drawn")
    latest = rows.row(-1, named=True)
    if latest["limits_status"] == "no_variation":
        return "By week: the baseline weeks are all the same, so no limits can be drawn"
    if drawn.is_empty() or latest["limits_status"] != "drawn":
        return "By week: too few weeks since the last recording change to separate change from chance"
    current = drawn.filter(pl.col("segment") == latest["segment"])
    signals, first = current.filter(pl.col("signal") != ""), current["is_baseline"].sum()
    weeks = f"{number_words.plural(current.height, 'week')} since {number_words.day(current['week'][0])}"
    baseline = f"the baseline (the first {first} weeks)"
    if signals.is_empty():
        return f"By week: all {weeks} are consistent with {baseline}"
    last = signals.row(-1, named=True)
    return (
        f"By week: {number_words.number(signals.height)} of {weeks} {'differs' if signals.height == 1 else 'differ'} "
        f"from {baseline}; the latest is {last['signal_direction']}, in the week from {number_words.day(last['week'])}"
    )


def by_chance(rows: pl.DataFrame) -> str:
    """The number of signals expected by chance since the limits last began."""
    expected = number_words.decimal(rows["expected_false_signals"][-1], 1)
    return f"Chance alone gives {expected} signals in the weeks since the last recording change."


def alternative(rows: pl.DataFrame, marks: int) -> str:
    """The chart in words."""
    low, high = rows.sort("value").row(0, named=True), rows.sort("value").row(-1, named=True)
    signals = rows.filter(pl.col("signal") != "").height
    low_words = f"{number_words.number(low['value'])}, week from {number_words.day(low['week'])}"
    high_words = f"{number_words.number(high['value'])}, week from {number_words.day(high['week'])}"
    return (
        f"Control chart of recorded crimes by week, {number_words.plural(rows.height, 'week')}. Lowest "
        f"{low_words}; highest "
        f"{high_words}. {number_words.plural(signals, 'week is a signal', 'weeks are signals')}. "
        f"{number_words.plural(marks, 'recording change is marked', 'recording changes are marked')}."
    )


@drawn_once
def control_chart(rows: pl.DataFrame, regimes: Sequence[Regime]) -> go.Figure:
    """The control chart of one series of metrics.demand_week_points.

    Lines end where weeks are missing or recording changed.
    """
    chart = new_figure(380)
    for column, name, dash in LINES:
        x, y = broken(rows, column)
        chart.add_scatter(x=x, y=y, mode="lines", name=name, line={"color": QUIET, "width": 1.5, "dash": dash},
                          connectgaps=False, hoverinfo="skip")  # fmt: skip
    x, y = broken(rows, "value")
    chart.add_scatter(x=x, y=y, mode="lines", name="recorded", line={"color": NAVY, "width": 1.5}, connectgaps=False,
                      hoverinfo="skip", showlegend=False)  # fmt: skip
    shapes = [SIGNAL_SHAPES.get(signal, "circle") for signal in rows["signal"]]
    colours = [DIRECTION_COLOURS.get(direction, NAVY) for direction in rows["signal_direction"]]
    chart.add_scatter(
        x=[week.isoformat() for week in rows["week"]],
        y=rows["value"].to_list(),
        mode="markers",
        showlegend=False,
        marker={"symbol": shapes, "color": colours, "size": [9 if s else 5 for s in rows["signal"]]},
        customdata=[
            [
                number_words.day(r["week"]),
                number_words.number(r["value"]),
                number_words.SIGNALS.get(r["signal"], "no signal"),
            ]
            for r in rows.iter_rows(named=True)
        ],
        hovertemplate="<b>Week from %{customdata[0]}</b><br>%{customdata[1]} recorded, %{customdata[2]}<extra></extra>",
    )
    chart.update_yaxes(title_text="recorded crimes a week", tickformat=",d", nticks=7)
    chart.update_xaxes(tickformat="%b\n%Y")
    said = sentences.control(rows, "crimes", lambda start: f"week from {number_words.day(start)}", "week")
    sentences.carry(chart, said)
    return mark_breaks(chart, regimes)


def broken(rows: pl.DataFrame, column: str) -> tuple[list[str], list[float | None]]:
    """A line with a gap where a week is missing or a new segment begins."""
    held = rows.select("week", "segment", column).rows()
    x: list[str] = [held[0][0].isoformat()]
    y: list[float | None] = [held[0][2]]
    for before, after in pairwise(held):
        if after[1] != before[1] or after[0] - before[0] > dt.timedelta(days=7):
            x.append(after[0].isoformat())
            y.append(None)
        x.append(after[0].isoformat())
        y.append(after[2])
    return x, y
