"""From the published frame to a frozen frame and a drawn sample. No page code."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from sqlalchemy import Engine

from assets.methods import audit_sample
from casework.audit import cycles
from casework.store.refusal import Refused

SECOND_SHARE = 0.2  # recording-standards 5.3, step 5
CENSUS = {"F": 60, "G": 60}  # strata taken whole up to this size: "census if small"


def months_held(frame: pl.DataFrame) -> list[dt.date]:
    """Full months of the published frame, the newest first."""
    return sorted(frame["month"].unique().to_list(), reverse=True)


def units_between(frame: pl.DataFrame, first: dt.date, last: dt.date) -> list[dict[str, Any]]:
    """The units of these months."""
    return frame.filter(pl.col("month").is_between(first, last)).sort("stratum", "unit_type", "unit_ref").to_dicts()


def freeze(engine: Engine, cycle_ref: str, units: Sequence[Mapping[str, Any]], actor: str) -> str:
    """Freeze the frame under the hash of its units; returns the hash."""
    marked = audit_sample.frame_hash((u["stratum"], (u["unit_type"], u["unit_ref"])) for u in units)
    cycles.freeze_frame(engine, cycle_ref, units, marked, actor)
    return marked


def size_for(stratum: str, population: int, share: float, margin: float) -> int:
    """Units wanted of a stratum, from its precision.

    A small census stratum is taken whole.
    """
    if population <= CENSUS.get(stratum, 0):
        return population
    return audit_sample.sample_size(population, share, margin)


def new_seed() -> int:
    """A random seed."""
    return secrets.randbelow(10**9)


def draw(engine: Engine, cycle_ref: str, wanted: Mapping[str, tuple[float, float]], seed: int, actor: str) -> int:
    """Draw each stratum of `wanted`; returns the number of units drawn.

    `wanted` maps a stratum to its expected share and its wanted margin.
    """
    cycle = next((c for c in cycles.cycles(engine) if c["cycle_ref"] == cycle_ref), None)
    if cycle is None or not cycle["frame_hash"]:
        raise Refused("Freeze the frame first: a sample is drawn from a list that no longer changes.")
    by_stratum: dict[str, list[audit_sample.Unit]] = {}
    for unit in cycles.frame(engine, cycle_ref):
        by_stratum.setdefault(unit["stratum"], []).append((unit["unit_type"], unit["unit_ref"]))
    plans = {}
    for stratum, (share, margin) in wanted.items():
        units = by_stratum.get(stratum, [])
        if not units:
            raise Refused(f"Stratum {stratum} has no unit in this frame.")
        count = size_for(stratum, len(units), share, margin)
        chosen = audit_sample.draw(units, count, seed, cycle["frame_hash"])
        twice = audit_sample.second_raters_share(chosen, seed, cycle["frame_hash"], SECOND_SHARE)
        plans[stratum] = cycles.Plan(share, margin, count, chosen, frozenset(twice))
    cycles.record_draw(engine, cycle_ref, seed, plans, actor)
    return sum(len(plan.units) for plan in plans.values())
