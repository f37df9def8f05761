"""A suspect and a victim over time: entries on lanes. Pure: a frame in, a plotly figure out."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.across import wrapped
from dashboards.charts.breaks import Regime, mark_breaks
from dashboards.charts.cache import drawn_once
from dashboards.charts.style import DARK, NAVY, ORANGE, PAPER, PLUM, QUIET, RULE, TEXT, TURQUOISE, new_figure
from dashboards.text import numbers

ORDER_TYPES = {
    "spo_interim": "interim stalking protection order",
    "spo_full": "stalking protection order",
    "restraining_conviction": "restraining order on conviction",
    "restraining_acquittal": "restraining order on acquittal",
    "nmo": "non-molestation order",
    "occupation": "occupation order",
    "injunction_pha": "injunction, Protection from Harassment Act",
    "dvpn": "domestic violence protection notice",
    "dvpo": "domestic violence protection order",
    "dapn": "domestic abuse protection notice",
    "dapo": "domestic abuse protection order",
    "crim_behaviour": "criminal behaviour order",
    "bail_condition": "condition of bail",
}
BEHAVIOURS = ("threat", "violence or effect", "coercion", "stalking behaviour", "fixated or obsessive", "online",
              "breach of an order", "graver class")  # fmt: skip
ORDER = "Order: "
LANES: dict[str, tuple[str, dict[str, Any]]] = {  # entry type -> lane, marker; every lane has its name beside it
    "report": ("Reports, with event number", {"symbol": "circle", "size": 12, "color": NAVY}),
    "order breach": ("Breaches of an order", {"symbol": "x", "size": 12, "color": ORANGE}),
    "arrest": ("Arrests", {"symbol": "square", "size": 11, "color": TURQUOISE}),
    "outcome": ("Outcomes, with code", {"symbol": "triangle-up", "size": 12, "color": DARK}),
    "risk assessment": ("Risk assessments", {"symbol": "diamond", "size": 10, "color": QUIET}),
}
GRADES = {
    "grade high": ("star", "high"),
    "grade medium": ("diamond", "medium"),
    "grade standard": ("diamond-open", "standard"),
}
LANE = 54  # pixels
APART = 0.06  # share of a narrow axis that a label takes: closer ones are left out


def with_words(entries: pl.DataFrame) -> pl.DataFrame:
    """The entries in order of time, orders by their names."""
    said = pl.col("words")
    for code, name in ORDER_TYPES.items():
        said = said.str.replace(rf"^{code}(,|$)", name + "${1}")
    is_order = pl.col("entry_type").str.starts_with("order")
    return entries.with_columns(words=pl.when(is_order).then(said).otherwise(pl.col("words"))).sort(
        "entry_at", "entry_type", "record_ref"
    )


def behaviours_of(words: str) -> list[str]:
    """The behaviours that a report's words name."""
    found = words.partition(": ")[2].split(", ")
    return [name for name in BEHAVIOURS if name in found]


@drawn_once
def chart(entries: pl.DataFrame, regimes: Sequence[Regime], as_of: dt.date | None) -> go.Figure:
    """One lane per kind of entry, reports and their behaviours first.

    Orders are bars from grant to expiry. Lanes differ by position and name, and markers by shape as well as by colour.
    `as_of` is drawn where an order runs beyond it.
    """
    rows = entries.to_dicts()
    reports = [r for r in rows if r["entry_type"] == "report"]
    lanes: list[str] = ["report"] if reports else []
    found = {name for r in reports for name in behaviours_of(r["words"])}
    lanes += [name for name in BEHAVIOURS if name in found]
    spans = order_spans(rows, as_of)
    lanes += sorted({ORDER + kind for _, _, kind in spans})
    ends = [r["entry_at"] for r in rows] + [end for _, end, _ in spans]
    reach = max(ends) - min(ends) if ends else dt.timedelta(0)
    lanes += [kind for kind in LANES if kind != "report" and any(r["entry_type"] == kind for r in rows)]
    figure = new_figure(60 + LANE * max(len(lanes), 1))
    for i, lane in enumerate(lanes):
        figure.add_hline(y=i, line={"color": RULE, "width": 1}, layer="below", name="lane")
        if lane.startswith(ORDER):
            _add_orders(figure, [span for span in spans if ORDER + span[2] == lane], i)
        elif lane in BEHAVIOURS:
            part = [r for r in reports if lane in behaviours_of(r["words"])]
            _add_marks(figure, part, i, lane, {"symbol": "diamond", "size": 11, "color": PLUM}, [])
        else:
            part = [r for r in rows if r["entry_type"] == lane]
            _add_marks(figure, part, i, LANES[lane][0], _mark(lane, part), _labels(lane, part, reach))
        name = LANES[lane][0] if lane in LANES else lane if lane.startswith(ORDER) else f"Behaviour: {lane}"
        figure.add_annotation(
            x=0, xref="paper", y=i, text=wrapped(name, 60), xanchor="left", yanchor="bottom", align="left", yshift=9,
            showarrow=False, borderpad=0, bgcolor="rgba(255,255,255,0.8)", font={"size": 13, "color": TEXT},
        )  # fmt: skip
    _frame(figure, rows, spans, len(lanes), as_of)
    mark_breaks(figure, regimes)
    figure.update_shapes(layer="below")  # the pale edge of a recording change must not cover an entry
    return figure


