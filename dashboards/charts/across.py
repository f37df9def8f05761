"""Charts that compare forces, areas, outcomes and rules at one time.

Pure: a frame in, a plotly figure out.
"""

from __future__ import annotations

import html
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import polars as pl

from dashboards.charts import sentences
from dashboards.charts.cache import drawn_once
from dashboards.charts.labels import place_labels
from dashboards.charts.style import DARK, NAVY, ORANGE, PAPER, PLUM, QUIET, RULE, TEXT, new_figure, number_format
from dashboards.text import numbers
from dashboards.text.findings import in_funnel

OUTLIER_MARKS = {  # outlier -> (symbol, fill)
    "": ("circle", "#8FA3B8"),
    "high_95": ("triangle-up-open", ORANGE),
    "high_998": ("triangle-up", ORANGE),
    "low_95": ("triangle-down-open", PLUM),
    "low_998": ("triangle-down", PLUM),
}
OFF_SCALE = 2.0  # a value this many times its upper limit is drawn at the edge, with its figure


@drawn_once
def funnel(
    forces: pl.DataFrame,
    *,
    measure: str,
    unit: str,
    denominator_name: str,
    highlight: str | None = None,
    peers: Collection[str] = (),
    peers_name: str = "",
) -> go.Figure:
    """A funnel plot of metrics.force_funnel: value against the size of the force.

    `forces` holds one measure and period, with `short_name`. It has 95% and 99.8% limits. Outliers, the highlighted
    force and its peers (in squares) are labelled. The size axis is logarithmic.

    A force so far out that it would flatten all others is drawn at the upper edge. Its label then gives its figure (see
    `off_scale`).
    """
    rows = in_funnel(forces).sort("denominator").with_columns(pl.col("outlier").fill_null(""))
    beyond = off_scale(rows)
    top = 1.12 * max([*rows.filter(~pl.col("force_code").is_in(beyond))["value"], *rows["upper_998"].drop_nulls(), 0.0])
    rows = rows.with_columns(
        drawn=pl.when(pl.col("force_code").is_in(beyond)).then(top * 0.96).otherwise("value"),
        label=pl.struct("force_code", "short_name", "value").map_elements(
            lambda r: (
                f"{r['short_name']} {numbers.measured(r['value'], measure)}, beyond the scale"
                if r["force_code"] in beyond
                else r["short_name"]
            ),
            return_dtype=pl.String,
        ),
    )
    figure = new_figure(500)
    _add_funnel_limits(figure, rows)
    for outlier, (symbol, colour) in OUTLIER_MARKS.items():
        part = rows.filter(pl.col("outlier") == outlier)
        if not part.is_empty():
            is_far = outlier.endswith("998")
            figure.add_scatter(
                x=part["denominator"].to_list(),
                y=part["drawn"].to_list(),
                mode="markers",
                name=numbers.OUTLIERS[outlier],
                marker={
                    "symbol": symbol,
                    "size": 12 if outlier else 9,
                    "color": colour,
                    "line": {"color": DARK if is_far else colour, "width": 1 if is_far else 2},
                },
                customdata=[
                    [
                        r["short_name"],
                        numbers.measured(r["value"], measure),
                        numbers.number(r["numerator"]),
                        numbers.number(r["denominator"]),
                        numbers.OUTLIERS[outlier],
                    ]
                    for r in part.iter_rows(named=True)
                ],
                hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}: %{customdata[2]} of %{customdata[3]}"
                "<br>%{customdata[4]}<extra></extra>",
            )
    _ring(figure, rows.filter(pl.col("force_code") == (highlight or "")), "denominator", "drawn")
    _square(figure, rows.filter(pl.col("force_code").is_in(list(peers))), peers_name)
    ticks = log_ticks(rows["denominator"].to_list())
    figure.update_xaxes(type="log", title_text=denominator_name, tickvals=ticks)
    figure.update_xaxes(ticktext=[numbers.compact(tick) for tick in ticks])
    figure.update_yaxes(title_text=unit, tickformat=number_format(measure), range=[0, top])
    named = rows.filter((pl.col("outlier") != "") | pl.col("force_code").is_in([highlight or "", *peers]))
    for label in place_labels(rows, named, x="denominator", y="drawn", text="label", is_log_x=True):
        figure.add_annotation(
            **label, showarrow=False, font={"size": 12, "color": TEXT}, bgcolor="rgba(255,255,255,0.75)", borderpad=0
        )
    figure.update_layout(margin_r=16)
    return sentences.carry(figure, sentences.funnel(rows, measure, highlight))


