"""Task 4, cumulative incidence: which share of crimes will have each outcome by day 90, 180 and 365?

Given are stalking and harassment crimes recorded in the last eighteen months, and the outcomes that were known on the
extract's day: two crimes in three are younger than 365 days, and many of them are open. Asked is the share of these
very crimes that has each outcome by each day, had the extract not ended. The truth is the outcome and delay with which
each crime was made.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import polars as pl

from assets.methods.survival.estimates import incidence_at
from assets.methods.survival.risk_table import risk_table
from benchmarks.open import forces
from benchmarks.open.task import Column, Frames, Given, Measure, Method, Task

DAYS = (90, 180, 365)
CODES = ("1", "15", "16", "18")  # charged; two evidential difficulties; no suspect: nine in ten of all
CLASSES = ["8L", "8Q", "8R", "8U"]
SINCE = datetime(2024, 10, 1, tzinfo=UTC)
LEAST = 300  # crimes of a class that is asked for
KEY = ["offence_class", "outcome_code", "day"]


def make(crimes: int, seed: int) -> Given:
    """Crimes, their outcomes so far, and the cells asked for; the outcomes that they will have."""
    force = forces.outcomes(crimes, seed)
    is_asked = (pl.col("recorded_at") >= SINCE) & pl.col("offence_class").is_in(CLASSES)
    known = force["crimes"].filter(is_asked)
    known = known.filter(pl.len().over("offence_class") >= LEAST)
    latent = force["latent"].join(known, on="crime_id", how="semi")
    closed = force["outcomes"].join(known, on="crime_id", how="semi")
    cells = known.select("offence_class").unique().join(pl.DataFrame({"outcome_code": CODES}), how="cross")
    cells = cells.join(pl.DataFrame({"day": DAYS}), how="cross").sort(KEY)
    return Given({"crimes": known, "outcomes": closed, "cells": cells}, {"incidence": shares(latent, cells)})


def score(answer: pl.DataFrame, given: Given) -> dict[str, float | None]:
    """Mean and largest absolute error of a share."""
    both = answer.join(given.truth["incidence"].rename({"incidence": "real"}), on=KEY)
    error = (both["incidence"] - both["real"]).abs().to_numpy()
    if both.is_empty():
        return dict.fromkeys(TASK.measures)
    return {"mean error, points": 100 * float(error.mean()), "largest error, points": 100 * float(error.max())}


def perfect(given: Given) -> pl.DataFrame:
    """The truth as an answer."""
    return given.truth["incidence"]


def baseline(inputs: Frames) -> pl.DataFrame:
    """The share of crimes that are old enough for the day."""
    rows = known(inputs)
    parts = [shares(rows.filter(pl.col("followed") >= day), inputs["cells"].filter(pl.col("day") == day))
             for day in DAYS]  # fmt: skip
    return pl.concat(parts)


def rival(inputs: Frames) -> pl.DataFrame:
    """The share of crimes that are closed: it takes for granted that the open ones will end alike, and as soon."""
    rows = known(inputs)
    return shares(rows.filter(pl.col("outcome_code").is_not_null()), inputs["cells"])


def ours(inputs: Frames) -> pl.DataFrame:
    """The product's Aalen-Johansen estimate, with all outcomes as competing causes."""
    rows, parts = known(inputs), []
    for (name,), of in rows.group_by("offence_class", maintain_order=True):
        codes = sorted(of["outcome_code"].drop_nulls().unique())
        cause = of["outcome_code"].replace_strict(codes, range(1, len(codes) + 1), default=0)
        day = np.floor(of.select(pl.coalesce("days", "followed")).to_series().to_numpy())
        found = incidence_at(risk_table(day, cause.to_numpy(), cause_names=codes), DAYS)
        parts.append(found.select(pl.lit(name).alias("offence_class"), "incidence", outcome_code="cause", day="day"))
    cells = inputs["cells"]
    asked = cells.join(pl.concat(parts).with_columns(pl.col("day").cast(pl.Int64)), on=KEY, how="left")
    return asked.with_columns(pl.col("incidence").fill_null(0.0))


def known(inputs: Frames) -> pl.DataFrame:
    """Crimes with outcome_code and days from recording, empty where open, and the days that they were followed."""
    day = pl.duration(days=1)
    rows = inputs["crimes"].join(inputs["outcomes"], on="crime_id", how="left")
    return rows.with_columns(
        days=(pl.col("outcome_at") - pl.col("recorded_at")) / day, followed=(forces.end() - pl.col("recorded_at")) / day
    )


def shares(rows: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """The share of the rows of each class that have the cell's outcome by its day."""
    total = rows.group_by("offence_class").agg(total=pl.len())
    ended = rows.select("offence_class", "outcome_code", "days").join(cells, on=["offence_class", "outcome_code"])
    count = ended.filter(pl.col("days") <= pl.col("day")).group_by(KEY).agg(count=pl.len())
    every = cells.join(total, on="offence_class", how="left").join(count, on=KEY, how="left")
    share = pl.col("count").fill_null(0) / pl.col("total")
    return every.select(*KEY, incidence=share.fill_null(0.0))


TASK = Task(
    name="outcome_incidence",
    question="Which share of crimes will have each outcome by day 90, 180 and 365?",
    crimes=20_000,
    seeds=tuple(range(101, 109)),
    asked={
        "offence_class": Column("text", "as in `cells`"),
        "outcome_code": Column("text", "as in `cells`"),
        "day": Column("whole number", "as in `cells`"),
        "incidence": Column("number", "share of the crimes of the class", 0, 1),
    },
    key=("offence_class", "outcome_code", "day"),
    keys=lambda inputs: inputs["cells"],
    is_whole=True,
    measures={"mean error, points": Measure("number", False), "largest error, points": Measure("number", False)},
    make=make,
    score=score,
    perfect=perfect,
    baseline=Method("share of those old enough", baseline),
    rival=Method("share of those closed", rival),
    ours=Method("cumulative incidence of the product", ours),
)
