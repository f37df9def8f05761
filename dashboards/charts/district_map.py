"""The map of a force's districts, drawn as polygons on plain axes. Pure.

No map service is asked: the outlines are those that the force delivered, in kilometres.
"""

from __future__ import annotations

import html
import json
import math
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboards.charts import sentences
from dashboards.charts.across import wrapped
from dashboards.charts.cache import drawn_once
from dashboards.charts.force_map import band_name, band_of, legend_of
from dashboards.charts.style import DARK, PAPER, QUIET, RULE, SEQUENTIAL, TEXT, new_figure
from dashboards.text import numbers

HEIGHT = 480
MOST_NAMED = 12  # districts whose name is on the map; with more, the value alone is
HIDDEN, NONE = "hidden to protect few people", "no figure"
HEIGHTS = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)  # shares of a ring's height where its label may be

Ring = list[list[float]]


@drawn_once
def district_map(districts: pl.DataFrame, *, unit: str) -> go.Figure:
    """The districts as polygons, darker for higher, each with its value in words.

    Needs `district`, `name`, `rings_json`, `value`, `is_hidden`, `words` and `detail`. A hidden one is hatched, one
    without a figure is white; both have a dotted edge.
    """
    figure = new_figure(HEIGHT)
    shown = districts.with_columns(value=pl.when(~pl.col("is_hidden")).then("value"))
    bands = _edges(shown["value"].drop_nulls().to_list(), unit)
    outlines = [(row, json.loads(row["rings_json"])) for row in shown.iter_rows(named=True)]
    # large ones first: a district within another is drawn over it
    outlines.sort(key=lambda outline: -_extent(outline[1]))
    for row, rings in outlines:
        _add_district(figure, row, rings, band_of(row["value"], bands))
    _add_labels(figure, outlines)
    legend_of(figure, bands, unit, {band_name(bands, place, unit) for place in range(len(bands) - 1)})
    _add_key_of_blanks(figure, shown)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x", scaleratio=1, showgrid=False)
    figure.update_layout(
        legend={
            "y": 0.99, "yref": "paper", "yanchor": "top", "x": 0, "orientation": "v",
            "bgcolor": "rgba(255,255,255,0.8)", "title": {"text": html.escape(unit), "font": {"size": 12}},
        },
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
    )  # fmt: skip
    values, words = (dict(shown.select("name", column).iter_rows()) for column in ("value", "words"))
    return sentences.carry(figure, sentences.areas(values, words))


def _edges(values: list[float], unit: str) -> tuple[float, ...]:
    """Edges of up to three groups of equal width: groups of equal size would set 45 and 46 apart like 4 and 46."""
    if not values:
        return ()
    low, high = min(values), max(values)
    edges = [low + (high - low) * third / 3 for third in range(3)]
    if not numbers.is_share(unit):
        edges = [math.ceil(edge) for edge in edges]
    return (*dict.fromkeys(edge for edge in edges if edge < high), high) if low < high else (low, high)


def _add_district(figure: go.Figure, row: dict[str, Any], rings: list[Ring], band: int | None) -> None:
    xs: list[float | None] = []
    ys: list[float | None] = []
    for ring in rings:
        xs += [None] * bool(xs) + [x for x, _ in ring]
        ys += [None] * bool(ys) + [y for _, y in ring]
    blank: dict[str, Any] = {"fillcolor": PAPER}
    if row["is_hidden"]:
        blank["fillpattern"] = {"shape": "/", "fgcolor": QUIET, "bgcolor": PAPER, "size": 8, "solidity": 0.2}
    figure.add_scatter(
        x=xs, y=ys, mode="lines", fill="toself", hoveron="fills", hoverinfo="text", text=_hover(row), name=row["name"],
        showlegend=False, **({"fillcolor": SEQUENTIAL[band]} if band is not None else blank),
        line={"color": PAPER, "width": 1.2} if band is not None else {"color": DARK, "width": 1, "dash": "dot"},
    )  # fmt: skip


def _hover(row: dict[str, Any]) -> str:
    lines = [f"<b>{html.escape(row['name'])}</b>", html.escape(row["words"])]
    return "<br>".join([*lines, html.escape(row["detail"])] if row["detail"] else lines)


def _add_labels(figure: go.Figure, outlines: list[tuple[dict[str, Any], list[Ring]]]) -> None:
    """Print each value in its district, and let a click there choose the district."""
    are_named = len(outlines) <= MOST_NAMED
    places = [_inside(max(rings, key=lambda ring: _extent([ring]))) for _, rings in outlines]
    for (row, _), (x, y) in zip(outlines, places, strict=True):
        name = f"<b>{wrapped(row['name'], 16)}</b><br>" if are_named else ""
        figure.add_annotation(
            x=x, y=y, text=name + html.escape(row["words"]), showarrow=False, bgcolor="rgba(255,255,255,0.86)",
            font={"size": 12 if are_named else 10, "color": TEXT}, borderpad=1,
        )  # fmt: skip
    figure.add_scatter(
        x=[x for x, _ in places], y=[y for _, y in places], mode="markers", showlegend=False, hoverinfo="text",
        text=[_hover(row) for row, _ in outlines], customdata=[[row["district"]] for row, _ in outlines],
        marker={"size": 26, "opacity": 0}, name="districts",
    )  # fmt: skip


def _add_key_of_blanks(figure: go.Figure, shown: pl.DataFrame) -> None:
    marks = {HIDDEN: ("square-cross-open", "is_hidden"), NONE: ("square-open", "has_none")}
    rows = shown.with_columns(has_none=pl.col("value").is_null() & ~pl.col("is_hidden"))
    for name, (symbol, column) in marks.items():
        if rows[column].any():
            figure.add_scatter(
                x=[None], y=[None], mode="markers", name=name, showlegend=True,
                marker={"symbol": symbol, "size": 13, "color": QUIET, "line": {"color": RULE, "width": 1}},
            )  # fmt: skip


def _inside(ring: Ring) -> tuple[float, float]:
    """A point well inside a ring: the middle of a wide stretch across it, rather in the middle than above or below."""
    low, high = min(y for _, y in ring), max(y for _, y in ring)
    best, place = -1.0, (ring[0][0], ring[0][1])
    for share in HEIGHTS:
        y = low + share * (high - low)
        crossings = sorted(
            x0 + (y - y0) / (y1 - y0) * (x1 - x0) for (x0, y0), (x1, y1) in pairwise(ring) if (y0 > y) != (y1 > y)
        )
        for left, right in zip(crossings[::2], crossings[1::2], strict=False):
            if right - left > 1.2 * best:
                best, place = right - left, ((left + right) / 2, y)
    return place


def _extent(rings: list[Ring]) -> float:
    xs, ys = ([point[axis] for ring in rings for point in ring] for axis in (0, 1))
    return (max(xs) - min(xs)) * (max(ys) - min(ys))
