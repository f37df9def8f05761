"""Escalation between two people (a dyad): do events become more frequent or more severe?

Published dyads of five or more calls show no escalation of severity on average (strategic-assessment 3.4). So each
finding is a test of its own, corrected for the number of dyads tested.

Frequency is Kendall's test of the gaps between events against their order. Tests of the times themselves (Laplace,
military handbook) assume a Poisson process where there is no trend. They take clusters for a trend, and contact in
bursts is common here. If gaps come from one distribution, every order of them is equally likely, also when observation
starts and ends at fixed dates. The price: the four gaps of five events have 24 orders, of which none gives p below
0.083. `smallest_p` is the least p that a dyad could have shown.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

from assets.methods.kendall import FloatArray, trend_tests

ESCALATION_SCHEMA = {
    "event_count": pl.Int64, "status": pl.String, "tau": pl.Float64, "p": pl.Float64, "q": pl.Float64,
    "smallest_p": pl.Float64, "direction": pl.String,
}
KEYS = ["dyad", "measure"]


def escalation(events: pl.DataFrame, *, minimum_events: int = 5) -> pl.DataFrame:
    """Two rows per dyad, of `measure` "frequency" and "severity", in order of dyad.

    In: `dyad`, `at` (date, datetime or a number of days) and `severity` (a number; higher is worse; null where not
    known: the event is left out of the test of severity). Events of a dyad at the same moment have no order: they count
    as one, with the highest severity.

    Out: `dyad`, `measure` and
    - `event_count`: distinct moments, for severity those with one;
    - `status`: "tested", or "not tested" below `minimum_events`, where the other figures are null;
    - `tau`: Kendall's tau-b against order, with the sign turned for frequency, so that above 0 is escalation: gaps get
      shorter, severity higher. Null where all gaps, or all severities, are alike;
    - `p`: two-sided, exact to 20 gaps or severities (kendall.trend_tests); 1 where all are alike;
    - `q`: p after Benjamini and Hochberg, Journal of the Royal Statistical Society B 57 (1995), over all dyads tested,
      separately for each measure. Of the dyads with q up to 0.05, at most 5% are false findings on average;
    - `smallest_p`: the least p that any order of the dyad's own gaps or severities could give;
    - `direction`: "rising", "falling" or "" (tau 0 or null), whatever p.

    Raises ValueError for a missing column, a null dyad or moment, a number that is not finite, or fewer than 3 events
    as the minimum.
    """
    _check(events, minimum_events)
    moments = (
        events.select("dyad", at=_moments(events["at"]), severity=pl.col("severity").cast(pl.Float64))
        .group_by("dyad", "at").agg(pl.col("severity").max()).sort("dyad", "at")
    )
    gap = pl.col("at").diff().over("dyad")
    gaps = moments.with_columns(gap.alias("value")).drop_nulls("value")
    frequency = _tested(moments, gaps, minimum_events).with_columns(tau=-pl.col("tau"), measure=pl.lit("frequency"))
    rated = moments.drop_nulls("severity").rename({"severity": "value"})
    severity = _tested(rated, rated, minimum_events).with_columns(measure=pl.lit("severity"))
    measures = pl.DataFrame({"measure": ["frequency", "severity"]})
    everyone = moments.select(pl.col("dyad").unique()).join(measures, how="cross")
    direction = pl.when(pl.col("tau") > 0).then(pl.lit("rising")).when(pl.col("tau") < 0).then(pl.lit("falling"))
    status = pl.when(pl.col("p").is_null()).then(pl.lit("not tested")).otherwise(pl.lit("tested"))
    return (
        everyone.join(pl.concat([frequency, severity]), on=KEYS, how="left")
        .with_columns(
            pl.col("event_count").fill_null(0), status=status,
            direction=pl.when(pl.col("p").is_not_null()).then(direction.otherwise(pl.lit(""))),
        )
        .sort(KEYS).select(*KEYS, *ESCALATION_SCHEMA)
    )


def dyad_escalation(events: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """The tests of `escalation` under the names of metrics.dyad_escalation, and whether each is beyond chance.

    In: `dyad_ref`, `event_at` and `severity`, of dyads with as many events as the settings ask. Out: `dyad_ref`,
    `measure`, `event_count`, `status`, `tau`, `p_value`, `q_value`, `smallest_p`, `direction` and `is_called`.
    """
    settings = dict(reference_settings.select("key", "value").iter_rows())
    found = escalation(
        events.select("severity", dyad="dyad_ref", at="event_at"),
        minimum_events=int(settings["escalation.minimum_events"]),
    )
    called = (pl.col("q") <= settings["escalation.false_discovery"]).fill_null(False) & (pl.col("direction") != "")
    return found.select(
        "measure", "event_count", "status", "tau", "smallest_p", "direction",
        dyad_ref="dyad", p_value="p", q_value="q", is_called=called,
    )


def _tested(moments: pl.DataFrame, values: pl.DataFrame, minimum_events: int) -> pl.DataFrame:
    """`dyad`, `event_count` and the figures of the test of `value` against order, null below the minimum."""
    counted = moments.group_by("dyad").agg(event_count=pl.len().cast(pl.Int64))
    long_enough = counted.filter(pl.col("event_count") >= minimum_events)
    tested = values.join(long_enough, on="dyad", how="semi").sort("dyad", "at", maintain_order=True)
    figures = _figures(tested["dyad"], tested["value"].to_numpy())
    return counted.join(figures, on="dyad", how="left")


def _figures(dyads: pl.Series, values: FloatArray) -> pl.DataFrame:
    """The test of each dyad, whose values are adjacent and in order; dyads of one length are tested at once."""
    runs = dyads.rle()
    lengths = runs.struct.field("len").cast(pl.Int64).to_numpy()
    starts = np.cumsum(lengths) - lengths
    tau, p, smallest = (np.full(len(lengths), np.nan) for _ in range(3))
    for length in np.unique(lengths):
        rows: NDArray[np.intp] = np.flatnonzero(lengths == length)
        series = values[starts[rows][:, None] + np.arange(length)]
        tau[rows], p[rows], smallest[rows] = trend_tests(series)
    q = false_discovery_control(p) if len(p) else p
    figures = pl.DataFrame({"tau": tau, "p": p, "q": q, "smallest_p": smallest})
    return figures.with_columns(runs.struct.field("value").alias("dyad"), pl.col("tau").fill_nan(None))


def _moments(at: pl.Series) -> pl.Series:
    """Whole microseconds, so that equal gaps between dates are equal, or the numbers unchanged."""
    whole = at if at.dtype.is_numeric() else at.cast(pl.Datetime("us")).cast(pl.Int64)
    return whole.cast(pl.Float64)


def _check(events: pl.DataFrame, minimum_events: int) -> None:
    missing = [name for name in ("dyad", "at", "severity") if name not in events.columns]
    if missing:
        raise ValueError(f"a test of escalation needs the column {', '.join(missing)}")
    if minimum_events < 3:
        raise ValueError(f"a trend needs 3 events or more, not {minimum_events}")
    kind = events["at"].dtype
    if not (kind.is_numeric() or kind == pl.Date or isinstance(kind, pl.Datetime)):
        raise ValueError(f"at is a date, a datetime or a number of days, not {kind}")
    for name in ("dyad", "at"):
        if events[name].null_count():
            raise ValueError(f"{name} of an event is null")
    for name in ("at", "severity"):
        if events[name].dtype.is_numeric() and not events[name].cast(pl.Float64).drop_nulls().is_finite().all():
            raise ValueError(f"{name} of an event is not a finite number")
