"""What becomes of orders after the application, and which conditions are breached: tables on the page on protection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards.data.published import Copy, Missing
from dashboards.parts import figure, page
from dashboards.text import numbers
from dashboards.text.protection.protection_text import FUNNEL
from dashboards.text.small_numbers import SmallNumbers

CONDITIONS = "metrics.order_conditions"
CHANGES = ("not_authorised_count", "varied_count", "renewed_count", "discharged_count")
FOLLOWED = ("answered_count", "arrest_count", "charge_count")
CONDITION_COLUMNS = ("order_kind", "condition_kind", "order_count", "breach_count", *FOLLOWED)
WORDS = {
    "no_contact": "No contact", "no_approach": "Keep away from a person", "no_surveillance": "No surveillance",
    "no_publication": "Nothing published", "exclusion_zone": "Keep out of an area", "devices": "Devices and accounts",
    "programme": "Attend a programme", "assessment": "Attend an assessment", "report_to_police": "Report to police",
    "other": "Other", "not recorded": "Not recorded",
}  # fmt: skip
ABSENT = "Put order_event and order_condition into the folder force/ of the data folder and build again."


def changes(copy: Copy, funnel: pl.DataFrame, rule: SmallNumbers) -> None:
    """Draw how many orders of each kind were not authorised, varied, renewed or discharged."""
    rows = funnel.filter(pl.col("varied_count").is_not_null())
    if rows.is_empty():
        page.note("Variation, renewal and discharge of orders are not measured: order_event is not supplied.")
        return
    figure.Figure(
        key="order-changes",
        finding=changes_finding(rows, rule),
        data=figure.Data(
            rule.suppress_columns(rows, ("granted_count", *CHANGES)).with_columns(
                order_kind=pl.col("order_kind").map_elements(numbers.capital, pl.String)
            ),
            ("order_kind", "granted_count", *CHANGES),
        ),
        tables=(FUNNEL,),
    ).draw(copy)


def changes_finding(rows: pl.DataFrame, rule: SmallNumbers) -> str:
    """How many stalking protection orders were varied, renewed and discharged."""
    row = rows.filter(pl.col("order_kind") == "stalking protection order").row(0, named=True)
    granted, *counts = (rule.suppress_count(row[name]) for name in ("granted_count", *CHANGES[1:]))
    return (
        f"Of {granted} stalking protection orders granted, {counts[0]} were varied, {counts[1]} renewed and "
        f"{counts[2]} discharged"
    )


@page.section("conditions of orders")
def conditions(copy: Copy, rule: SmallNumbers) -> None:
    """Draw a row for each kind of condition of a kind of order that was breached or is of a stalking order."""
    rows = copy.select(CONDITIONS, order_by="order_kind, breach_count desc, condition_kind", may_be_empty=True)
    if rows.is_empty():
        raise Missing("absent", "What orders forbid and require (order_condition) is not supplied.", ABSENT)
    kept = rows.filter((pl.col("breach_count") > 0) | (pl.col("order_kind") == "stalking protection order"))
    figure.Figure(
        key="order-conditions",
        finding=conditions_finding(kept, rule),
        data=figure.Data(shown(kept, rule), CONDITION_COLUMNS, row_heading="condition_kind"),
        tables=(CONDITIONS,),
        caveats=("Conditions of other orders that nobody breached are in the downloaded table.",),
    ).draw(copy)


def conditions_finding(rows: pl.DataFrame, rule: SmallNumbers) -> str:
    """The condition with most breaches, over all kinds of order."""
    known = rows.filter(pl.col("condition_kind") != "not recorded")
    counted = known.group_by("condition_kind").agg(pl.col("breach_count").sum()).sort(
        "breach_count", "condition_kind", descending=[True, False]
    )  # fmt: skip
    if counted.is_empty() or not counted["breach_count"][0]:
        return "No breach names the condition that was breached"
    kind, count = counted.row(0)
    return f"The condition breached most often: {numbers.lowered(WORDS.get(kind, kind))}, {rule.suppress_count(count)}"


def shown(rows: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The rows in words, with small counts left out, and what they would give away."""
    return pl.DataFrame([_shown(row, rule) for row in rows.iter_rows(named=True)],
                        schema=dict.fromkeys(CONDITION_COLUMNS, pl.String))  # fmt: skip


def _shown(row: Mapping[str, Any], rule: SmallNumbers) -> dict[str, str]:
    breached = row["breach_count"]
    return {name: rule.suppress_part(row[name], breached) for name in FOLLOWED} | {
        "order_kind": numbers.capital(row["order_kind"]),
        "condition_kind": WORDS.get(row["condition_kind"], row["condition_kind"]),
        "order_count": rule.suppress_count(row["order_count"]),
        "breach_count": rule.suppress_count(breached),
    }
