"""The measures whose latest month is a signal of a control chart."""

from __future__ import annotations

import polars as pl

from dashboards.data.published import Copy

MEASURES, VALUES, VERDICTS = "reference.measures", "metrics.measure_values", "metrics.measure_verdicts"


def read_signals(copy: Copy) -> pl.DataFrame:
    """The signals of the force, its districts and units, with their words and that month's counts. Raises Missing."""
    signals = copy.select(VERDICTS, where="verdict in ('higher', 'lower')", may_be_empty=True)
    names = copy.select(MEASURES, columns="measure_code, measure_name, unit, direction")
    counts = copy.select(
        VALUES,
        columns="measure_code, breakdown, breakdown_value, period_start, numerator, denominator",
        where="period_type = 'month' and breakdown in ('none', 'district', 'unit')",
    )
    keys = ["measure_code", "breakdown", "breakdown_value"]
    return signals.join(names, on="measure_code").join(
        counts, left_on=[*keys, "latest_period"], right_on=[*keys, "period_start"]
    )
