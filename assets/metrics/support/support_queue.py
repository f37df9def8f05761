# /// card
# description = """One row is a service's waiting list: the wait on record, and one end or the middle of the places \
#     and delay that explain it."""
# grain = ["service_name", "bound"]
# by_force = true
# audience = ["command", "integrity", "commissioning"]
# caveats = [
#     """The wait is a delay that does not depend on load, plus the time until a place is free. Places are fitted to \
#     the weeks on record, and each is held for the length of a case (support.case_days).""",
#     """Offers of weeks that ended long enough ago for their waits to have ended. So the mean may differ from that of \
#     the year.""",
#     """Not calibrated: the model does not give the measured wait, or its first three quarters did not foretell the \
#     last. Then no option has a wait.""",
#     "Where the wait does not depend on load, more places agree as well: the upper end is the largest tried.",
#     """Numbers of people waiting are modelled and rounded. Nothing is shown of fewer victims than \
#     disclosure.unrounded_below.""",
# ]
# [columns]
# service_name = ["varchar", "Service", "", "Service"]
# bound = ["varchar", "lower, middle or upper; middle alone where it is not calibrated"]
# status = ["varchar", "calibrated or not calibrated"]
# reason = ["varchar", "Why it is not calibrated; empty where it is"]
# week_count = ["integer", "Weeks on record", "weeks", "Weeks"]
# measured_days = ["double", """Mean wait from the offer to the acceptance; null where too few \
#     waited""", "days", "Measured now"]
# measured_lower = ["double", "Lower end of its 95% interval", "days"]
# measured_upper = ["double", "Upper end of its 95% interval", "days"]
# model_days = ["double", "The model's mean wait of the same weeks", "days", "Model now"]
# delay_days = ["double", "Part of the wait that does not depend on load", "days", "Fixed delay"]
# places_count = ["double", "Victims who can be supported at one time, fitted", "places"]
# capacity_count = ["double", "Cases that these places can accept within a year", "cases"]
# stated_count = ["double", "The same, as stated by the commissioner", "cases"]
# is_bounded = ["boolean", "The record sets an upper end to the places"]
# arrival_count = ["double", "Accepted offers a year, from the last 52 weeks on record", "offers"]
# waiting_count = ["double", "Modelled number who wait for a place at the end of the record", "victims"]
# held_count = ["double", "Modelled number who have a place then", "victims"]
# check_days = ["double", "Mean wait of the last quarter of the record", "days"]
# check_lower = ["double", "The least that its first three quarters foretell", "days"]
# check_upper = ["double", "The most that its first three quarters foretell", "days"]
# ///

"""Waiting lists of services, calibrated to the waits on record (assets/methods/support_queue.py)."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import polars as pl

from assets.methods.support_queue import LEAST_WEEKS, Point, Record, Z, fitted, foretold, leaving, middle

YEAR = 365.25
SCHEMA = {
    "service_name": pl.String, "bound": pl.String, "status": pl.String, "reason": pl.String, "week_count": pl.Int64,
    "measured_days": pl.Float64, "measured_lower": pl.Float64, "measured_upper": pl.Float64, "model_days": pl.Float64,
    "delay_days": pl.Float64, "places_count": pl.Float64, "capacity_count": pl.Float64, "stated_count": pl.Float64,
    "is_bounded": pl.Boolean, "arrival_count": pl.Float64, "waiting_count": pl.Float64, "held_count": pl.Float64,
    "check_days": pl.Float64, "check_lower": pl.Float64, "check_upper": pl.Float64,
}  # fmt: skip
Row = dict[str, Any]


def support_queue(
    core_support_weeks: pl.DataFrame,
    core_services: pl.DataFrame,
    metrics_support_capacity: pl.DataFrame,
    reference_settings: pl.DataFrame,
) -> pl.DataFrame:
    """Return three rows a calibrated service, one a service that is not."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    found: list[Row] = []
    for row in metrics_support_capacity.sort("service_name").iter_rows(named=True):
        if not row["capacity_fte"] or not row["capacity_count"]:
            continue
        weeks = core_support_weeks.filter(pl.col("service_name") == row["service_name"])
        staff = core_services.filter(pl.col("service_name") == row["service_name"])
        found += _calibrated(row, weeks, staff, settings)
    return pl.DataFrame(found, schema=SCHEMA)


