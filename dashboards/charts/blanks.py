"""What a chart shows where it has no figure: a cross, whose words say why. It is no zero, and no line passes it.

Crosses have an axis of their own, so that none can be read as a value: they are at the end of the plot.

A period or part that was never counted has neither a cross nor a point: it is a gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import plotly.graph_objects as go

from dashboards.charts.style import PLUM

CROSS = {"symbol": "x-thin", "size": 9, "line": {"color": PLUM, "width": 2}}
END, AXIS = 0.975, 100  # the place on the crosses' own axis, and what its number is above that of the chart's
WITHHELD, KEY = "no figure is shown: the table says why", 32  # words, and the pixels of a legend that has them


def add_crosses(
    figure: go.Figure, along: Literal["x", "y"], places: Sequence[Any], said: Sequence[str], *, is_named: bool = True,
    xaxis: str = "x", yaxis: str = "y", **look: Any,
) -> None:  # fmt: skip
    """Add a cross with its words, which are HTML, at each place along an axis; `is_named` puts it in the legend."""
    if not said:
        return
    of = yaxis if along == "x" else xaxis
    number = AXIS + int(of[1:] or 1)
    figure.update_layout({f"{of[0]}axis{number}": {
        "overlaying": of, "anchor": xaxis if along == "x" else yaxis, "range": [0, 1], "visible": False,
        "fixedrange": True,
    }})  # fmt: skip
    at, own = {along: list(places), of[0]: [END] * len(said)}, f"{of[0]}{number}"
    figure.add_scatter(
        **at, xaxis=xaxis if along == "x" else own, yaxis=own if along == "x" else yaxis, mode="markers", marker=CROSS,
        text=list(said), hovertemplate="%{text}<extra></extra>",
        **({"name": WITHHELD, "showlegend": is_named} | look),
    )  # fmt: skip
