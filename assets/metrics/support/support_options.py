# /// card
# description = "One row is a way to staff a service, with the expected wait for a place."
# grain = ["service_name", "place"]
# by_force = true
# audience = ["command", "integrity", "commissioning"]
# caveats = [
#     """A model, not a promise: people arrive at random, each has a place for the length of a case, and places are \
#     given in order (Erlang).""",
#     "The length of a case is assumed (support.case_days); cases a year are stated, or a benchmark of another role.",
#     """Accepted referrals after disclosure control. More places may lead to more referrals: the model does not \
#     include that.""",
#     """The wait modelled is for a free place alone. A measured wait, from the offer to the acceptance, also includes \
#     the time that a service takes to answer.""",
#     "Where demand exceeds capacity the queue keeps growing and there is no mean wait.",
#     "Cost is the service's own cost per worker; a first or shared worker may cost more or less.",
# ]
# [columns]
# service_name = ["varchar", "Service", "", "Service"]
# option_code = ["varchar", "stay, add or pooled"]
# place = ["integer", "Order; from 10 on sensitivity, 99 pooled"]
# added_fte = ["double", "Workers added", "full-time equivalents"]
# capacity_fte = ["double", "All workers", "full-time equivalents", "Workers"]
# capacity_count = ["double", "Cases that they can accept within a year", "cases", "Can take a year"]
# cost = ["double", "Cost in a year", "pounds"]
# added_cost = ["double", "Extra cost compared with now", "pounds"]
# places = ["bigint", "Victims who can be supported at one time", "places"]
# load = ["double", "Places that the accepted referrals need on average", "places"]
# mean_wait_days = ["double", "Expected mean wait for a place; null where the queue keeps growing", "days"]
# share_within_14_days = ["double", "Expected share with a place within 14 days", "0 to 1"]
# status = ["varchar", "steady or grows"]
# assumption = ["varchar", "as stated, or the assumption that is changed by a fifth", "", "Assumption changed"]
# cost_per_added_case = ["double", "Cost per extra case", "pounds"]
# break_even_fte = ["double", "Workers needed to take the number of accepted referrals", "full-time equivalents"]
# ///

"""Options with more advocates: staff, cost, places, wait and break-even.

Each worker supports several victims at a time: places are staff times cases a year times the length of a case in years.
Waits are those of Erlang's queue (assets/methods/erlang_queue.py) with the accepted referrals of the year, after
disclosure control.
"""

from __future__ import annotations

import math
from typing import Any

import polars as pl

from assets.methods.erlang_queue import mean_wait, share_within

YEAR = 365.25
ADDED = (0, 1, 2, 3)  # extra full-time workers
TIMES = (("arrivals", 0.8), ("arrivals", 1.2), ("case_days", 0.8), ("case_days", 1.2))  # sensitivity: one fifth
SCHEMA = {
    "service_name": pl.String, "option_code": pl.String, "place": pl.Int64, "added_fte": pl.Float64,
    "capacity_fte": pl.Float64, "capacity_count": pl.Float64, "cost": pl.Float64, "added_cost": pl.Float64,
    "places": pl.Int64, "load": pl.Float64, "mean_wait_days": pl.Float64, "share_within_14_days": pl.Float64,
    "status": pl.String, "assumption": pl.String, "cost_per_added_case": pl.Float64, "break_even_fte": pl.Float64,
}  # fmt: skip
Row = dict[str, Any]


def support_options(metrics_support_capacity: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """Return rows of option_code stay (no change), add (one to three advocates) and pooled (all services as one). For
    sensitivity, stay and add_1 come again with one assumption changed by a fifth."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    days = settings["support.case_days"]
    services = [row for row in metrics_support_capacity.sort("service_name").iter_rows(named=True) if _is_known(row)]
    found = [option for row in services for option in _options(row, days)]
    if len(services) > 1:
        found.append(_pooled(services, days))
    return pl.DataFrame(found, schema=SCHEMA)


def _is_known(row: Row) -> bool:
    return all(row[name] for name in ("capacity_fte", "capacity_count", "accepted_count"))


def _options(row: Row, days: float) -> list[Row]:
    found = [
        _option(row, "stay" if added == 0 else "add", added, days) | {"place": added} for added in ADDED
    ]
    for name, factor in TIMES:
        for added, code in ((0, "stay"), (1, "add")):
            scale = factor if name == "arrivals" else 1.0
            length = days * factor if name == "case_days" else days
            found.append(
                _option(row, code, added, length, scale, stated=days)
                | {"place": 10 + len(found), "assumption": f"{name} {'+' if factor > 1 else '-'}20 %"}
            )
    return found


def _option(row: Row, code: str, added: float, days: float, scale: float = 1.0, stated: float = 0.0) -> Row:
    """One option: `days` is the length of a case, `stated` its length where places come from cases a year."""
    per_fte = row["capacity_count"] / row["capacity_fte"]
    cost = row["cost"] / row["capacity_fte"] if row["cost"] else None
    fte = row["capacity_fte"] + added
    accepted = row["accepted_count"] * scale
    return {
        "service_name": row["service_name"], "option_code": code, "added_fte": float(added),
        "capacity_fte": fte, "capacity_count": per_fte * fte,
        "cost": cost * fte if cost is not None else None,
        "added_cost": cost * added if cost is not None else None, "assumption": "as stated",
        "cost_per_added_case": cost / per_fte if cost is not None and added else None,
        "break_even_fte": accepted * days / (stated or days) / per_fte,
        **_queue(per_fte * fte, accepted, days, stated or days),
    }  # fmt: skip


def _queue(cases_a_year: float, accepted: float, days: float, stated: float) -> Row:
    """Return the wait for one of the places that staff have at one time; a part of a place counts as one.

    The queue grows where arrivals equal or exceed capacity.
    """
    room = cases_a_year * stated / YEAR
    places = max(1, math.ceil(room - 1e-9))
    arrivals = accepted / YEAR
    load = arrivals * days
    is_steady = load < room
    return {
        "places": places, "load": load, "mean_wait_days": mean_wait(places, arrivals, days) if is_steady else None,
        "share_within_14_days": share_within(places, arrivals, days, 14.0) if is_steady else 0.0,
        "status": "steady" if is_steady else "grows",
    }  # fmt: skip


def _pooled(services: list[Row], days: float) -> Row:
    """Return all services of the area as one, with their staff and cost: a shared service across borders."""
    total = {name: sum(row[name] for row in services) for name in ("capacity_fte", "capacity_count", "accepted_count")}
    costs = [row["cost"] for row in services]
    return {
        "service_name": "All services as one", "option_code": "pooled", "place": 99, "added_fte": 0.0,
        "capacity_fte": total["capacity_fte"], "capacity_count": total["capacity_count"],
        "cost": sum(costs) if all(costs) else None, "added_cost": 0.0, "assumption": "as stated",
        "cost_per_added_case": None,
        "break_even_fte": total["accepted_count"] / (total["capacity_count"] / total["capacity_fte"]),
        **_queue(total["capacity_count"], total["accepted_count"], days, days),
    }  # fmt: skip
