"""Options and value: the effect and cost of more advocates or a shared service."""

from __future__ import annotations

import polars as pl

from dashboards.data.published import Copy, optional
from dashboards.data.support.support_data import OPTIONS, QUEUE, Row, Year
from dashboards.pages.support import support_head
from dashboards.parts import figure, page
from dashboards.text import numbers
from dashboards.text.support import support_text


@page.whole("options and value")
def main() -> None:
    """Draw the page."""
    copy, year = support_head.opened(
        "Do nothing, add advocates, or run services as one: wait and cost of each after a year."
    )
    rows = copy.select(OPTIONS, order_by="option_code = 'pooled', service_name, place", may_be_empty=True)
    if rows.is_empty():
        page.answer("No option can be worked out: staff, cases a year or accepted referrals are missing.")
        page.note("Needed: the table of services with staff and cases a year, and referrals that services accepted.")
        return
    page.answer(support_text.options(rows))
    _table(copy, rows.filter(pl.col("assumption") == "as stated"), "options", "What each option would deliver",
           year, is_lead=True)  # fmt: skip
    _calibration(copy)
    changed = rows.filter(pl.col("assumption") != "as stated")
    if not changed.is_empty():
        _table(copy, changed, "sensitivity", "The same options with one assumption changed by a fifth", year)
    page.note("A model, not a promise. The assumptions are under each table: services should correct wrong ones.")


def _table(copy: Copy, rows: pl.DataFrame, key: str, finding: str, year: Year, *, is_lead: bool = False) -> None:
    shown = rows.with_columns(
        option=pl.struct(pl.all()).map_elements(support_text.option_name, return_dtype=pl.String),
        wait=pl.struct(pl.all()).map_elements(support_text.wait, return_dtype=pl.String),
        waiting=pl.struct(pl.all()).map_elements(support_text.waiting, return_dtype=pl.String),
        money=pl.struct("cost", "added_cost").map_elements(_money, return_dtype=pl.String),
        measured=pl.struct("option_code", "measured_days").map_elements(_now, return_dtype=pl.String),
        model=pl.struct("option_code", "model_days").map_elements(_now, return_dtype=pl.String),
        each=pl.col("cost_per_added_case").map_elements(lambda v: f"£{v:,.0f}", return_dtype=pl.String),
    )
    ahead = {"wait": "Wait in a year", "waiting": "Waiting for a place in a year"}
    columns: list[str | dict[str, str]] = ["service_name", "assumption", {"option": "Option"}, ahead]
    if is_lead:
        columns = [
            "service_name", {"option": "Option"}, "capacity_fte", "capacity_count",
            {"money": "Cost a year (more than now)"}, {"measured": "Measured now", "model": "Model now"}, ahead,
            {"each": "Cost per further case"},
        ]  # fmt: skip
    figure.Figure(
        key=key,
        finding=f"{finding}, from {year.words}",
        data=figure.Data(
            shown.with_columns(pl.col("assumption").replace(support_text.MOVED)),
            columns,
            {"capacity_fte": lambda v: numbers.decimal(v, 1), "capacity_count": numbers.number,
             "each": lambda v: "none added" if v is None else v},
        ),
        tables=(OPTIONS, QUEUE) if is_lead else (OPTIONS,),
        period=year.words,
        is_lead=is_lead,
    ).draw(copy)  # fmt: skip


@page.section("how the model was calibrated")
def _calibration(copy: Copy) -> None:
    """The wait on record beside the model's, what explains it, and the test on the last quarter of the record."""
    rows = optional(copy.select, QUEUE, order_by="service_name", may_be_empty=True)
    if rows is None or rows.is_empty():
        page.note("Nothing was calibrated: no service has staff, cases a year and waits on record.")
        return
    ends: dict[str, dict[str, Row]] = {}
    for row in rows.iter_rows(named=True):
        ends.setdefault(row["service_name"], {})[row["bound"]] = row
    shown = pl.DataFrame([_calibrated(of) for of in ends.values()])
    figure.Figure(
        key="calibration",
        finding=support_text.calibration(rows),
        data=figure.Data(
            shown,
            ({"service": "Service", "measured": "Measured now (95% interval)", "model": "Model now",
              "delay": "Delay that load does not change", "capacity": "Cases a year, from the record",
              "stated": "Cases a year, as stated", "check": "Last quarter: measured",
              "foretold": "Foretold from the rest", "status": "Result"},),
        ),
        tables=(QUEUE,),
    ).draw(copy)  # fmt: skip


def _calibrated(ends: dict[str, Row]) -> dict[str, str]:
    row = ends["middle"]

    def day(value: float) -> str:
        return numbers.decimal(value, 1)

    delays = [end["delay_days"] for end in ends.values() if end["delay_days"] is not None]
    return {
        "service": row["service_name"],
        "measured": support_text.interval(row["measured_days"], row["measured_lower"], row["measured_upper"], day),
        "model": support_text.interval(row["model_days"], None, None, day),
        "delay": support_text.interval(row["delay_days"], min(delays, default=None), max(delays, default=None), day),
        "capacity": support_text.capacity_range(ends),
        "stated": numbers.number(row["stated_count"]),
        "check": support_text.interval(row["check_days"], None, None, day),
        "foretold": numbers.NO_VALUE if row["check_lower"] is None
        else f"{day(row['check_lower'])} to {day(row['check_upper'])}",
        "status": row["reason"] or "calibrated",
    }  # fmt: skip


def _now(row: Row) -> str:
    """Of the service as it is: nobody has waited under another option."""
    name = "measured_days" if "measured_days" in row else "model_days"
    return support_text.days(row[name]) if row["option_code"] == "stay" else "not tried"


def _money(row: Row) -> str:
    if row["cost"] is None:
        return "not stated"
    more = f" (+£{row['added_cost']:,.0f})" if row["added_cost"] else ""
    return f"£{row['cost']:,.0f}{more}"


main()
