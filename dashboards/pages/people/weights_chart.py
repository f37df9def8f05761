"""The match weight of one pair in parts: as rows, as a waterfall, in words.

Pure: a row in, a figure out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.across import wrapped
from dashboards.charts.cache import drawn_once
from dashboards.charts.style import DARK, NAVY, ORANGE, PAPER, QUIET, TEXT, new_figure
from dashboards.text import numbers

FIELDS = {"pncid": "PNC identity number", "email": "E-mail address", "phone": "Telephone number"}
START, TOTAL = "Any two records", "Match weight"
MINUS = "\u2212"
NOTHING = 0.05  # bits: rounds to 0.0
NEUTRAL = "no effect"
SIDES = {  # side -> (its words, fill, hatching): they differ by sign, hatching and colour
    "for": ("supports one person", NAVY, ""),
    "against": ("supports two people", ORANGE, "/"),
    "sum": ("total", DARK, ""),
}
EXPLAINED = (
    "One bit of weight doubles the odds that two records are one person. Every pair starts at “Any two records”: two "
    "records taken at random are hardly ever one person. A rare value that agrees weighs more than a common one. A "
    "value missing from either record weighs nothing."
)
ROW = 48  # pixels of a bar with its label above


def evidence(pair: Mapping[str, Any]) -> pl.DataFrame:
    """One row per comparison, in order: what, level, weight, side, total.

    The first row is every pair's starting weight, the last is the sum.
    """
    names = [name.removeprefix("level_") for name in pair if name.startswith("level_")]
    weights = {name: float(pair[f"weight_{name}"] or 0.0) for name in names}
    total = float(pair["match_weight"])
    at = total - sum(weights.values())
    rows = [(START, "before anything is compared", at, _side(at), at)]
    for name in names:
        at += weights[name]
        field = FIELDS.get(name, numbers.capital(numbers.readable(name)))
        rows.append((field, str(pair[f"level_{name}"]), weights[name], _side(weights[name]), at))
    rows.append((TOTAL, "the total", total, "the total", total))
    schema = {"what": pl.String, "level": pl.String, "weight": pl.Float64, "says": pl.String, "total": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _side(weight: float) -> str:
    if abs(weight) < NOTHING:
        return NEUTRAL
    return SIDES["for" if weight > 0 else "against"][0]


def bits(value: float | None) -> str:
    """+3.4; −5.8; 0.0."""
    if value is None:
        return numbers.NO_VALUE
    text = f"{abs(value):.1f}"
    return text if text == "0.0" else f"{'+' if value > 0 else MINUS}{text}"


def finding(pair: Mapping[str, Any], limit: float | None) -> str:
    """The model's view of the pair, in one sentence."""
    weight = f"{bits(pair['match_weight'])} bits" + ("" if limit is None else f", limit {bits(limit)}")
    done = "links the two records" if pair["is_linked"] else "keeps the two records apart"
    if pair["is_decided"]:
        return f"The build {done}, as the readers decided; the weight alone is {weight}"
    if pair["is_linked"] != pair["is_linked_by_weight"]:
        other = "the rest of their records" + (f" ({pair['contradiction']})" if pair["contradiction"] else "")
        return f"The model {done} because of {other}; the pair's own weight is {weight}"
    if pair["contradiction"]:
        return f"The model {done} regardless of the weight: {pair['contradiction']} ({weight})"
    return f"The model {done}: {weight}"


def in_words(rows: pl.DataFrame, limit: float | None) -> str:
    """The waterfall as a text alternative."""
    parts = [
        f"{row['what']}, {row['level']}: {bits(row['weight'])}"
        for row in rows.iter_rows(named=True)
        if row["what"] != TOTAL and row["says"] != NEUTRAL
    ]
    limit_words = "" if limit is None else f"; records are linked at {bits(limit)} or more"
    total = bits(rows["total"][-1])
    return f"Waterfall of match weights in bits. {'; '.join(parts)}. The total is {total}{limit_words}."


@drawn_once
def waterfall(rows: pl.DataFrame, limit: float | None) -> go.Figure:
    """Bars that each begin where the last one ended, with the sum at the end.

    Comparisons with a weight of zero are in the table only. Labels and weights are above their bars, so that a narrow
    screen leaves the bars their width.
    """
    shown = rows.filter(pl.col("says") != NEUTRAL).to_dicts()
    figure = new_figure(96 + ROW * len(shown))
    ends: list[float] = []
    for side, (words, fill, hatching) in SIDES.items():
        part = [(i, row) for i, row in enumerate(shown) if _kind(row) == side]
        if not part:
            continue
        starts = [0.0 if side == "sum" else row["total"] - row["weight"] for _, row in part]
        figure.add_bar(
            y=[i for i, _ in part],
            x=[row["weight"] for _, row in part],
            base=starts,
            orientation="h",
            width=0.4,
            name=words,
            hoverinfo="skip",
            marker={
                "color": fill,
                "line": {"color": DARK, "width": 1},
                "pattern": {"shape": hatching, "bgcolor": fill, "fgcolor": DARK, "fgopacity": 0.5, "size": 7,
                            "solidity": 0.2},
            },
        )  # fmt: skip
        ends += [*starts, *(row["total"] for _, row in part)]
    for i, row in enumerate(shown[:-1]):
        figure.add_shape(
            type="line", x0=row["total"], x1=row["total"], y0=i, y1=i + 1, line={"color": QUIET, "width": 1},
            layer="below", name="step",
        )  # fmt: skip
    for i, row in enumerate(shown):
        label = row["what"] if row["what"] in (START, TOTAL) else f"{row['what']}: {row['level']}"
        text = f"{wrapped(label, 60)} <b>{bits(row['weight'])}</b>"
        figure.add_annotation(
            x=0, xref="paper", y=i, text=text, xanchor="left", yanchor="bottom", align="left", yshift=11,
            showarrow=False, borderpad=0, bgcolor="rgba(255,255,255,0.85)", font={"size": 13, "color": TEXT},
        )  # fmt: skip
    low, high = min([0.0, limit or 0.0, *ends]), max([0.0, limit or 0.0, *ends])
    room = 0.04 * ((high - low) or 1.0)
    figure.add_vline(x=0, line={"color": QUIET, "width": 1}, name="zero", layer="below")
    if limit is not None:
        figure.add_vline(x=limit, line={"color": DARK, "width": 1.5, "dash": "dash"}, name="limit")
        figure.add_annotation(
            x=limit, y=1, yref="paper", yanchor="bottom", text=f"linked at {bits(limit)} or more", showarrow=False,
            xanchor="right" if limit > (low + high) / 2 else "left", bgcolor=PAPER, borderpad=1,
            font={"size": 13, "color": DARK},
        )  # fmt: skip
    figure.update_xaxes(range=[low - room, high + room], title_text="match weight, bits", tickformat=",.0f", nticks=6)
    figure.update_xaxes(showgrid=True, gridcolor="#EEF1F5", tickangle=0)
    figure.update_yaxes(visible=False, range=[len(shown) - 0.6, -0.85])
    figure.update_layout(barmode="overlay", margin={"r": 14, "t": 24, "b": 84})
    return figure


def _kind(row: Mapping[str, Any]) -> str:
    return "sum" if row["what"] == TOTAL else "for" if row["weight"] > 0 else "against"
