"""The map of forces, drawn as polygons from published boundaries. Pure.

No map service is asked.
"""

from __future__ import annotations

import json
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.cache import drawn_once
from dashboards.charts.style import ORANGE, PAPER, QUIET, SEQUENTIAL, TEXT, new_figure
from dashboards.text import numbers

# degrees of latitude are longer than those of longitude in Great Britain: 1 / cos(53 degrees)
LATITUDE_STRETCH = 1.66


@drawn_once
def force_map(forces: pl.DataFrame, *, measure: str, unit: str, highlight: str | None = None) -> go.Figure:
    """The forces as polygons, in three equal groups of one hue.

    Needs `geometry_json`, `value`, `outlier` and `short_name`. A force without a value is white with a dotted edge.
    Outliers beyond the 99.8% limits are named.
    """
    figure = new_figure(620)
    held = forces.filter(pl.col("value").is_not_null())
    bands = _thirds(held["value"].sort().to_list())
    shown: set[str] = set()
    # large areas first, so that the City of London is drawn over the Metropolitan Police's ring
    outlines = [(row, _rings(row["geometry_json"])) for row in forces.iter_rows(named=True)]
    for row, (xs, ys) in sorted(outlines, key=lambda o: -_extent(o[1])):
        band = band_of(row["value"], bands)
        name = "no figure" if band is None else band_name(bands, band, measure)
        is_own = row["force_code"] == highlight
        words = f"<b>{row['short_name']}</b><br>{numbers.measured(row['value'], measure)} {unit}"
        words += f"<br>{numbers.OUTLIERS.get(row['outlier'] or '', '')}" if band is not None else ""
        figure.add_scatter(
            x=xs,
            y=ys,
            mode="lines",
            fill="toself",
            hoveron="fills",
            text=words,
            hoverinfo="text",
            name=name,
            showlegend=False,
            fillcolor=PAPER if band is None else SEQUENTIAL[band],
            line={
                "color": ORANGE if is_own else QUIET if band is None else PAPER,
                "width": 3 if is_own else 0.8,
                "dash": "dot" if band is None else "solid",
            },
        )
        shown.add(name)
    legend_of(figure, bands, measure, shown)
    for row, (xs, ys) in outlines:
        if row["force_code"] == highlight or str(row["outlier"]).endswith("998"):
            x, y = _middle(xs, ys)
            figure.add_annotation(
                x=x,
                y=y,
                text=row["short_name"],
                showarrow=False,
                bgcolor="rgba(255,255,255,0.86)",
                font={"size": 11, "color": TEXT},
                borderpad=1,
            )
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x", scaleratio=LATITUDE_STRETCH, showgrid=False)
    figure.update_layout(
        legend={
            "y": 0.99,
            "yref": "paper",
            "yanchor": "top",
            "x": 0,
            "orientation": "v",
            "bgcolor": "rgba(255,255,255,0.8)",
            "title": {"text": unit, "font": {"size": 12, "color": QUIET}},
        },
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
    )
    return figure


def legend_of(figure: go.Figure, bands: tuple[float, ...], measure: str, shown: set[str]) -> None:
    """Add the groups that are on the map to its legend, the highest first."""
    names = [band_name(bands, i, measure) for i in reversed(range(len(bands) - 1))] if len(bands) > 1 else []
    for name, colour in [*zip(names, reversed(SEQUENTIAL[: len(names)])), ("no figure", PAPER)]:
        if name in shown:
            figure.add_scatter(
                x=[None],
                y=[None],
                mode="markers",
                name=name,
                showlegend=True,
                marker={"symbol": "square", "size": 14, "color": colour, "line": {"color": QUIET, "width": 1}},
            )


def _thirds(values: list[float]) -> tuple[float, ...]:
    """Edges of up to three groups of similar size; fewer when values are few."""
    if not values:
        return ()
    groups = min(3, len(set(values)))
    edges = [values[0], *[values[len(values) * i // groups] for i in range(1, groups)], values[-1]]
    return tuple(dict.fromkeys(edges)) if len(set(edges)) > 1 else (values[0], values[0])


def band_of(value: float | None, edges: tuple[float, ...]) -> int | None:
    """The place of the group that a value is in; None without a value."""
    if value is None or not edges:
        return None
    return max(i for i in range(len(edges) - 1) if value >= edges[i] or i == 0)


def band_name(edges: tuple[float, ...], band: int, measure: str) -> str:
    """A group in words: 12 to under 40."""
    low, high = numbers.measured(edges[band], measure), numbers.measured(edges[band + 1], measure)
    return f"{low} to {high}" if band == len(edges) - 2 else f"{low} to under {high}"


def _rings(geometry_json: str | None) -> tuple[list[float | None], list[float | None]]:
    """Outer rings of a GeoJSON polygon or multipolygon as one broken line."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    geometry: dict[str, Any] = json.loads(geometry_json) if geometry_json else {}
    polygons = geometry.get("coordinates", [])
    for polygon in [polygons] if geometry.get("type") == "Polygon" else polygons:
        if xs:
            xs.append(None)
            ys.append(None)
        xs += [round(point[0], 4) for point in polygon[0]]
        ys += [round(point[1], 4) for point in polygon[0]]
    return xs, ys


def _extent(outline: tuple[list[float | None], list[float | None]]) -> float:
    xs, ys = ([v for v in axis if v is not None] for axis in outline)
    return (max(xs) - min(xs)) * (max(ys) - min(ys)) if xs else 0.0


def _middle(xs: list[float | None], ys: list[float | None]) -> tuple[float, float]:
    held = [(x, y) for x, y in zip(xs, ys) if x is not None and y is not None]
    return sum(x for x, _ in held) / len(held), sum(y for _, y in held) / len(held)
