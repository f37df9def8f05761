"""The time between rare cases, as a g or t chart: where a month has few, its count cannot show that there are fewer."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go
import polars as pl

from dashboards.charts import over_time, sentences
from dashboards.charts.breaks import Regime
from dashboards.charts.cache import drawn_once
from dashboards.pages.assessment import explorer_data as data
from dashboards.pages.assessment.explorer_data import Choice, Shown
from dashboards.parts import figure, page
from dashboards.text import numbers
from dashboards.text.assessment import explorer_text as text
from dashboards.text.small_numbers import SmallNumbers

MOST_BEYOND = 4  # a limit more than this number of times higher than the longest gap would press the points flat
MOST_TICKS = 6
IS_DRAWN = pl.col("longest_gap") <= MOST_BEYOND * pl.col("gap").max()
NO_LIMIT = "The longest time that chance gives is far above the chart, so no limit is drawn."


def draw(shown: Shown, choice: Choice) -> None:
    """Draw the gaps of the part over time, if its cases are rare; say why where they may not be shown."""
    points = data.points(shown.copy, choice)
    if points is None or "gap" not in points.columns:  # a copy of before has none until the next build
        return
    gaps = points.filter(pl.col("gap").is_not_null())
    if not _is_told(gaps, is_count=choice.is_count):
        return
    if not choice.is_count and choice.breakdown != "none":
        return  # a gap of a share is a sum of what was due: by part, what is hidden could be worked out
    is_turned = not choice.is_count and bool(gaps["centre_line"][-1] > 0.5)
    name = text.gap_name(is_count=choice.is_count, is_turned=is_turned)
    with page.section("the time between cases", listed="Time between cases"):
        if reveals_small(gaps, shown.rule):
            few = shown.rule.small_counts
            page.note(f"{name}: not drawn, because in some month {few} were due. It would say when.")
            return
        unit = "months" if choice.is_count else "cases"
        last = gaps.row(-1, named=True)
        is_flat = not gaps.select(IS_DRAWN.any()).item()
        figure.Figure(
            key=f"explore-gaps-{choice.code}-{choice.breakdown}",
            finding=f"{name}: {text.gap(last)}",
            chart=chart(gaps, shown.changes, unit),
            alt=f"{name} by month. The values are in the table below.",
            regimes=shown.changes,
            data=figure.Data(rows_of(gaps), {"when": "Month", "gap": name, "longest": "Longest by chance"}),
            tables=(data.POINTS, data.MEASURES),
            caveats=[text.GAPS, *([NO_LIMIT] if is_flat else [])],
        ).draw(shown.copy)


def _is_told(gaps: pl.DataFrame, *, is_count: bool) -> bool:
    """Whether there is anything to see: of a count two months in a row without a case, of a share one."""
    fewest = pl.lit(2) if is_count else pl.lit(1)
    return bool(gaps.select((pl.col("gap") >= fewest).any()).item())


def reveals_small(gaps: pl.DataFrame, rule: SmallNumbers) -> bool:
    """Whether a gap adds up months in which so few were due that command may not see their number."""
    return bool(gaps.select(rule.find_small(pl.col("denominator")).any()).item())


def rows_of(gaps: pl.DataFrame) -> pl.DataFrame:
    """The table of the chart, the latest month first."""
    return gaps.sort("month", descending=True).select(
        when=pl.col("month").map_elements(numbers.month, return_dtype=pl.String),
        gap=pl.col("gap").cast(pl.Int64),
        longest=pl.col("longest_gap").floor().cast(pl.Int64),
    )


@drawn_once
def chart(gaps: pl.DataFrame, regimes: Sequence[Regime], unit: str) -> go.Figure:
    """The gap by month under the longest that is no signal; a limit far above all points is left out."""
    none = pl.lit(None, dtype=pl.Float64)
    is_signal = pl.col("gap") > pl.col("longest_gap")
    points = gaps.with_columns(
        # gaps are whole: one is above the limit if it is above its whole part
        value="gap", upper_limit=pl.when(IS_DRAWN).then(pl.col("longest_gap").floor()), centre_line=none,
        lower_limit=none,
        signal=pl.when(is_signal).then(pl.lit("long_gap")).otherwise(pl.lit("")),
        signal_direction=pl.when(is_signal).then("signal_direction").otherwise(pl.lit("")),
    )  # fmt: skip
    found = go.Figure(over_time.control_chart(points, regimes, unit=unit))
    reach = points.select(pl.max_horizontal(pl.col("value").max(), pl.col("upper_limit").max())).item()
    found.update_yaxes(rangemode="tozero", dtick=max(1, math.ceil(reach / MOST_TICKS)))
    return sentences.carry(found, sentences.gap(points, unit))
