"""Charts of the explorer: one part over time, and all parts by period. Pure: a frame in, a plotly figure out."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import polars as pl

from dashboards.charts import over_time, sentences
from dashboards.charts.breaks import Regime, mark_breaks
from dashboards.charts.cache import drawn_once
from dashboards.charts.style import QUIET, SEQUENTIAL, new_figure
from dashboards.pages.assessment import explorer_text as text

ROW, MOST_PERIODS = 26, 24


def points_of(rows: pl.DataFrame, limits: pl.DataFrame | None, regimes: Sequence[Regime]) -> pl.DataFrame:
    """The points of one part for a control chart: hidden ones are gaps, and a line breaks at a recording change.

    A period that a change divides is joined to neither side.
    """
    shown = pl.when(~pl.col("is_hidden")).then("value")
    held = rows.filter("is_whole").select(
        "period_start", "period_end", shown.alias("shown"), "numerator", "denominator", "is_hidden"
    )
    if limits is not None:
        values = held.select(pl.col("period_start").alias("month"), "shown", "is_hidden")
        return limits.join(values, on="month", how="left").with_columns(value="shown").drop("shown")
    ends = pl.col("period_end").dt.month_end()
    begun = [(day >= regime.valid_from).cast(pl.Int64) for regime in regimes for day in (pl.col("month"), ends)]
    return held.rename({"period_start": "month", "shown": "value"}).with_columns(
        pl.sum_horizontal(pl.lit(0), *begun).alias("segment"),
        *[pl.lit(None, dtype=pl.Float64).alias(name) for name in ("centre_line", "lower_limit", "upper_limit")],
        *[pl.lit("").alias(name) for name in ("signal", "signal_direction", "limits_status")],
    )


def part_over_time(points: pl.DataFrame, regimes: Sequence[Regime], unit: str, period_type: str) -> go.Figure:
    """One part by period, with its limits where it has any."""
    return over_time.control_chart(points, regimes, unit=unit, period_months=text.MONTHS[period_type])


@drawn_once
def heat_map(
    rows: pl.DataFrame, words: Mapping[tuple[str, dt.date], str], regimes: Sequence[Regime], *, period_type: str
) -> go.Figure:
    """Parts by period, darker for higher. A figure that is hidden or not there is blank, and its words say why."""
    parts = rows["name"].unique(maintain_order=True).to_list()
    starts = sorted(rows["period_start"].unique())[-MOST_PERIODS:]
    values = {(name, start): value for name, start, value in rows.select("name", "period_start", "shown").iter_rows()}
    ends = dict(rows.select("period_start", "period_end").iter_rows())
    middles = [(start + dt.timedelta(days=15 * text.MONTHS[period_type])).isoformat() for start in starts]
    figure = new_figure(96 + ROW * len(parts))
    figure.add_heatmap(
        x=middles,
        y=parts,
        z=[[values.get((name, start)) for start in starts] for name in parts],
        text=[[_words(words, name, start, period_type, ends[start]) for start in starts] for name in parts],
        colorscale=[[0, "#E8EEF5"], [0.33, SEQUENTIAL[0]], [0.66, SEQUENTIAL[1]], [1, SEQUENTIAL[2]]],
        showscale=False, xgap=2, ygap=3, hovertemplate="%{text}<extra></extra>", name="parts by period",
    )  # fmt: skip
    figure.update_yaxes(autorange="reversed", showgrid=False, tickmode="array", tickvals=parts)
    every = max(1, -(-len(starts) // 8))
    figure.update_xaxes(
        tickmode="array", tickvals=middles[::every], tickfont={"size": 12, "color": QUIET},
        ticktext=[text.period(period_type, start, ends[start]).replace(" ", "<br>", 1) for start in starts[::every]],
    )  # fmt: skip
    for latest in starts[-1:]:
        cells = {name: values.get((name, latest)) for name in parts}
        said = {name: words.get((name, latest), "") for name in parts}
        sentences.carry(figure, sentences.heat(cells, said, text.period(period_type, latest, ends[latest])))
    return mark_breaks(figure, regimes, period_months=1)


def _words(
    words: Mapping[tuple[str, dt.date], str], name: str, start: dt.date, period_type: str, end: dt.date
) -> str:
    shown = words.get((name, start), "nothing was due")
    return f"<b>{html.escape(name)}, {text.period(period_type, start, end)}</b><br>{shown}"
