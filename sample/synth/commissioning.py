"""Files beside the extract: force list, management of suspects, services, referrals, population, points; README."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import polars as pl

from sample.synth.base import BASE, drawn
from sample.synth.clock import DAY, EXTRACT, FIRST, START, Ints
from sample.synth.codes import FORCE, NEIGHBOUR, UNITS
from sample.synth.world import World
from sample.synth.write import exported

README = """INVENTED DATA

Everything in this folder is invented: {crimes} crimes of an "Invented Force", made by `stra synth` (seed {seed}, noise
{noise}). No person, place, officer or event in it is real, and no figure says anything about any police force.

force/          the extract, one file per table of recording-standards 7, and person_identity and management
commissioning/  invented services, referrals, population, which small area is in which district, and their outlines
points/         an invented points table for ranking suspects: the place for a force's own
truth/          what was planted: breaches of rules, near misses, who is who, suspects, pairs that escalate, outcomes.
                Never read by a build.

The force has the code E23000013 and its neighbour E23000012, because the recording rules accept only codes of the
ONS list; both are named as invented. Postcodes are in ZZ99, phones in the numbers kept for drama (07700 900xxx), mail
ends in example.invalid, LSOA codes are unused ones.
"""
EARLIER = """INVENTED DATA

Everything in this folder is invented, made by `stra synth --until {day}`: the extract of an "Invented Force" that day.
No person, place, officer or event in it is real, and no figure says anything about any police force.
"""
NEIGHBOURS = """INVENTED DATA

Everything in this folder is invented: {crimes} crimes of an "Invented Neighbour Force", made by `stra synth
--neighbour` beside a force of {of} crimes (seed {seed}, noise {noise}). No person, place, officer or event in it is
real, and no figure says anything about any police force. Some of its people are people of that force too, under other
keys.

force/          the extract, one file per table of recording-standards 7, and person_identity and management
commissioning/  population, and which small area is in which invented district
truth/          what was planted, and in missed_warnings the records of people of the other force.
                Never read by a build.
"""
SERVICES = (
    ("S1", "Invented Domestic Abuse Service", "Invented Provider One", "idva", 1.02),
    ("S2", "Invented Stalking Advocacy", "Invented Provider Two", "isac", 0.97),
    ("S3", "Invented Victim Care", "Invented Provider Three", "victim_care", 1.1),
    ("S4", "Invented Behaviour Programme", "Invented Provider Four", "perpetrator_programme", 1.5),
)
AGE_BANDS = ("0-15", "16-24", "25-34", "35-44", "45-54", "55+")
CASES = 60  # cases that a worker accepts in a year
POINTS = (  # component, from, up to (none: no upper end), points
    ("recency", 0, 28, 25), ("recency", 28, 91, 15), ("recency", 91, 365, 5), ("recency", 365, None, 0),
    ("frequency", 1, 2, 0), ("frequency", 2, 4, 10), ("frequency", 4, None, 25),
    ("gravity", 0, 20, 5), ("gravity", 20, 100, 15), ("gravity", 100, None, 25),
    ("victims", 0, 2, 0), ("victims", 2, 3, 15), ("victims", 3, None, 25),
)  # fmt: skip
# tenths of a degree east and north of a place at sea, around each of the districts of AREAS
OUTLINES = (
    ((0, 0), (4, 0), (5, 2), (3, 3), (0, 3)), ((4, 0), (10, 0), (10, 3), (6, 4), (5, 2)),
    ((0, 3), (3, 3), (4, 5), (3, 6), (0, 6)), ((3, 3), (5, 2), (6, 4), (7, 6), (3, 6), (4, 5)),
    ((6, 4), (10, 3), (10, 6), (7, 6)),
)  # fmt: skip
AREAS = tuple(f"E099999{number:02d}" for number in range(1, 6))
WARDS = ("North", "Middle", "South")  # of every district: the same name in two districts is two wards


def forces() -> pl.DataFrame:
    """The invented force and its neighbour."""
    return pl.DataFrame(
        {
            "force_code": [FORCE, NEIGHBOUR],
            "name": ["Invented Force", "Invented Neighbour Force"],
            "rms": ["other", "other"],
        }
    )


def points() -> pl.DataFrame:
    """A points table in the layout of a force's own, so that the ranking by points can be shown."""
    names = ["component", "from_value", "to_value", "points"]
    return pl.DataFrame(POINTS, schema=names, orient="row").with_columns(source=pl.lit("invented: no force's points"))


