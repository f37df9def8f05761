"""Outcomes of street-level crimes of one month and force.

Every force is compared at the same age of its crimes.
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboards.charts import across
from dashboards.data.published import Copy
from dashboards.parts import figure, filters, page
from dashboards.text import findings, numbers

OUTCOMES = "metrics.outcome_mix"
MOST_BARS = 14
CAVEATS = (
    "Compare months of the same age only: cases take time.",
)


@page.section("outcomes of street-level crime", heading="What happened to these crimes?")
def draw_outcomes(copy: Copy, own_force: tuple[str, str] | None) -> None:
    """Draw the section.

    `own_force` (code, name) is the page's force, shown first if it supplied any month.
    """
    held = copy.select(
        OUTCOMES,
        columns="distinct force_code, force_name, crime_type, month, is_supplied",
        order_by="force_name, crime_type, month desc",
    )
    absent, held = held.filter(~pl.col("is_supplied")), held.filter(pl.col("is_supplied"))
    if held.is_empty():
        page.note("No force has supplied a month of street-level outcomes.")
        return
    supplying = dict(held.select("force_code", "force_name").unique(maintain_order=True).iter_rows())
    if own_force is not None and own_force[0] not in supplying:
        page.note(
            f"{own_force[1]} has supplied no street-level outcomes: those of another force are shown."
        )
    places = st.columns(3)
    force = filters.choose(
        "Force supplying outcomes",
        supplying,
        "outcome_force",
        default=_first_force(held, own_force),
        place=places[0],
    )
    own = held.filter(pl.col("force_code") == force)
    types = own["crime_type"].unique(maintain_order=True).to_list()
    violence = next((t for t in types if t.lower().startswith("violence")), None)
    crime_type = filters.choose("Crime type", {t: t for t in types}, "crime_type", default=violence, place=places[1])
    months = own.filter(pl.col("crime_type") == crime_type)["month"].unique().sort(descending=True).to_list()
    month = filters.choose(
        "Month recorded", {f"{m:%Y-%m}": numbers.month(m) for m in months}, "outcome_month", place=places[2]
    )
    rows = copy.select(
        OUTCOMES,
        where="force_code = $force and crime_type = $type and strftime(month, '%Y-%m') = $month",
        order_by="crime_count desc, outcome_type",
        force=force,
        type=crime_type,
        month=month,
    )
    if rows.is_empty():
        page.note("This force supplied no outcome for that month.")
        return
    rows = rows.with_columns(
        pl.struct("outcome_share", "crime_count", "month_crime_count")
        .map_elements(
            lambda r: (
                f"{numbers.share(r['outcome_share'])}  ({numbers.number(r['crime_count'])} of "
                f"{numbers.number(r['month_crime_count'])})"
            ),
            return_dtype=pl.String,
        )
        .alias("words")
    )
    name, when = rows["force_name"][0], numbers.month(rows["month"][0])
    supplied, without = (part.filter(pl.col("force_code") == force)["month"].n_unique() for part in (held, absent))
    gaps = (f"{name} supplied {supplied} of {supplied + without} months; the others are not zero.",)
    rest = rows.height - MOST_BARS
    more = (f"{numbers.plural(rest, 'rarer outcome is', 'rarer outcomes are')} in the data below.",) if rest > 0 else ()
    figure.Figure(
        key="outcome-mix",
        finding=findings.outcome_finding(rows, name, crime_type),
        chart=across.bars(rows.head(MOST_BARS), label="outcome_type", value="outcome_share", words="words"),
        alt=f"Bar chart of the last known outcome of crimes of {crime_type.lower()} in {name}, {when}: "
        + "; ".join(f"{r['outcome_type']} {r['words']}" for r in rows.head(4).iter_rows(named=True))
        + ".",
        data=figure.Data(
            rows,
            ("outcome_type", "crime_count", "month_crime_count", "outcome_share"),
            {"outcome_share": numbers.share},
        ),
        tables=(OUTCOMES,),
        period=when,
        caveats=(*more, *(gaps if without else ()), *CAVEATS),
    ).draw(copy)


def _first_force(held: pl.DataFrame, own_force: tuple[str, str] | None) -> str:
    """The page's own force if it supplied any month, else the one that supplied most."""
    months = held.group_by("force_code").agg(pl.col("month").n_unique()).sort("month", "force_code", descending=True)
    supplying = months["force_code"].to_list()
    return own_force[0] if own_force is not None and own_force[0] in supplying else str(supplying[0])
