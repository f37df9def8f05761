"""The duties of one part of the force, or of one period, as the bar of choices asks for them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from dashboards.charts import intervals
from dashboards.data.published import Copy
from dashboards.pages.protection import protection_text
from dashboards.parts import figure, filter_bar
from dashboards.parts.filter_bar import Chosen
from dashboards.text import numbers
from dashboards.text.small_numbers import TOO_FEW, SmallNumbers

VALUES, DUTIES = "metrics.measure_values", "metrics.protection_measures"
WHOLE_ONLY = "Stages of orders, missing items of files and later events are of the whole force and all periods."
COLUMNS = {"measure": "Measure", "share": "Compliance", "lower": "Lower limit", "upper": "Upper limit",
           "met": "Compliant, count", "due": "Records assessed"}  # fmt: skip
TO_DATE = "to_date"  # the period that has all that the extract covers


def offered(copy: Copy) -> tuple[list[tuple[str, str]], list[tuple[str, dt.date]]]:
    """The parts and the whole periods that duties have a value for. Raises Missing."""
    parts = copy.select(
        VALUES, columns="distinct breakdown, breakdown_value", order_by="breakdown, breakdown_value",
        where="period_type = 'to_date' and breakdown in ('district', 'unit', 'class', 'relationship')",
    ).rows()  # fmt: skip
    periods = copy.select(
        VALUES, columns="distinct period_type, period_start", order_by="period_start desc",
        where="breakdown = 'none' and is_whole and period_type in ('financial_year', 'quarter', 'rolling_12')",
    )  # fmt: skip
    order = list(filter_bar.BREAKDOWNS)
    years = periods.filter(pl.col("period_type") == "rolling_12").head(1)
    rest = periods.filter(pl.col("period_type") != "rolling_12")
    rest = rest.sort("period_type", "period_start", descending=[False, True])
    return sorted(parts, key=lambda row: (order.index(row[0]), row[1])), [*years.rows(), *rest.rows()]


def read(copy: Copy, chosen: Chosen, duties: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The duties of what is chosen, in the page's order. Raises Missing.

    Every part of the breakdown is read: one that is small hides another from which it could be worked out.
    """
    by, part = chosen.part or ("none", "all")
    kind, start = chosen.period or (TO_DATE, None)
    rows = copy.select(
        VALUES, columns="measure_code, breakdown_value, numerator, denominator, value, lower, upper",
        where="period_type = $kind and breakdown = $by and ($start is null or period_start = $start)",
        may_be_empty=True, kind=kind, by=by, start=start,
    )  # fmt: skip
    return of_part(rows.join(duties, on="measure_code", how="semi"), duties, part, rule)


def of_part(rows: pl.DataFrame, duties: pl.DataFrame, part: str, rule: SmallNumbers) -> pl.DataFrame:
    """Each duty with the figures of one part, and `is_hidden`; `rows` are of every part of the breakdown."""
    own = rule.mark_hidden(rows, "measure_code").filter(pl.col("breakdown_value") == part)
    wanted = duties.select("measure_code", "measure_name", "section", "place")
    return wanted.join(own, on="measure_code", how="left").sort("place")


def answer(rows: pl.DataFrame, chosen: Chosen) -> str:
    """The duty that is met least in what is chosen, in one sentence."""
    shown = rows.filter(~pl.col("is_hidden").fill_null(True), pl.col("value").is_not_null()).sort("value", "place")
    if shown.is_empty():
        return f"{numbers.capital(chosen.words)}: no duty has enough cases for a share."
    least = shown.row(0, named=True)
    if least["value"] == 1:
        count = numbers.plural(shown.height, "duty", "duties")
        return f"{numbers.capital(chosen.words)}: {count} with enough cases, each met in every case."
    counted = f"{numbers.number(least['numerator'])} of {numbers.number(least['denominator'])}"
    return (
        f"{numbers.capital(chosen.words)}: of {numbers.plural(shown.height, 'duty', 'duties')} with enough cases, "
        f"“{least['measure_name']}” is met least: {numbers.share(least['value'])} ({counted})."
    )


def draw(copy: Copy, key: str, rows: pl.DataFrame, chosen: Chosen, heading: str) -> None:
    """Draw dots with intervals, and the table under them. A duty without a share keeps its row and says why."""
    frame = pl.DataFrame([_shown(row) for row in rows.iter_rows(named=True)], schema=SHOWN)
    figure.show(
        copy,
        figure.Figure(
            key=f"protection-{key}-chosen",
            finding=f"{heading.rstrip('?')}: {chosen.words}",
            chart=intervals.dots(
                frame, label="label", value="share", lower="lower", upper="upper", has_labels_above=True
            ),
            alt=protection_text.alternative(frame, "Compliance with each duty"),
            data=figure.Data(
                frame, COLUMNS, dict.fromkeys(("share", "lower", "upper"), numbers.share), row_heading="measure"
            ),
            tables=(VALUES, DUTIES),
            caveats=("The axis may not begin at zero.",),
        ),
    )


SHOWN = {"measure": pl.String, "label": pl.String, "share": pl.Float64, "lower": pl.Float64, "upper": pl.Float64,
         "met": pl.String, "due": pl.String, "state": pl.String}  # fmt: skip


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """A duty for chart and table; "nothing was due" and "too few" are words, never a zero."""
    name = row["measure_name"]
    if row["denominator"] is None or row["is_hidden"]:
        why = "nothing was due, or not measured" if row["denominator"] is None else TOO_FEW
        return {"measure": name, "label": f"{name}\n{why}", "met": why, "due": why, "state": why}
    met, due = numbers.number(row["numerator"]), numbers.number(row["denominator"])
    said = f"{numbers.share(row['value'])} ({met} of {due})"
    return {"measure": name, "label": f"{name}\n{met} of {due}", "share": row["value"], "lower": row["lower"],
            "upper": row["upper"], "met": met, "due": due, "state": said}  # fmt: skip