def _calibrated(row: Row, weeks: pl.DataFrame, staff: pl.DataFrame, settings: dict[str, float]) -> list[Row]:
    blank = dict.fromkeys(SCHEMA) | {
        "service_name": row["service_name"], "bound": "middle", "status": "not calibrated",
        "stated_count": row["capacity_count"],
    }  # fmt: skip
    followed = _followed(weeks, settings["support.wait_over_days"])
    if followed.filter(pl.col("week_number") >= 0)["person_count"].sum() < settings["disclosure.unrounded_below"]:
        return [blank | {"reason": f"fewer than {settings['disclosure.unrounded_below']:.0f} victims with a wait"}]
    record = _record(followed, staff, row["capacity_fte"])
    days = settings["support.case_days"]
    fit = fitted(record, days)
    mean = float((record.waits * record.counts).sum() / record.counts.sum())
    blank |= {"week_count": record.arrivals.size, "measured_days": round(mean, 1)}
    if fit is None:
        return [blank | {"reason": f"fewer than {LEAST_WEEKS} weeks with a wait"}]
    spread = Z * math.sqrt(fit.scale / record.counts.sum())
    blank |= {"measured_lower": round(max(0.0, mean - spread), 1), "measured_upper": round(mean + spread, 1)}
    ahead = foretold(record, days)
    per_year = leaving(days) * YEAR / 7
    chosen = middle(fit, row["capacity_count"] / per_year)
    rest = {"is_bounded": fit.has_upper, "arrival_count": _rounded(record.arrivals[-52:].mean() * YEAR / 7, settings)}
    if ahead is not None:
        rest |= dict(zip(("check_lower", "check_upper", "check_days"), (round(v, 1) for v in ahead), strict=True))
    blank |= rest | {"model_days": round(_mean(chosen, record), 1)}
    reason = _failed(ahead, _mean(chosen, record), mean, spread)
    if reason:
        return [blank | {"reason": reason}]
    return [
        blank | {"bound": bound, "status": "calibrated", "reason": "", **_point(point, record, per_year, settings)}
        for bound, point in (("lower", fit.points[0]), ("middle", chosen), ("upper", fit.points[-1]))
    ]


def _followed(weeks: pl.DataFrame, least_days: float) -> pl.DataFrame:
    """The weeks that ended long enough ago: twice the mean wait, and at least the days of the setting."""
    known = int(weeks["wait_count"].sum())
    mean = float(weeks["wait_sum"].sum() or 0) / known if known else 0.0
    return weeks.filter(pl.col("days_after") >= max(least_days, 2 * mean)).sort("week_number")


def _record(weeks: pl.DataFrame, staff: pl.DataFrame, now: float) -> Record:
    """The weeks in order, those without an offer too; staff as a share of those of the current year."""
    held = {row["week_number"]: row for row in weeks.iter_rows(named=True)}
    first: dt.date = weeks["first_day"][0]
    size = max(held) + 1
    none = {"arrival_count": 0, "wait_count": 0, "wait_sum": None}
    rows = [held.get(number, none) for number in range(size)]
    counts = np.array([row["wait_count"] for row in rows], dtype=float)
    sums = np.array([row["wait_sum"] or 0.0 for row in rows])
    mid = [first + dt.timedelta(days=7 * number + 3) for number in range(size)]
    terms = list(staff.select("capacity_fte", "from_date", "to_date").iter_rows())
    present = np.array([
        sum(fte or 0.0 for fte, start, end in terms if start <= day and (end is None or day <= end)) for day in mid
    ])  # fmt: skip
    return Record(
        arrivals=np.array([row["arrival_count"] for row in rows], dtype=float),
        counts=counts,
        waits=np.divide(sums, counts, out=np.zeros(size), where=counts > 0),
        # before a service began its list cannot be explained by staff: as many as now
        staff=np.where(present > 0, present / now, 1.0),
        waiting=float(held.get(-1, none)["arrival_count"]),
    )


def _mean(point: Point, record: Record) -> float:
    return float((point.waits * record.counts).sum() / record.counts.sum())


def _failed(ahead: tuple[float, float, float] | None, model: float, mean: float, spread: float) -> str:
    """Why the model is not calibrated; empty where it is."""
    if abs(model - mean) > spread + 0.05:
        return "the model's wait is outside the interval of the measured wait"
    if ahead is None:
        return "the record is too short to test the model on its last quarter"
    low, high, measured = ahead
    if not low <= measured <= high:
        return "the first three quarters of the record do not foretell the wait of the last"
    return ""


def _point(point: Point, record: Record, per_year: float, settings: dict[str, float]) -> Row:
    return {
        "model_days": round(_mean(point, record), 1), "delay_days": round(point.delay, 1),
        "places_count": round(point.places, 1), "capacity_count": round(point.places * per_year),
        "waiting_count": _rounded(float(point.end.waiting), settings),
        "held_count": round(float(point.end.held), 1),
    }  # fmt: skip


def _rounded(value: float, settings: dict[str, float]) -> float:
    to = max(1.0, settings["disclosure.round_to"])
    return float(to * round(value / to))