def outside(world: World, persons: dict[str, pl.DataFrame]) -> dict[str, tuple[str, pl.DataFrame]]:
    """Name -> folder and rows. Names of people are among them where `persons` has them."""
    names = {"person_identity": ("force", persons["person_identity"])} if "person_identity" in persons else {}
    return names | {
        "management": ("force", management(world)),
        "services": ("commissioning", services(world)),
        "referrals": ("commissioning", referrals(world)),
        "population": ("commissioning", population()),
        "small_areas": ("commissioning", small_areas()),
    }


def management(world: World) -> pl.DataFrame:
    """Stages of programmes for some suspects, more often for those of several crimes."""
    rng, f = world.rng, world.facts
    named = f["suspect_key"][f["named"] & f["suspect_row"]]
    keys, count = np.unique(named, return_counts=True)
    chosen = keys[rng.random(keys.size) < np.minimum(0.6, 0.015 * count**1.5)]
    programme = np.array(["mappa", "iom", "matac", "drive", "dvds", "other"])[rng.integers(0, 6, chosen.size)]
    reached = rng.integers(1, 7, chosen.size)
    rows = np.repeat(np.arange(chosen.size), reached)
    stage = np.arange(rows.size) - np.repeat(np.cumsum(reached) - reached, reached)
    start = (EXTRACT - rng.integers(200 * DAY, 800 * DAY, chosen.size))[rows] + stage * 25 * DAY
    last = stage == reached[rows] - 1
    frame = pl.DataFrame(
        {"person_key": chosen[rows], "from_ts": start, "to_ts": np.where(last, -(2**40), start + 25 * DAY)}
    )
    days = [
        pl.from_epoch(pl.when(pl.col(c) > 0).then(pl.col(c)), time_unit="s").dt.strftime("%Y-%m-%d").alias(n)
        for c, n in (("from_ts", "from_date"), ("to_ts", "to_date"))
    ]
    return frame.with_columns(
        person_key=pl.lit("INV-P") + pl.col("person_key").cast(pl.String).str.zfill(8),
        programme=pl.Series(programme)[rows],
        stage=pl.Series(np.array(["identified", "ranked", "adopted", "plan", "review", "exit"])[stage]),
    ).select("person_key", "programme", "stage", *days)


def services(world: World) -> pl.DataFrame:
    """Each service in each invented area, with staff for somewhat more or less than it accepts in a year."""
    taken = world.tables["referral"].filter(pl.col("accepted_ts") > 0)
    years = (EXTRACT - FIRST) / (365 * DAY)
    accepted = dict(taken.group_by("service").len().iter_rows())
    rows = [
        (
            f"{ref}" if not number else f"{ref}-{number}", name, provider, kind, area,
            max(0.1, round(accepted.get(ref, 0) / years / CASES * staffed / len(AREAS), 1)), CASES,
            round(accepted.get(ref, 0) / years / CASES * staffed / len(AREAS) * 45_000, -3),
        )
        for ref, name, provider, kind, staffed in SERVICES
        for number, area in enumerate(AREAS)
    ]
    fields = [
        "service_id",
        "name",
        "provider",
        "kind",
        "area_code",
        "capacity_fte",
        "cases_per_fte_year",
        "cost_per_year",
    ]
    return pl.DataFrame(rows, schema=fields, orient="row").with_columns(
        from_date=pl.lit("2022-04-01"), to_date=pl.lit(None, dtype=pl.String)
    )


