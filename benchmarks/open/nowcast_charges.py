"""Task 6, nowcast: how many crimes recorded in the latest full quarter will be charged within 365 days?

Given are the crimes of four years and the outcomes that were known on the extract's day, which is the last of the
quarter. Asked is, for each group of offences, the number charged or summonsed within 365 days of recording, those
already charged included, with an interval that should hold the truth in nine cases of ten. The truth is the outcome and
delay with which each crime was made.
"""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
from scipy.stats import poisson

from benchmarks.open import forces
from benchmarks.open.task import Column, Frames, Given, Measure, Method, Task
from sample.synth.codes import CHARGES

GROUPS = {
    "stalking": ["8Q"], "harassment": ["8L", "8M"], "communications": ["8R"], "all": ["8L", "8M", "8Q", "8R", "8U"],
}  # fmt: skip
QUARTER = datetime(2026, 1, 1, tzinfo=UTC)
HORIZON, AHEAD, MONTH = 365, 0.9, 365.25 / 12
GROUP = "offence_group"


def make(crimes: int, seed: int) -> Given:
    """Crimes, outcomes so far and the groups asked for; the charges to come."""
    force = forces.outcomes(crimes, seed)
    is_charge = pl.col("outcome_code").is_in(CHARGES) & (pl.col("days") <= HORIZON)
    latest = grouped(force["latent"].filter((pl.col("recorded_at") >= QUARTER) & is_charge))
    groups = pl.DataFrame({GROUP: list(GROUPS)})
    real = groups.join(latest.group_by(GROUP).agg(charged=pl.len()), on=GROUP, how="left")
    real = real.select(GROUP, pl.col("charged").fill_null(0).cast(pl.Float64))
    return Given({"crimes": force["crimes"], "outcomes": force["outcomes"], "groups": groups}, {"charges": real})


def score(answer: pl.DataFrame, given: Given) -> dict[str, float | None]:
    """Mean absolute error as a share of the truth, the share of intervals that hold it, and their width beside it."""
    both = answer.join(given.truth["charges"].rename({"charged": "real"}), on=GROUP)
    real = both["real"].clip(lower_bound=1)  # of a share of none
    inside = (both["lower"] <= both["real"]) & (both["real"] <= both["upper"])
    return {
        "error": float(((both["charged"] - both["real"]).abs() / real).to_numpy().mean()),
        "inside 90% interval": float(inside.to_numpy().mean()),
        "width of interval": float(((both["upper"] - both["lower"]) / real).to_numpy().mean()),
    }


def perfect(given: Given) -> pl.DataFrame:
    """The truth as an answer."""
    return given.truth["charges"].with_columns(lower="charged", upper="charged")


def baseline(inputs: Frames) -> pl.DataFrame:
    """Chain ladder: charges so far of each month of the quarter, raised as those of older months were by their age.

    Charges still to come are taken as Poisson, with the mean that the ladder gives.
    """
    rows, parts = known(inputs), []
    for (name,), of in rows.group_by(GROUP):
        done = expected = 0.0
        for months in range(3):
            then = of.filter((pl.col("followed") >= HORIZON) & (pl.col("followed") < 3 * HORIZON))
            final = then.filter(pl.col("days") <= HORIZON).height
            # had they been seen at an age of that month, each day of it as likely
            early = float(then.select((months + 1 - pl.col("days") / MONTH).clip(0, 1)).sum().item())
            now = of.filter(pl.col("followed").is_between(months * MONTH, (months + 1) * MONTH, closed="left"))
            charged, share = now.filter(pl.col("days").is_not_null()).height, early / max(final, 1)
            done += charged
            # a month without a charge so far would stay without: it takes the level of older months
            expected += charged * (1 / share - 1) if charged and early else now.height * final / max(then.height, 1)
        lower, upper = poisson.interval(AHEAD, expected)
        parts.append((name, done + expected, done + lower, done + upper))
    return pl.DataFrame(parts, schema=[GROUP, "charged", "lower", "upper"], orient="row")


def rival(inputs: Frames) -> pl.DataFrame:
    """Last year's share: of the crimes of the same quarter a year before, which are all old enough.

    The interval is that of a Poisson count, widened for the count that the share rests on.
    """
    rows, parts = known(inputs), []
    quarter_days = 90.5
    for (name,), of in rows.group_by(GROUP):
        now = of.filter(pl.col("followed") < quarter_days).height
        then = of.filter(pl.col("followed").is_between(HORIZON, HORIZON + quarter_days))
        share = then.filter(pl.col("days") <= HORIZON).height / max(then.height, 1)
        mean = now * share
        half = 1.645 * (mean * (1 + now / max(then.height, 1))) ** 0.5
        parts.append((name, mean, max(mean - half, 0.0), mean + half))
    return pl.DataFrame(parts, schema=[GROUP, "charged", "lower", "upper"], orient="row")


def known(inputs: Frames) -> pl.DataFrame:
    """Crimes by group, with the days that they were followed and the days to a charge, empty where there is none."""
    charges = inputs["outcomes"].filter(pl.col("outcome_code").is_in(CHARGES))
    rows = inputs["crimes"].join(charges, on="crime_id", how="left")
    day = pl.duration(days=1)
    return grouped(rows.with_columns(
        followed=(forces.end() - pl.col("recorded_at")) / day, days=(pl.col("outcome_at") - pl.col("recorded_at")) / day
    ))  # fmt: skip


def grouped(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of each group of offences; a crime is in its own and in all."""
    parts = [rows.filter(pl.col("offence_class").is_in(classes)).with_columns(pl.lit(name).alias(GROUP))
             for name, classes in GROUPS.items()]  # fmt: skip
    return pl.concat(parts)


TASK = Task(
    name="nowcast_charges",
    question="How many crimes recorded in the latest quarter will be charged within 365 days?",
    crimes=60_000,
    seeds=tuple(range(101, 111)),
    asked={
        "offence_group": Column("text", "each of `groups`"),
        "charged": Column("number", "crimes charged or summonsed within 365 days of recording", 0),
        "lower": Column("number", "lower end of the 90% interval", 0),
        "upper": Column("number", "upper end", 0),
    },
    key=("offence_group",),
    keys=lambda inputs: inputs["groups"],
    is_whole=True,
    measures={
        "error": Measure("share", False),
        "inside 90% interval": Measure("share"),
        "width of interval": Measure("share", False),
    },
    make=make,
    score=score,
    perfect=perfect,
    baseline=Method("chain ladder by month", baseline),
    rival=Method("share of the same quarter a year before", rival),
    ours=None,
)
