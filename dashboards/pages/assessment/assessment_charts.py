"""Charts of the assessment: the matrix, and ranks with their ranges over the schemes.

Pure: a frame in, a plotly figure out.
"""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.breaks import Regime
from dashboards.charts.cache import drawn_once
from dashboards.charts.over_time import control_chart
from dashboards.charts.style import NAVY, ORANGE, PAPER, PLUM, QUIET, RULE, TEXT, new_figure
from dashboards.text import numbers

BANDS = {  # colour, symbol: they differ in both
    "scored": ("Stalking and harassment", NAVY, "circle"),
    "cross-cutting": ("Counts crimes of other themes", PLUM, "diamond"),
    "comparator": ("Comparator", ORANGE, "square"),
}
RISKS = (10, 25, 50)  # lines of equal risk


@drawn_once
def matrix(scores: pl.DataFrame) -> go.Figure:
    """Harm against likelihood, one mark per theme with its code.

    A mark is hollow where confidence is low. Lines join equal risk.
    """
    figure = new_figure(470)
    for risk in RISKS:
        x = [risk + (100 - risk) * i / 60 for i in range(61)]
        figure.add_scatter(
            x=x, y=[100 * risk / v for v in x], mode="lines", line={"color": RULE, "width": 1.5, "dash": "dot"},
            hoverinfo="skip", showlegend=False,
        )  # fmt: skip
        figure.add_annotation(
            # where the line meets the upper edge: themes of high likelihood are at the other end
            x=risk, y=102, text=f"risk {risk}", showarrow=False, xanchor="left", yanchor="bottom",
            font={"size": 12, "color": QUIET},
        )  # fmt: skip
    labels = _labels(scores)
    for band, (name, colour, symbol) in BANDS.items():
        part = scores.filter(pl.col("band") == band)
        if part.is_empty():
            continue
        fills = [PAPER if c == "Low" else colour for c in part["confidence"]]
        figure.add_scatter(
            x=part["likelihood"].to_list(),
            y=part["harm"].to_list(),
            mode="markers+text",
            text=[labels[code] for code in part["theme_code"]],
            textposition=_positions(scores, part),
            textfont={"size": 14, "color": TEXT},
            marker={"size": 15, "symbol": symbol, "color": fills, "line": {"color": colour, "width": 2}},
            name=name,
            customdata=[
                [r["theme_name"], numbers.decimal(r["risk"], 1), r["confidence"]] for r in part.iter_rows(named=True)
            ],
            hovertemplate="<b>%{customdata[0]}</b><br>Harm %{y:.0f}, likelihood %{x:.0f}, risk %{customdata[1]}"
            "<br>Confidence %{customdata[2]}<extra></extra>",
        )
    figure.update_xaxes(title_text="Likelihood", range=[0, 102], showgrid=False)
    figure.update_yaxes(title_text="Harm", range=[0, 102], showgrid=False)
    figure.update_layout(margin={"b": 92, "t": 26})
    return figure


def _labels(scores: pl.DataFrame) -> dict[str, str]:
    """Code of each theme; themes at one position share the label of the first."""
    found: dict[str, str] = {}
    at: dict[tuple[int, int], str] = {}
    for row in scores.sort("place").iter_rows(named=True):
        spot = (round(row["likelihood"]), round(row["harm"]))
        first = at.setdefault(spot, row["theme_code"])
        found[row["theme_code"]] = "" if first != row["theme_code"] else row["theme_code"]
        if first != row["theme_code"]:
            found[first] += f", {row['theme_code']}"
    return found


def _positions(scores: pl.DataFrame, part: pl.DataFrame) -> list[str]:
    """The side of each theme's code: away from a close neighbour."""
    places = {r["theme_code"]: (r["likelihood"], r["harm"]) for r in scores.iter_rows(named=True)}
    found = []
    for code in part["theme_code"]:
        x, y = places[code]
        near = [
            (a - x, b - y) for other, (a, b) in places.items() if other != code and abs(a - x) < 9 and abs(b - y) < 7
        ]
        right = sum(1 for a, _ in near if a >= 0)
        above = sum(1 for _, b in near if b >= 0)
        vertical = "bottom" if above > len(near) - above else "top"
        horizontal = "left" if right > len(near) - right else "right"
        found.append(f"{vertical} {horizontal}" if near else "top center")
    return found


@drawn_once
def places(scores: pl.DataFrame) -> go.Figure:
    """The range of each theme's rank over all schemes, the first on top; the point is its rank by the force's own."""
    names = [f"{r['theme_code']}  {r['theme_name']}" for r in scores.iter_rows(named=True)]
    figure = new_figure(70 + 34 * max(len(names), 1))
    for i, (low, high) in enumerate(scores.select("rank_low", "rank_high").iter_rows()):
        figure.add_scatter(
            x=[low, high], y=[i, i], mode="lines", line={"color": NAVY, "width": 6}, opacity=0.35,
            hoverinfo="skip", showlegend=False,
        )  # fmt: skip
    figure.add_scatter(
        x=scores["rank"].to_list(),
        y=list(range(len(names))),
        mode="markers",
        marker={
            "size": 13, "color": [BANDS[b][1] for b in scores["band"]],
            "symbol": [BANDS[b][2] for b in scores["band"]], "line": {"color": PAPER, "width": 1.5},
        },
        showlegend=False,
        customdata=[
            [n, r["rank_low"], r["rank_high"], r["top_scheme_count"], r["scheme_count"]]
            for n, r in zip(names, scores.iter_rows(named=True), strict=True)
        ],
        hovertemplate="<b>%{customdata[0]}</b><br>Rank %{x}, %{customdata[1]} to %{customdata[2]} over all schemes"
        "<br>Among the first three in %{customdata[3]} of %{customdata[4]} other schemes<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(
        title_text="Rank by risk", range=[0.4, len(names) + 0.6], dtick=1, showgrid=True, gridcolor="#EEF1F5"
    )
    figure.update_yaxes(
        tickmode="array", tickvals=list(range(len(names))), ticktext=names, range=[len(names) - 0.4, -0.6],
        showgrid=False, tickfont={"size": 13, "color": TEXT},
    )  # fmt: skip
    figure.update_layout(margin={"r": 14, "t": 4})
    return figure


@drawn_once
def months(points: pl.DataFrame, regimes: Sequence[Regime]) -> go.Figure:
    """The control chart of a theme's crimes by month."""
    return control_chart(points.with_columns(value=pl.col("crime_count").cast(pl.Float64)), regimes, unit="crimes")
