"""A released measure by quarter: the force, and under it each part. Pure: frames in, a plotly figure out."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboards.charts import over_time, sentences
from dashboards.charts.blanks import CROSS, WITHHELD
from dashboards.charts.breaks import Regime, mark_breaks
from dashboards.charts.cache import drawn_once
from dashboards.charts.style import NAVY, QUIET, TEXT, new_figure, number_format
from dashboards.text import numbers
from dashboards.text.support import held_to_account_text as words

MONTHS, FORCE, PART, NAMES = 3, 190, 104, 26  # months of a point; pixels of a panel, and of its name


@drawn_once
def by_quarter(panels: Sequence[tuple[str, pl.DataFrame]], regimes: Sequence[Regime], unit: str) -> go.Figure:
    """One panel for each part, as (name, its rows of metrics.released_measures).

    Shares are all on one scale. Of counts the parts are, and the force and "not known" have scales of their own.
    A quarter without a figure has a cross in the middle of its panel: it is no zero, and no line passes it. A line
    also breaks at a recording change.
    """
    heights = [FORCE, *[PART] * (len(panels) - 1)]
    figure = new_figure(sum(heights) + 70)
    layout: dict[str, Any] = {"margin": {"l": 8, "r": 8, "t": 14, "b": 40}}
    above = 0
    for i, ((name, rows), height) in enumerate(zip(panels, heights)):
        number, top = "" if i == 0 else str(i + 1), _top(panels, name, unit)
        domain = [1 - (above + height) / sum(heights), 1 - (above + NAMES) / sum(heights)]
        layout[f"yaxis{number}"] = {
            **figure.layout.yaxis.to_plotly_json(), "domain": domain, "range": [0, top * 1.06], "anchor": "x",
            "nticks": 3, "tickformat": number_format(unit, top), "tickfont": {"size": 12, "color": QUIET},
        }  # fmt: skip
        _draw(figure, name, _points(rows, regimes), f"y{number}", top)
        figure.add_annotation(
            x=0, y=domain[1], xref="paper", yref="paper", xanchor="left", yanchor="bottom", showarrow=False,
            text=f"<b>{html.escape(name)}</b>", font={"size": 13, "color": TEXT},
        )  # fmt: skip
        above += height
    if any(rows["value"].null_count() for _, rows in panels):
        figure.add_scatter(x=[None], y=[None], mode="markers", marker=CROSS, name=WITHHELD, showlegend=True)
        layout["margin"]["b"] = 76  # the legend is below the quarters
    figure.update_layout(**layout)
    starts = sorted({start for _, rows in panels for start in rows["period_start"]})
    figure.update_xaxes(
        anchor="free", position=0, tickmode="array", tickvals=[over_time.position(s, MONTHS) for s in starts],
        ticktext=[numbers.quarter(start).replace(" ", "<br>") for start in starts],
    )  # fmt: skip
    sentences.carry(figure, sentences.quarters(panels[0][1], panels[0][0]))
    return mark_breaks(figure, regimes, period_months=MONTHS)


def _top(panels: Sequence[tuple[str, pl.DataFrame]], name: str, unit: str) -> float:
    """The highest value or limit on the scale of a panel."""
    alone = (words.WHOLE_FORCE, words.NOT_KNOWN)
    like = [rows for other, rows in panels if other == name or unit == "share" or not {other, name} & set(alone)]
    held = [v for rows in like for column in ("value", "upper") for v in rows[column].to_list() if v is not None]
    return max(held, default=1.0) or 1.0


def _points(rows: pl.DataFrame, regimes: Sequence[Regime]) -> pl.DataFrame:
    """The quarters in order, missing ones as gaps. A quarter that a change divides is joined to no other."""
    ends = pl.col("month").dt.offset_by(f"{MONTHS}mo").dt.offset_by("-1d")
    begun = [(day >= regime.valid_from).cast(pl.Int64) for regime in regimes for day in (pl.col("month"), ends)]
    points = over_time.with_gaps(rows.rename({"period_start": "month"}), MONTHS)
    return points.with_columns(segment=pl.sum_horizontal(pl.lit(0), *begun))


def _draw(figure: go.Figure, name: str, points: pl.DataFrame, axis: str, top: float) -> None:
    x = [over_time.position(start, MONTHS) for start in points["month"]]
    line_x, line_y = over_time.broken_line(points, x)
    figure.add_scatter(
        x=line_x, y=line_y, mode="lines", line={"color": NAVY, "width": 1.5}, connectgaps=False, hoverinfo="skip",
        showlegend=False, yaxis=axis, name=name,
    )  # fmt: skip
    shown = points.filter(pl.col("value").is_not_null())
    above, below = (
        shown.select((pl.col(a) - pl.col(b)).fill_null(0)).to_series().to_list()
        for a, b in (("upper", "value"), ("value", "lower"))
    )
    figure.add_scatter(
        x=[over_time.position(start, MONTHS) for start in shown["month"]], y=shown["value"].to_list(), mode="markers",
        marker={"size": 7, "color": NAVY}, showlegend=False, yaxis=axis, name=f"{name}: values",
        error_y={"type": "data", "array": above, "arrayminus": below, "color": QUIET, "thickness": 1.2, "width": 3},
        **_hover(name, shown),
    )  # fmt: skip
    blank = points.filter(pl.col("value").is_null())
    figure.add_scatter(
        x=[over_time.position(start, MONTHS) for start in blank["month"]], y=[top * 0.53] * blank.height,
        mode="markers", marker=CROSS, name=f"{name}: no figure", showlegend=False, yaxis=axis, **_hover(name, blank),
    )  # fmt: skip


def _hover(name: str, points: pl.DataFrame) -> dict[str, Any]:
    """The quarter of each point, its figure, and what it is of."""
    rows = points.iter_rows(named=True)
    said = [[numbers.quarter(row["month"]), html.escape(words.write_figure(row))] for row in rows]
    shown = f"<b>{html.escape(name)}, %{{customdata[0]}}</b><br>%{{customdata[1]}}<extra></extra>"
    return {"customdata": said, "hovertemplate": shown}