def order_spans(rows: Sequence[dict[str, Any]], as_of: dt.date | None) -> list[tuple[dt.datetime, dt.datetime, str]]:
    """(granted, expires, kind) of each order; without an end, to the as-of day."""
    ends = {r["record_ref"]: r["entry_at"] for r in rows if r["entry_type"] == "order expires"}
    last = max((r["entry_at"] for r in rows), default=None)
    spans = []
    for r in rows:
        if r["entry_type"] == "order granted":
            open_end = dt.datetime(as_of.year, as_of.month, as_of.day, tzinfo=dt.UTC) if as_of else last
            end = ends.get(r["record_ref"]) or open_end or r["entry_at"]
            spans.append((r["entry_at"], max(end, r["entry_at"]), r["words"]))
    return spans


def period_of(entries: pl.DataFrame) -> tuple[str, str]:
    """First to last day of past entries, and the end of orders where that is later."""
    past = entries.filter(pl.col("entry_type") != "order expires")
    days = [at.date() for at in past["entry_at"]]
    last = entries["entry_at"][-1].date()
    later = f"; orders run to {numbers.day(last)}" if last > days[-1] else ""
    return f"{numbers.day(days[0])} to {numbers.day(days[-1])}", later


def in_words(entries: pl.DataFrame) -> str:
    """The timeline as a text alternative."""
    if entries.is_empty():
        return "Timeline without entries."
    kinds = entries["entry_type"].value_counts(sort=True)
    counts = ", ".join(f"{kind} {count}" for kind, count in kinds.iter_rows())
    found = [b for words in entries.filter(pl.col("entry_type") == "report")["words"] for b in behaviours_of(words)]
    behaviours = ", ".join(f"{name} {found.count(name)}" for name in BEHAVIOURS if name in found) or "none found"
    period, later = period_of(entries)
    return (
        f"Timeline from {period}{later}, one lane for each kind of entry. Entries: {counts}. "
        f"Behaviours in reports: {behaviours}. The table below lists every entry."
    )


def _at(value: dt.datetime) -> str:
    return value.replace(tzinfo=None).isoformat(timespec="minutes")


def _mark(lane: str, part: Sequence[dict[str, Any]]) -> dict[str, Any]:
    mark = {**LANES[lane][1], "line": {"color": DARK, "width": 1}}
    if lane == "risk assessment":
        mark["symbol"] = [GRADES.get(r["words"], ("circle-open", ""))[0] for r in part]
        mark["size"] = [14 if r["words"] == "grade high" else 10 for r in part]
    return mark


def _labels(lane: str, part: Sequence[dict[str, Any]], reach: dt.timedelta) -> list[str]:
    """Short texts under the marks where they have room.

    The first report of an event shows its number.
    """
    texts: list[str] = []
    seen: set[Any] = set()
    before: dt.datetime | None = None
    for r in part:
        text = ""
        if lane == "report" and r["event_number"] is not None and r["event_number"] not in seen:
            text = f"{r['event_number']}"
        elif lane == "outcome":
            text = r["words"].removeprefix("outcome ").partition(" ")[0]
        seen.add(r["event_number"])
        if text and before is not None and r["entry_at"] - before < APART * reach:
            text = ""
        before = r["entry_at"] if text else before
        texts.append(text)
    return texts


def _add_marks(
    figure: go.Figure, part: Sequence[dict[str, Any]], lane: int, name: str, mark: dict[str, Any], labels: list[str]
) -> None:
    figure.add_scatter(
        x=[_at(r["entry_at"]) for r in part],
        y=[lane] * len(part),
        mode="markers+text" if any(labels) else "markers",
        marker=mark,
        text=labels or None,
        textposition="bottom center",
        textfont={"size": 11, "color": TEXT},
        cliponaxis=False,
        name=name,
        showlegend=False,
        customdata=[[numbers.day(r["entry_at"].date())] for r in part],
        hovertemplate=f"<b>{name}</b><br>%{{customdata[0]}}<extra></extra>",
    )


def _add_orders(figure: go.Figure, spans: Sequence[tuple[dt.datetime, dt.datetime, str]], lane: int) -> None:
    for start, end, kind in spans:
        figure.add_scatter(
            x=[_at(start), _at(end)], y=[lane, lane], mode="lines+markers", showlegend=False, name=kind,
            line={"color": NAVY, "width": 6}, marker={"symbol": "line-ns", "size": 14,
                                                      "line": {"color": NAVY, "width": 3}}, opacity=0.75,
            hovertemplate=f"<b>{html.escape(kind)}</b><br>{numbers.day(start.date())} to {numbers.day(end.date())}"
            "<extra></extra>",
        )  # fmt: skip


def _frame(
    figure: go.Figure, rows: Sequence[dict[str, Any]], spans: Sequence[Any], lanes: int, as_of: dt.date | None
) -> None:
    days = [r["entry_at"] for r in rows] + [end for _, end, _ in spans]
    is_open_end = as_of is not None and any(day.date() > as_of for day in days)
    if days:
        pad = max((max(days) - min(days)) * 0.03, dt.timedelta(days=3))
        figure.update_xaxes(range=[_at(min(days) - pad), _at(max(days) + pad)])
        if as_of is not None and is_open_end:
            figure.add_vline(x=as_of.isoformat(), line={"color": QUIET, "width": 1.5, "dash": "dot"}, name="as of")
            figure.add_annotation(
                x=as_of.isoformat(), y=0, yref="paper", yanchor="bottom", text=f"as of {numbers.day(as_of)}",
                showarrow=False, xanchor="right", bgcolor=PAPER, borderpad=1, font={"size": 12, "color": QUIET},
            )  # fmt: skip
    figure.update_xaxes(tickformat="%b\n%Y", nticks=8, tickangle=0)
    figure.update_yaxes(visible=False, range=[lanes - (0.05 if is_open_end else 0.45), -0.85])
    figure.update_layout(margin={"r": 14, "t": 14})
