"""The rows of the explorer as a table: figures in words where they are hidden, and links that a click follows too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards.pages.assessment.explorer_data import Choice
from dashboards.parts import figure
from dashboards.parts.table import Link
from dashboards.text import comparisons, numbers
from dashboards.text.assessment import explorer_text as text


def table(
    rows: pl.DataFrame, choice: Choice, first: Mapping[str, str], *, links: Mapping[str, Link] | None = None
) -> figure.Data:
    """The columns of `first`, then figure, interval, a year before, change and annotations, as far as there are any."""
    when = pl.Series([_when(row, choice.period_type) for row in rows.iter_rows(named=True)], dtype=pl.String)
    is_count, events = choice.is_count, choice.events
    words = [comparisons.value(row, is_count=is_count, events=events) for row in rows.iter_rows(named=True)]
    details = [
        text.nowcast(row) if row.get("lower_80") is not None
        else comparisons.detail(row, is_count=is_count, events=events)
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip
    shown = rows.with_columns(
        when=when,
        shown=pl.Series(words, dtype=pl.String),
        detail=pl.Series(details, dtype=pl.String),
    )
    columns = {**first, "shown": numbers.capital(str(choice.measure["unit"]))}
    columns |= {} if choice.is_count else {"detail": "Interval"}
    columns |= {"before": "A year before"} if "before" in rows.columns else {}
    columns |= {"changed": "On a year before"} if "changed" in rows.columns else {}
    columns |= {"assured": "Target by month"} if "assured" in rows.columns else {}
    columns |= {"notes": "Annotations"} if "notes" in rows.columns else {}
    # a link is made from columns that are not shown
    kept = shown.select(*columns, *(name for name in ("period_start", "breakdown_value") if name not in columns))
    return figure.Data(kept, columns, links=links or {})


def _when(row: Mapping[str, Any], period_type: str) -> str:
    """Its period, and how complete that is: Oct 2025; Mar 2026, so far; Mar 2026, nowcast."""
    when = text.period(period_type, row["period_start"], row["period_end"])
    if row.get("is_drawn", True):
        return when
    return f"{when}, {'so far' if row.get('lower_80') is None else 'nowcast'}"
