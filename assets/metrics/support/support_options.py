# /// card
# description = """One row is a way to staff a service, with the expected wait for a place and the people waiting in a \
#     year's time."""
# grain = ["service_name", "place"]
# by_force = true
# audience = ["command", "integrity", "commissioning"]
# caveats = [
#     """A model, not a promise. It is calibrated to the waits on record (metrics.support_queue); where it does not \
#     give them, there is no wait here.""",
#     """Run week by week for a year from today's list: people come at random, and cases end at random. The range \
#     holds 95% of the runs at the fewest and the most places that agree with the record.""",
#     "The length of a case is assumed (support.case_days). More places may lead to more referrals: not included.",
#     """As many people are accepted as in the last 52 weeks on record. People whom no service accepted are not \
#     included.""",
#     "Cost is the service's own cost per worker; a first or shared worker may cost more or less.",
# ]
# [columns]
# service_name = ["varchar", "Service", "", "Service"]
# option_code = ["varchar", "stay, add or pooled"]
# place = ["integer", "Order; from 10 on sensitivity, 99 pooled"]
# added_fte = ["double", "Workers added", "full-time equivalents"]
# capacity_fte = ["double", "All workers", "full-time equivalents", "Workers"]
# capacity_count = ["double", """Cases that they can accept within a year: fitted, or as stated where not \
#     calibrated""", "cases", "Can take a year"]
# cost = ["double", "Cost in a year", "pounds"]
# added_cost = ["double", "Extra cost compared with now", "pounds"]
# measured_days = ["double", "Mean wait on record; of the service as it is alone", "days", "Measured now"]
# model_days = ["double", "The model's mean wait of the same weeks; of the service as it is alone", "days", "Model now"]
# wait_days = ["double", "Expected wait of people offered support in a year's time; null where not calibrated", "days"]
# wait_lower = ["double", "Lower end of its range", "days"]
# wait_upper = ["double", "Upper end of its range", "days"]
# waiting_count = ["double", "People expected to wait for a place in a year's time", "victims"]
# waiting_lower = ["double", "Lower end of its range", "victims"]
# waiting_upper = ["double", "Upper end of its range", "victims"]
# status = ["varchar", "steady, grows or not calibrated"]
# assumption = ["varchar", "as stated, or the assumption that is changed by a fifth", "", "Assumption changed"]
# cost_per_added_case = ["double", "Cost per extra case", "pounds"]
# break_even_fte = ["double", "Workers needed to take the number of accepted referrals", "full-time equivalents"]
# ///

"""Options with more advocates: staff, cost, the wait and the people waiting in a year, and break-even.

Each option starts from the list as it is today and runs for a year with its own places
(assets/methods/support_queue.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from assets.methods.support_queue import State, leaving, run_forward

YEAR = 365.25
SEED = 20  # of the people who come and the cases that end: the same for every option
ADDED = (0, 1, 2, 3)  # extra full-time workers
TIMES = (("arrivals", 0.8), ("arrivals", 1.2), ("case_days", 0.8), ("case_days", 1.2))  # sensitivity: one fifth
BOUNDS = ("lower", "middle", "upper")
SCHEMA = {
    "service_name": pl.String, "option_code": pl.String, "place": pl.Int64, "added_fte": pl.Float64,
    "capacity_fte": pl.Float64, "capacity_count": pl.Float64, "cost": pl.Float64, "added_cost": pl.Float64,
    "measured_days": pl.Float64, "model_days": pl.Float64, "wait_days": pl.Float64, "wait_lower": pl.Float64,
    "wait_upper": pl.Float64, "waiting_count": pl.Float64, "waiting_lower": pl.Float64, "waiting_upper": pl.Float64,
    "status": pl.String, "assumption": pl.String, "cost_per_added_case": pl.Float64, "break_even_fte": pl.Float64,
}  # fmt: skip
Row = dict[str, Any]
Queue = Mapping[str, Row]  # bound -> its row; the middle alone where it is not calibrated


def support_options(
    metrics_support_capacity: pl.DataFrame, metrics_support_queue: pl.DataFrame, reference_settings: pl.DataFrame
) -> pl.DataFrame:
    """Return rows of option_code stay (no change), add (one to three advocates) and pooled (all services as one). For
    sensitivity, stay and add_1 come again with one assumption changed by a fifth."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    days = settings["support.case_days"]
    services = [row for row in metrics_support_capacity.sort("service_name").iter_rows(named=True) if _is_known(row)]
    queues = {row["service_name"]: _queue(metrics_support_queue, row) for row in services}
    found = [option for row in services for option in _options(row, queues[row["service_name"]], days)]
    if len(services) > 1:
        total = {name: _sum(services, name) for name in ("capacity_fte", "capacity_count", "accepted_count", "cost")}
        row = {"service_name": "All services as one", **total}
        found.append(_option(row, _together(list(queues.values())), 0, days) | {"option_code": "pooled", "place": 99})
    return pl.DataFrame(found, schema=SCHEMA)


