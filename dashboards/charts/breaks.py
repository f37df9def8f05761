"""Recording changes on a time axis: no chart may cross one unmarked (PUB-07).

`mark_breaks` draws every change that the figure's own time axis crosses and then checks the figure. Every chart over
time ends with it. `Figure.draw` checks again before drawing on a page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.style import DARK, FONT, PAPER
from dashboards.text import numbers

ROW_HEIGHT = 18  # pixels between two rows of labels
LABEL_SHARE = 0.3  # of a narrow page's axis that a label takes: closer ones move up a row


class UnmarkedBreakError(ValueError):
    """A time axis crosses a recording change that the chart does not mark."""


@dataclass(frozen=True)
class Regime:
    """A dated change of what is recorded or how."""

    ref: str
    valid_from: dt.date
    precision: str
    title: str
    effect: str

    @property
    def date_text(self) -> str:
        """The date, no more exact than it is known."""
        return numbers.change_date(self.valid_from, self.precision)

    @property
    def mark(self) -> str:
        """Name of the shape and the annotation that mark this change."""
        return f"regime {self.ref}"


def regimes_of(
    frame: pl.DataFrame, *, source: str | None = None, codes: Iterable[str] | None = None
) -> tuple[Regime, ...]:
    """The changes in reference.recording_regimes by source and offence codes; None is all."""
    wanted = None if codes is None else set(codes)
    found = []
    for row in frame.sort("valid_from", "regime_ref").iter_rows(named=True):
        affected = {code.strip() for code in (row["affects_codes"] or "all").split(",")}
        if row["source_name"] and source is not None and row["source_name"] != source:
            continue
        if wanted is None or "all" in affected or affected & wanted:
            found.append(
                Regime(row["regime_ref"], row["valid_from"], row["date_precision"], row["title"], row["effect"] or "")
            )
    return tuple(found)


def time_span(figure: go.Figure) -> tuple[dt.date, dt.date] | None:
    """First and last day of the traces on the time axis; None without one."""
    days = [day for trace in figure.data for value in _sequence(trace.x) if (day := _day(value)) is not None]
    return (min(days), max(days)) if days else None


def crossed(figure: go.Figure, regimes: Sequence[Regime]) -> tuple[Regime, ...]:
    """The changes within the figure's time axis, oldest first."""
    span = time_span(figure)
    if span is None:
        return ()
    return tuple(sorted((r for r in regimes if span[0] < r.valid_from <= span[1]), key=lambda r: (r.valid_from, r.ref)))


def lettered(figure: go.Figure, regimes: Sequence[Regime]) -> list[tuple[str, Regime]]:
    """(letter on the chart, change) for the key below it."""
    return [(chr(ord("A") + i), regime) for i, regime in enumerate(crossed(figure, regimes))]


def unmarked(figure: go.Figure, regimes: Sequence[Regime]) -> list[Regime]:
    """The changes crossed without a dashed line at their date and a label."""
    lines = {
        s.name
        for s in figure.layout.shapes
        if s.type == "line"
        and s.x0 == s.x1
        and s.line.dash not in (None, "solid")
        and s.name
        and any(s.name == r.mark and _day(s.x0) == r.valid_from for r in regimes)
    }
    labels = {a.name for a in figure.layout.annotations if a.name and a.text}
    return [r for r in crossed(figure, regimes) if r.mark not in lines or r.mark not in labels]


def require_breaks(figure: go.Figure, regimes: Sequence[Regime] | None) -> None:
    """Check that a time chart marks every recording change it crosses.

    Raises UnmarkedBreakError if a change is unmarked, or if `regimes` is missing.
    """
    if time_span(figure) is None:
        return
    if regimes is None:
        raise UnmarkedBreakError("a chart over time needs the recording changes that affect it")
    missing = unmarked(figure, regimes)
    if missing:
        raise UnmarkedBreakError("the time axis crosses " + ", ".join(f"{r.ref} ({r.date_text})" for r in missing))


def mark_breaks(figure: go.Figure, regimes: Sequence[Regime], *, period_months: int = 1) -> go.Figure:
    """Draw a dashed line with a lettered date at every change crossed.

    Returns the same figure, checked. Where a point counts several months, periods that mix the time before and after a
    change are shaded.
    """
    span = time_span(figure)
    marks = lettered(figure, regimes)
    if span is not None and marks:
        length = max((span[1] - span[0]).days, 1)
        rows: list[float] = []  # right-most end of the labels in each row, as a share of the axis
        for letter, regime in marks:
            at = (regime.valid_from - span[0]).days / length
            row = next((i for i, end in enumerate(rows) if at - LABEL_SHARE / 2 >= end), len(rows))
            rows[row : row + 1] = [at + LABEL_SHARE / 2]
            _draw(figure, letter, regime, row, at)
            if period_months > 1:
                end = numbers.last_month(regime.valid_from.replace(day=1), period_months)
                figure.add_shape(
                    type="rect",
                    x0=regime.valid_from.isoformat(),
                    x1=min(end, span[1]).isoformat(),
                    y0=0,
                    y1=1,
                    yref="paper",
                    fillcolor="#EEF1F5",
                    line_width=0,
                    layer="below",
                    name="mixed period",
                )
        figure.update_layout(margin_t=14 + ROW_HEIGHT * len(rows))
    require_breaks(figure, regimes)
    return figure


def _draw(figure: go.Figure, letter: str, regime: Regime, row: int, at: float) -> None:
    date = regime.valid_from.isoformat()
    # a pale edge first: the dashes must also show on dark cells
    figure.add_shape(
        type="line", x0=date, x1=date, y0=0, y1=1, yref="paper", name="edge", line={"color": PAPER, "width": 4}
    )
    figure.add_shape(
        type="line",
        x0=date,
        x1=date,
        y0=0,
        y1=1,
        yref="paper",
        name=regime.mark,
        line={"color": DARK, "width": 1.5, "dash": "dash"},
    )
    anchor = "left" if at < 0.06 else "right" if at > 0.94 else "center"
    figure.add_annotation(
        x=date,
        y=1,
        yref="paper",
        yanchor="bottom",
        xanchor=anchor,
        yshift=row * ROW_HEIGHT,
        text=f"<b>{letter}</b> {regime.date_text}",
        showarrow=False,
        name=regime.mark,
        bgcolor=PAPER,
        font={"family": FONT, "size": 13, "color": DARK},
        borderpad=1,
    )


def _sequence(values: Any) -> Sequence[Any]:
    return () if values is None else list(values)


def _day(value: Any) -> dt.date | None:
    """A date, a datetime or its ISO text as a day; None for numbers and names."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str) or type(value).__name__ == "datetime64":
        try:
            return dt.date.fromisoformat(str(value)[:10])
        except ValueError:
            return None
    return None
