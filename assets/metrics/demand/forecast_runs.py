"""Every forecast of demand that was made, by model and by month it was made from: what the choice rests on."""

from __future__ import annotations

import polars as pl

from assets.methods.forecast import RUNS, Rules, runs
from assets.methods.spc.series import breaks_of

SCHEMA = {"series_ref": pl.String, **RUNS}


def forecast_runs(
    metrics_demand_months: pl.DataFrame, core_recording_regimes: pl.DataFrame, reference_settings: pl.DataFrame
) -> pl.DataFrame:
    """One row per series, model, month of origin and month ahead."""
    rules = Rules.of(reference_settings)
    parts = [pl.DataFrame(schema=SCHEMA)]
    for (ref, source, code), months in metrics_demand_months.sort("series_ref", "month").group_by(
        "series_ref", "source", "offence_code", maintain_order=True
    ):
        breaks = sorted(breaks_of(core_recording_regimes, str(source), str(code)))
        made = runs(months.select("month", value="crime_count"), breaks, rules)
        parts.append(made.select(pl.lit(ref, pl.String).alias("series_ref"), *RUNS))
    return pl.concat(parts)
