"""Crimes expected by district in the months ahead, in a table that adds up to the force's forecast."""

from __future__ import annotations

import polars as pl

from dashboards.data.published import Copy, NotAvailable, optional
from dashboards.parts import figure, page
from dashboards.text import numbers
from dashboards.text.small_numbers import SmallNumbers

DISTRICTS, VERDICTS = "metrics.district_forecasts", "metrics.measure_verdicts"
NOT_FORECAST = NotAvailable(
    "absent",
    "Not forecast by district: no district is known, or a class of stalking and harassment has no forecast.",
)
HIDDEN = "too few to show"
SHOWN = ("district", "part", "recorded_count", "expected", "within_80", "within_95")


@page.section("the forecast by district")
def draw_districts(copy: Copy, force: str | None, rule: SmallNumbers) -> None:
    """Draw the table of the force's districts."""
    rows = copy.select(
        DISTRICTS, where="force_code is not distinct from $force", order_by="district, part", instead=NOT_FORECAST,
        force=force,
    )  # fmt: skip
    tested = write_coverage(rows)
    if tested:
        page.note(tested)
    changed = optional(
        copy.select, VERDICTS, columns="distinct breakdown_value", order_by="breakdown_value", may_be_empty=True,
        where="is_change and breakdown = 'district' and measure_code in ('recorded', 'recorded_stalking')",
    )  # fmt: skip
    if changed is not None and changed.height:
        page.note(write_changed(changed["breakdown_value"].to_list()))
    figure.Figure(
        key="district-forecasts",
        finding=finding(rows),
        data=figure.Data(
            worded(rows, rule),
            {"district": "District", "part": "Offence", "recorded_count": "Last twelve months",
             "expected": "Expected", "within_80": "80% interval", "within_95": "95% interval"},
        ),
        tables=(DISTRICTS,),
    ).draw(copy)  # fmt: skip


def write_changed(districts: list[str]) -> str:
    """Which districts changed within the year: what is expected of them may be too little, or too much."""
    return (
        f"Changed within the year: {numbers.listed(districts)}. A district is expected to keep its share of the latest "
        "twelve months. A change that began within them is carried only in part."
    )


def finding(rows: pl.DataFrame) -> str:
    """How many districts, for how many months, and from when."""
    known = rows.filter(pl.col("district") != "not known")["district"].n_unique()
    return (
        f"Expected in {numbers.plural(known, 'district')} in {numbers.plural(rows['month_count'][0], 'month')} from "
        f"{numbers.month(rows['first_month'][0])}"
    )


def write_coverage(rows: pl.DataFrame) -> str:
    """How often earlier intervals contained what was recorded; "" where none is tested."""
    count = int(rows["test_count"].sum())
    if not count:
        return ""
    inside_80, inside_95 = (int(rows[f"held_{level}_count"].sum()) / count for level in (80, 95))
    return (
        f"Of {numbers.number(count)} earlier totals of districts the 80% intervals contained "
        f"{numbers.share(inside_80, 0)}, and the 95% intervals {numbers.share(inside_95, 0)}."
    )


def worded(rows: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The table in words. A district with a small count is hidden whole, with a second one if it would follow."""
    limits = {
        f"within_{level}": pl.format(
            "{} to {}", pl.col(f"lower_{level}").cast(pl.Int64), pl.col(f"upper_{level}").cast(pl.Int64)
        )
        for level in (80, 95)
    }
    expected = pl.col("expected_count").round().cast(pl.Int64)
    own = rows.with_columns(expected=expected.cast(pl.String), **limits, count=pl.col("recorded_count").cast(pl.String))
    is_hidden = pl.col("district").is_in(hidden(rows, rule))
    words = {"expected": "expected", "recorded_count": "count", "within_80": "within_80", "within_95": "within_95"}
    return own.with_columns(
        pl.when(is_hidden).then(pl.lit(HIDDEN)).otherwise(pl.col(column)).alias(name) for name, column in words.items()
    ).select(SHOWN)


def hidden(rows: pl.DataFrame, rule: SmallNumbers) -> list[str]:
    """The districts that are hidden: those of 1 to 4 crimes, recorded or expected, and of each part one more at least.

    Readers know the force's number of each part. A single hidden district would follow from the others.
    """
    small = rule.find_small(pl.col("recorded_count")) | rule.find_small(pl.col("expected_count").round())
    found = set(rows.filter(small)["district"].to_list())
    sizes = rows.group_by("district").agg(pl.col("recorded_count").min()).filter(pl.col("recorded_count") > 0)
    others = sizes.filter(~pl.col("district").is_in(list(found))).sort("recorded_count", "district")["district"]
    return sorted([*found, *others[:1]] if len(found) == 1 else found)
