"""Bar charts of protection: stages of orders, missing items of files.

Pure: a frame in, a plotly figure out.
"""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.across import wrapped
from dashboards.charts.cache import drawn_once
from dashboards.charts.intervals import name_above
from dashboards.charts.style import NAVY, new_figure


@drawn_once
def bars(rows: pl.DataFrame, *, label: str, count: str, unit: str) -> go.Figure:
    """One bar per row from zero, its words above it.

    A null count, suppressed or not measured, has no bar.
    """
    names = [wrapped(text, 60) for text in rows[label].to_list()]
    values = rows[count].to_list()
    figure = new_figure(56 + 46 * max(len(names), 1))
    figure.add_bar(
        x=values,
        y=list(range(len(names))),
        orientation="h",
        width=0.34,
        marker={"color": NAVY},
        customdata=names,
        hovertemplate="<b>%{customdata}</b><extra></extra>",
        showlegend=False,
    )
    top = max((v for v in values if v is not None), default=1) or 1
    figure.update_xaxes(title_text=unit, range=[0, top * 1.05], tickformat=",.0f", nticks=6, gridcolor="#EEF1F5")
    figure.update_xaxes(showgrid=True)
    figure.update_yaxes(tickvals=[], ticktext=[], range=[len(names) - 0.4, -0.9], showgrid=False)
    name_above(figure, names)
    figure.update_layout(margin={"r": 14, "t": 4})
    return figure
