"""What stalking protection orders ask for, and how long they last: a table on the page on protection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards.data.published import Copy
from dashboards.parts import figure, page
from dashboards.text import numbers
from dashboards.text.protection.protection_text import NOT_TOLD
from dashboards.text.small_numbers import TOO_FEW, SmallNumbers

TERMS = "metrics.order_terms"
TYPES = {"spo_full": "Full orders", "spo_interim": "Interim orders"}
LENGTHS = ("under_two_years_count", "two_years_count", "longer_count", "endless_count")
MEDIANS = ("condition_median", "condition_highest", "days_to_service_median")
COLUMNS = ("order_type", "granted_count", "condition_median", "condition_highest", "positive_count", *LENGTHS,
           "days_to_service_median")  # fmt: skip


@page.section("terms of orders")
def draw(copy: Copy, rule: SmallNumbers) -> None:
    """Draw a row for full and for interim orders."""
    rows = copy.select(TERMS, order_by="order_type")
    figure.Figure(
        key="order-terms",
        finding=finding(rows, rule),
        data=figure.Data(shown(rows, rule), COLUMNS),
        tables=(TERMS,),
    ).draw(copy)


def finding(rows: pl.DataFrame, rule: SmallNumbers) -> str:
    """How long full orders last; or that too few were granted."""
    full = rows.filter(pl.col("order_type") == "spo_full").row(0, named=True)
    granted, longer = full["granted_count"], full["longer_count"]
    if not rule.may_show_share(longer, granted):
        return f"Full stalking protection orders granted: {rule.suppress_count(granted)}; {TOO_FEW}"
    share = numbers.share(longer / granted)
    return f"{share} of {rule.suppress_count(granted)} full stalking protection orders last three years or more"


def shown(rows: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The rows in words. Medians need enough orders; a small part by length hides the other parts."""
    return pl.DataFrame([_shown(row, rule) for row in rows.iter_rows(named=True)],
                        schema=dict.fromkeys(COLUMNS, pl.String))  # fmt: skip


def _shown(row: Mapping[str, Any], rule: SmallNumbers) -> dict[str, str]:
    granted = row["granted_count"]
    is_small = any(rule.is_small(row[name]) for name in LENGTHS)
    lengths = {name: NOT_TOLD if is_small else numbers.number(row[name]) for name in LENGTHS}
    medians = {name: _median(row[name]) if rule.is_enough(granted) else rule.too_few_cases for name in MEDIANS}
    return lengths | medians | {
        "order_type": TYPES[row["order_type"]],
        "granted_count": rule.suppress_count(granted),
        "positive_count": rule.suppress_part(row["positive_count"], granted),
    }  # fmt: skip


def _median(value: float | None) -> str:
    return numbers.NO_VALUE if value is None else f"{value:g}" if value == round(value) else numbers.decimal(value, 1)
