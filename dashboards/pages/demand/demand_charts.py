"""Charts of demand: recorded and expected crimes with intervals, and caseloads.

Pure: rows in, a figure out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.breaks import Regime, mark_breaks
from dashboards.charts.cache import drawn_once
from dashboards.charts.over_time import position, with_gaps
from dashboards.charts.style import NAVY, ORANGE, PLUM, QUIET, new_figure
from dashboards.pages.demand import demand_text
from dashboards.text import numbers
from dashboards.text.small_numbers import SmallNumbers

BANDS = ((95, 0.14), (80, 0.28))
LINES: tuple[Mapping[str, Any], ...] = (  # colour, dash and marker differ
    {"line": {"color": NAVY, "width": 2.5, "dash": "solid"}, "marker": {"size": 7, "symbol": "circle"}},
    {"line": {"color": ORANGE, "width": 2, "dash": "dot"}, "marker": {"size": 8, "symbol": "diamond-open"}},
    {"line": {"color": PLUM, "width": 2, "dash": "dash"}, "marker": {"size": 8, "symbol": "triangle-up"}},
)


@drawn_once
def forecast(held: pl.DataFrame, ahead: pl.DataFrame, regimes: Sequence[Regime], rule: SmallNumbers) -> go.Figure:
    """Recorded and expected crimes by month, with intervals.

    `held` has month and crime_count; `ahead` has rows of metrics.demand_forecast of one series.
    """
    figure = new_figure(430)
    places = [position(month, 1) for month in ahead["month"]]
    for level, opacity in BANDS:
        lower, upper = ahead[f"lower_{level}"].to_list(), ahead[f"upper_{level}"].to_list()
        figure.add_scatter(
            x=[*places, *reversed(places)], y=[*upper, *reversed(lower)], mode="lines", fill="toself",
            line={"width": 0}, fillcolor=f"rgba(18, 67, 109, {opacity})", hoverinfo="skip",
            name=f"{level}% interval",
        )  # fmt: skip
    x, y = _broken(held, "crime_count", regimes)
    figure.add_scatter(
        x=x, y=y, mode="lines", line={"color": NAVY, "width": 2}, connectgaps=False, name="recorded", hoverinfo="skip",
    )  # fmt: skip
    for rows, column, name in ((held, "crime_count", "recorded"), (ahead, "expected_count", "expected")):
        counted = rows.drop_nulls(column)
        figure.add_scatter(
            x=[position(month, 1) for month in counted["month"]],
            y=counted[column].to_list(),
            mode="markers",
            marker={"size": 12, "opacity": 0},
            showlegend=False,
            customdata=[
                [numbers.month(m), demand_text.whole(v, rule)] for m, v in counted.select("month", column).iter_rows()
            ],
            hovertemplate=f"<b>%{{customdata[0]}}</b><br>{name} %{{customdata[1]}}<extra></extra>",
        )
    figure.add_scatter(
        x=places, y=ahead["expected_count"].to_list(), mode="lines+markers", name="expected", hoverinfo="skip",
        line={"color": NAVY, "width": 2, "dash": "dot"}, marker={"symbol": "diamond-open", "size": 8, "color": NAVY},
    )  # fmt: skip
    figure.add_vline(
        x=ahead["month"][0].isoformat(), line={"color": QUIET, "width": 1}, name="forecast begins",
        annotation={"text": "forecast", "font": {"size": 12, "color": QUIET}, "xanchor": "left", "yanchor": "bottom",
                    "y": 0.0, "yref": "paper", "xshift": 4, "showarrow": False},
    )  # fmt: skip
    figure.update_yaxes(title_text="recorded crimes a month", rangemode="tozero", tickformat=",d", nticks=7)
    figure.update_xaxes(tickformat="%b\n%Y")
    pad = dt.timedelta(days=20)
    first = dt.date.fromisoformat(position(held["month"][0], 1)) - pad
    figure.update_xaxes(range=[first, dt.date.fromisoformat(places[-1]) + pad])
    figure.update_layout(margin={"r": 16, "b": 72})
    return mark_breaks(figure, regimes)


def _broken(rows: pl.DataFrame, column: str, regimes: Sequence[Regime]) -> tuple[list[str], list[float | None]]:
    """The line of a column by month, broken at gaps and where recording changes."""
    # a new way of recording starts with its first whole month, as in the model and the control charts
    starts = sorted({_first_whole(regime.valid_from) for regime in regimes})
    x: list[str] = []
    y: list[float | None] = []
    before: dt.date | None = None
    for month, value in with_gaps(rows, 1).select("month", column).iter_rows():
        if before is not None and any(before < start <= month for start in starts):
            x.append(position(month, 1))
            y.append(None)
        x.append(position(month, 1))
        y.append(value)
        before = month
    return x, y


@drawn_once
def monthly(
    rows: pl.DataFrame, names: Mapping[str, str], regimes: Sequence[Regime], *, unit: str
) -> go.Figure:
    """A line for each column of `names` by month.

    No line crosses a month without a figure or a recording change.
    """
    figure = new_figure(400)
    for (column, name), look in zip(names.items(), LINES):
        x, y = _broken(rows, column, regimes)
        figure.add_scatter(
            x=x, y=y, mode="lines+markers", connectgaps=False, name=name, line=look["line"],
            marker={**look["marker"], "color": look["line"]["color"]},
            hovertemplate="<b>%{x|%b %Y}</b><br>" + name + " %{y:.1f}<extra></extra>",
        )  # fmt: skip
    figure.update_yaxes(title_text=unit, rangemode="tozero", nticks=7)
    figure.update_xaxes(tickformat="%b\n%Y")
    figure.update_layout(margin={"r": 16, "b": 90}, showlegend=len(names) > 1)
    return mark_breaks(figure, regimes)


def _first_whole(day: dt.date) -> dt.date:
    """First day of the first whole month from a day on."""
    return day if day.day == 1 else (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
