"""The public's measures as page and document read them: each with its latest quarter, and the one a year before."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from dashboards.data.published import Copy, Missing, NotAvailable
from dashboards.text import numbers
from dashboards.text.support import held_to_account_text as words

RELEASED, PUBLIC, MEASURES = "metrics.released_measures", "reference.public_measures", "reference.measures"
ATTENTION = "metrics.attention"
NOTHING = NotAvailable("empty", "No figure of this force is released for any quarter.", "Choose another force.")


def read_figures(copy: Copy) -> tuple[pl.DataFrame, list[dict[str, Any]]]:
    """The released figures, and the plan: each measure with its status. Raises Missing.

    The measures are shown at once, so a change is called one where metrics.attention names it.
    """
    rows = copy.select(RELEASED, order_by="measure_code, period_start")
    if rows.is_empty():  # another force of the extract has some
        raise Missing(*NOTHING)
    columns = "measure_code, measure_name, subject, direction, recording_classes"
    listed = copy.select(PUBLIC).join(copy.select(MEASURES, columns=columns), on="measure_code")
    force = rows.filter(pl.col("breakdown") == "none")
    of = {code: held.to_dicts() for (code,), held in force.group_by("measure_code", maintain_order=True)}
    everywhere = quarters(rows)
    named = set(read_findings(copy).filter(pl.col("breakdown") == "none")["measure_code"])
    compared = _compared(rows)
    plan = []
    for measure in listed.sort("place").to_dicts():
        code = measure["measure_code"]
        plan.append(measure | _figures(measure, of.get(code, []), everywhere, 0 if code in named else compared))
    return rows, plan


def read_findings(copy: Copy) -> pl.DataFrame:
    """What differs from a year ago by more than chance, the weightiest first. Raises Missing."""
    return copy.select(ATTENTION, order_by="attention_rank", may_be_empty=True)


def quarters(rows: pl.DataFrame) -> list[dt.date]:
    """The quarters of some rows, the earliest first."""
    return sorted(rows["period_start"].unique().to_list())


def _compared(rows: pl.DataFrame) -> int:
    """How many figures of the force and its districts are compared with a year before, each of its last quarter."""
    held = rows.filter(pl.col("breakdown").is_in(("none", "district")), pl.col("change").is_in(words.VERDICTS))
    return held.filter(pl.col("period_start") == pl.col("period_start").max().over("measure_code")).height


def _figures(
    measure: dict[str, Any], held: list[dict[str, Any]], everywhere: list[dt.date], unnamed_among: int
) -> dict[str, Any]:
    last = held[-1] if held else None
    start = None if last is None else last["period_start"]
    earlier = None if start is None else start.replace(year=start.year - 1)
    before = next((row for row in held if row["period_start"] == earlier), None)
    late = "" if start is None or start == everywhere[-1] else f" ({numbers.quarter(start)})"
    return {
        "last_row": last,
        "row_before": before,
        "late": late,
        "latest": words.NOT_MEASURED if last is None else words.figure(last) + late,
        "before": words.NONE_SHOWN if before is None else words.figure(before),
        "trend": words.trend(held, everywhere),
        "status": words.status(last, measure, unnamed_among),
    }
