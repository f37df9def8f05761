"""Published figures in which the force is outside the limits of all forces."""

from __future__ import annotations

import polars as pl

from dashboards.data import extract
from dashboards.data.published import Copy, optional
from dashboards.text import numbers

FUNNELS = ("metrics.force_funnel", "metrics.force_outcome_funnel")
INVENTED = "not compared"
NOTHING = "nowhere"


def words(copy: Copy) -> str:
    """The number of published figures in which the extract's own force is outside.

    An invented force is not compared: its code is a real force's, whose figures are not its own.
    """
    of = optional(extract.find_extract, copy)
    if of is None or of.is_invented:
        return INVENTED
    found, held = 0, 0
    for table in FUNNELS:
        rows = optional(copy.select, table, order_by="period_start")
        if rows is not None:
            own = _latest(rows, of.force_name)
            held += own.height
            found += own.filter(pl.col("outlier").fill_null("").str.ends_with("998")).height
    if not held:
        return INVENTED
    return f"{found} of {numbers.plural(held, 'figure')}" if found else NOTHING


def _latest(funnel: pl.DataFrame, force_name: str) -> pl.DataFrame:
    """The rows of the force in the latest period of each figure."""
    named = [name for name in ("measure", "offence_code", "offence_class", "outcome_group") if name in funnel.columns]
    own = funnel.filter((pl.col("force_name") == force_name) & pl.col("value").is_not_null())
    return own.filter(pl.col("period_start") == pl.col("period_start").max().over(named)) if named else own