def referrals(world: World) -> pl.DataFrame:
    """The services' own view of the extract's referrals."""
    rng = world.rng
    frame = exported("referral", world.tables["referral"])
    n = frame.height
    accepted = frame["accepted_ts"].is_not_null().to_numpy()
    engaged = accepted & (rng.random(n) < 0.7)
    crimes = np.minimum(frame["crime_id"].str.slice(5).cast(pl.Int64).to_numpy(), world.crimes - 1)
    victims, person, age = (world.facts[name][crimes] for name in ("victim_key", "victim", "victim_age"))
    later = frame["accepted_ts"].str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC")
    contact = later.dt.offset_by("3d").dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    done = later.dt.offset_by("80d").dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    end = pl.lit(pl.Series([EXTRACT])).cast(pl.Int64)
    over = (
        pl.select(pl.Series(later.dt.epoch("s").fill_null(EXTRACT)) + 80 * DAY < end).to_series().to_numpy() & engaged
    )
    met = accepted & (later.dt.epoch("s").fill_null(EXTRACT).to_numpy() + 3 * DAY < EXTRACT)

    def keep(values: pl.Series, mask: np.ndarray) -> pl.Series:
        return pl.select(pl.when(pl.Series(mask)).then(values)).to_series()

    def some(options: dict[str, float], missing: float) -> pl.Series:
        return said(list(options), drawn(rng, options, n), missing)

    def said(labels: Sequence[str], place: Ints, missing: float) -> pl.Series:
        return keep(pl.Series(labels)[place], rng.random(n) > missing)

    return frame.select(
        "referral_id", "crime_id", victim_key=pl.Series("INV-P" + pl.Series(victims).cast(pl.String).str.zfill(8)),
        service_id="service", offered_ts="offered_ts", consent="consent", sent_ts="sent_ts", accepted_ts="accepted_ts",
        first_contact_ts=keep(contact, met), contacts_n=keep(pl.Series(rng.poisson(6, n)), met),
        engaged=keep(pl.Series(engaged), accepted), completed_ts=keep(done, over),
        closed_reason=keep(pl.Series(["completed", "disengaged", "moved on"])[rng.integers(0, 3, n)], over),
        sex=said(("female", "male"), world.sex[person], 0.05),
        age_band=said(AGE_BANDS, np.searchsorted((16, 25, 35, 45, 55), age, side="right"), 0.08),
        ethnicity=said(("White", "Mixed", "Asian", "Black", "Other"), world.ethnicity[person], 0.25),
        disability=some(BASE["disability"], 0.4), sexual_orientation=some(BASE["sexual_orientation"], 0.6),
        religion=some(BASE["religion"], 0.6),
    )  # fmt: skip


def small_areas() -> pl.DataFrame:
    """The invented districts of the unused LSOA codes of the extract: one code a unit of the force."""
    places = range(len(UNITS))
    return pl.DataFrame(
        {
            "lsoa_code": [f"E019999{place:02d}" for place in places],
            "area_code": [AREAS[place % len(AREAS)] for place in places],
            "area_name": [f"Invented District {place % len(AREAS) + 1}" for place in places],
            "ward_name": [f"Invented {WARDS[place // len(AREAS)]} Ward" for place in places],
        }
    )


def boundaries() -> str:
    """Outlines of the invented districts as GeoJSON: they tile a square in the North Sea, where no district is."""
    features = [
        {
            "type": "Feature",
            "properties": {"district": f"Invented District {number}", "note": "invented: no real district"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[round(1 + x / 10, 2), round(55 + y / 10, 2)] for x, y in (*ring, ring[0])]],
            },
        }
        for number, ring in enumerate(OUTLINES, start=1)
    ]
    return json.dumps({"type": "FeatureCollection", "name": "invented districts", "features": features}, indent=1)


def population() -> pl.DataFrame:
    """Persons by area, year, sex and age band, invented."""
    ages = {"0-15": 21000, "16-24": 12500, "25-34": 15000, "35-44": 14500, "45-54": 14000, "55-64": 13500, "65+": 20000}
    rows = [
        (area, "invented district", year, sex, band, round(size * share) + 97 * (year - START // (365 * DAY) - 1970))
        for area, share in zip(AREAS, BASE["district_residents"].values(), strict=True)
        for year in (2023, 2024, 2025)
        for sex in ("female", "male")
        for band, size in ages.items()
    ]
    return pl.DataFrame(rows, schema=["area_code", "area_type", "year", "sex", "age_band", "persons"], orient="row")
