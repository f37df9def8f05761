"""Charts over time, each of which ends in `mark_breaks`.

Pure: a frame in, a plotly figure out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboards.charts import sentences
from dashboards.charts.blanks import add_crosses
from dashboards.charts.breaks import Regime, mark_breaks
from dashboards.charts.cache import drawn_once
from dashboards.charts.style import DARK, NAVY, ORANGE, PAPER, PLUM, QUIET, new_figure, number_format
from dashboards.text import numbers
from dashboards.text.comparisons import HIDDEN

SIGNAL_SHAPES = {"beyond_limit": "diamond", "shift": "square", "trend": "triangle-up", "two_of_three": "hexagon",
                 "long_gap": "cross"}  # fmt: skip
HELD, ABSENT, KNOWN = ("#2073BC", "#F4E4EC", "#ECEFF3")  # supplied, not supplied, not supplied for a known reason
LIMIT = "limit"  # name of the annotation of a limit
MOST_TICKS = 12  # named periods on an axis
DIRECTION_COLOURS = {"higher": ORANGE, "lower": PLUM}


def with_gaps(points: pl.DataFrame, period_months: int = 1) -> pl.DataFrame:
    """The points in order, with a row of nulls for each missing period.

    A line then breaks there. Monthly series go by months. Longer periods may be published yearly first and quarterly
    later. A period is missing if its step is longer than those before and after it.
    """
    points = points.sort("month").with_columns(pl.col("month").cast(pl.Date))
    starts = [_month_index(month) for month in points["month"]]
    steps = [later - earlier for earlier, later in pairwise(starts)]
    missing: list[int] = []
    for i, step in enumerate(steps):
        usual = 1 if period_months == 1 else max(
            min(near) for near in (steps[max(0, i - 3) : i], steps[i + 1 : i + 4], [step][len(steps) > 1 :]) if near
        )
        if 0 < usual < step:
            missing += range(starts[i] + usual, starts[i + 1], usual)
    gaps = pl.DataFrame({"month": [_month_of(i) for i in missing]}, schema={"month": pl.Date})
    return pl.concat([points, gaps], how="diagonal").sort("month")


def position(start: dt.date, period_months: int) -> str:
    """The x value of a point: mid-month, or the last day of a longer period."""
    if period_months == 1:
        return start.replace(day=15).isoformat()
    return (_month_of(_month_index(start) + period_months) - dt.timedelta(days=1)).isoformat()


@drawn_once
def control_chart(points: pl.DataFrame, regimes: Sequence[Regime], *, unit: str, period_months: int = 1) -> go.Figure:
    """A control chart of one series of metrics.control_chart_points, in `unit`.

    Limits are drawn per segment, if there are any. Overlapping periods and short series have no limits and become a
    plain line. Signals differ by shape as well as by colour. A period that was not supplied is a gap. One that is
    hidden (`is_hidden`) is a gap with a cross.
    """
    rows = with_gaps(points, period_months)
    figure = new_figure(430)
    figure.update_yaxes(title_text=unit, tickformat=number_format(unit, _reach(rows)), rangemode="normal")
    drawn = rows.filter(pl.col("limits_status") == "drawn")
    segments = [part for _, part in drawn.group_by("segment", maintain_order=True)]
    for i, segment in enumerate(segments):
        _add_limits(figure, segment, period_months, unit, is_last=i == len(segments) - 1)
    x = [position(month, period_months) for month in rows["month"]]
    line_x, line_y = broken_line(rows, x)
    figure.add_scatter(
        x=line_x,
        y=line_y,
        mode="lines",
        line={"color": NAVY, "width": 2},
        connectgaps=False,
        hoverinfo="skip",
        showlegend=False,
        name="values",
    )
    _add_points(figure, points.sort("month"), period_months, unit)
    add_hidden(figure, points, period_months)
    if drawn.is_empty():
        figure.update_yaxes(rangemode="tozero")
    _label_latest(figure, points.sort("month"), period_months, unit)
    # a fixed range: by default the axis would make room for the labels of the limits
    pad = dt.timedelta(days=20 if period_months == 1 else 60)
    if period_months == 1:
        figure.update_xaxes(tickformat="%b\n%Y")  # the year once, on a second line
    else:
        figure.update_xaxes(**named_ticks(rows["month"].to_list(), period_months))
    figure.update_xaxes(range=[dt.date.fromisoformat(x[0]) - pad, dt.date.fromisoformat(x[-1]) + pad])
    figure.update_layout(margin_r=112 if segments else 76)
    sentences.carry(figure, sentences.control(points, unit, lambda start: numbers.period(start, period_months)))
    return mark_breaks(figure, regimes, period_months=period_months)


def named_ticks(starts: Sequence[dt.date], period_months: int, most: int = MOST_TICKS) -> dict[str, Any]:
    """Ticks at the points of longer periods, named by their last month: the latest, and back in equal steps."""
    named = list(starts)[:: -max(1, -(-len(starts) // most))]
    ends = [numbers.month(numbers.last_month(start, period_months)).replace(" ", "<br>", 1) for start in named]
    return {"tickmode": "array", "tickvals": [position(start, period_months) for start in named], "ticktext": ends}


def _reach(rows: pl.DataFrame) -> float:
    """The distance between the lowest and highest values and limits.

    It starts from zero if there are no limits.
    """
    held = [v for name in ("value", "lower_limit", "upper_limit") for v in rows[name].to_list() if v is not None]
    is_limited = (rows["limits_status"] == "drawn").any()
    return max(held, default=1.0) - (min(held, default=0.0) if is_limited else 0.0)


def add_hidden(figure: go.Figure, points: pl.DataFrame, period_months: int, **axes: Any) -> None:
    """Add a cross for each period whose figure is hidden."""
    if "is_hidden" not in points.columns:
        return
    hidden = points.filter(pl.col("is_hidden") & pl.col("value").is_null()).sort("month")["month"].to_list()
    places = [position(start, period_months) for start in hidden]
    said = [f"<b>{numbers.period(start, period_months)}</b><br>{HIDDEN}" for start in hidden]
    add_crosses(figure, "x", places, said, **axes)


def broken_line(rows: pl.DataFrame, x: Sequence[str]) -> tuple[list[str], list[float | None]]:
    """The line of the values, interrupted where a new segment begins.

    No trend is drawn across a recording change.
    """
    line_x: list[str] = []
    line_y: list[float | None] = []
    before: int | None = None
    for place, value, segment in zip(x, rows["value"], rows["segment"], strict=True):
        if before is not None and segment is not None and segment != before:
            line_x.append(place)
            line_y.append(None)
        line_x.append(place)
        line_y.append(value)
        before = segment if segment is not None else before
    return line_x, line_y


def _add_limits(figure: go.Figure, segment: pl.DataFrame, period_months: int, unit: str, *, is_last: bool) -> None:
    x = [position(month, period_months) for month in segment["month"]]
    for column, name, dash in (
        ("centre_line", "average", "solid"),
        ("upper_limit", "upper limit", "dot"),
        ("lower_limit", "lower limit", "dot"),
    ):
        values = segment[column].to_list()
        figure.add_scatter(
            x=x,
            y=values,
            mode="lines",
            line={"color": QUIET, "width": 1.5, "dash": dash},
            name=name,
            hoverinfo="skip",
            showlegend=False,
            connectgaps=False,
        )
        if is_last and values[-1] is not None:
            figure.add_annotation(
                x=x[-1],
                y=values[-1],
                name=LIMIT,
                xanchor="left",
                xshift=30,
                showarrow=False,
                align="left",
                text=f"{name}<br>{numbers.measured(values[-1], unit)}",
                font={"size": 12, "color": QUIET},
            )


def _add_points(figure: go.Figure, points: pl.DataFrame, period_months: int, unit: str) -> None:
    kinds = points.select("signal", "signal_direction").unique(maintain_order=True).sort("signal").rows()
    for signal, direction in kinds:
        part = points.filter(
            (pl.col("signal") == signal) & (pl.col("signal_direction") == direction) & pl.col("value").is_not_null()
        )
        if part.is_empty():
            continue
        marker: dict[str, Any] = {"symbol": "circle", "size": 6, "color": NAVY}
        if signal:
            marker = {
                "symbol": SIGNAL_SHAPES.get(signal, "star"),
                "size": 12,
                "line": {"color": DARK, "width": 1.2},
                "color": DIRECTION_COLOURS.get(direction, NAVY),
            }
        name = f"{numbers.SIGNALS.get(signal, signal)}, {direction}" if signal else "within the limits"
        figure.add_scatter(
            x=[position(month, period_months) for month in part["month"]],
            y=part["value"].to_list(),
            mode="markers",
            marker=marker,
            name=name,
            showlegend=bool(signal),
            customdata=[
                [numbers.period(month, period_months), numbers.measured(value, unit), name if signal else ""]
                for month, value in part.select("month", "value").iter_rows()
            ],
            hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
        )


def _label_latest(figure: go.Figure, points: pl.DataFrame, period_months: int, unit: str) -> None:
    held = points.filter(pl.col("value").is_not_null())
    if held.is_empty():
        return
    last = held.row(-1, named=True)
    centre = last["centre_line"]
    # beside a plain line; above or below a point next to the names of its limits
    place: dict[str, Any] = {"xanchor": "left", "xshift": 8}
    if centre is not None:
        place = {"yanchor": "bottom", "yshift": 10} if last["value"] >= centre else {"yanchor": "top", "yshift": -10}
    figure.add_annotation(
        x=position(last["month"], period_months),
        y=last["value"],
        text=f"<b>{numbers.measured(last['value'], unit)}</b>",
        showarrow=False,
        bgcolor=PAPER,
        borderpad=1,
        font={"size": 14, "color": NAVY},
        **place,
    )


@drawn_once
def coverage_matrix(coverage: pl.DataFrame, regimes: Sequence[Regime]) -> go.Figure:
    """A matrix of force by month from core.coverage, for one source.

    Needs `force_name`. Data not supplied is crossed out, never blank. A cell outside the matrix (a force that is not
    expected in this source) stays empty.
    """
    names = sorted(coverage["force_name"].unique().to_list(), reverse=True)
    months = sorted(coverage["month"].unique().to_list())
    supplied = {(r["force_name"], r["month"]): r for r in coverage.iter_rows(named=True)}
    figure = new_figure(96 + 24 * len(names))
    x = [position(month, 1) for month in months]
    cells = [[_cell_kind(supplied.get((name, month))) for month in months] for name in names]
    words = [[_cell_words(supplied.get((name, month)), name, month) for month in months] for name in names]
    figure.add_heatmap(
        x=x,
        y=names,
        z=cells,
        text=words,
        showscale=False,
        xgap=2 if len(months) < 48 else 0.5,
        ygap=4,
        zmin=0,
        zmax=2,
        hoverongaps=False,
        colorscale=[[0, ABSENT], [0.33, ABSENT], [0.33, KNOWN], [0.66, KNOWN], [0.66, HELD], [1, HELD]],
        hovertemplate="%{text}<extra></extra>",
        name="supplied",
    )
    figure.add_scatter(
        x=[None],
        y=[None],
        mode="markers",
        name="supplied",
        showlegend=True,
        marker={"symbol": "square", "size": 12, "color": HELD},
    )
    absent = coverage.filter(~pl.col("is_supplied")).with_columns(is_known=pl.col("absence_reason").fill_null("") != "")
    for is_known, symbol, colour, name in (
        (False, "x-thin", PLUM, "not supplied"),
        (True, "line-ne", QUIET, "not supplied, reason known"),
    ):
        part = absent.filter(pl.col("is_known") == is_known)
        if not part.is_empty():
            figure.add_scatter(
                x=[position(month, 1) for month in part["month"]],
                y=part["force_name"].to_list(),
                mode="markers",
                name=name,
                text=[_cell_words(r, r["force_name"], r["month"]) for r in part.iter_rows(named=True)],
                hovertemplate="%{text}<extra></extra>",
                marker={
                    "symbol": symbol,
                    "size": 9 if len(months) < 48 else 6,
                    "line": {"color": colour, "width": 1.6},
                    "color": colour,
                },
            )
    figure.update_yaxes(showgrid=False, categoryorder="array", categoryarray=names, tickmode="array", tickvals=names)
    figure.update_xaxes(ticklabelmode="period", dtick="M1" if len(months) <= 14 else None, tickformat="%b\n%Y")
    return mark_breaks(figure, regimes)


def _cell_kind(row: dict[str, Any] | None) -> int | None:
    """0 not supplied, 1 not supplied for a known reason, 2 supplied; None: not due."""
    if row is None:
        return None
    return 2 if row["is_supplied"] else 1 if row["absence_reason"] else 0


def _cell_words(row: dict[str, Any] | None, name: str, month: dt.date) -> str:
    start = f"<b>{name}, {numbers.month(month)}</b><br>"
    if row is None:
        return start + "not expected in this source"
    if row["is_supplied"]:
        return start + f"{numbers.number(row['row_count'])} rows supplied"
    return start + "not supplied" + (f": {row['absence_reason']}" if row["absence_reason"] else "")


def _month_index(month: dt.date) -> int:
    return month.year * 12 + month.month - 1


def _month_of(index: int) -> dt.date:
    return dt.date(index // 12, index % 12 + 1, 1)
