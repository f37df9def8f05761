"""Shares and ratios of groups of victims as table cells, each by reference.

Source: metrics.support_equity.
"""

from __future__ import annotations

from dashboards.data.support.support_data import EQUITY
from dashboards.documents.pack.evidence import Row
from dashboards.text.content import Number, Runs, number, text

KEY = ("measure_code", "breakdown", "group_code")


def write_share(row: Row, column: str, form: str) -> Number:
    """A figure of a group at a step."""
    return number(EQUITY, column, form, **{name: row[name] for name in KEY})


def share(row: Row) -> Runs:
    """The share that reaches the step, with its 95% interval."""
    if row["share"] is None:
        return text("suppressed")
    return _with_limits(row, ("share", "share_lower", "share_upper"), "share", "")


def ratio(row: Row) -> Runs:
    """The ratio to the largest group, with the 95% interval."""
    if row["group_name"] == row["reference_group"]:
        return text("the largest")
    if row["rate_ratio"] is None:
        return text("not compared")
    return _with_limits(row, ("rate_ratio", "ratio_lower", "ratio_upper"), "two_decimals", " times")


def _with_limits(row: Row, columns: tuple[str, str, str], form: str, unit: str) -> Runs:
    value, low, high = (write_share(row, column, form) for column in columns)
    return text(value, f"{unit} (", low, " to ", high, ")")
