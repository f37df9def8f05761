"""Task 2, repeat and serial suspects: who was suspected in two events, and who of two victims, in the last 365 days?

Given is the whole extract of an invented force with noise "medium": one person may have several keys. An event is a
stalking or harassment crime (8L, 8M, 8Q, 8R, 8U, principal or included) with a named suspect who was not eliminated,
neither cancelled nor transferred. A report within seven days of the one before, of the same suspect and victim, belongs
to its event. The truth is by true person: a person counts as called if any of the keys is.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from benchmarks.open import forces
from benchmarks.open.link_people import PEOPLE, same
from benchmarks.open.product import built
from benchmarks.open.task import Column, Frames, Given, Measure, Method, Task

WINDOW, COLLAPSE = 365, timedelta(days=7)
CLASSES = ["8L", "8M", "8Q", "8R", "8U"]
KINDS = ("repeat", "serial")


def make(crimes: int, seed: int) -> Given:
    """The extract; who is who, and who is repeat or serial."""
    whole = forces.extract(crimes, seed, "medium")
    known = forces.truth(whole)
    in_window = known["suspects"].filter(pl.col("window_days") == WINDOW)
    return Given(forces.delivered(whole), {"people": known["people"], "suspects": in_window})


def score(answer: pl.DataFrame, given: Given) -> dict[str, float | None]:
    """F1 of the people called repeat, and of those called serial."""
    people = answer.join(given.truth["people"], on="person_key")
    found: dict[str, float | None] = {}
    for kind in KINDS:
        real = set(given.truth["suspects"].filter(f"is_{kind}")["true_person"])
        called = set(people.filter(f"is_{kind}")["true_person"])
        # keys of two people under one reference are called alike, and count where they are wrong
        found[f"F1 {kind}"] = 2 * len(real & called) / (len(real) + len(called)) if real or called else 1.0
    return found


def perfect(given: Given) -> pl.DataFrame:
    """The truth as an answer: every key of each suspect."""
    suspects = keys(given.inputs).join(given.truth["people"], on="person_key")
    return suspects.join(given.truth["suspects"], on="true_person").select("person_key", "is_repeat", "is_serial")


def baseline(inputs: Frames) -> pl.DataFrame:
    """Each key is a person, each crime an event."""
    return counted(reports(inputs), timedelta(0))


def rival(inputs: Frames) -> pl.DataFrame:
    """Equal names and birth dates are a person; reports of a pair within seven days are an event."""
    people = same(inputs[PEOPLE], "forename", "surname", "date_of_birth")
    named = {key: pl.coalesce(pl.col(key).replace_strict(people["person_key"], people["person_ref"], default=None), key)
             for key in ("suspect", "victim")}  # fmt: skip
    rows = reports(inputs)
    found = counted(rows.with_columns(**named), COLLAPSE)
    who = rows.select("suspect", person=named["suspect"]).unique()
    return who.join(found, left_on="person", right_on="person_key").select(
        "is_repeat", "is_serial", person_key="suspect"
    )


def ours(inputs: Frames) -> pl.DataFrame:
    """metrics.repeat_suspects of a build, by the keys that the product's linkage put together."""
    with built(inputs, ["metrics.repeat_suspects", "core.people"]) as con:
        found: pl.DataFrame = con.sql(
            "select p.person_key, s.is_repeat, s.is_serial from metrics.repeat_suspects as s"
            " inner join core.people as p on s.person_ref = p.person_ref"
            f" where s.window_days = {WINDOW} and p.person_key in"
            " (select person_key from core.parties where party_role = 'suspect')"
        ).pl()
        return found


def keys(inputs: Frames) -> pl.DataFrame:
    """Keys that a suspect has somewhere."""
    return inputs["force/party_role"].filter(pl.col("role") == "suspect").select("person_key").unique()


def reports(inputs: Frames) -> pl.DataFrame:
    """suspect, victim, crime_id and reported_at of each crime that counts; the victim may be empty."""
    crimes, roles = inputs["force/crime"], inputs["force/party_role"]
    removed = inputs["force/removal"]["crime_id"].implode()
    included = inputs["force/included_classification"].filter(pl.col("class_code").is_in(CLASSES))["crime_id"]
    counts = pl.col("class_code").is_in(CLASSES) | pl.col("crime_id").is_in(included.implode())
    crimes = crimes.filter(counts & ~pl.col("crime_id").is_in(removed))
    named = (pl.col("role") == "suspect") & pl.col("named") & pl.col("eliminated_ts").is_null()
    suspects = roles.filter(named).select("crime_id", suspect="person_key")
    victims = roles.filter(pl.col("role") == "victim").select("crime_id", victim="person_key")
    rows = crimes.select("crime_id", reported_at=forces.moment("reported_ts"))
    return rows.join(suspects, on="crime_id").join(victims, on="crime_id", how="left")


def counted(rows: pl.DataFrame, apart: timedelta) -> pl.DataFrame:
    """person_key, is_repeat and is_serial of the window's suspects; reports of a pair that are nearer are one event."""
    pair = ["suspect", pl.coalesce("victim", "crime_id")]
    wait = pl.col("reported_at").diff().over(pair, order_by="reported_at")
    begins = rows.filter(wait.is_null() | (wait > apart))
    recent = begins.filter(pl.col("reported_at") > forces.end() - timedelta(days=WINDOW))
    return recent.group_by(person_key="suspect").agg(
        is_repeat=pl.col("crime_id").n_unique() >= 2, is_serial=pl.col("victim").drop_nulls().n_unique() >= 2
    )


TASK = Task(
    name="repeat_suspects",
    question="Who was suspected in two events or more, and who of two victims or more, in the last 365 days?",
    crimes=8_000,
    seeds=(101, 102, 103),
    asked={
        "person_key": Column("text", "a suspect's key; keys that are left out are called neither"),
        "is_repeat": Column("true or false", "two events or more"),
        "is_serial": Column("true or false", "two victims or more"),
    },
    key=("person_key",),
    keys=keys,
    is_whole=False,
    measures={f"F1 {kind}": Measure("share", True) for kind in KINDS},
    make=make,
    score=score,
    perfect=perfect,
    baseline=Method("each key a person, each crime an event", baseline),
    rival=Method("equal names and birth dates, reports within seven days as one", rival),
    ours=Method("repeat suspects of the product", ours),
)