def log_ticks(sizes: Sequence[float]) -> list[int]:
    """Round sizes for a logarithmic axis.

    1, 2, 5, 10... over a short range; 1, 3, 10... over a long one.
    """
    if not sizes:
        return []
    low, high = min(sizes), max(sizes)
    steps = (1, 2, 5) if high / low < 100 else (1, 3)
    ticks = [step * 10**power for power in range(9) for step in steps]
    return [tick for tick in ticks if low / 1.15 <= tick <= high * 1.15]


def off_scale(forces: pl.DataFrame) -> list[str]:
    """Codes of forces with a value above OFF_SCALE times their upper 99.8% limit."""
    return forces.filter(pl.col("value") > OFF_SCALE * pl.col("upper_998"))["force_code"].to_list()


def _add_funnel_limits(figure: go.Figure, rows: pl.DataFrame) -> None:
    sizes, targets = rows["denominator"].to_list(), rows["target"].to_list()
    for width, dash in (("998", "solid"), ("95", "dash")):
        for side in ("lower", "upper"):
            xs, ys = between_sizes(sizes, targets, rows[f"{side}_{width}"].to_list())
            figure.add_scatter(
                x=xs,
                y=ys,
                mode="lines",
                hoverinfo="skip",
                line={"color": QUIET, "width": 1.3, "dash": dash},
                showlegend=side == "upper",
                name="99.8% limits" if width == "998" else "95% limits",
            )
    figure.add_scatter(
        x=sizes,
        y=targets,
        mode="lines",
        hoverinfo="skip",
        name="average of the forces",
        line={"color": NAVY, "width": 1.5},
    )


def between_sizes(
    sizes: Sequence[float], targets: Sequence[float], limits: Sequence[float]
) -> tuple[list[float], list[float]]:
    """The limit's curve through the forces' own limits.

    The variance of a force's value is a term in 1/size plus a constant (Spiegelhalter 2005, additive overdispersion).
    So the squared distance from the target is linear in 1/size. A limit cut off at zero stays there.
    """
    xs, ys = list(sizes[:1]), list(limits[:1])
    for i in range(1, len(sizes)):
        low, high = sizes[i - 1], sizes[i]
        near, far = (limits[j] - targets[j] for j in (i - 1, i))
        steps = max(1, min(24, round(math.log(high / low) * 8))) if 0 < low < high else 1
        for step in range(1, steps + 1):
            at = low * (high / low) ** (step / steps) if steps > 1 else high
            share = (1 / low - 1 / at) / (1 / low - 1 / high) if steps > 1 else 1.0
            squared = near**2 + share * (far**2 - near**2)
            target = targets[i - 1] + share * (targets[i] - targets[i - 1])
            is_cut = limits[i - 1] <= 0 or limits[i] <= 0
            xs.append(at)
            ys.append(
                limits[i - 1] + share * (limits[i] - limits[i - 1])
                if is_cut
                else target + math.copysign(math.sqrt(squared), far)
            )
    return xs, ys


def _ring(figure: go.Figure, row: pl.DataFrame, x: str, y: str) -> None:
    if not row.is_empty():
        figure.add_scatter(
            x=row[x].to_list(),
            y=row[y].to_list(),
            mode="markers",
            hoverinfo="skip",
            name=row["short_name"][0],
            marker={"symbol": "circle-open", "size": 20, "color": NAVY, "line": {"color": NAVY, "width": 2.5}},
        )


def _square(figure: go.Figure, rows: pl.DataFrame, name: str) -> None:
    if not rows.is_empty():
        figure.add_scatter(
            x=rows["denominator"].to_list(),
            y=rows["drawn"].to_list(),
            mode="markers",
            hoverinfo="skip",
            name=name,
            marker={"symbol": "square-open", "size": 17, "color": DARK, "line": {"color": DARK, "width": 1.5}},
        )


