"""Who is missing out? Groups of victims that reach support less often, and gaps.

The gaps are groups that are not recorded.
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboards.charts import intervals
from dashboards.data.published import Copy
from dashboards.data.support import support_data
from dashboards.data.support.support_data import EQUITY, Year
from dashboards.pages.support import support_head
from dashboards.parts import figure, filters, page
from dashboards.text import numbers
from dashboards.text.support import support_text

STEPS = {
    "offered": "Offered, of those known", "consented": "Consented, of those offered",
    "accepted": "Accepted, of those offered",
    "engaged": "Engaged, of those accepted", "completed": "Completed, of those accepted",
}  # fmt: skip


@page.whole("who is missing out")
def main() -> None:
    """Draw the page."""
    copy, year = support_head.opened(
        "Which groups of victims are offered support, take it up and complete it less often."
    )
    rows = copy.select(EQUITY, order_by="place, group_name")
    places = st.columns(3)
    held = [code for code in support_text.BREAKDOWNS if code in rows["breakdown"].unique()]
    breakdown = filters.choose(
        "Characteristic", {c: support_text.BREAKDOWNS[c] for c in held}, "characteristic", place=places[0]
    )
    rows = rows.filter(pl.col("breakdown") == breakdown)
    steps = {code: name for code, name in STEPS.items() if code in rows["measure_code"].unique()}
    measure = filters.choose("Step of support", steps, "step", place=places[1])
    rows = rows.filter(pl.col("measure_code") == measure)
    page.answer(f"{support_text.missing_out(rows, breakdown)}. {support_text.not_recorded(rows)}")
    _groups(copy, rows, steps[measure], breakdown, year)
    _not_measured(rows, held)
    page.note(support_data.key(copy))


def _groups(copy: Copy, rows: pl.DataFrame, step: str, breakdown: str, year: Year) -> None:
    drawn = rows.filter(pl.col("share").is_not_null())
    finding = f"{step}, by {support_text.BREAKDOWNS[breakdown].lower()}, {year.words}"
    table = rows.with_columns(
        ratio=pl.struct("rate_ratio", "ratio_lower", "ratio_upper", "group_name", "reference_group").map_elements(
            _ratio, return_dtype=pl.String
        ),
        limits=pl.struct("share_lower", "share_upper").map_elements(
            lambda r: numbers.limits(r['share_lower'], r['share_upper'])
            if r["share_lower"] is not None else "none",
            return_dtype=pl.String,
        ),
    )  # fmt: skip
    chart = None
    if not drawn.is_empty():
        chart = intervals.dots(
            drawn, label="group_name", value="share", lower="share_lower", upper="share_upper"
        )
    figure.Figure(
        key="who-is-missing-out",
        finding=finding,
        chart=chart,
        alt=f"Dot chart with intervals: {finding}. "
        + "; ".join(f"{r['group_name']} {numbers.share(r['share'])}" for r in drawn.iter_rows(named=True)),
        data=figure.Data(
            table,
            ("group_name", "whole_text", "text", "share", {"limits": "95% interval",
             "ratio": "Compared with the largest group"}),
            {"share": lambda v: "suppressed" if v is None else numbers.share(v)},
        ),
        tables=(EQUITY,),
        period=year.words,
        is_lead=True,
    ).draw(copy)  # fmt: skip


def _ratio(row: dict[str, float | str | None]) -> str:
    if row["group_name"] == row["reference_group"]:
        return "largest group"
    value, low, high = row["rate_ratio"], row["ratio_lower"], row["ratio_upper"]
    if not isinstance(value, float) or not isinstance(low, float) or not isinstance(high, float):
        return "not compared"
    return f"{numbers.decimal(value)} times ({numbers.decimal(low)} to {numbers.decimal(high)})"


def _not_measured(rows: pl.DataFrame, held: list[str]) -> None:
    absent = [name for code, name in support_text.BREAKDOWNS.items() if code not in held]
    if absent:
        page.note(f"Not measured: {numbers.listed(absent)}. No delivered record contains it.")
    if rows.filter(pl.col("group_code") == "not recorded").height == rows.height:
        page.note("The group is not recorded for anyone.")


main()
