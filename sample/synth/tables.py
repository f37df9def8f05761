"""Tables of the crime itself, from its facts: each record meets every rule until a planting edits it."""

from __future__ import annotations

import numpy as np
import polars as pl

from sample.synth.base import BASE, drawn
from sample.synth.clock import DAY, EXTRACT, FIRST, HOUR, MINUTE, NONE, Bools, Ints, constant, only
from sample.synth.codes import (
    ALTERNATE,
    CHANNELS,
    DOMESTIC,
    LABELS,
    OFFENCES,
    ORDER_BREACH,
    OUTCOMES,
    RELATIONSHIPS,
    SERIOUS_STALKING,
    STALKING_AND_HARASSMENT,
    UNITS,
    as_text,
    is_in,
    of_class,
    related,
)
from sample.synth.text import narratives
from sample.synth.world import World

KINDS = sorted({offence[4] for offence in OFFENCES} | {"incident"})


def within(start: Ints, end: Ints, spread: Ints, part: float) -> Ints:
    """Some time after `start`: the drawn spread, but at most a part of the way to `end`."""
    return start + np.minimum(spread, (part * (end - start)).astype(np.int64))


def derive(world: World) -> None:
    """Facts that several tables share."""
    rng, f, n = world.rng, world.facts, world.crimes
    f["sh"] = of_class(STALKING_AND_HARASSMENT, f["ho"])
    included_sh = (f["included"] >= 0) & of_class(STALKING_AND_HARASSMENT, f["included"])
    f["stalking"] = of_class(("8Q",), f["ho"]) | ((f["included"] >= 0) & of_class(("8Q",), f["included"]))
    f["breaching"] = is_in(ORDER_BREACH, f["ho"])
    f["serious"] = is_in(SERIOUS_STALKING, f["ho"])
    f["victim_age"] = ((f["offence_from"] - world.birth[f["victim"]]) / (365.25 * DAY)).astype(np.int64)
    f["suspect_age"] = ((f["offence_from"] - world.birth[f["suspect"]]) / (365.25 * DAY)).astype(np.int64)
    f["da"] = related(DOMESTIC, f["rel"]) & (f["victim_age"] >= 16) & (f["suspect_age"] >= 16)
    f["assessed"] = f["sh"] | included_sh | f["da"]
    removed_at = f["recorded"] + np.minimum(
        rng.integers(1 * DAY, 18 * DAY, n), (0.9 * (EXTRACT - f["recorded"])).astype(np.int64)
    )
    f["removed_at"] = np.where(f["removal"] > 0, removed_at, NONE)
    f["end"] = np.where(f["closed"], f["outcome_at"], np.where(f["removal"] > 0, removed_at, EXTRACT - 2 * MINUTE))
    f["created"] = f["reported"] - rng.integers(0, 10 * MINUTE, n)
    f["has_incident"] = (rng.random(n) < 0.92) | ~world.free
    f["named_at"] = within(f["recorded"], f["end"], rng.integers(0, 20 * HOUR, n), 0.2)
    arrested = f["named"] & f["suspect_row"] & f["arrested"]
    waited = np.clip(rng.lognormal(np.log(BASE["arrest_hours"]["median"]), 1.4, n), 1, 320) * HOUR
    f["arrest"] = np.where(arrested, within(f["named_at"], f["end"], waited.astype(np.int64), 0.5), NONE)
    f["release"] = np.where(
        f["arrest"] != NONE, within(f["arrest"], f["end"], rng.integers(6 * HOUR, 22 * HOUR, n), 0.3), NONE
    )
    f["first_assessed"] = within(f["reported"], np.full(n, EXTRACT), rng.integers(1 * HOUR, 20 * HOUR, n), 0.8)
    own = f["breaching"]
    f["first_assessed"][own] = within(f["reported"], np.full(n, EXTRACT), np.full(n, 3 * HOUR), 0.5)[own]
    support = np.full(n, "not_asked", dtype="<U10")
    code = as_text(OUTCOMES, f["out"])
    support[code == "0"] = "undecided"
    support[code == "1"] = support[code == "15"] = support[code == "1A"] = "yes"
    support[(code == "16") | (code == "14")] = "no"
    support[(code == "16") & (rng.random(n) < 0.3)] = "withdrawn"
    f["support_text"] = support
    repeat_domestic(world)