@drawn_once
def bars(rows: pl.DataFrame, *, label: str, value: str, words: str, is_marked: str | None = None) -> go.Figure:
    """Horizontal bars in the frame's order (first on top), with figures at the end.

    `label`, `value` and `words` name columns. Rows where the column `is_marked` is true are hatched (a remainder that
    belongs to no area). A row without a value has its words, and no bar.
    """
    names = [wrapped(text) for text in rows[label].to_list()]
    marked = rows[is_marked].to_list() if is_marked else [False] * len(names)
    lines = max((name.count("<br>") + 1 for name in names), default=1)
    figure = new_figure(30 + max(34, 17 * lines + 10) * max(len(names), 1))
    figure.add_bar(
        y=names,
        x=rows[value].to_list(),
        orientation="h",
        text=rows[words].to_list(),
        textposition="auto",
        cliponaxis=False,
        insidetextanchor="end",
        outsidetextfont={"size": 13, "color": TEXT},
        insidetextfont={"size": 13, "color": [TEXT if m else PAPER for m in marked]},
        constraintext="none",
        textangle=0,
        hoverinfo="skip",
        showlegend=False,
        marker={
            "color": [RULE if m else NAVY for m in marked],
            "line": {"color": NAVY, "width": 1},
            "pattern": {"shape": ["/" if m else "" for m in marked], "fgcolor": QUIET, "size": 7},
        },
    )
    for name, held, said in zip(names, rows[value], rows[words]):
        if held is None:  # a bar that is not there has no words of its own
            figure.add_annotation(
                x=0, y=name, text=html.escape(said), showarrow=False, xanchor="left", xshift=3,
                font={"size": 13, "color": TEXT},
            )  # fmt: skip
    highest = max((v for v in rows[value].to_list() if v is not None), default=1) or 1
    figure.update_xaxes(visible=False, range=[0, highest * 1.45])
    figure.update_yaxes(autorange="reversed", showgrid=False, showline=False, tickfont={"size": 13})
    figure.update_layout(bargap=0.32, margin={"t": 4, "b": 4})
    return figure


@dataclass(frozen=True)
class Part:
    """One part of a stacked bar: its column, words, fill, ink and hatching.

    Neighbours differ by more than colour.
    """

    column: str
    name: str
    fill: str
    ink: str
    hatching: str = ""


@drawn_once
def stacked(rows: pl.DataFrame, *, label: str, parts: Sequence[Part]) -> go.Figure:
    """Horizontal bars in the frame's order (first on top), each made up of counts.

    A part without a count is not drawn.
    """
    names = [wrapped(text) for text in rows[label].to_list()]
    lines = max((name.count("<br>") + 1 for name in names), default=1)
    figure = new_figure(64 + max(30, 17 * lines + 10) * max(len(names), 1))
    for part in parts:
        counts = rows[part.column].to_list()
        if not any(counts):
            continue
        figure.add_bar(
            y=names,
            x=counts,
            orientation="h",
            name=part.name,
            showlegend=True,
            text=[numbers.number(n) if n else "" for n in counts],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            insidetextfont={"size": 12, "color": part.ink},
            customdata=[[name, numbers.number(n)] for name, n in zip(names, counts)],
            hovertemplate="<b>%{customdata[0]}</b><br>" + part.name + ": %{customdata[1]}<extra></extra>",
            marker={
                "color": part.fill,
                "line": {"color": part.ink if part.hatching else PAPER, "width": 1},
                "pattern": {
                    "shape": part.hatching,
                    "bgcolor": part.fill,
                    "fgcolor": part.ink,
                    "fgopacity": 0.35,
                    "size": 7,
                    "solidity": 0.15,
                },
            },
        )
    figure.update_xaxes(visible=False)
    figure.update_yaxes(autorange="reversed", showgrid=False, showline=False, tickfont={"size": 13})
    figure.update_layout(barmode="stack", bargap=0.3, margin={"t": 4, "b": 44}, legend={"traceorder": "normal"})
    figure.update_layout(uniformtext={"minsize": 11, "mode": "hide"})
    return figure


def wrapped(text: str, width: int = 30) -> str:
    """A long name over two lines or more.

    A line break in it is kept, and its characters are text, never markup.
    """
    lines: list[str] = []
    for part in text.splitlines():
        lines.append("")
        for word in part.split():
            if lines[-1] and len(lines[-1]) + len(word) >= width:
                lines.append("")
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(html.escape(line, quote=False) for line in lines)
