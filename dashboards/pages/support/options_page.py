"""Options and value: the effect and cost of more advocates or a shared service."""

from __future__ import annotations

import polars as pl

from dashboards.data.published import Copy, optional
from dashboards.pages.support import support_head, support_text
from dashboards.pages.support.support_data import OPTIONS, WAITS, Row, Year
from dashboards.parts import figure, page
from dashboards.text import numbers


@page.whole("options and value")
def main() -> None:
    """Draw the page."""
    copy, year = support_head.begin(
        "Options and value", "Do nothing, add advocates, or run services as one: the expected wait and cost of each."
    )
    rows = copy.select(OPTIONS, order_by="option_code = 'pooled', service_name, place", may_be_empty=True)
    if rows.is_empty():
        page.answer("No option can be worked out: staff, cases a year or accepted referrals are missing.")
        page.note("Needed: the table of services with staff and cases a year, and referrals that services accepted.")
        return
    page.answer(support_text.options(rows))
    _table(copy, rows.filter(pl.col("assumption") == "as stated"), "options", "What each option would deliver",
           year, is_lead=True)  # fmt: skip
    _table(
        copy,
        rows.filter(pl.col("assumption") != "as stated"),
        "sensitivity",
        "The same options with one assumption changed by a fifth",
        year,
    )
    page.note("A model, not a promise. The assumptions are under each table: services should correct wrong ones.")


def _table(copy: Copy, rows: pl.DataFrame, key: str, finding: str, year: Year, *, is_lead: bool = False) -> None:
    shown = rows.with_columns(
        option=pl.struct(pl.all()).map_elements(support_text.option_name, return_dtype=pl.String),
        wait=pl.struct(pl.all()).map_elements(support_text.wait, return_dtype=pl.String),
        within=pl.struct("share_within_14_days", "status").map_elements(_within, return_dtype=pl.String),
        money=pl.struct("cost", "added_cost").map_elements(_money, return_dtype=pl.String),
        measured=_measured(copy, rows, year),
        each=pl.col("cost_per_added_case").map_elements(lambda v: f"£{v:,.0f}", return_dtype=pl.String),
    )
    wait = {"wait": "Modelled wait for a place"}
    within = {"within": "A place within 14 days"}
    columns: list[str | dict[str, str]] = ["service_name", "assumption", {"option": "Option"}, wait, within]
    if is_lead:
        columns = [
            "service_name", {"option": "Option"}, "capacity_fte", "capacity_count",
            {"money": "Cost a year (more than now)"}, wait, {"measured": "Measured wait, offer to acceptance"}, within,
            {"each": "Cost per further case"},
        ]  # fmt: skip
    figure.show(
        copy,
        figure.Figure(
            key=key,
            finding=f"{finding}, {year.words}",
            data=figure.Data(
                shown.with_columns(pl.col("assumption").replace(support_text.MOVED)),
                columns,
                {"capacity_fte": lambda v: numbers.decimal(v, 1), "capacity_count": numbers.number,
                 "each": lambda v: "none added" if v is None else v},
                row_heading="service_name",
            ),
            tables=(OPTIONS, WAITS) if is_lead else (OPTIONS,),
            period=year.words,
            is_lead=is_lead,
        ),
    )  # fmt: skip


def _measured(copy: Copy, rows: pl.DataFrame, year: Year) -> pl.Series:
    """What victims of each service waited: beside its model as it is, since nobody has waited under another option."""
    where = "wait_code = 'acceptance' and breakdown = 'service' and period_code = $code"
    waits = optional(copy.select, WAITS, where=where, may_be_empty=True, code=year.code)
    held = {} if waits is None else dict(waits.select("group_name", "mean_days").iter_rows())
    return pl.Series([
        support_text.measured_wait(held.get(row["service_name"])) if row["option_code"] == "stay" else "no one yet"
        for row in rows.iter_rows(named=True)
    ], dtype=pl.String)  # fmt: skip


def _within(row: Row) -> str:
    return "no one" if row["status"] == "grows" else numbers.share(row["share_within_14_days"], 0)


def _money(row: Row) -> str:
    if row["cost"] is None:
        return "not stated"
    more = f" (+£{row['added_cost']:,.0f})" if row["added_cost"] else ""
    return f"£{row['cost']:,.0f}{more}"


main()
