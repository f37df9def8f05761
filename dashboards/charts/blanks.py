"""What a chart shows where it has no figure: a cross, whose words say why. It is no zero, and no line passes it.

A period or part that was never counted has neither a cross nor a point: it is a gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from dashboards.charts.style import PLUM

CROSS = {"symbol": "x-thin", "size": 9, "line": {"color": PLUM, "width": 2}}
WITHHELD, KEY = "no figure is shown: the table says why", 32  # words, and the pixels of a legend that has them


def add_crosses(
    figure: go.Figure, x: Sequence[Any], y: Sequence[Any], said: Sequence[str], *, is_named: bool = True, **axes: str
) -> None:
    """Add a cross at each place with its words, which are HTML; `is_named` puts it in the legend."""
    if said:
        figure.add_scatter(
            x=list(x), y=list(y), mode="markers", marker=CROSS, name=WITHHELD, showlegend=is_named, text=list(said),
            hovertemplate="%{text}<extra></extra>", **axes,
        )  # fmt: skip
