"""INV, NOT-02 and FIL: the investigation and its file (recording-standards 6.6)."""

from __future__ import annotations

import numpy as np
import polars as pl

from sample.synth.care import INTERVIEW
from sample.synth.clock import DAY, HOUR, NONE, Ints
from sample.synth.plant.classification import course
from sample.synth.world import Plan, World, plants


@plants("NOT-02")
def notice_then_closed(w: World) -> Plan:
    """A notice and an end by 10, 16, 21 or 22 within 14 days: NOT-01 is breached too; 16 days later NOT-02 is not."""
    bad = np.concatenate([w.cast(max(1, w.breaches // 3), "195/94", out=out) for out in ("16", "10", "21")])
    near = w.cast(w.near_misses, "195/94", out="16", delay=40 * DAY)
    yield
    f = w.facts
    for rows, days in ((bad, 5), (near, 16)):
        w.add("notice", rows.size, crime=rows, type="words_of_advice", issued_ts=f["outcome_at"][rows] - days * DAY,
              issued_by=f["officer"][rows], to_key=f["suspect_key"][rows])  # fmt: skip
    w.breach("NOT-02", bad)
    w.breach("NOT-01", np.r_[bad, near])
    w.decoy("NOT-02", near)


def give_to(w: World, rows: Ints, officers: Ints) -> None:
    """Another officer in the case."""
    w.set_column("crime", rows, "oic_id", officers)
    w.set_column("allocation", rows, "investigator_id", officers)


def first_of_unit(w: World) -> Ints:
    """An officer below PIP2 of each crime's unit."""
    staff = w.tables["investigator"].filter(
        (pl.col("pip_level") == 1) & (pl.col("person_id") < int(w.facts["officer"].min()))
    )
    first = dict(staff.group_by("unit").agg(pl.col("person_id").min()).iter_rows())
    own = w.tables["investigator"]["unit"].to_numpy()[w.facts["oic"]]
    return np.array([first[name] for name in own])


@plants("INV-01")
def allocated(w: World) -> Plan:
    """s.4A or high risk with an officer below PIP2 and no specialist consulted; consulted, or a plain s.2A, is sound.
    """
    bad, asked, plain = w.cast(w.breaches, "8/66"), w.cast(w.near_misses, "8/66"), w.cast(w.near_misses, "195/12")
    yield
    first = first_of_unit(w)
    for rows in (bad, asked, plain):
        give_to(w, rows, first[rows])
    w.set_column("allocation", asked, "spoc_consult_ts", w.facts["recorded"][asked] + 5 * HOUR)
    w.breach("INV-01", bad)
    w.decoy("INV-01", np.r_[asked, plain])


@plants("INV-02")
def offence_check(w: World) -> Plan:
    bad, near = w.cast(w.breaches, "195/94"), w.cast(w.near_misses, "195/94")
    yield
    w.set_values("review", bad, offence_check=None)
    w.add("review", near.size, crime=near, ts=w.facts["outcome_at"][near] - HOUR, level="supervisor",
          by_id=w.facts["supervisor"][near], next_due=NONE)  # fmt: skip
    w.breach("INV-02", bad)
    w.decoy("INV-02", near)


@plants("INV-03")
def unlinked(w: World) -> Plan:
    """An earlier report of the pair without a link; one of another pair needs none."""
    bad = course(w, w.breaches, ("195/94", "195/94"), "neighbour", (0, 80))[1]
    other = [w.cast(w.near_misses, "195/94"), w.cast(w.near_misses, "195/94")]
    w.facts["victim"][other[1]] = w.facts["victim"][other[0]]
    yield
    w.drop("crime_link", bad)
    w.set_values("review", bad, prior_linked=False)
    w.breach("INV-03", bad)
    w.decoy("INV-03", np.r_[other[0], other[1]])


@plants("INV-04")
def absence(w: World) -> Plan:
    """The officer absent for ten days, no deputy, no action meanwhile.

    With a deputy, for seven days, or with contact kept, the case is covered. The officers are made for it and have one
    crime each.
    """
    bad = w.cast(w.breaches, "195/94", out="0")
    deputy, week, kept = (w.cast(max(1, w.near_misses // 2), "195/94", out="0") for _ in range(3))
    yield
    f = w.facts
    rows = np.r_[bad, deputy, week, kept]
    staff = w.tables["investigator"]
    number = staff.height + np.arange(rows.size)
    unit = staff["unit"].to_numpy()[f["oic"][rows]]
    w.add("investigator", rows.size, person_id=number, unit=unit, rank="DC", pip_level=2, role="investigator")
    give_to(w, rows, number)
    start = f["recorded"][rows] + 29 * DAY
    days = np.where(np.isin(rows, week), 7, 10)
    w.add("investigator_absence", rows.size, person_id=number, from_ts=start, to_ts=start + days * DAY,
          deputy_id=np.where(np.isin(rows, deputy), f["supervisor"][rows], -1))  # fmt: skip
    # Nothing may happen to these crimes meanwhile: what falls into the absence is moved to the day before it.
    for table in ("victim_contact", "review"):
        for row, at in zip(rows.tolist(), start.tolist(), strict=True):
            inside = (pl.col("ts") >= at - DAY) & (pl.col("ts") <= at + 11 * DAY)
            w.set_values(table, np.array([row]), inside, ts=at - DAY)
    w.add("victim_contact", kept.size, crime=kept, ts=f["recorded"][kept] + 34 * DAY, direction="to victim",
        reason="update",
          by_id=f["supervisor"][kept])  # fmt: skip
    w.breach("INV-04", bad)
    w.decoy("INV-04", np.r_[deputy, week, kept])


@plants("INV-05")
def digital(w: World) -> Plan:
    """No digital line, or one raised on the ninth day; an hour short of seven days is early enough."""
    none, late, near = (
        w.cast(w.breaches // 2, "195/94"),
        w.cast(w.breaches - w.breaches // 2, "195/94"),
        w.cast(w.near_misses, "195/94"),
    )
    yield
    lines = pl.col("type").is_in(["phone", "cctv"])
    w.drop("line_of_enquiry", none, lines)
    base = w.facts["reported"]
    w.set_column("line_of_enquiry", late, "raised_ts", w.facts["recorded"][late] + 9 * DAY, lines)
    w.set_column("line_of_enquiry", near, "raised_ts", base[near] + 7 * DAY - HOUR, lines)
    for rows in (late, near):
        w.set_column("line_of_enquiry", rows, "done_ts", w.facts["outcome_at"][rows] - DAY, lines)
    w.breach("INV-05", np.r_[none, late])
    w.decoy("INV-05", near)


@plants("INV-06")
def search(w: World) -> Plan:
    """Nothing on search in a stalking crime; considered and not used is considered."""
    bad, near = w.cast(w.breaches), w.cast(w.near_misses)
    yield
    w.drop("line_of_enquiry", bad, pl.col("type") == "search")
    w.drop("case_file", bad, pl.col("item") == "search_record")
    w.set_values(
        "line_of_enquiry", near, pl.col("type") == "search", required=False, result="considered; not proportionate"
    )
    w.breach("INV-06", bad)
    w.decoy("INV-06", near)


@plants("INV-07")
def not_arrested(w: World) -> Plan:
    """Named for weeks, neither arrested nor interviewed; nobody named, or an interview without arrest, is sound.

    A reason within the wait explains it. One before the naming does not, nor does the rationale of the closing.
    """
    part = w.breaches // 3
    waiting = w.cast(w.breaches - 2 * part, "195/94", out="0", arrested=True)
    before = w.cast(part, "195/94", out="0", arrested=True)
    closed = w.cast(part, "195/94", out="16", delay=60 * DAY, arrested=True)
    unnamed = w.cast(w.near_misses, "195/94", out="0", named=False)
    asked = w.cast(w.near_misses, "195/94", out="0", arrested=True)
    explained = w.cast(w.near_misses, "195/94", out="0", arrested=True)
    yield
    alone = np.r_[waiting, before, closed, explained]
    custody = w.tables["custody"].filter(w.hit("custody", alone))["custody"].to_numpy()
    w.drop("bail", custody, key="custody")
    w.drop("custody", alone)
    w.set_values("custody", asked, arrest_reason="voluntary attendance")
    w.set_values("outcome", closed, pl.col("is_current"), rationale="Closed by the supervisor; reasons on the log")
    named = w.facts["named_at"]
    for rows, at in ((before, named[before] - HOUR), (explained, named[explained] + 3 * DAY)):
        w.add("line_of_enquiry", rows.size, crime=rows, type=INTERVIEW, raised_ts=at - HOUR, required=False,
              done_ts=at, result="not found at the address; circulated")  # fmt: skip
    w.breach("INV-07", np.r_[waiting, before, closed])
    w.decoy("INV-07", np.r_[unnamed, asked, explained])


@plants("INV-08")
def under_investigation(w: World) -> Plan:
    stalking = w.cast(w.breaches - w.breaches // 2, "195/12", arrested=True)
    domestic = w.cast(w.breaches // 2, "105/1", rel="partner", arrested=True)
    near = w.cast(w.near_misses, "105/1", rel="acquaintance", arrested=True)
    yield
    rows = np.r_[stalking, domestic, near]
    held = w.tables["custody"].filter(w.hit("custody", rows)).select("custody", "crime", "release_ts")
    w.drop("bail", held["custody"].to_numpy(), key="custody")
    end = w.facts["outcome_at"][held["crime"].to_numpy()]
    w.add("bail", held.height, custody=held["custody"], crime=held["crime"], type="rui", start_ts=held["release_ts"],
          end_ts=end, conditions_n=0, extended_by=-1, breached_ts=NONE)  # fmt: skip
    w.set_values("custody", rows, disposal="released under investigation")
    w.breach("INV-08", np.r_[stalking, domestic])
    w.decoy("INV-08", near)


@plants("FIL-01")
def file_items(w: World) -> Plan:
    """MG3, MG5, its timeline or a schedule missing; a missing statement of the victim does not count."""
    bad, near, other = (
        w.cast(w.breaches, "195/94", out="1"),
        w.cast(w.near_misses, "195/94", out="1"),
        w.cast(w.near_misses, "105/1", out="1"),
    )
    yield
    for number, item in enumerate(("mg5_timeline", "mg5", "mg3", "mg6c")):
        rows = bad[number::4]
        w.set_values("case_file", rows[::2], pl.col("item") == item, present=False)
        w.drop("case_file", rows[1::2], pl.col("item") == item)
    w.set_values("case_file", near, pl.col("item") == "vps", present=False)
    w.breach("FIL-01", bad)
    w.decoy("FIL-01", np.r_[near, other])


@plants("FIL-02")
def special_measures(w: World) -> Plan:
    bad, near = w.cast(w.breaches, "195/94", out="1"), w.cast(w.near_misses, "195/94", out="1")
    yield
    for rows, days in ((bad, 40), (near, 28)):
        w.set_column("case_file", rows, "ts", w.facts["outcome_at"][rows] + days * DAY, pl.col("item") == "mg2")
    w.breach("FIL-02", bad)
    w.decoy("FIL-02", near)


@plants("FIL-03")
def early_advice(w: World) -> Plan:
    bad, near = w.cast(w.breaches, "8/66", out="1"), w.cast(w.near_misses, "195/12", out="1")
    yield
    w.drop("cps_submission", np.r_[bad, near], pl.col("type") == "ea")
    w.breach("FIL-03", bad)
    w.decoy("FIL-03", near)


@plants("FIL-04")
def protocol(w: World) -> Plan:
    bad, near = w.cast(w.breaches, "195/94", out="1"), w.cast(w.near_misses, "195/94", out="15")
    yield
    item = pl.col("item") == "protocol_checklist"
    w.set_values("case_file", bad[::2], item, present=False)
    w.set_values("case_file", bad[1::2], item, quality="80%")
    w.breach("FIL-04", bad)
    w.decoy("FIL-04", near)
