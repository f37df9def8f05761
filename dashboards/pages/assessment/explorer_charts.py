"""Charts of the explorer: one part over time, and all parts by period. Pure: a frame in, a plotly figure out."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboards.charts import over_time, sentences
from dashboards.charts.across import wrapped
from dashboards.charts.blanks import KEY, add_crosses
from dashboards.charts.breaks import Regime, lettered, mark_breaks, require_breaks
from dashboards.charts.cache import drawn_once
from dashboards.charts.style import DARK, NAVY, PAPER, QUIET, SEQUENTIAL, TEXT, new_figure, number_format
from dashboards.text import numbers
from dashboards.text.assessment import explorer_text as text

ROW, LINE_HEIGHT, MOST_PERIODS = 26, 15, 24
LINE = {"color": NAVY, "width": 1.5}
HOLLOW = {"symbol": "circle-open", "size": 9, "line": {"width": 2}}
BAR = {"symbol": "line-ew-open", "size": 12, "line": {"width": 3}}
SCALE = [[0, "#E8EEF5"], [0.33, SEQUENTIAL[0]], [0.66, SEQUENTIAL[1]], [1, SEQUENTIAL[2]]]
SMALL, IN_A_ROW = 150, 3  # pixels of a small chart; small charts side by side


def points_of(rows: pl.DataFrame, limits: pl.DataFrame | None, regimes: Sequence[Regime]) -> pl.DataFrame:
    """The points of one part for a control chart: hidden ones are gaps, and a line breaks at a recording change.

    A period that a change divides is joined to neither side.
    """
    shown = pl.when(~pl.col("is_hidden")).then("value")
    held = rows.filter("is_drawn").select(
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


def young(rows: pl.DataFrame) -> pl.DataFrame:
    """The periods of one part after its last whole one, with a figure that may be shown: so far."""
    last = rows.filter("is_drawn")["period_start"].max()
    return rows.filter(
        ~pl.col("is_drawn"), pl.col("period_start") > last, pl.col("value").is_not_null(), ~pl.col("is_hidden")
    )


@drawn_once
def part_over_time(
    points: pl.DataFrame, so_far: pl.DataFrame, nowcasts: pl.DataFrame | None, regimes: Sequence[Regime], unit: str,
    period_type: str, notes: Mapping[dt.date, str],
) -> go.Figure:
    """One part by period, with its limits where it has any, and the numbers of annotations at their periods.

    The periods of `so_far` are hollow and joined to nothing; `nowcasts` are bars.
    """  # fmt: skip
    months = text.MONTHS[period_type]
    chart = go.Figure(over_time.control_chart(points, regimes, unit=unit, period_months=months))
    if not so_far.is_empty():
        _add_young(chart, so_far.sort("period_start"), unit, months, "so far, not judged", HOLLOW)
    if nowcasts is not None:
        _add_young(chart, nowcasts, unit, months, "nowcast with 80% interval, not judged", BAR)
    values = dict(points.select("month", "value").iter_rows())
    marks = [_mark(over_time.position(start, months), values.get(start), words) for start, words in notes.items()]
    return chart.update_layout(annotations=[*chart.layout.annotations, *marks]) if marks else chart


def _add_young(
    chart: go.Figure, rows: pl.DataFrame, unit: str, months: int, name: str, marker: Mapping[str, Any]
) -> None:
    """Periods that are not complete, joined to nothing; with the limits of a nowcast if they have them."""
    starts, values = rows["period_start"].to_list(), rows["value"].to_list()
    x = [over_time.position(start, months) for start in starts]
    bars = {}
    if "upper_80" in rows.columns:
        above, below = rows.select(pl.col("upper_80") - pl.col("value"), below=pl.col("value") - pl.col("lower_80"))
        bars = {"error_y": {"array": above.to_list(), "arrayminus": below.to_list(), "color": NAVY, "width": 0}}
    chart.add_scatter(
        x=x, y=values, mode="markers", name=name, showlegend=True, marker={**marker, "color": NAVY}, **bars,
        customdata=[
            [numbers.period(start, months), numbers.measured(value, unit)]
            for start, value in zip(starts, values, strict=True)
        ],
        hovertemplate=f"<b>%{{customdata[0]}}</b><br>%{{customdata[1]}}<br>{name}<extra></extra>",
    )  # fmt: skip
    # the words of the limits come after the last of them
    chart.update_annotations({"x": x[-1]}, selector={"name": over_time.LIMIT})
    first, last = chart.layout.xaxis.range
    reach = dt.date.fromisoformat(x[-1]) + dt.timedelta(days=20 if months == 1 else 60)
    chart.update_xaxes(range=[first, max(reach, dt.date.fromisoformat(str(last)[:10]))])


def _mark(at: str, value: float | None, words: str) -> dict[str, Any]:
    """A number in a box: above its point, or on the axis where the period has no value that is shown."""
    place = {"y": 0, "yref": "paper", "yanchor": "bottom", "showarrow": False}
    if value is not None:
        place = {"y": value, "ay": -38, "ax": 0, "showarrow": True, "arrowhead": 0, "arrowcolor": DARK, "standoff": 4}
    look = {"bgcolor": PAPER, "bordercolor": DARK, "borderwidth": 1.5, "borderpad": 3}
    place |= {"font": {"size": 13, "color": DARK}}
    return {"x": at, "text": f"<b>{html.escape(words)}</b>", "name": f"annotation {words}", **place, **look}


def starts_by_position(starts: Sequence[dt.date], period_type: str) -> dict[str, dt.date]:
    """Where a period is on the axis of `part_over_time` -> its start."""
    return {over_time.position(start, text.MONTHS[period_type]): start for start in starts}


@drawn_once
def ranked(rows: pl.DataFrame, unit: str) -> go.Figure:
    """Counts as bars from zero, in the frame's order. A part whose figure is hidden keeps its name, with a cross."""
    names = [wrapped(name, 48) for name in rows["name"].to_list()]
    lines = max((name.count("<br>") for name in names), default=0)  # more than one need room
    figure = new_figure(74 + (ROW + LINE_HEIGHT * lines) * max(len(names), 1))
    figure.add_bar(
        x=rows["ranked"].to_list(), y=list(range(len(names))), orientation="h", marker={"color": NAVY}, width=0.6,
        customdata=[[name, words] for name, words in zip(names, rows["shown"], strict=True)],
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>", showlegend=False,
    )  # fmt: skip
    blank = [i for i, value in enumerate(rows["ranked"]) if value is None]
    said = [f"<b>{names[i]}</b><br>{html.escape(rows['shown'][i])}" for i in blank]
    add_crosses(figure, "y", blank, said)
    if blank:  # the key of the crosses is below the axis
        figure.update_layout(height=figure.layout.height + KEY, margin_b=8 + KEY)
    figure.update_xaxes(title_text=unit, tickformat=",.0f", nticks=6, showgrid=True, gridcolor="#EEF1F5")
    figure.update_xaxes(rangemode="tozero")
    figure.update_yaxes(
        tickmode="array", tickvals=list(range(len(names))), ticktext=names, showgrid=False,
        range=[len(names) - 0.4, -0.6],
    )  # fmt: skip
    return figure


