"""Rows of orders, their breaches and the enquiries that follow, sound unless a planting changes them."""

from __future__ import annotations

from typing import Any

import numpy as np

from sample.synth.clock import DAY, HOUR, NONE, Ints
from sample.synth.world import World


def order(w: World, rows: Ints, kind: str, granted: Ints, **values: Any) -> Ints:
    """One order of each crime's pair, sound unless values say otherwise; return its numbers."""
    f = w.facts
    numbers = int(w.tables["order_"]["order"].to_numpy().max()) + 1 + np.arange(rows.size)
    spo = kind.startswith("spo")
    served = granted + 6 * HOUR
    columns: dict[str, Any] = {
        "crime": rows, "type": kind, "victim_key": f["victim_key"][rows], "respondent_key": f["suspect_key"][rows],
        "applied_ts": granted - 5 * HOUR, "interim": kind == "spo_interim", "granted_ts": granted, "served_ts": served,
        "expires": granted + 1000 * DAY, "court": "Invented Magistrates' Court", "conditions_n": 3,
        "positive_req": False,
        "outcome": "granted", "notify_due": served + 3 * DAY if spo else NONE,
        "notified_ts": served + DAY if spo else NONE, "considered_ts": granted - 2 * DAY if spo else NONE, "breach": -1,
        "breach_at": NONE, "order": numbers,
    }  # fmt: skip
    if spo:
        columns |= {"grounds_acts": True, "grounds_risk": True, "grounds_necessary": True}
    w.add("order_", rows.size, **(columns | values))
    return numbers


def searched(w: World, crimes: Ints) -> None:
    """Search powers were considered, as INV-06 requires for each breach of an order."""
    at = w.facts["recorded"][crimes] + HOUR
    w.add("line_of_enquiry", crimes.size, crime=crimes, type="search", raised_ts=at, required=True, done_ts=at + HOUR,
          result="power considered and reasons noted")  # fmt: skip


def broken(w: World, numbers: Ints, at: Ints, crimes: Ints | int = -1, **values: Any) -> None:
    """A breach of each order; without a crime it is explained."""
    none = isinstance(crimes, int)
    columns: dict[str, Any] = {
        "order": numbers, "ts": at, "crime": crimes, "arrest_ts": at + 5 * HOUR,
        "no_crime_rationale": "Civil contempt: put before the court, not a notifiable crime" if none else None,
    }  # fmt: skip
    w.add("order_breach", numbers.size, **(columns | values))
