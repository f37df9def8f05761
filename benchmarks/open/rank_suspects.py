"""Task 7, rank suspects: who will be suspected in the serious events of the next year?

Given is the extract of an invented force as it was on 31 March 2025, without noise: a person is a key. Asked is a list
of suspects, the first rank first. The truth is the serious events of the year after, in the same force: events of a
suspect as in task 2, of which one account has four points or more of the product's behaviour items (threat, violence,
coercion, stalking, fixation, online, persistence), `backtest.high_harm_points`. An event that has two suspects counts
for each. Most of them are by people of whom nothing was known a year before, so that the best list is far from all.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from benchmarks.open import forces
from benchmarks.open.product import WEIGHTS, built
from benchmarks.open.repeat_suspects import COLLAPSE, keys, reports
from benchmarks.open.task import Column, Frames, Given, Measure, Method, Task
from benchmarks.planted_escalation import ITEMS, SETTINGS, points_of

UNTIL = date(2025, 3, 31)
LISTS = (50, 100)


def make(crimes: int, seed: int) -> Given:
    """The earlier extract; suspects of the serious events of the year after it."""
    earlier = forces.extract(crimes, seed, "none", UNTIL)
    later = forces.extract(crimes, seed, "none")
    return Given(forces.delivered(earlier), {"serious": serious(forces.delivered(later))})


def serious(inputs: Frames) -> pl.DataFrame:
    """person_key of the suspect and event of each serious event after the earlier extract."""
    pair = ["suspect", pl.coalesce("victim", "crime_id")]
    rows = reports(inputs).join(points(inputs), on="crime_id", how="left").sort("reported_at", "crime_id")
    since = pl.col("reported_at") - pl.col("reported_at").min().over(pair)
    wait = pl.col("reported_at").diff().over(pair)
    lasting = (since > pl.duration(days=1) * SETTINGS["behaviour.persistence_days"]) * ITEMS.get("persistence", 0)
    rows = rows.with_columns(
        points=pl.col("points") + lasting, event=(wait.is_null() | (wait > COLLAPSE)).cum_sum().over(pair)
    )
    events = rows.group_by("suspect", pl.coalesce("victim", "crime_id").alias("pair"), "event").agg(
        pl.col("points").max(), at=pl.col("reported_at").min(), first=pl.col("crime_id").first()
    )
    after = pl.lit(UNTIL).cast(pl.Datetime("us", "UTC")) + pl.duration(days=1)
    grave = events.filter((pl.col("points") >= SETTINGS["backtest.high_harm_points"]) & (pl.col("at") >= after))
    return grave.select("suspect", "first").unique().select(person_key="suspect", event="first").sort(pl.all())


def points(inputs: Frames) -> pl.DataFrame:
    """Points of each crime by the words of its account and of its log, read by the product's lexicon."""
    crime, log = inputs["force/crime"], inputs["force/incident"]
    of_log = crime.join(log, on="incident_id").select(record_ref="crime_id", text="log_text")
    texts = pl.concat([crime.select(record_ref="crime_id", text="mo_text"), of_log])
    return points_of(texts).rename({"severity": "points"})


def score(answer: pl.DataFrame, given: Given) -> dict[str, float | None]:
    """The share of the next year's serious events that are by the first 50, and by the first 100, of the list."""
    events = given.truth["serious"]
    listed = answer.sort("rank")["person_key"]
    return {
        f"by the first {length}": events.join(
            listed.head(length).to_frame(), on="person_key", how="semi"
        ).height / events.height
        for length in LISTS
    }  # fmt: skip


def perfect(given: Given) -> pl.DataFrame:
    """The known suspects with most serious events in the next year."""
    count = given.truth["serious"].group_by("person_key").agg(count=pl.len())
    best = keys(given.inputs).join(count, on="person_key").sort("count", "person_key", descending=[True, False])
    return best.select("person_key", rank=pl.int_range(1, pl.len() + 1))


def baseline(inputs: Frames) -> pl.DataFrame:
    """The latest report first."""
    last = reports(inputs).group_by(person_key="suspect").agg(value=pl.col("reported_at").max())
    return ranked(last)


def rival(inputs: Frames) -> pl.DataFrame:
    """Most events in the last 365 days first; a report within seven days of the pair's last is of its event."""
    rows = reports(inputs).sort("reported_at")
    wait = pl.col("reported_at").diff().over("suspect", pl.coalesce("victim", "crime_id"))
    recent = pl.col("reported_at") > pl.lit(UNTIL).cast(pl.Datetime("us", "UTC")) - pl.duration(days=364)
    events = rows.filter((wait.is_null() | (wait > COLLAPSE)) & recent)
    return ranked(events.group_by(person_key="suspect").agg(value=pl.col("crime_id").n_unique()))


def ranked(values: pl.DataFrame) -> pl.DataFrame:
    """Ranks by `value`, the highest first; among equals the order of keys, which says nothing."""
    order = values.sort("value", "person_key", descending=[True, False])
    return order.select("person_key", rank=pl.int_range(1, pl.len() + 1))


def ours(inputs: Frames) -> pl.DataFrame:
    """The score of core.ranked_suspects (recency, frequency, gravity, victims) of a build of the earlier extract.

    Gravity needs the published severity weights, which the build gets beside the extract. The linkage may have put keys
    of one person together: the first key has the rank.
    """
    with built(inputs, ["core.ranked_suspects", "core.people"], beside=[WEIGHTS]) as con:
        found: pl.DataFrame = con.sql(
            "select min(p.person_key) as person_key, any_value(r.rank) as rank from core.ranked_suspects as r"
            " inner join core.people as p on r.suspect_ref = p.person_ref"
            " where r.is_current and r.method = 'score' and p.person_key in"
            " (select person_key from core.parties where party_role = 'suspect')"
            " group by r.suspect_ref"
        ).pl()
    return found


TASK = Task(
    name="rank_suspects",
    question="Which suspects will be suspected in the serious events of the next year?",
    crimes=8_000,
    seeds=(101, 102, 103, 104, 105),
    asked={
        "person_key": Column("text", "a suspect of the earlier extract"),
        "rank": Column("whole number", "1 first; beyond 100 nothing counts", 1),
    },
    key=("person_key",),
    keys=keys,
    is_whole=False,
    measures={f"by the first {length}": Measure("share", True) for length in LISTS},
    make=make,
    score=score,
    perfect=perfect,
    baseline=Method("latest report first", baseline),
    rival=Method("most events in a year first", rival),
    ours=Method("score of the product", ours),
)
