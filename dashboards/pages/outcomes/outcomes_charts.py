"""Charts of outcomes. Pure: a frame in, a plotly figure out.

Fill and hatching, marker and dash differ as well as colour.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.across import wrapped
from dashboards.charts.blanks import add_crosses
from dashboards.charts.breaks import Regime, mark_breaks
from dashboards.charts.cache import drawn_once
from dashboards.charts.over_time import position
from dashboards.charts.style import DARK, LILAC, NAVY, ORANGE, PAPER, PLUM, QUIET, TEXT, TURQUOISE, new_figure
from dashboards.pages.outcomes.outcomes_text import PARTS, estimated, first_day
from dashboards.text import numbers
from dashboards.text.small_numbers import TOO_FEW, SmallNumbers

LOOKS = dict(
    zip(
        PARTS,
        (  # fill, ink, hatching
            (NAVY, PAPER, ""),
            (TURQUOISE, TEXT, "."),
            ("#6BACE6", TEXT, ""),
            (PLUM, PAPER, ""),
            (LILAC, TEXT, "/"),
            ("#DDE3EA", TEXT, ""),
            (PAPER, TEXT, "\\"),
        ),
        strict=True,
    )
)
LINES: tuple[Mapping[str, Any], ...] = (
    {"line": {"color": NAVY, "width": 2.5, "dash": "solid"}, "marker": {"size": 8, "symbol": "circle"}},
    {"line": {"color": DARK, "width": 2, "dash": "dashdot"}, "marker": {"size": 7, "symbol": "square-open"}},
    {"line": {"color": ORANGE, "width": 2, "dash": "dot"}, "marker": {"size": 9, "symbol": "diamond-open"}},
    {"line": {"color": PLUM, "width": 2, "dash": "dash"}, "marker": {"size": 8, "symbol": "triangle-up"}},
)


@drawn_once
def stack(rows: pl.DataFrame) -> go.Figure:
    """A bar of shares that add up to one for each `label`, first on top.

    A share is written where it has room. Where one is suppressed its bar ends early, with a cross that names it.
    """
    labels = rows["label"].unique(maintain_order=True).to_list()
    names = [wrapped(label, 26) for label in labels]
    figure = new_figure(190 + 46 * len(names))
    for part in PARTS:
        held = dict(rows.filter(pl.col("part") == part).select("label", "share").iter_rows())
        if not any(held.values()):
            continue
        fill, ink, hatching = LOOKS[part]
        shares = [held.get(label) for label in labels]
        figure.add_bar(
            y=names,
            x=shares,
            orientation="h",
            name=part,
            text=[numbers.share(v) if v and v >= 0.045 else "" for v in shares],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            insidetextfont={"size": 12, "color": ink},
            customdata=[[name, "" if v is None else numbers.share(v)] for name, v in zip(names, shares, strict=True)],
            hovertemplate="<b>%{customdata[0]}</b><br>" + part + " %{customdata[1]}<extra></extra>",
            marker={
                "color": fill,
                "line": {"color": QUIET if fill == PAPER else PAPER, "width": 1},
                "pattern": {"shape": hatching, "bgcolor": fill, "fgcolor": QUIET if fill == PAPER else ink,
                            "fgopacity": 0.3, "size": 7, "solidity": 0.12},
            },
        )  # fmt: skip
    hidden = {
        name: rows.filter(pl.col("label") == label, pl.col("is_hidden"))["part"].to_list()
        for name, label in zip(names, labels, strict=True)
    }
    some = [name for name in names if hidden[name]]
    said = [f"<b>{name}</b><br>suppressed: {numbers.listed(hidden[name], len(PARTS))}" for name in some]
    add_crosses(figure, "y", some, said)
    figure.update_xaxes(range=[0, 1], tickformat=".0%", nticks=6, title_text="share of crimes recorded")
    figure.update_yaxes(autorange="reversed", showgrid=False, tickfont={"size": 13, "color": TEXT})
    figure.update_layout(barmode="stack", bargap=0.25, margin={"t": 4, "r": 16, "b": 150})
    figure.update_layout(legend={"traceorder": "normal"}, uniformtext={"minsize": 11, "mode": "hide"})
    return figure


@drawn_once
def over_time(
    rows: pl.DataFrame, names: Mapping[str, str], regimes: Sequence[Regime], rule: SmallNumbers
) -> go.Figure:
    """Share of each outcome within a year by quarter of recording, with limits.

    No line crosses a recording change. A quarter whose share is suppressed has a cross, in words.
    """
    figure = new_figure(460)
    last = max((v for v in rows["upper"].to_list() if v is not None), default=0.5)
    for (code, name), look in zip(names.items(), LINES):
        own = rows.filter(pl.col("outcome_group") == code).sort("cohort")
        x, y, low, high, said = _broken(own, regimes, rule)
        figure.add_scatter(
            x=x,
            y=y,
            mode="lines+markers",
            connectgaps=False,
            name=name,
            line=look["line"],
            marker={**look["marker"], "color": look["line"]["color"]},
            error_y={"type": "data", "symmetric": False, "array": high, "arrayminus": low, "thickness": 1, "width": 0,
                     "color": look["line"]["color"]},
            customdata=said,
            hovertemplate="<b>%{customdata[0]}</b><br>" + name + " %{customdata[1]}<extra></extra>",
        )  # fmt: skip
    top = min(1.0, last * 1.06)
    hidden: dict[str, list[str]] = {}
    for cohort, code in rows.filter(pl.col("incidence").is_null()).select("cohort", "outcome_group").iter_rows():
        hidden.setdefault(cohort, []).append(names.get(code, code))
    said = [
        f"<b>recorded {numbers.quarter(cohort)}</b><br>{numbers.listed(of)}: {TOO_FEW}" for cohort, of in hidden.items()
    ]
    add_crosses(figure, "x", [position(first_day(cohort), 3) for cohort in hidden], said)
    figure.update_yaxes(title_text="share within 365 days", range=[0, top], tickformat=".0%")
    figure.update_xaxes(tickformat="%b\n%Y")
    figure.update_layout(margin={"r": 16, "b": 140})
    return mark_breaks(figure, regimes, period_months=3)


def _broken(rows: pl.DataFrame, regimes: Sequence[Regime], rule: SmallNumbers) -> tuple[list[Any], ...]:
    """Points of a line, with an empty one at missing quarters and recording changes.

    A change may be between two quarters or within one.
    """
    x: list[str] = []
    y: list[float | None] = []
    low: list[float] = []
    high: list[float] = []
    said: list[list[str]] = []
    before: dt.date | None = None
    for row in rows.iter_rows(named=True):
        start = first_day(row["cohort"])
        if before is not None:
            is_next = (start.year - before.year) * 12 + start.month - before.month == 3
            after = dt.date(start.year + start.month // 10, start.month + 3 if start.month < 10 else 1, 1)
            if not is_next or any(before < r.valid_from < after for r in regimes):
                x.append(position(start, 3))
                y.append(None)
                low.append(0)
                high.append(0)
                said.append(["", ""])
        value = row["incidence"]
        x.append(position(start, 3))
        y.append(value)
        low.append(value - row["lower"] if value is not None and row["lower"] is not None else 0)
        high.append(row["upper"] - value if value is not None and row["upper"] is not None else 0)
        words = "" if value is None else estimated(row, rule)  # what is suppressed has a cross of its own
        said.append([f"recorded {numbers.quarter(row['cohort'])}", words])
        before = start
    return x, y, low, high, said
