"""Recorded demand by area: partnerships, boroughs and wards.

Areas are shown as shares of their force.
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboards.charts import across
from dashboards.data.published import Copy, NotAvailable
from dashboards.parts import figure, filters, page
from dashboards.text import findings, numbers

DEMAND = "metrics.area_demand"
MOST_BARS = 20
KINDS = {"csp": "Community safety partnership", "borough": "Borough", "ward": "Ward"}
CAVEATS = (
    "Areas differ in population: a larger count does not mean a higher risk.",
)


NO_AREAS = NotAvailable(
    "empty",
    "Counts by area come from open data, and none of them is delivered. The force's extract does not feed this page.",
    "Put the ONS table of offences by community safety partnership (ons_csp_offences), or the Metropolitan Police's of "
    "offences by ward (mps_ward_offences), into the data folder.",
)


@page.whole("recorded offences by area")
def main() -> None:
    """Draw the page."""
    copy = page.begin("Recorded stalking and harassment by area of a force, for planning services.", by_force=False)
    rows = copy.select(DEMAND, instead=NO_AREAS)
    rows = rows.with_columns(
        pl.format("{}|{}|{}", "period_start", "period_months", "source").alias("period"),
        pl.col("is_unassigned").fill_null(False),
    )
    places = st.columns(4)
    held = sorted(rows["area_type"].unique(), key=lambda kind: [*KINDS, kind].index(kind))
    kinds = {kind: KINDS.get(kind, numbers.readable(kind)) for kind in held}
    kind = filters.choose("Kind of area", kinds, "area_type", place=places[0])
    rows = rows.filter(pl.col("area_type") == kind)
    forces = dict(rows.select("force_code", "force_name").unique().sort("force_name").iter_rows())
    force = page.choose_force(copy, forces, places[1])
    rows = rows.filter(pl.col("force_code") == force)
    offence = filters.choose(
        "Offence",
        {o: o for o in rows["offence_subgroup"].unique().sort(descending=True)},
        "offence",
        place=places[2],
        default=next((o for o in rows["offence_subgroup"].unique() if "stalking" in o.lower()), None),
    )
    rows = rows.filter(pl.col("offence_subgroup") == offence).sort("period_start", descending=True)
    period = filters.choose(
        "Period",
        {
            r["period"]: numbers.capital(numbers.period(r["period_start"], r["period_months"]))
            for r in rows.unique("period", maintain_order=True).iter_rows(named=True)
        },
        "period",
        place=places[3],
    )
    _draw_areas(
        copy,
        rows.filter(pl.col("period") == period).sort("crime_count", descending=True, nulls_last=True),
        kinds[kind],
        offence,
    )


def _draw_areas(copy: Copy, rows: pl.DataFrame, kind: str, offence: str) -> None:
    first = rows.row(0, named=True)
    force, when = first["force_name"], numbers.period(first["period_start"], first["period_months"])
    finding = findings.demand_finding(rows, force, offence, when)
    page.answer(finding + ".")
    held = rows.filter(~pl.col("is_unassigned"))
    without, unassigned = held.filter(pl.col("crime_count").is_null()), rows.filter(pl.col("is_unassigned"))
    lost = int(unassigned["crime_count"].sum()) if unassigned["crime_count"].is_not_null().any() else None
    page.facts(
        [
            (f"{offence} in {force}", numbers.number(first["force_crime_count"]), f"offences recorded, {when}"),
            (
                "Areas with a figure",
                numbers.number(held.height - without.height),
                f"of {numbers.plural(held.height, 'area')}"
                + (
                    f"; {numbers.plural(without.height, 'area')} without a figure: not zero"
                    if without.height
                    else "; every area listed has one"
                ),
            ),
            (
                "Without an area",
                numbers.number(lost),
                "recorded by the force, in none of its areas"
                if lost is not None
                else "the source gives no count of offences without an area",
            ),
        ]
    )
    figured = rows.filter(pl.col("crime_count").is_not_null())
    if figured.is_empty():
        page.note("No area has a figure for this period.")
        return
    shown = pl.concat(
        [figured.filter(~pl.col("is_unassigned")).head(MOST_BARS), figured.filter(pl.col("is_unassigned"))]
    )
    shown = shown.with_columns(
        label=pl.when("is_unassigned").then(pl.lit("No area recorded")).otherwise("area_name"),
        words=pl.struct("crime_count", "share_of_force").map_elements(
            lambda r: (
                numbers.number(r["crime_count"])
                + (f"  ({numbers.share(r['share_of_force'])} of the force)" if r["share_of_force"] is not None else "")
            ),
            return_dtype=pl.String,
        ),
    )
    rest = held.height - without.height - min(MOST_BARS, held.height - without.height)
    more = (
        (f"The chart shows the {MOST_BARS} areas with most offences; {rest} more are in the data below.",)
        if rest
        else ()
    )
    figure.Figure(
        key="recorded-demand",
        finding=findings.spread_finding(rows, force) + f", {when}",
        tables=(DEMAND,),
        sources=(first["source"],),
        is_lead=True,
        period=when,
        caveats=(*more, *CAVEATS),
        chart=across.bars(shown, label="label", value="crime_count", words="words", is_marked="is_unassigned"),
        alt=f"Bar chart of {offence.lower()} offences by {kind.lower()} in {force}, {when}: "
        + "; ".join(f"{r['label']} {r['words']}" for r in shown.head(5).iter_rows(named=True))
        + ".",
        data=figure.Data(
            rows,
            ({"area_name": kind}, "area_code", {"crime_count": "Offences"}, "force_crime_count", "share_of_force"),
            {"share_of_force": numbers.share},
        ),
    ).draw(copy)


main()
