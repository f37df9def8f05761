"""Shares with their intervals: side by side, and over time. Medians side by side too.

Pure: a frame in, a plotly figure out.
"""

from __future__ import annotations

import datetime as dt
import html
import math
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboards.charts import sentences
from dashboards.charts.across import wrapped
from dashboards.charts.blanks import KEY, WITHHELD, add_crosses
from dashboards.charts.breaks import Regime, mark_breaks
from dashboards.charts.cache import drawn_once
from dashboards.charts.over_time import position, with_gaps
from dashboards.charts.style import NAVY, ORANGE, QUIET, TEXT, new_figure, number_format, share_format
from dashboards.text import numbers

ROW, LINE = 22, 18  # pixels of an interval, and of a line of its label
CHANCE = "By chance alone, about one in twenty intervals misses the true share."
LINES: tuple[Mapping[str, Any], ...] = (  # the first line and the second: colour, dash and marker differ
    {"line": {"color": NAVY, "width": 2.5, "dash": "solid"}, "marker": {"size": 6, "symbol": "circle"}},
    {"line": {"color": ORANGE, "width": 2.5, "dash": "dot"}, "marker": {"size": 7, "symbol": "diamond-open"}},
)


@drawn_once
def dots(
    rows: pl.DataFrame,
    *,
    label: str,
    value: str = "kept_share",
    lower: str = "kept_lower",
    upper: str = "kept_upper",
    whole: float | None = None,
    has_labels_above: bool = False,
    unit: str = "share",
    words: str | None = None,
) -> go.Figure:
    """One dot with its 95% interval per row, the first on top.

    A row without a value keeps its label, and has a cross in place of its dot; the column `words` says why. The axis
    fits the data: a dot, unlike a bar, does not need to start at zero. That of medians does; `unit` says what they are
    in. `whole` draws a dashed line at the figure of all rows together. Long labels are above their dots, so that they
    take no width.
    """
    names = [wrapped(text, 48 if has_labels_above else 34) for text in rows[label].to_list()]
    lines = max((name.count("<br>") + 1 for name in names), default=1)
    # a label of one line fits in its interval's row; lines above the row, or more than one, need room of their own
    row = ROW + LINE * (lines if has_labels_above else lines - 1)
    figure = new_figure(56 + row * max(len(names), 1))
    values = rows[value].to_list()
    start, end = _axis(rows[lower].to_list(), rows[upper].to_list(), unit)
    if whole is not None:
        figure.add_vline(x=whole, line={"color": QUIET, "width": 1.5, "dash": "dash"}, name="whole")
    for i, (low, high) in enumerate(rows.select(lower, upper).iter_rows()):
        # limits alone would give a hidden value away
        if low is not None and high is not None and values[i] is not None:
            figure.add_scatter(
                x=[low, high],
                y=[i, i],
                mode="lines",
                line={"color": NAVY, "width": 3},
                opacity=0.55,
                hoverinfo="skip",
                showlegend=False,
            )
    held = [i for i, v in enumerate(values) if v is not None]
    figure.add_scatter(
        x=[values[i] for i in held],
        y=held,
        mode="markers",
        marker={"size": 12, "color": NAVY, "line": {"color": "#FFFFFF", "width": 1.5}},
        showlegend=False,
        customdata=[
            [names[i], *(numbers.measured(of, unit) for of in (values[i], rows[lower][i], rows[upper][i]))]
            for i in held
        ],
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}, 95% interval %{customdata[2]} to %{customdata[3]}"
        "<extra></extra>",
    )
    blank = [i for i, v in enumerate(values) if v is None]
    said = [WITHHELD if words is None else html.escape(str(rows[words][i])) for i in blank]
    add_crosses(figure, "y", blank, [f"<b>{names[i]}</b><br>{why}" for i, why in zip(blank, said, strict=True)])
    room = 0.02 * (end - start)
    figure.update_xaxes(range=[start - room, end + room], tickformat=number_format(unit, end - start), nticks=6)
    figure.update_xaxes(showgrid=True, gridcolor="#EEF1F5", tickangle=0)
    figure.update_yaxes(
        tickmode="array",
        tickvals=[] if has_labels_above else list(range(len(names))),
        ticktext=[] if has_labels_above else names,
        range=[len(names) - 0.4, -1.0 if has_labels_above else -0.6],
        showgrid=False,
        showline=not has_labels_above,
        tickfont={"size": 13, "color": TEXT},
    )
    name_above(figure, names if has_labels_above else ())
    figure.update_layout(margin={"r": 14, "t": 4})
    if blank:  # the key of the crosses is below the axis
        figure.update_layout(height=figure.layout.height + KEY, margin_b=8 + KEY)
    return sentences.carry(figure, sentences.intervals(rows, label, value, lower, upper, unit))


