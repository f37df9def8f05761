"""OUT: is the evidence of the outcome on record (recording-standards 6.4)? Removals (1.3) too."""

from __future__ import annotations

import numpy as np
import polars as pl

from sample.synth.clock import DAY, HOUR, NONE
from sample.synth.plant.classification import course
from sample.synth.plant.outcomes import CURRENT
from sample.synth.world import Plan, World, plants


@plants("OUT-09")
def victim_decision(w: World) -> Plan:
    """No decision on file, or one without its reason; a second, complete one makes up for it."""
    none, bare = w.cast(w.breaches - w.breaches // 2, "195/94", out="16"), w.cast(w.breaches // 2, "195/94", out="16")
    near = w.cast(w.near_misses, "195/94", out="16")
    yield
    w.drop("victim_engagement", none)
    w.set_values("victim_engagement", bare, reason=None)
    w.add("victim_engagement", near.size, crime=near, ts=w.facts["recorded"][near] + HOUR, kind="decision",
        channel="phone",
          by_id=w.facts["oic"][near])  # fmt: skip
    w.breach("OUT-09", np.r_[none, bare])
    w.decoy("OUT-09", near)


@plants("OUT-11")
def death(w: World) -> Plan:
    """5 needs a date of death not before the offence. The extract has no evidence reference for 12 and 13."""
    none, before = w.cast(w.breaches - w.breaches // 2, "105/1", out="5"), w.cast(w.breaches // 2, "105/1", out="5")
    near = w.cast(w.near_misses, "105/1", out="5", delay=20 * DAY)
    for row in before.tolist():
        w.death[int(w.facts["suspect"][row])] = int(w.offence_from(np.array([row]))[0]) - 30 * DAY
    for number, row in enumerate(near.tolist()):
        w.death[int(w.facts["suspect"][row])] = int(w.facts["reported"][row]) + 3 * DAY + number % 3 * DAY
    yield
    w.breach("OUT-11", np.r_[none, before])
    w.decoy("OUT-11", near)


@plants("OUT-12")
def prosecutors(w: World) -> Plan:
    """9, or a charge of s.4A, without any submission; the charge also lacks early advice (FIL-03)."""
    nine, charge = w.cast(w.breaches - w.breaches // 2, "195/94", out="9"), w.cast(w.breaches // 2, "8/66", out="1")
    near = w.cast(w.near_misses, "195/12", out="1")
    yield
    w.drop("cps_submission", np.r_[nine, charge, near])
    w.breach("OUT-12", np.r_[nine, charge])
    w.breach("FIL-03", charge)
    w.decoy("OUT-12", near)


@plants("OUT-13")
def other_body(w: World) -> Plan:
    bad, near = w.cast(w.breaches, "195/94", out="20"), w.cast(w.near_misses, "195/94", out="20")
    yield
    w.set_values("outcome", bad[::2], CURRENT, other_body=None)
    w.set_values("outcome", bad[1::2], CURRENT, victim_informed_ts=NONE)
    w.breach("OUT-13", bad)
    w.decoy("OUT-13", near)


@plants("OUT-14")
def supervisor_reason(w: World) -> Plan:
    """8, 10, 21 and 22 on stalking or domestic abuse need rank and reason; a neighbour's harassment is not examined."""
    codes = ("8", "10", "21", "22")
    bad = np.concatenate([w.cast(max(1, w.breaches // 4), "195/12", out=code) for code in codes])
    near = w.cast(w.near_misses, "195/94", out="8", rel="neighbour")
    yield
    w.set_values("outcome", bad[::2], CURRENT, rationale=None)
    w.set_values("outcome", bad[1::2], CURRENT, authoriser_rank=None)
    w.set_values("outcome", near, CURRENT, rationale=None, authoriser_rank=None)
    w.breach("OUT-14", bad)
    w.decoy("OUT-14", near)


@plants("OUT-15")
def intervention(w: World) -> Plan:
    bad, near = (
        w.cast(w.breaches, "195/94", out="22", rel="neighbour"),
        w.cast(w.near_misses, "195/94", out="8", rel="neighbour"),
    )
    yield
    w.drop("referral", np.r_[bad, near])
    w.breach("OUT-15", bad)
    w.decoy("OUT-15", near)


@plants("OUT-18")
def unresolved_lines(w: World) -> Plan:
    """A required digital line never completed; one not required, a witness not seen, or a charged crime are left alone.
    """
    bad = np.r_[w.cast(w.breaches - w.breaches // 2, "195/94"), w.cast(w.breaches // 2, "195/94", out="16")]
    optional, witness, charged = (w.cast(max(1, w.near_misses // 2), "195/94", out=out) for out in ("15", "15", "1"))
    yield
    digital = pl.col("type").is_in(["phone", "cctv"])
    w.set_values("line_of_enquiry", np.r_[bad, charged], digital, done_ts=NONE, result=None)
    w.add("line_of_enquiry", optional.size, crime=optional, type="cctv", raised_ts=w.facts["recorded"][optional] + HOUR,
          required=False, done_ts=NONE)  # fmt: skip
    w.add("line_of_enquiry", witness.size, crime=witness, type="witness", raised_ts=w.facts["recorded"][witness] + HOUR,
          required=True, done_ts=NONE)  # fmt: skip
    w.breach("OUT-18", bad)
    w.decoy("OUT-18", np.r_[optional, witness, charged])


@plants("OUT-20", "OUT-21")
def removals(w: World) -> Plan:
    """One in a hundred crimes is wrongly cancelled (7.3): without what C1, C2 or C3 need, or by the wrong person."""
    n = max(w.breaches, w.crimes // 200)
    quarter, m = max(1, n // 4), w.near_misses
    text, accepted, parent, missing = (
        w.cast(quarter, "195/94", removal=code, rel="neighbour") for code in (2, 1, 3, 3)
    )
    own, untold, role = (w.cast(max(1, n // 3), "195/94", removal=4, rel="neighbour") for _ in range(3))
    error, moved = w.cast(m, "195/94", removal=4, rel="neighbour"), w.cast(m, "195/94", removal=1, rel="neighbour")
    yield
    w.set_values("removal", text, avi_text=None)
    w.set_values("removal", accepted, accepted_ts=NONE)
    w.set_values("removal", parent, parent_crime_ref=-1)
    w.set_values("removal", missing, parent_crime_ref=91_000_000)
    w.set_column("removal", own, "authoriser_id", w.facts["oic"][own])
    w.set_values("removal", untold, victim_informed_ts=NONE)
    w.set_values("removal", role, authoriser_role="response_officer")
    w.breach("OUT-20", np.r_[text, accepted, parent, missing])
    w.breach("STR-11", missing)
    w.breach("OUT-21", np.r_[own, untold, role])
    w.decoy("OUT-20", error)
    w.decoy("OUT-21", moved)


@plants("OUT-22")
def again_after_cancelling(w: World) -> Plan:
    """A cancelled crime and a new one of the pair within 30 days of it; after 31 days, or of another suspect, it is
    sound.
    """
    m = max(1, w.near_misses // 2)
    bad = course(w, w.breaches, ("195/94", "195/94"), "neighbour", (0, 40), removal=0)
    apart = course(w, m, ("195/94", "195/94"), "neighbour", (0, 40))
    other = [w.cast(m, "195/94", rel="neighbour"), w.cast(m, "195/94", rel="neighbour")]
    w.facts["victim"][other[1]] = w.facts["victim"][other[0]]
    w.report_at(other[1], w.facts["reported"][other[0]] + 20 * DAY)
    for first in (bad[0], apart[0], other[0]):
        w.facts["removal"][first] = 4
    yield
    f = w.facts
    for rows, at in (
        (bad[0], f["reported"][bad[1]] - 12 * DAY),
        (apart[0], f["reported"][apart[1]] - 31 * DAY),
        (other[0], f["reported"][other[1]] - 5 * DAY),
    ):
        w.set_column("removal", rows, "removal_ts", at)
        w.set_column("removal", rows, "victim_informed_ts", at + HOUR)
    w.breach("OUT-22", bad[0])
    w.decoy("OUT-22", np.r_[apart[0], other[0]])
