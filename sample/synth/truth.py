"""The truth, written separately: planted breaches, people, the events of suspects, and the outcomes of crimes."""

from __future__ import annotations

import polars as pl

from sample.synth.clock import DAY, EXTRACT
from sample.synth.codes import OFFENCES, OUTCOMES, STALKING_AND_HARASSMENT, as_text
from sample.synth.world import World

WINDOWS = (90, 365, 730, 1095)
COLLAPSE = 7  # reports of one pair within this many days are one event (settled)


def tables(world: World, people: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """planted_breaches, decoys, people, suspects, suspect_events, escalating_pairs, missed_warnings, incidence."""
    listed = {"planted_breaches": world.planted, "decoys": world.decoys}
    frames = {
        name: pl.DataFrame(rows, schema=["rule_code", "record_type", "record_ref"], orient="row")
        for name, rows in listed.items()
    }
    events = suspect_events(world, people)
    return {
        **{name: frame.unique().sort("rule_code", "record_type", "record_ref") for name, frame in frames.items()},
        "people": people,
        "suspect_events": events.with_columns(
            pl.from_epoch("reported_ts", time_unit="s").dt.strftime("%Y-%m-%dT%H:%M:%SZ")
        ),
        "suspects": suspects(events),
        "escalating_pairs": escalating_pairs(world, people),
        "missed_warnings": missed_warnings(world, people),
        "incidence": incidence(world),
    }


def suspect_events(world: World, people: pl.DataFrame) -> pl.DataFrame:
    """Stalking and harassment crimes with a named suspect who was not eliminated, by true person: a row a victim.

    Principal or included, neither cancelled nor transferred (6.0.5, 6.0.7), from the tables after planting.
    """
    crime = world.tables["crime"].select("crime", "reported_ts", "class_code", "status")
    included = world.tables["included_classification"].filter(pl.col("class_code").is_in(STALKING_AND_HARASSMENT))
    gone = world.tables["removal"].filter(pl.col("removal_ts") <= EXTRACT)["crime"]
    counted = crime.filter(
        (pl.col("class_code").is_in(STALKING_AND_HARASSMENT) | pl.col("crime").is_in(included["crime"].implode()))
        & ~pl.col("crime").is_in(gone.implode())
    )
    roles = world.tables["party_role"]
    named = roles.filter(
        (pl.col("role") == "suspect") & pl.col("named") & ~pl.col("eliminated_ts").is_between(0, EXTRACT)
    ).select("crime", suspect="person_key")
    victims = roles.filter(pl.col("role") == "victim").unique(["crime", "person_key"], maintain_order=True)
    who = people.select(key=pl.col("person_key").str.slice(5).cast(pl.Int64), true_person="true_person")
    return (
        counted.join(named, on="crime")
        .join(victims.select("crime", victim="person_key"), on="crime", how="left")
        .join(who, left_on="suspect", right_on="key")
        .join(who.rename({"true_person": "victim_true_person"}), left_on="victim", right_on="key", how="left")
        .select(
            "true_person", "victim_true_person",
            crime_id=pl.lit("INV-C") + pl.col("crime").cast(pl.String).str.zfill(8), reported_ts="reported_ts",
            class_code="class_code",
        )
        .sort("true_person", "reported_ts", "crime_id", "victim_true_person")
    )  # fmt: skip


def suspects(events: pl.DataFrame) -> pl.DataFrame:
    """Events and victims of each suspect by window, as of the end of the extract.

    A report within seven days of the one before of the same pair belongs to its event, and a crime with several victims
    is one event.
    """
    pair = ["true_person", pl.coalesce("victim_true_person", "crime_id")]
    apart = (
        events.sort("true_person", "victim_true_person", "reported_ts", "crime_id")
        .with_columns(before=pl.col("reported_ts").shift().over(pair))
        .filter(pl.col("before").is_null() | (pl.col("reported_ts") - pl.col("before") > COLLAPSE * DAY))
    )
    parts = [
        apart.filter(pl.col("reported_ts") > EXTRACT - window * DAY)
        .group_by("true_person")
        .agg(
            event_count=pl.col("crime_id").n_unique(),
            victim_count=pl.col("victim_true_person").drop_nulls().n_unique(),
        )
        .select("true_person", pl.lit(window).alias("window_days"), "event_count", "victim_count",
                is_repeat=pl.col("event_count") >= 2, is_serial=pl.col("victim_count") >= 2)
        for window in WINDOWS
    ]  # fmt: skip
    return pl.concat(parts).sort("true_person", "window_days")


def escalating_pairs(world: World, people: pl.DataFrame) -> pl.DataFrame:
    """Pairs whose reports were made to come faster and become graver, by true person."""
    firsts = [int(crimes[0]) for crimes in world.escalating]
    who = dict(people.select(pl.col("person_key").str.slice(5).cast(pl.Int64), "true_person").iter_rows())
    return pl.DataFrame(
        {
            "true_person": [who[int(world.facts["suspect_key"][row])] for row in firsts],
            "victim_true_person": [who[int(world.facts["victim_key"][row])] for row in firsts],
            "event_count": [crimes.size for crimes in world.escalating],
        }
    ).sort("true_person")


def missed_warnings(world: World, people: pl.DataFrame) -> pl.DataFrame:
    """Records of the people of a serious report that hold a warning, where each is held; decoys hold none."""
    schema = {"held_in": pl.String, "crime": pl.Int64, "later": pl.Int64, "is_decoy": pl.Boolean}
    frame = pl.DataFrame(world.warnings, schema=schema, orient="row")
    who = dict(people.select(pl.col("person_key").str.slice(5).cast(pl.Int64), "true_person").iter_rows())
    rows = frame["later"].to_numpy()
    return frame.select(
        "held_in",
        *(pl.format("INV-C{}", pl.col(name).cast(pl.String).str.zfill(8)).alias(column)
          for name, column in (("crime", "crime_id"), ("later", "serious_crime_id"))),
        pl.Series("true_person", [who[int(key)] for key in world.facts["suspect_key"][rows]], dtype=pl.String),
        pl.Series("victim_true_person", [who[int(key)] for key in world.facts["victim_key"][rows]], dtype=pl.String),
        "is_decoy",
    ).sort("crime_id")  # fmt: skip


def incidence(world: World) -> pl.DataFrame:
    """Share of crimes that would have each outcome by day 90, 180 and 365 if the extract did not end.

    From the outcomes and delays with which the force was made, closed or not, removed crimes left out.
    """
    f = world.facts
    classes = as_text(tuple(offence[1] for offence in OFFENCES), f["ho"])
    codes = as_text(OUTCOMES, f["latent_out"])
    kept = f["removal"] == 0
    rows = []
    for label in STALKING_AND_HARASSMENT:
        here = kept & (classes == label)
        for code in sorted(set(codes[here].tolist()) - {"0"}):
            rows += [
                (
                    label,
                    code,
                    day,
                    float((here & (codes == code) & (f["latent_delay"] <= day * DAY)).sum() / here.sum()),
                )
                for day in (90, 180, 365)
            ]
    return pl.DataFrame(rows, schema=["offence_class", "outcome_code", "day", "incidence"], orient="row")


def pairs(world: World) -> pl.DataFrame:
    """The record system's own count of pairs."""
    roles = world.tables["party_role"]
    seen = world.tables["crime"].select("crime", "reported_ts")
    victims = roles.filter(pl.col("role") == "victim").select("crime", victim_key="person_key")
    named = roles.filter(pl.col("role") == "suspect").select("crime", suspect_key="person_key")
    has = world.tables["crime"].filter(pl.col("incident_id") >= 0).select("crime", own=pl.lit(1))
    return (
        victims.join(named, on="crime")
        .join(seen, on="crime")
        .join(has, on="crime", how="left")
        .group_by("victim_key", "suspect_key")
        .agg(
            first_seen=pl.col("reported_ts").min(), last_seen=pl.col("reported_ts").max(),
            n_incident=pl.col("own").sum().cast(pl.Int64), n_crime=pl.len().cast(pl.Int64),
        )
        .sort("victim_key", "suspect_key")
    )  # fmt: skip