def name_above(figure: go.Figure, names: Sequence[str]) -> None:
    """Write each row's name above it, where names are too long for the axis."""
    look = {"x": 0, "xref": "paper", "xanchor": "left", "yanchor": "bottom", "align": "left", "yshift": 9,
            "showarrow": False, "borderpad": 0, "font": {"size": 13, "color": TEXT}}  # fmt: skip
    # all at once: adding them one by one checks the existing ones again each time
    held = figure.layout.annotations
    figure.layout.annotations = [*held, *({**look, "y": i, "text": name} for i, name in enumerate(names))]


@drawn_once
def shares_over_time(
    points: pl.DataFrame, regimes: Sequence[Regime], *, unit: str, names: Mapping[str, str], starts_at_zero: bool = True
) -> go.Figure:
    """Shares by month with their 95% interval as a band.

    A second line is dashed and has no band. `points` hold line, month, share, lower, upper, count and of; `names` give
    each line's words, the leading line first. A month without a row is a gap in line and band.
    """
    figure = new_figure(400)
    held = points.filter(pl.col("share").is_not_null())
    start = 0.0 if starts_at_zero else _axis_start(held["lower"].to_list())
    figure.update_yaxes(title_text=unit, tickformat=share_format(1 - start), range=[start, 1 + 0.02 * (1 - start)])
    figure.update_xaxes(tickformat="%b\n%Y")
    lines = list(names)
    for part in _stretches(points.filter(pl.col("line") == lines[0])):
        x = [position(month, 1) for month in part["month"]]
        if len(x) == 1:  # a band of one month is a stroke
            figure.add_scatter(
                x=[x[0], x[0]],
                y=[part["lower"][0], part["upper"][0]],
                mode="lines",
                line={"color": "rgba(18,67,109,0.25)", "width": 6},
                hoverinfo="skip",
                showlegend=False,
                name="95% interval",
            )
            continue
        figure.add_scatter(
            x=[*x, *reversed(x)],
            y=[*part["upper"].to_list(), *reversed(part["lower"].to_list())],
            fill="toself",
            fillcolor="rgba(18,67,109,0.14)",
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
            showlegend=False,
            name="95% interval",
        )
    for line, look in zip(lines, LINES):
        _add_line(figure, points.filter(pl.col("line") == line), names[line], look, is_named=len(lines) > 1)
    _pad(figure, points)
    figure.update_layout(margin_b=52)
    sentences.carry(figure, sentences.band(points, lines[0]))
    return mark_breaks(figure, regimes)


def _add_line(figure: go.Figure, rows: pl.DataFrame, name: str, look: Mapping[str, Any], *, is_named: bool) -> None:
    if rows.is_empty():
        return
    rows = with_gaps(rows)
    figure.add_scatter(
        x=[position(month, 1) for month in rows["month"]],
        y=rows["share"].to_list(),
        mode="lines+markers",
        connectgaps=False,
        name=name,
        showlegend=is_named,
        customdata=[
            [numbers.month(month), numbers.number(count), numbers.number(of), numbers.share(share)]
            for month, count, of, share in rows.select("month", "count", "of", "share").iter_rows()
        ],
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[3]}: %{customdata[1]} of %{customdata[2]}"
        "<extra></extra>",
        **look,
    )


def _axis(lowest: Sequence[float | None], highest: Sequence[float | None], unit: str) -> tuple[float, float]:
    """The ends of the axis: of shares multiples of five per cent around them, of medians from zero."""
    top = max((v for v in highest if v is not None), default=1.0)
    if not numbers.is_share(unit):
        return 0.0, max(top, 1.0)
    return _axis_start(lowest), 1.0 if top > 0.5 else math.ceil(top * 20 + 0.2) / 20


def _axis_start(lowest: Sequence[float | None]) -> float:
    """A multiple of five per cent below the lowest value; zero at least."""
    return max(0.0, int(min((v for v in lowest if v is not None), default=0.0) * 20 - 0.2) / 20)


def _stretches(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """The rows in runs of months without a gap: no band is drawn over missing months."""
    gapped = with_gaps(rows).with_columns(run=pl.col("share").is_null().cum_sum())
    return [part for _, part in gapped.drop_nulls("share").group_by("run", maintain_order=True)]


def _pad(figure: go.Figure, points: pl.DataFrame) -> None:
    first, last = points["month"].min(), points["month"].max()
    if isinstance(first, dt.date) and isinstance(last, dt.date):
        figure.update_xaxes(range=[first - dt.timedelta(days=10), last + dt.timedelta(days=45)])