def repeat_domestic(world: World) -> None:
    """An earlier domestic crime of the victim at any time, or a linked incident: more than CLS-19 requires."""
    f = world.facts
    order = np.lexsort((f["reported"], f["victim"]))
    victim, da = f["victim"][order], f["da"][order].astype(np.int64)
    before = np.cumsum(da) - da
    start = np.flatnonzero(np.r_[True, victim[1:] != victim[:-1]])
    base = np.repeat(before[start], np.diff(np.r_[start, victim.size]))
    repeat = np.zeros(world.crimes, dtype=bool)
    repeat[order] = before - base > 0
    f["repeat"] = f["da"] & (repeat | f["prior"])


def staff(world: World) -> None:
    """Officers of each unit: constables, as many detectives, two sergeants and an inspector."""
    rng, f, n = world.rng, world.facts, world.crimes
    unit = f["unit"]
    each = max(4, n // (len(UNITS) * 250))
    size = 2 * each + 3
    detective = f["serious"] | (f["grade"] == 2) | (rng.random(n) < 0.5)
    f["each"] = np.full(n, each)
    f["oic"] = unit * size + rng.integers(0, each, n) + np.where(detective, each, 0)
    f["supervisor"] = unit * size + 2 * each + rng.integers(0, 2, n)
    f["manager"] = unit * size + 2 * each + 2
    f["officer"] = len(UNITS) * size + rng.integers(0, len(UNITS) * each, n)
    number = np.arange(len(UNITS) * size + len(UNITS) * each)
    role = np.where(number < len(UNITS) * size, number % size, 0)
    kind = np.where(role < each, 0, np.where(role < 2 * each, 1, 2 + role - 2 * each))
    world.tables["investigator"] = pl.DataFrame(
        {
            "person_id": number,
            "unit": np.array(UNITS)[np.where(number < len(UNITS) * size, number // size, number % len(UNITS))],
            "rank": np.array(["PC", "DC", "DS", "DS", "DI"])[kind],
            "pip_level": np.array([1, 2, 2, 2, 3])[kind],
            "role": np.array(["response", "investigator", "supervisor", "supervisor", "manager"])[kind],
        }
    )
    away = rng.choice(number[: len(UNITS) * size], max(6, number.size // 4), replace=False)
    start = EXTRACT - rng.integers(5 * DAY, 900 * DAY, away.size)
    long = rng.random(away.size) < 0.5
    world.tables["investigator_absence"] = pl.DataFrame(
        {
            "person_id": away,
            "from_ts": start,
            "to_ts": start + np.where(long, rng.integers(8, 21, away.size), rng.integers(1, 6, away.size)) * DAY,
            "deputy_id": np.where(long, away // size * size + 2 * each, -1),
        }
    )


def crime(world: World) -> None:
    """The crime itself, its incident, flags, links and history."""
    rng, f, n = world.rng, world.facts, world.crimes
    number = np.arange(n)
    offences = pl.DataFrame(OFFENCES, schema=["ho_code", "class_code", "class_label", "cjs_code", "kind"], orient="row")
    chosen = offences[f["ho"]]
    kind = np.array([KINDS.index(offence[4]) for offence in OFFENCES])[f["ho"]]
    mo = narratives(rng, KINDS, kind)
    if world.text:
        rows = sorted(world.text)
        mo = mo.scatter(rows, [world.text[row] for row in rows])
    quirk = rng.random(n)
    keyed = chosen["ho_code"].to_numpy().astype("<U8")
    padded = np.where(
        np.char.find(keyed, "/") == 1, np.where(quirk < 0.1, np.char.add("00", keyed), np.char.add("0", keyed)), keyed
    )
    conduct = of_class(("8L", "8M", "8Q", "8U"), f["ho"])
    label = chosen["class_label"]
    label = pl.DataFrame({"l": label, "q": quirk}).select(
        pl.when(pl.col("q") < 0.05).then(pl.col("l").str.to_uppercase()).otherwise(pl.col("l"))
    )["l"]
    status = np.where(f["closed"], "closed", np.where(rng.random(n) < 0.02, "reopened", "open")).astype("<U11")
    status[f["removal"] > 0] = "cancelled"
    status[f["removal"] == 1] = "transferred"
    located = rng.random(n)
    world.tables["crime"] = pl.DataFrame(
        {
            "crime": number,
            "crime_ref": pl.Series(number).cast(pl.String).str.zfill(8).str.replace("^", "INV/"),
            "force_code": constant(n, "E23000013"),
            "incident_id": np.where(f["has_incident"], number, -1),
            "report_group_id": np.where(rng.random(n) < 0.5, number, -1),
            "reported_ts": f["reported"],
            "recorded_ts": f["recorded"],
            "offence_from_ts": f["offence_from"],
            "offence_to_ts": np.where(conduct | (rng.random(n) < 0.7), f["offence_to"], NONE),
            "ho_code_raw": np.where(quirk < 0.3, padded, keyed),
            "ho_code": chosen["ho_code"],
            "class_code": chosen["class_code"],
            "cjs_code": only(rng.random(n) < 0.9, chosen["cjs_code"]),
            "class_label": label,
            "mo_text": mo,
            "harassment_only_rationale": only(
                f["rationale"], "Harassment in law only: reviewed with the registrar"
            ),
            "coc_count": np.where(conduct, rng.integers(2, 9, n), -1),
            "course_of_conduct": conduct,
            "s1_1a": of_class(("8L",), f["ho"]) & (rng.random(n) < 0.03),
            "status": status,
            "location_type": np.array(list(BASE["place"]))[drawn(rng, BASE["place"], n)],
            "postcode_sector": only(located < 0.8, np.char.add("ZZ9 ", rng.integers(1, 9, n).astype(str))),
            "lat": np.where((located > 0.1) & (located < 0.9), 50 + rng.random(n).round(4), np.nan),
            "lon": np.where((located > 0.1) & (located < 0.9), -8.5 + rng.random(n).round(4), np.nan),
            "lsoa21": only(located > 0.12, np.char.add("E019999", np.char.zfill(f["unit"].astype(str), 2))),
            "recording_collar": f["officer"],
            "supervising_collar": f["supervisor"],
            "oic_id": f["oic"],
            "vcop_enhanced": pl.Series(f["sh"] | f["da"]),
            "needs_assessment_ts": within(
                f["recorded"], np.full(n, EXTRACT), rng.integers(1 * HOUR, 2 * DAY, n), 0.8
            ),
            "vps_offered_ts": within(f["recorded"], f["end"], rng.integers(2 * HOUR, 6 * DAY, n), 0.6),
            "dmm_flag": f["grade"] == 2,
        }
    )  # fmt: skip
    incidents(world, kind)
    flags(world)
    links(world)
    history(world)


def incidents(world: World, kind: Ints) -> None:
    """The crime's own incident, earlier ones linked to it, and calls that led to no crime."""
    rng, f, n = world.rng, world.facts, world.crimes
    own = np.flatnonzero(f["has_incident"])
    prior = np.flatnonzero(f["prior"])
    calls = n // 5
    m = own.size + prior.size + calls
    f["prior_incident"] = np.full(n, -1)
    f["prior_incident"][prior] = n + np.arange(prior.size)
    before = f["offence_from"][prior] - rng.integers(1 * DAY, 40 * DAY, prior.size)
    others = np.sort(rng.integers(FIRST, EXTRACT - HOUR, calls))
    created = np.r_[f["created"][own], before, others]
    related_to_crime = np.r_[np.ones(own.size, bool), np.zeros(prior.size, bool), rng.random(calls) < 0.25]
    explained = related_to_crime & (np.arange(m) >= own.size)
    closed = np.minimum(created + rng.integers(30 * MINUTE, 30 * HOUR, m), EXTRACT)
    text = narratives(rng, KINDS, np.r_[kind[own], np.full(prior.size + calls, KINDS.index("incident"))])
    if world.log:
        place = {int(number): row for row, number in enumerate(own)}
        rows = sorted(world.log)
        text = text.scatter([place[row] for row in rows], [world.log[row] for row in rows])
    number = np.r_[own, n + np.arange(prior.size), n + prior.size + np.arange(calls)]
    rationale = only(explained, "No crime: the account given shows that no notifiable offence took place")
    world.tables["incident"] = pl.DataFrame(
        {
            "incident": number,
            "force_code": constant(m, "E23000013"),
            "created_ts": created,
            "closed_ts": np.where((rng.random(m) < 0.97) & (closed < EXTRACT), closed, NONE),
            "channel": np.array(CHANNELS)[rng.choice(7, m, p=[0.45, 0.2, 0.13, 0.07, 0.06, 0.05, 0.04])],
            "caller_role": np.array(["victim", "witness", "third party"])[rng.choice(3, m, p=[0.8, 0.12, 0.08])],
            "nsir_open": np.char.zfill(rng.integers(1, 400, m).astype(str), 3),
            "nsir_close": only(rng.random(m) < 0.9, np.char.zfill(rng.integers(1, 400, m).astype(str), 3)),
            "graded": np.array(["immediate", "priority", "scheduled"])[rng.integers(0, 3, m)],
            "log_text": text,
            "attended_ts": np.where(rng.random(m) < 0.6, np.minimum(created + 2 * HOUR, EXTRACT), NONE),
            "da_flag": np.r_[f["da"][own], f["da"][prior], rng.random(calls) < 0.2],
            "crime_related": related_to_crime,
            "no_crime_rationale": rationale,
            "decision_by": np.where(explained, 3, -1),
            "decision_ts": np.where(explained, np.minimum(created + 6 * HOUR, EXTRACT), NONE),
        }
    )


def flags(world: World) -> None:
    rng, f, n = world.rng, world.facts, world.crimes
    hate = is_in(("8/56", "8/58", "8/55"), f["ho"])
    sets: dict[str, Bools] = {
        "da": f["da"] & f["flag_da"], "repeat_da": f["repeat"], "online": f["online"] | of_class(("8R",), f["ho"]),
        "hate_race": hate, "alcohol": rng.random(n) < 0.08, "child": (f["victim_age"] < 18) & (rng.random(n) < 0.9),
    }  # fmt: skip
    rows = [(flag, np.flatnonzero(where)) for flag, where in sets.items()]
    crimes = np.concatenate([where for _, where in rows])
    world.tables["crime_flag"] = pl.DataFrame(
        {
            "crime": crimes,
            "flag": np.concatenate([np.full(where.size, flag) for flag, where in rows]),
            "set_ts": f["recorded"][crimes],
            "set_by": f["officer"][crimes],
        }
    )


def links(world: World) -> None:
    """Each crime to every earlier crime of its pair and to that crime's incident (INV-03)."""
    f = world.facts
    pairs = pl.DataFrame({"crime": np.arange(world.crimes), "pair": f["pair"], "reported": f["reported"]})
    many = pairs.filter(pl.len().over("pair") > 1)
    both = many.join(many, on="pair", suffix="_earlier").filter(
        (pl.col("reported_earlier") < pl.col("reported")) & (pl.col("crime") != pl.col("crime_earlier"))
    )
    both = both.sort("crime", "crime_earlier")
    crimes, earlier = both["crime"].to_numpy(), both["crime_earlier"].to_numpy()
    logged = f["has_incident"][earlier]
    prior = np.flatnonzero(f["prior"])
    old = np.flatnonzero(f["prior"][earlier])
    subject = np.r_[crimes, crimes[logged], prior, crimes[old]]
    other = np.r_[earlier, earlier[logged], f["prior_incident"][prior], f["prior_incident"][earlier[old]]]
    kind = np.r_[np.full(crimes.size, "crime"), np.full(subject.size - crimes.size, "incident")]
    world.tables["crime_link"] = pl.DataFrame(
        {
            "crime": subject, "other_id": other, "other_kind": kind,
            "link_type": np.where(kind == "crime", "same parties", "earlier report"),
            "linked_ts": f["recorded"][subject] + np.minimum(HOUR, (EXTRACT - f["recorded"][subject]) // 2),
        }
    )  # fmt: skip


def history(world: World) -> None:
    """Changes of class, with a second check on downgrades (CLS-07); crimes under a more serious one."""
    f = world.facts
    rows = np.flatnonzero(f["history"] > 0)
    stalking = as_text(tuple(offence[0] for offence in OFFENCES), f["ho"][rows])
    kind = f["history"][rows]
    up = kind != 2
    down = np.where(stalking == "195/12", "8/66", "195/12")
    first = np.select([kind == 1, kind == 3], ["195/12", "195/94"], down)
    now = np.r_[first, stalking]
    classes = {offence[0]: offence[1] for offence in OFFENCES}
    days = BASE["corrected"]["median_days"] * world.rng.lognormal(0, 0.8, rows.size)
    wait = np.where(kind == 3, days * DAY, 3 * DAY).astype(np.int64)
    # a review may come after the crime was closed; other changes come before
    ends = np.where(kind == 3, EXTRACT, f["end"][rows])
    changed = within(f["recorded"][rows], ends, wait, 0.6)
    second = np.r_[np.full(rows.size, -1), np.where(up, -1, f["manager"][rows])]
    world.tables["classification_history"] = pl.DataFrame(
        {
            "crime": np.r_[rows, rows], "seq": np.repeat([1, 2], rows.size), "ho_code": now,
            "class_code": [classes[code] for code in now], "changed_ts": np.r_[f["recorded"][rows], changed],
            "changed_by": np.r_[f["officer"][rows], f["supervisor"][rows]],
            "reason": np.repeat(["first recorded", "further account"], rows.size), "second_check_by": second,
        }
    ).sort("crime", "seq")  # fmt: skip
    held = np.flatnonzero(f["included"] >= 0)
    codes = as_text(tuple(offence[0] for offence in OFFENCES), f["included"][held])
    world.tables["included_classification"] = pl.DataFrame(
        {
            "crime": held, "ho_code": codes, "class_code": np.array([classes[code] for code in codes], dtype="<U4"),
            "added_ts": f["recorded"][held], "added_by": f["officer"][held],
            "reason": constant(held.size, "principal crime rule"),
        }
    )  # fmt: skip
    gone = np.flatnonzero(f["removal"] > 0)
    code = f["removal"][gone]
    parent = np.maximum(gone - 3, 0)
    informed = np.minimum(f["removed_at"][gone] + HOUR, EXTRACT)
    world.tables["removal"] = pl.DataFrame(
        {
            "crime": gone, "removal_code": np.char.add("C", code.astype(str)), "removal_ts": f["removed_at"][gone],
            "authoriser_id": f["manager"][gone],
            "authoriser_role": np.array(["ddm", "fcr", "deputy_fcr", "supervisor"])[gone % 4],
            "avi_text": only(code == 2, "Footage and two accounts show that no offence took place"),
            "verifier": np.where(code == 2, f["supervisor"][gone], -1),
            "receiving_force": only(code == 1, "E23000012"),
            "receiving_ref": only(code == 1, np.char.add("NEI/", gone.astype(str))),
            "accepted_ts": np.where(code == 1, f["removed_at"][gone], NONE),
            "parent_crime_ref": np.where(code == 3, parent, -1),
            "victim_informed_ts": np.where(code == 1, NONE, informed),
        }
    )  # fmt: skip


def parties(world: World) -> None:
    """Victim and suspect rows; the relationship is on both, or on one of them (6.0.4)."""
    rng, f, n = world.rng, world.facts, world.crimes
    rows = np.flatnonzero(f["suspect_row"])
    where = rng.random(n)
    rel = np.array(RELATIONSHIPS)[f["rel"]]
    disposal = np.where(
        f["closed"][rows], ((f["outcome_at"][rows] - world.birth[f["suspect"][rows]]) / (365.25 * DAY)).astype(int), -1
    )
    on_victim = ~f["suspect_row"] | (where < 0.9)
    has = np.r_[on_victim, where[rows] > 0.3]
    vulnerable = np.r_[rng.random(n) < 0.12, np.zeros(rows.size, dtype=bool)]
    witness = np.flatnonzero(rng.random(n) < 0.1)
    helpers = world.sex.size + np.arange(witness.size)
    world.extra_people = witness.size
    world.birth = np.r_[world.birth, np.full(witness.size, EXTRACT - 40 * 365 * DAY)]
    f_suspect = np.where(f["named"][rows], "suspect", "suspect")
    world.tables["party_role"] = pl.DataFrame(
        {
            "crime": np.r_[np.arange(n), rows],
            "person_key": np.r_[f["victim_key"], f["suspect_key"][rows]],
            "role": np.r_[np.full(n, "victim"), f_suspect],
            "named": np.r_[np.ones(n, bool), f["named"][rows]],
            "relationship": only(has, np.r_[rel, rel[rows]]),
            "vulnerability": only(vulnerable, "health"),
            "age_at_offence": np.r_[f["victim_age"], np.where(f["named"][rows], f["suspect_age"][rows], -1)],
            "age_at_disposal": np.r_[np.full(n, -1), np.where(f["named"][rows], disposal, -1)],
            "first_added_ts": np.r_[f["recorded"], f["named_at"][rows]],
            "eliminated_ts": np.full(n + rows.size, NONE),
            "victim_support": np.r_[f["support_text"], np.full(rows.size, "")],
        }
    )
    world.add(
        "party_role", witness.size, crime=witness, person_key=helpers,
        role=np.array(["witness", "reporting_person", "subject"])[rng.choice(3, witness.size, p=[0.7, 0.2, 0.1])],
        named=True, age_at_offence=-1, age_at_disposal=-1, first_added_ts=f["recorded"][witness], eliminated_ts=NONE,
    )  # fmt: skip
    world.tables["party_role"] = world.tables["party_role"].with_columns(
        pl.when(pl.col("victim_support") != "").then(pl.col("victim_support"))
    )


def outcome(world: World) -> None:
    """A row of code 0 from the start, kept as history once the crime has an outcome (6.0.3)."""
    rng, f, n = world.rng, world.facts, world.crimes
    done = np.flatnonzero(f["closed"])
    code = as_text(OUTCOMES, f["out"][done])
    alternate = pl.Series([ALTERNATE.get(offence[0]) for offence in OFFENCES])
    written = pl.Series([LABELS.get(one, one) for one in OUTCOMES] + list(OUTCOMES))
    raw = written[f["out"][done] + np.where(rng.random(done.size) < 0.3, 0, len(OUTCOMES))]
    sealed = np.isin(code, ["8", "10", "21", "22", "9", "12", "13", "11", "5", "3", "2"])
    informed = np.minimum(f["outcome_at"][done] + rng.integers(HOUR, 3 * HOUR, done.size), EXTRACT)
    rank = pl.Series(["DS", "DI", "DS", "DCI"])[rng.integers(0, 4, done.size)]
    none = pl.repeat(None, n, dtype=pl.String, eager=True)
    world.tables["outcome"] = pl.DataFrame(
        {
            "crime": np.r_[np.arange(n), done],
            "seq": np.r_[np.ones(n, int), np.full(done.size, 2)],
            "code": np.r_[np.full(n, "0"), code],
            "code_raw": pl.concat([constant(n, "0"), raw]),
            "outcome_ts": np.r_[f["recorded"], f["outcome_at"][done]],
            "authoriser_id": np.r_[f["supervisor"], f["supervisor"][done]],
            "authoriser_rank": pl.concat([none, rank]),
            "rationale": pl.concat([none, only(sealed, "Reviewed by a supervisor; reasons on the log")]),
            "alt_ho_code": pl.concat([none, only(np.isin(code, ["1A", "2A", "3A"]), alternate[f["ho"][done]])]),
            "other_body": pl.concat([none, only(code == "20", "Invented Council")]),
            "victim_informed_ts": np.r_[np.full(n, NONE), informed],
            "is_current": np.r_[~f["closed"], np.ones(done.size, bool)],
        }
    )  # fmt: skip
    f["informed_at"] = np.full(n, NONE)
    f["informed_at"][done] = informed
    asked = done[np.isin(code, ["14", "16"])]
    before = f["outcome_at"][asked] - np.minimum(DAY, (0.3 * (f["outcome_at"] - f["recorded"])[asked]).astype(np.int64))
    world.tables["victim_engagement"] = pl.DataFrame(
        {
            "crime": asked, "ts": before, "kind": constant(asked.size, "decision"),
            "channel": np.array(["in person", "phone", "body-worn video"])[rng.integers(0, 3, asked.size)],
            "by_id": f["oic"][asked], "decision": constant(asked.size, "does not support"),
            "reason": np.array(["wishes to move on", "fears for the family", "wants no court"])[
                rng.integers(0, 3, asked.size)
            ],
            "record_ref": np.char.add("EX/", asked.astype(str)),
        }
    )  # fmt: skip
