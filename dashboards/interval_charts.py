"""Shares with their intervals: side by side, and over time. Pure: a frame in, a plotly figure out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import plotly.graph_objects as go
import polars as pl

from dashboards import wording
from dashboards.breaks import Regime, mark_breaks
from dashboards.chart_style import NAVY, ORANGE, TEXT, new_figure
from dashboards.charts import position, with_gaps
from dashboards.comparisons import wrapped


def dots(
    rows: pl.DataFrame, *, label: str, value: str = "kept_share", lower: str = "kept_lower", upper: str = "kept_upper"
) -> go.Figure:
    """One dot with its 95 % interval a row, the first on top; a row without a value keeps its label and no dot.

    The axis begins where it has to: a dot, unlike a bar, does not have to start at zero.
    """
    names = [wrapped(text, 34) for text in rows[label].to_list()]
    lines = max((name.count("<br>") + 1 for name in names), default=1)
    figure = new_figure(56 + (18 * lines + 12) * max(len(names), 1))
    values = rows[value].to_list()
    lowest = min((v for v in rows[lower].to_list() if v is not None), default=0.0)
    start = max(0.0, int(lowest * 20 - 0.2) / 20)
    for i, (low, high) in enumerate(rows.select(lower, upper).iter_rows()):
        if low is not None:
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
            [names[i], wording.share(values[i]), wording.share(rows[lower][i]), wording.share(rows[upper][i])]
            for i in held
        ],
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}, 95 % interval %{customdata[2]} to %{customdata[3]}"
        "<extra></extra>",
    )
    figure.update_xaxes(range=[start - 0.02 * (1 - start), 1 + 0.02 * (1 - start)], tickformat=".0%", nticks=6)
    figure.update_xaxes(showgrid=True, gridcolor="#EEF1F5")
    figure.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(names))),
        ticktext=names,
        range=[len(names) - 0.4, -0.6],
        showgrid=False,
        tickfont={"size": 13, "color": TEXT},
    )
    figure.update_layout(margin={"r": 14, "t": 4})
    return figure


def shares_over_time(
    points: pl.DataFrame, regimes: Sequence[Regime], *, lead: str, beside: str, unit: str
) -> go.Figure:
    """The column `stalking_share` by month of the `basis` `lead` with its interval as a band, and of `beside` dashed.

    A month without a row is a gap in the line.
    """
    figure = new_figure(400)
    figure.update_yaxes(title_text=unit, tickformat=".0%", range=[0, 1.02])
    figure.update_xaxes(tickformat="%b\n%Y")
    first = points.filter(pl.col("basis") == lead)
    for part in _stretches(first):
        x = [position(month, 1) for month in part["month"]]
        figure.add_scatter(
            x=[*x, *reversed(x)],
            y=[*part["share_upper"].to_list(), *reversed(part["share_lower"].to_list())],
            fill="toself",
            fillcolor="rgba(18,67,109,0.14)",
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
            showlegend=False,
            name="95 % interval",
        )
    for basis, colour, dash, width in ((lead, NAVY, "solid", 2.5), (beside, ORANGE, "dot", 2.5)):
        rows = points.filter(pl.col("basis") == basis)
        if rows.is_empty():
            continue
        rows = with_gaps(rows)
        figure.add_scatter(
            x=[position(month, 1) for month in rows["month"]],
            y=rows["stalking_share"].to_list(),
            mode="lines+markers",
            line={"color": colour, "width": width, "dash": dash},
            marker={"size": 6 if basis == lead else 7, "symbol": "circle" if basis == lead else "diamond-open"},
            connectgaps=False,
            name=f"by {basis} class",
            showlegend=True,
            customdata=[
                [wording.month(month), wording.number(n), wording.number(of), wording.share(share)]
                for month, n, of, share in rows.select(
                    "month", "stalking_count", "denominator_count", "stalking_share"
                ).iter_rows()
            ],
            hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[3]}: %{customdata[1]} of %{customdata[2]}"
            "<extra></extra>",
        )
    _pad(figure, points)
    figure.update_layout(margin_b=52)
    return mark_breaks(figure, regimes)


def _stretches(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """The rows in runs of months without a gap: a band is not drawn over months that are not there."""
    gapped = with_gaps(rows).with_columns(run=pl.col("stalking_share").is_null().cum_sum())
    return [part for _, part in gapped.drop_nulls("stalking_share").group_by("run", maintain_order=True)]


def _pad(figure: go.Figure, points: pl.DataFrame) -> None:
    first, last = points["month"].min(), points["month"].max()
    if isinstance(first, dt.date) and isinstance(last, dt.date):
        figure.update_xaxes(range=[first - dt.timedelta(days=10), last + dt.timedelta(days=45)])


