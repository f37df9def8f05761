"""One series as a control chart, for tests. Plain functions."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from assets.methods.spc.chart import ChartType, control_charts


def control_chart(
    points: pl.DataFrame, *, chart_type: ChartType, breaks: Sequence[date] = (), period_months: int = 1,
    is_weekly: bool = False, **options: Any,
) -> pl.DataFrame:  # fmt: skip
    """The chart of one series, as control_charts gives it; `period_months` is ignored if `is_weekly`."""
    about = {"series_ref": "", "chart_kind": chart_type, "period_months": None if is_weekly else period_months}
    series = points.with_columns(pl.lit(value).alias(name) for name, value in about.items())
    broken = pl.select(break_month=pl.Series(breaks, dtype=pl.Date)).with_columns(series_ref=pl.lit(""))
    return control_charts(series, broken, **options).drop(about)
