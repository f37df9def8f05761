"""Colours, type and frame shared by every chart.

The palette is that of the Government Analysis Function. #28A197, #F46A25 and #A285D1 are too faint for text and are
used only for fills or marks. The palest blue has an outline.
"""

from __future__ import annotations

import plotly.graph_objects as go

NAVY, TURQUOISE, PLUM, ORANGE, DARK, LILAC = "#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1"
SEQUENTIAL = ("#6BACE6", "#2073BC", "#12436D")  # low to high
TEXT, QUIET, RULE, PAPER = "#1F2933", "#545B64", "#DDE3EA", "#FFFFFF"
FONT = '"Source Sans", "Source Sans 3", "Helvetica Neue", Arial, sans-serif'

# No toolbar and no zoom by scroll: a chart is for reading, and its data is below it.
CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": "reset", "showTips": False}


def new_figure(height: int) -> go.Figure:
    """An empty figure in the house style; height in pixels, width follows the page."""
    axis = {
        "showgrid": False,
        "zeroline": False,
        "linecolor": QUIET,
        "tickcolor": QUIET,
        "automargin": True,
        "ticks": "outside",
        "ticklen": 4,
        "fixedrange": True,
        "title": {"font": {"size": 13, "color": QUIET}},
        "tickfont": {"size": 13, "color": TEXT},
        "ticklabelstandoff": 4,
    }
    # in one call: plotly checks the figure on every change, and a page has up to ten
    return go.Figure(
        layout={
            "height": height,
            "autosize": True,
            "dragmode": False,
            "hovermode": "closest",
            "paper_bgcolor": PAPER,
            "plot_bgcolor": PAPER,
            "colorway": [NAVY, TURQUOISE, PLUM, ORANGE],
            "font": {"family": FONT, "size": 14, "color": TEXT},
            "margin": {"l": 8, "r": 8, "t": 12, "b": 8},
            "legend": {
                "orientation": "h",
                "x": 0,
                "y": 0,
                "yref": "container",
                "yanchor": "bottom",
                "font": {"size": 13},
                "itemclick": False,
                "itemdoubleclick": False,
            },
            "hoverlabel": {"bgcolor": PAPER, "bordercolor": NAVY, "font": {"family": FONT, "size": 13, "color": TEXT}},
            "uniformtext": {"minsize": 11, "mode": "show"},
            "xaxis": {**axis, "showline": True},
            "yaxis": {**axis, "showgrid": True, "gridcolor": RULE, "ticks": ""},
        }
    )


def share_format(reach: float) -> str:
    """Plotly's format of shares on an axis of this range: no two ticks read the same."""
    return ".0%" if reach >= 0.05 else ".1%" if reach >= 0.005 else ".2%"


def number_format(unit: str, reach: float = 1.0) -> str:
    """Plotly's format of an axis or hover value in this unit.

    `reach` is the range of the axis.
    """
    from dashboards.text.numbers import is_median, is_rate, is_share

    if is_share(unit):
        return share_format(reach)
    return ",.3~g" if is_rate(unit) or is_median(unit) else ",.0f"