def _is_known(row: Row) -> bool:
    return all(row[name] for name in ("capacity_fte", "capacity_count", "accepted_count"))


def _queue(queues: pl.DataFrame, row: Row) -> Queue:
    return {q["bound"]: q for q in queues.filter(pl.col("service_name") == row["service_name"]).iter_rows(named=True)}


def _sum(rows: list[Row], name: str) -> float | None:
    values = [row[name] for row in rows]
    return sum(values) if all(values) else None


def _together(queues: list[Queue]) -> Queue:
    """All services with one list: their places and people together; the delay is the mean of those who come."""
    if not all(_is_calibrated(queue) for queue in queues):
        return {}
    found: dict[str, Row] = {}
    for bound in BOUNDS:
        rows = [queue[bound] for queue in queues]
        came = sum(row["arrival_count"] for row in rows)
        added = ("arrival_count", "places_count", "capacity_count", "waiting_count", "held_count")
        means = ("delay_days", "measured_days", "model_days")
        found[bound] = {"status": "calibrated"} | {name: sum(row[name] for row in rows) for name in added}
        found[bound] |= {name: round(sum(r[name] * r["arrival_count"] for r in rows) / came, 1) for name in means}
    return found


def _is_calibrated(queue: Queue) -> bool:
    return "middle" in queue and queue["middle"]["status"] == "calibrated"


def _options(row: Row, queue: Queue, days: float) -> list[Row]:
    found = [_option(row, queue, added, days) | {"place": added} for added in ADDED]
    if not _is_calibrated(queue):
        return found
    for name, factor in TIMES:
        for added in (0, 1):
            scale = factor if name == "arrivals" else 1.0
            length = days * factor if name == "case_days" else days
            found.append(
                _option(row, queue, added, length, scale, stated=days)
                | {"place": 10 + len(found), "assumption": f"{name} {'+' if factor > 1 else '-'}20 %"}
            )
    return found


def _option(row: Row, queue: Queue, added: float, days: float, scale: float = 1.0, stated: float = 0.0) -> Row:
    """One option: `days` is the length of a case, `stated` its length where places come from cases a year."""
    fte = row["capacity_fte"] + added
    is_calibrated = _is_calibrated(queue)
    taken = queue["middle"]["capacity_count"] if is_calibrated else row["capacity_count"]
    per_fte = taken / row["capacity_fte"]
    accepted = (queue["middle"]["arrival_count"] if is_calibrated else row["accepted_count"]) * scale
    cost = row["cost"] / row["capacity_fte"] if row["cost"] else None
    now = queue.get("middle", {}) if added == 0 and scale == 1.0 and not stated else {}
    return {
        "service_name": row["service_name"], "option_code": "stay" if added == 0 else "add",
        "added_fte": float(added), "capacity_fte": fte, "capacity_count": per_fte * fte,
        "cost": cost * fte if cost is not None else None,
        "added_cost": cost * added if cost is not None else None, "assumption": "as stated",
        "measured_days": now.get("measured_days"), "model_days": now.get("model_days"),
        "cost_per_added_case": cost / per_fte if cost is not None and added else None,
        "break_even_fte": accepted * days / (stated or days) / per_fte,
        **(_in_a_year(queue, fte / row["capacity_fte"], days, scale) if is_calibrated else NOT_CALIBRATED),
    }  # fmt: skip


NOT_CALIBRATED = {
    "wait_days": None, "wait_lower": None, "wait_upper": None, "waiting_count": None, "waiting_lower": None,
    "waiting_upper": None, "status": "not calibrated",
}  # fmt: skip


def _in_a_year(queue: Queue, times: float, days: float, scale: float) -> Row:
    """The wait and the people waiting after a year with `times` the staff: the middle, and the range of all bounds."""
    leave = leaving(days)
    waits: dict[str, np.ndarray] = {}
    people: dict[str, np.ndarray] = {}
    for bound in BOUNDS:
        row = queue[bound]
        places = row["places_count"] * times
        start = State(np.array(row["waiting_count"]), np.array(row["held_count"]))
        people[bound] = run_forward(row["arrival_count"] * scale * 7 / YEAR, places, start, leave, SEED)
        waits[bound] = row["delay_days"] + 7 * people[bound] / (places * leave)
    middle = queue["middle"]
    weekly = middle["places_count"] * times * leave
    return {
        **_range("wait", "wait_days", waits, 1), **_range("waiting", "waiting_count", people, 0),
        "status": "grows" if middle["arrival_count"] * scale * 7 / YEAR >= weekly else "steady",
    }  # fmt: skip


def _range(name: str, value: str, runs: dict[str, np.ndarray], places: int) -> Row:
    """The mean of the middle, and the range of all bounds; the mean of skewed runs may be beyond most of them."""
    mean = float(runs["middle"].mean())
    return {
        value: round(mean, places),
        f"{name}_lower": round(min(mean, *(float(np.quantile(found, 0.025)) for found in runs.values())), places),
        f"{name}_upper": round(max(mean, *(float(np.quantile(found, 0.975)) for found in runs.values())), places),
    }
