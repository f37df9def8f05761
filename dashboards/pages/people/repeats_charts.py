"""Charts of repeat and serial suspects. Pure: a frame in, a plotly figure out.

Markers and dashes differ as well as colour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboards.charts import sentences
from dashboards.charts.across import wrapped
from dashboards.charts.blanks import add_crosses
from dashboards.charts.breaks import Regime, mark_breaks
from dashboards.charts.cache import drawn_once
from dashboards.charts.style import DARK, NAVY, ORANGE, PAPER, PLUM, QUIET, TEXT, TURQUOISE, new_figure, share_format
from dashboards.text import numbers
from dashboards.text.numbers import interval, local_day
from dashboards.text.small_numbers import SmallNumbers

Look = Mapping[str, Any]
LOOKS: tuple[Look, ...] = (  # colour, dash and marker differ
    {"line": {"color": NAVY, "width": 2.5, "dash": "solid"}, "marker": {"size": 8, "symbol": "circle"}},
    {"line": {"color": ORANGE, "width": 2.5, "dash": "dot"}, "marker": {"size": 9, "symbol": "diamond-open"}},
    {"line": {"color": PLUM, "width": 2.5, "dash": "dash"}, "marker": {"size": 8, "symbol": "square"}},
    {"line": {"color": TURQUOISE, "width": 2.5, "dash": "longdash"}, "marker": {"size": 9, "symbol": "triangle-up"}},
    {"line": {"color": DARK, "width": 2, "dash": "longdashdot"}, "marker": {"size": 10, "symbol": "star"}},
)
CHANCE_LOOK: Look = {
    "line": {"color": QUIET, "width": 2, "dash": "dashdot"},
    "marker": {"size": 8, "symbol": "x-thin-open"},
}
BANDS = ("rgba(18,67,109,0.14)", "rgba(244,106,37,0.16)", "rgba(128,22,80,0.12)")


@drawn_once
def areas(rows: pl.DataFrame, mean: float | None) -> go.Figure:
    """One row per area, its name above.

    A hollow mark is the counted share; a full mark is the share shrunk towards the mean, with its interval.
    """
    figure = new_figure(120 + 58 * rows.height)
    places = list(range(rows.height))
    if mean is not None:
        figure.add_vline(x=mean, line={"color": QUIET, "width": 1.5, "dash": "dash"}, name="mean")
        figure.add_scatter(
            x=[None], y=[None], mode="lines", name="mean of all areas",
            line={"color": QUIET, "width": 1.5, "dash": "dash"},
        )  # fmt: skip
    for i, (low, high) in enumerate(rows.select("shrunk_lower", "shrunk_upper").iter_rows()):
        if low is not None and high is not None:
            figure.add_scatter(
                x=[low, high], y=[i, i], mode="lines", line={"color": NAVY, "width": 3}, opacity=0.55, hoverinfo="skip",
                showlegend=False,
            )  # fmt: skip
    for column, name, marker in (
        ("shrunk_share", "shrunk towards the mean", {"symbol": "circle", "size": 12, "color": NAVY}),
        ("share", "counted", {"symbol": "diamond-open", "size": 12, "color": DARK, "line": {"width": 2}}),
    ):
        held = [i for i in places if rows[column][i] is not None]
        if held:
            figure.add_scatter(
                x=[rows[column][i] for i in held], y=held, mode="markers", name=name, marker=marker,
                customdata=[[rows["area_name"][i], numbers.share(rows[column][i])] for i in held],
                hovertemplate=f"<b>%{{customdata[0]}}</b><br>{name} %{{customdata[1]}}<extra></extra>",
            )  # fmt: skip
    for i, label in enumerate(rows["label"]):
        figure.add_annotation(
            x=0, xref="paper", y=i, text=wrapped(label, 48), xanchor="left", yanchor="bottom",
            align="left", yshift=8, showarrow=False, borderpad=0, font={"size": 13, "color": TEXT}, bgcolor=PAPER,
        )  # fmt: skip
    values = [v for column in ("share", "shrunk_upper") for v in rows[column].to_list() if v is not None]
    end = min(1.0, max(values, default=0.5) * 1.1 or 0.1)
    figure.update_xaxes(range=[-0.02 * end, end], tickformat=share_format(end), nticks=6, showgrid=True)
    figure.update_xaxes(title_text="repeat suspects, share of all suspects", gridcolor="#EEF1F5")
    figure.update_yaxes(tickvals=[], range=[rows.height - 0.5, -1.0], showgrid=False)
    figure.update_layout(margin={"r": 16, "b": 84})
    return figure


def _name_rows(figure: go.Figure, names: Sequence[str]) -> None:
    figure.update_yaxes(
        tickmode="array", tickvals=list(range(len(names))), ticktext=list(names), range=[len(names) - 0.4, -0.6],
        showgrid=False, showline=True, tickfont={"size": 13, "color": TEXT},
    )  # fmt: skip


@drawn_once
def incidence(rows: pl.DataFrame, causes: Sequence[str]) -> go.Figure:
    """Share with a repeat event by day, one line per cause with its band.

    Marks are at the headline days.
    """
    figure = new_figure(420)
    for cause, look, band in zip(causes, LOOKS, BANDS):
        part = rows.filter((pl.col("cause") == cause) & pl.col("incidence").is_not_null()).sort("day")
        bounded = part.drop_nulls(["lower", "upper"])
        days = bounded["day"].to_list()
        if len(days) > 1:
            figure.add_scatter(
                x=[*days, *reversed(days)],
                y=[*bounded["upper"].to_list(), *reversed(bounded["lower"].to_list())],
                fill="toself", fillcolor=band, line={"width": 0}, mode="lines", hoverinfo="skip", showlegend=False,
            )  # fmt: skip
        figure.add_scatter(
            x=part["day"].to_list(), y=part["incidence"].to_list(), mode="lines", line=look["line"], hoverinfo="skip",
            showlegend=False,
        )  # fmt: skip
        marks = part.filter("is_headline")
        figure.add_scatter(
            x=marks["day"].to_list(),
            y=marks["incidence"].to_list(),
            mode="markers",
            showlegend=False,
            marker={**look["marker"], "color": look["line"]["color"]},
            customdata=[
                [numbers.share(r["incidence"]), interval(r["lower"], r["upper"])] for r in marks.iter_rows(named=True)
            ],
            hovertemplate=f"<b>{cause}, day %{{x}}</b><br>%{{customdata[0]}}<br>%{{customdata[1]}}<extra></extra>",
        )
        figure.add_scatter(
            x=[None], y=[None], mode="lines+markers", name=cause, line=look["line"],
            marker={**look["marker"], "color": look["line"]["color"]},
        )  # fmt: skip
    top = float(rows.select(pl.max_horizontal("incidence", "upper").max()).item() or 0.1) * 1.08
    marked = sorted(set(rows.filter("is_headline")["day"].to_list()))
    last = max(rows["day"].to_list(), default=365)
    figure.update_xaxes(
        title_text="days since the first event", tickmode="array", tickvals=[0, *marked], range=[-4, last * 1.02]
    )
    figure.update_yaxes(title_text="share of suspects", range=[-top * 0.02, top], tickformat=share_format(top))
    figure.update_layout(margin={"r": 12, "b": 80})
    return sentences.carry(figure, sentences.incidence(rows, causes[0], "suspects") if causes else "")


@drawn_once
def weeks(rows: pl.DataFrame, rule: SmallNumbers) -> go.Figure:
    """Next events per dyad and week at risk.

    The band shows the same events at other dates. A week of few events (`is_hidden`) has a cross, and no line passes
    it.
    """
    figure = new_figure(400)
    band = rows.drop_nulls(["permuted_lower", "permuted_upper"])
    at = band["week"].to_list()
    figure.add_scatter(
        x=[*at, *reversed(at)],
        y=[*band["permuted_upper"].to_list(), *reversed(band["permuted_lower"].to_list())],
        fill="toself", fillcolor="rgba(84,91,100,0.18)", line={"width": 0}, mode="lines", hoverinfo="skip",
        name="the same events at other dates, 95%",
    )  # fmt: skip
    figure.add_scatter(
        x=at, y=band["permuted_median"].to_list(), mode="lines", hoverinfo="skip", showlegend=False,
        line={"color": QUIET, "width": 1.5, "dash": "dash"},
    )  # fmt: skip
    held = rows.filter(pl.col("hazard").is_not_null())
    figure.add_scatter(
        x=rows["week"].to_list(), y=rows["hazard"].to_list(), mode="lines", hoverinfo="skip", showlegend=False,
        line={"color": NAVY, "width": 2}, connectgaps=False,
    )  # fmt: skip
    above = (pl.col("hazard") > pl.col("permuted_upper")).fill_null(value=False)
    below = (pl.col("hazard") < pl.col("permuted_lower")).fill_null(value=False)
    kinds = ((above, "above the band", "triangle-up", ORANGE, 12), (below, "below the band", "triangle-down", PLUM, 11),
             (~above & ~below, "within the band", "circle", NAVY, 8))  # fmt: skip
    for is_kind, name, symbol, colour, size in kinds:
        part = held.filter(is_kind)
        if part.is_empty():
            continue
        figure.add_scatter(
            x=part["week"].to_list(),
            y=part["hazard"].to_list(),
            mode="markers",
            name=name,
            marker={"symbol": symbol, "size": size, "color": colour, "line": {"color": DARK, "width": 1}},
            customdata=[
                [numbers.number(count), numbers.number(of)]
                for count, of in part.select("event_count", "at_risk_count").rows()
            ],
            hovertemplate=f"<b>Week %{{x}}</b>, {name}<br>%{{customdata[0]}} next events, "
            "%{customdata[1]} dyads at risk<extra></extra>",
        )
    top = float(rows.select(pl.max_horizontal("hazard", "permuted_upper").max()).item() or 0.01) * 1.08
    hidden = rows.filter("is_hidden")["week"].to_list()
    said = [f"<b>Week {week}</b><br>too few events, or all but too few, for a rate: {rule.few}" for week in hidden]
    add_crosses(figure, "x", hidden, said)
    figure.update_xaxes(title_text="week since the last event of the dyad", dtick=4, tick0=2)
    figure.update_yaxes(title_text="next events per dyad and week", range=[0, top], tickformat=share_format(top))
    figure.update_layout(margin={"r": 12, "b": 100})
    return figure


@drawn_once
def capture(rows: pl.DataFrame, methods: Sequence[str], random_name: str, regimes: Sequence[Regime]) -> go.Figure:
    """Share of high-harm events by people on the list, by origin.

    One line per ranking method, and one for chance.
    """
    figure = new_figure(430)
    for method, look in zip(methods, LOOKS):
        _add_capture(figure, rows.filter(pl.col("method") == method), method, "captured_share", look)
    lead = rows.filter(pl.col("method") == methods[0])
    _add_capture(figure, lead, random_name, "captured_at_random", CHANCE_LOOK)
    top = min(1.0, 1.2 * max(rows["captured_share"].drop_nulls().to_list(), default=0.1) or 0.1)
    figure.update_yaxes(title_text="share of high-harm events", range=[0, top], tickformat=share_format(top))
    figure.update_xaxes(tickformat="%b\n%Y")
    figure.update_layout(margin={"r": 16, "b": 90 if len(methods) < 4 else 112})
    return mark_breaks(figure, regimes)


def _add_capture(figure: go.Figure, rows: pl.DataFrame, name: str, column: str, look: Look) -> None:
    rows = rows.sort("as_of_at")
    figure.add_scatter(
        x=[local_day(at).isoformat() for at in rows["as_of_at"]],
        y=rows[column].to_list(),
        mode="lines+markers",
        connectgaps=False,
        name=name,
        line=look["line"],
        marker={**look["marker"], "color": look["line"]["color"]},
        customdata=[[numbers.day(local_day(at)), numbers.share(v)] for at, v in rows.select("as_of_at", column).rows()],
        hovertemplate=f"<b>%{{customdata[0]}}</b><br>{name} %{{customdata[1]}}<extra></extra>",
    )


@drawn_once
def after_listing(rows: pl.DataFrame) -> go.Figure:
    """Mean score by months since the list was made, one line per cohort."""
    figure = new_figure(400)
    for cohort, look in zip(sorted(rows["cohort"].unique().to_list()), LOOKS):
        part = rows.filter(pl.col("cohort") == cohort).sort("months_since")
        figure.add_scatter(
            x=part["months_since"].to_list(),
            y=part["mean_score"].to_list(),
            mode="lines+markers",
            name=f"{cohort} ({numbers.number(part['person_count'][0])} people)",
            line=look["line"],
            marker={**look["marker"], "color": look["line"]["color"]},
            hovertemplate=f"<b>Month %{{x}}</b><br>{cohort}: mean score %{{y:.1f}}<extra></extra>",
        )
    figure.update_xaxes(title_text="months since the list was made", dtick=3)
    figure.update_yaxes(title_text="mean score, 0 to 100", range=[0, 100])
    figure.update_layout(margin={"r": 12, "b": 96})
    return figure