@drawn_once
def multiples(
    parts: Sequence[tuple[str, str, pl.DataFrame]], regimes: Sequence[Regime], unit: str, period_type: str
) -> go.Figure:
    """A small chart for each part, as (part, name, its points), all with one axis.

    Each line breaks at a recording change, whose dashed line and letter are in each chart.
    """
    months, rows = text.MONTHS[period_type], -(-len(parts) // IN_A_ROW)
    titles = [wrapped(name, 34) for _, name, _ in parts]
    lines = max((title.count("<br>") for title in titles), default=0)
    figure = new_figure(40 + (SMALL + LINE_HEIGHT * lines) * rows)
    starts = sorted({month for *_, points in parts for month in points["month"]})
    ticks: dict[str, Any] = {"nticks": 3, "tickformat": "%Y"}
    if months > 1:
        ticks = over_time.named_ticks(starts, months, 3)
        ticks["ticktext"] = [words.replace("<br>", " ") for words in ticks["ticktext"]]
    values = [value for *_, points in parts for value in points["value"].to_list() if value is not None]
    top = max(values, default=1) or 1
    layout: dict[str, Any] = {"margin": {"l": 8, "r": 8, "t": 30, "b": 8}}
    shapes: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    for i, (part, name, points) in enumerate(parts):
        place, number = _place(i, rows, lines), "" if i == 0 else str(i + 1)
        line_x, line_y = over_time.broken_line(points, [over_time.position(m, months) for m in points["month"]])
        held = points.filter(pl.col("value").is_not_null())
        axes = {"xaxis": f"x{number}", "yaxis": f"y{number}", "showlegend": False, "name": name}
        figure.add_scatter(x=line_x, y=line_y, mode="lines", line=LINE, hoverinfo="skip", **axes)
        figure.add_scatter(
            x=[over_time.position(month, months) for month in held["month"]], y=held["value"].to_list(),
            mode="markers", marker={"size": 4, "color": NAVY},
            customdata=[[part, month.isoformat(), numbers.measured(value, unit), numbers.period(month, months)]
                        for month, value in held.select("month", "value").iter_rows()],
            hovertemplate=f"<b>{html.escape(name)}</b>, %{{customdata[3]}}<br>%{{customdata[2]}}<extra></extra>",
            **axes,
        )  # fmt: skip
        over_time.add_hidden(figure, points, months, xaxis=axes["xaxis"], yaxis=axes["yaxis"], is_named=False)
        layout |= _axes(figure, number, place, top, unit, ticks, is_first=i % IN_A_ROW == 0)
        names.append({
            "x": place[0][0], "y": place[1][1], "xref": "paper", "yref": "paper", "xanchor": "left",
            "yanchor": "bottom", "showarrow": False, "align": "left", "text": f"<b>{titles[i]}</b>",
            "font": {"size": 12, "color": TEXT},
        })  # fmt: skip
        for letter, regime in _letters(parts, regimes, months):
            shapes.append({
                "type": "line", "x0": regime.valid_from.isoformat(), "x1": regime.valid_from.isoformat(), "y0": 0,
                "y1": 1, "xref": f"x{number}", "yref": f"y{number} domain", "name": regime.mark,
                "line": {"color": DARK, "width": 1.5, "dash": "dash"},
            })  # fmt: skip
            names.append({
                "x": regime.valid_from.isoformat(), "y": 1, "xref": f"x{number}", "yref": f"y{number} domain",
                "yanchor": "top", "showarrow": False, "text": f"<b>{letter}</b>", "name": regime.mark,
                "bgcolor": PAPER, "font": {"size": 12, "color": DARK},
            })  # fmt: skip
    figure.update_layout(**layout, shapes=shapes, annotations=names)
    require_breaks(figure, regimes)
    return figure


def _letters(
    parts: Sequence[tuple[str, str, pl.DataFrame]], regimes: Sequence[Regime], months: int
) -> list[tuple[str, Regime]]:
    """The recording changes that the shared axis crosses, lettered as in the key below the chart."""
    days = [over_time.position(month, months) for *_, points in parts for month in points["month"]]
    return lettered(go.Figure(go.Scatter(x=[min(days), max(days)], y=[0, 0])), regimes) if days else []


def _place(i: int, rows: int, lines: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where the small chart is, as shares of the figure: from left to right, and from bottom to top.

    `lines` are those of the longest title beside its first: they are above the chart.
    """
    column, row = i % IN_A_ROW, i // IN_A_ROW
    left, top, high = column / IN_A_ROW, 1 - row / rows, 1 / rows
    title = 0.06 + lines * LINE_HEIGHT / (SMALL + LINE_HEIGHT * lines)
    return (left + 0.03, left + 1 / IN_A_ROW - 0.02), (top - 0.72 * high, top - title * high)


def _axes(
    figure: go.Figure, number: str, place: tuple[tuple[float, float], tuple[float, float]], top: float, unit: str,
    ticks: Mapping[str, Any], *, is_first: bool,
) -> dict[str, Any]:  # fmt: skip
    """The two axes of a small chart: the house's own, with one range for all."""
    x, y = figure.layout.xaxis.to_plotly_json(), figure.layout.yaxis.to_plotly_json()
    small = {"tickfont": {"size": 11, "color": QUIET}}
    return {
        f"xaxis{number}": {
            **x, **small, "domain": place[0], "anchor": f"y{number}", "matches": None if number == "" else "x",
            "automargin": False, **ticks,
        },
        f"yaxis{number}": {
            **y, **small, "domain": place[1], "anchor": f"x{number}", "range": [0, top * 1.08], "nticks": 3,
            "showticklabels": is_first, "tickformat": number_format(unit, top),
        },
    }  # fmt: skip


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
    figure = new_figure(120 + ROW * len(parts))
    figure.add_heatmap(
        x=middles,
        y=parts,
        z=[[values.get((name, start)) for start in starts] for name in parts],
        text=[[_words(words, name, start, period_type, ends[start]) for start in starts] for name in parts],
        colorscale=SCALE, showscale=False, xgap=2, ygap=3, hovertemplate="%{text}<extra></extra>",
        name="parts by period",
    )  # fmt: skip
    _clickable(figure, middles, parts, [[[part, start.isoformat()] for start in starts] for part in parts])
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


@drawn_once
def pairs(rows: pl.DataFrame, words: Mapping[tuple[str, str], str], when: str) -> go.Figure:
    """Parts of one breakdown by those of another, darker for higher. What is hidden or not there is blank."""
    parts, others = (rows[name].unique(maintain_order=True).to_list() for name in ("name", "second"))
    values = {(name, other): value for name, other, value in rows.iter_rows()}
    figure = new_figure(140 + ROW * len(parts))
    figure.add_heatmap(
        x=[wrapped(other, 14) for other in others],
        y=[wrapped(name) for name in parts],
        z=[[values.get((name, other)) for other in others] for name in parts],
        text=[[f"<b>{html.escape(name)}, {html.escape(other)}</b><br>{words.get((name, other), 'none')}"
               for other in others] for name in parts],
        colorscale=SCALE, showscale=False, xgap=2, ygap=3, hovertemplate="%{text}<extra></extra>", name="pairs",
    )  # fmt: skip
    across, down = (list(figure.data[0][axis]) for axis in "xy")
    _clickable(figure, across, down, [[[name, other] for other in others] for name in parts])
    figure.update_yaxes(autorange="reversed", showgrid=False)
    named = {f"{name}, {other}": value for (name, other), value in values.items()}
    said = {f"{name}, {other}": word for (name, other), word in words.items()}
    sentences.carry(figure, sentences.heat(named, said, when))
    return figure


def _clickable(figure: go.Figure, x: Sequence[str], y: Sequence[str], cells: Sequence[Sequence[list[str]]]) -> None:
    """Lay an unseen point on each cell, with its names and words: no click on a heat map itself is answered."""
    cells_of = figure.data[0]
    cells_of.update(hoverinfo="skip", hovertemplate=None)
    figure.add_scatter(
        text=[words for row in cells_of.text for words in row], hovertemplate="%{text}<extra></extra>",
        x=[across for _ in y for across in x], y=[down for down in y for _ in x], mode="markers",
        customdata=[cell for row in cells for cell in row], marker={"size": ROW - 4, "opacity": 0, "symbol": "square"},
        showlegend=False, name="cells",
    )  # fmt: skip


def _words(
    words: Mapping[tuple[str, dt.date], str], name: str, start: dt.date, period_type: str, end: dt.date
) -> str:
    shown = words.get((name, start), "nothing was due")
    return f"<b>{html.escape(name)}, {text.period(period_type, start, end)}</b><br>{shown}"
