"""Services and waits: offers, acceptances, capacity, and victims' waiting times."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import streamlit as st

from dashboards.charts import over_time
from dashboards.data.published import Copy, optional
from dashboards.data.support import support_data
from dashboards.data.support.support_data import CAPACITY, FIGURES, WAIT_POINTS, WAITS, Row, Year
from dashboards.pages.support import support_head
from dashboards.parts import figure, filters, page
from dashboards.text import numbers
from dashboards.text.support import support_text

OVERLAP = (
    "Calendar years overlap the other years. So their referrals are not counted, and a wait of fewer than 30 victims "
    "is left out. Programmes for suspects are not support for victims: they are left out too."
)


@page.whole("services and waits")
def main() -> None:
    """Draw the page."""
    copy, year = support_head.opened(
        "What services for victims accepted, what they can take, and how long victims wait."
    )
    waits = copy.select(WAITS, where="breakdown <> 'month'", may_be_empty=True)
    of_all = waits.filter((pl.col("breakdown") == "all") & (pl.col("period_code") == year.code))
    whole = {r["wait_code"]: r for r in of_all.iter_rows(named=True)}
    page.answer(_answer(whole, optional(_capacity, copy), year))
    page.facts([_fact(whole.get(code), name) for code, name in support_text.WAITS.items()])
    names = {code: numbers.capital(name) for code, name in support_text.WAITS.items()}
    code = filters.choose("Wait", names, "wait", place=st.columns(2)[0])
    _by_service(copy, waits.filter(pl.col("wait_code") == code), code)
    with page.section(f"waits {support_text.WAITS[code]} by month"):
        _chart(copy, code)
    _services(copy, year)
    page.note(support_data.key(copy))


def _capacity(copy: Copy) -> pl.DataFrame:
    """The services with their capacity and cost, none or more. Raises Missing."""
    return copy.select(CAPACITY, order_by="service_name", may_be_empty=True)


def _answer(whole: Mapping[str, Row], capacity: pl.DataFrame | None, year: Year) -> str:
    code = next(iter(support_text.WAITS))
    row = whole.get(code)
    if row is None or row["mean_days"] is None:
        waited = "How long victims wait is not measured: referrals with times were not delivered, or are too few."
    else:
        waited = (
            f"In {year.words} a victim waited {numbers.decimal(row['mean_days'], 1)} days on average "
            f"{support_text.WAITS[code]} ({row['referral_text']} referrals with a first contact)."
        )
    return waited if capacity is None or capacity.is_empty() else f"{waited} {support_text.capacity(capacity)}"


def _fact(row: Row | None, name: str) -> tuple[str, str, str]:
    if row is None or row["mean_days"] is None:
        return numbers.capital(name), "not measured", "no times, or too few referrals"
    return (
        numbers.capital(name),
        f"{numbers.decimal(row['mean_days'], 1)} days",
        f"mean; median {row['median_days']:.0f} days; {row['referral_text']} referrals",
    )


def _chart(copy: Copy, code: str) -> None:
    points = copy.select(WAIT_POINTS, where="wait_code = $code", order_by="month", may_be_empty=True, code=code)
    if points["value"].is_null().all():
        page.note(f"{support_text.wait_verdict(points, code)}.")
        return
    chart = over_time.control_chart(points.with_columns(segment_start_reason=pl.lit("")), (), unit="days")
    finding = support_text.wait_verdict(points, code)
    figure.Figure(
        key=f"wait-{code}",
        finding=finding,
        chart=chart,
        alt=f"Control chart of {points.height} months. {finding}.",
        data=figure.Data(
            points,
            ("month", "value", "centre_line", "lower_limit", "upper_limit", "signal"),
            {
                "month": numbers.month, "value": lambda v: "suppressed" if v is None else numbers.decimal(v, 1),
                "signal": lambda v: numbers.readable(v) if v else "none",
            },
        ),
        tables=(WAIT_POINTS,),
        regimes=(),
        is_lead=True,
    ).draw(copy)  # fmt: skip


@page.section("capacity and cost of services")
def _services(copy: Copy, year: Year) -> None:
    capacity = _capacity(copy)
    if capacity.is_empty():
        page.note("Capacity and cost of services are not measured: the table of services was not delivered.")
        return
    shown = capacity.with_columns(
        cost_words=pl.col("unit_cost").map_elements(lambda v: f"£{v:,.0f}", return_dtype=pl.String),
        over=pl.col("over_capacity_count").map_elements(_over, return_dtype=pl.String),
    )
    figure.Figure(
        key="services",
        finding=support_text.capacity(capacity).rstrip("."),
        data=figure.Data(
            shown,
            ("service_name", "kind_name", "capacity_fte", "capacity_count", "caseload_basis", "accepted_text",
             {"over": "Over capacity", "cost_words": "Cost per accepted referral"}),
            {"capacity_fte": lambda v: numbers.decimal(v, 1), "capacity_count": numbers.number},
        ),
        tables=(CAPACITY,),
        period=year.words,
    ).draw(copy)  # fmt: skip


def _over(value: float) -> str:
    return f"{numbers.number(value)} more" if value > 0 else f"room for {numbers.number(-value)}"


def _by_service(copy: Copy, waits: pl.DataFrame, code: str) -> None:
    """The wait by service in each year of the evidence and each calendar year, the latest first."""
    if waits.is_empty():
        return
    rows = waits.with_columns(
        service=pl.when(pl.col("breakdown") == "all").then(pl.lit("All services")).otherwise("group_name"),
        period=pl.col("period_code").map_elements(support_text.wait_period, return_dtype=pl.String),
        is_calendar=pl.col("period_code").str.starts_with(support_text.CALENDAR),
    ).sort("is_calendar", "period_code", "breakdown", "service", descending=[False, True, False, False])
    figure.Figure(
        key="waits-by-service",
        finding=f"The wait {support_text.WAITS[code]}, by service and year",
        data=figure.Data(
            rows,
            ({"service": "Service", "period": "Offered in"}, "median_days", "mean_days", "referral_text"),
            {"mean_days": _days, "median_days": lambda v: "suppressed" if v is None else f"{v:.0f}"},
        ),
        tables=(WAITS, FIGURES),
        caveats=(OVERLAP,),
    ).draw(copy)  # fmt: skip


def _days(value: float | None) -> str:
    return "suppressed" if value is None else numbers.decimal(value, 1)


main()
