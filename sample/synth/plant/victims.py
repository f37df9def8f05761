"""VIC and RSK: the victim's rights and safety (recording-standards 6.5)."""

from __future__ import annotations

import numpy as np
import polars as pl

from sample.synth.clock import DAY, EXTRACT, HOUR, NONE, Ints, instant
from sample.synth.plant.outcomes import finish_at
from sample.synth.world import Plan, World, plants


def of_day(w: World, rows: Ints, day: str) -> None:
    """Set the recording of crimes to the morning of a day."""
    w.report_at(rows, instant(f"{day}T06:00:10") + np.arange(rows.size) % 500 * 7)
    w.facts["lag"][rows] = 3 * HOUR


@plants("VIC-01")
def enhanced_rights(w: World) -> Plan:
    """False is a breach; empty is not evaluable; damage is not examined."""
    bad, empty, other = w.cast(w.breaches, "195/94"), w.cast(w.near_misses, "195/94"), w.cast(w.near_misses, "58/3")
    yield
    w.set_values("crime", np.r_[bad, other], vcop_enhanced=False)
    w.set_values("crime", empty, vcop_enhanced=None)
    w.breach("VIC-01", bad)
    w.decoy("VIC-01", np.r_[empty, other])


@plants("VIC-02")
def needs(w: World) -> Plan:
    """Nine working days; the fifth, with Easter 2025 between, is in time."""
    bad, easter, fifth = w.cast(w.breaches, "195/94"), w.cast(w.near_misses, "195/94"), w.cast(w.near_misses, "195/94")
    of_day(w, easter, "2025-04-16")  # a Wednesday; Friday 18 and Monday 21 April were bank holidays
    of_day(w, fifth, "2025-06-10")  # a Tuesday
    yield
    w.set_column("crime", bad, "needs_assessment_ts", w.facts["recorded"][bad] + 15 * DAY)
    w.set_values("crime", easter, needs_assessment_ts=instant("2025-04-25T08:30:00"))
    w.set_values("crime", fifth, needs_assessment_ts=instant("2025-06-17T08:30:00"))
    w.breach("VIC-02", bad)
    w.decoy("VIC-02", np.r_[easter, fifth])


@plants("VIC-03")
def informed(w: World) -> Plan:
    """Informed of the outcome after twelve days; on Monday of a Friday's decision is in time.

    So is the fifth working day where rights are not enhanced.
    """
    bad = w.cast(w.breaches, "195/94", delay=60 * DAY)
    friday, plain = w.cast(w.near_misses, "195/94"), w.cast(w.near_misses, "58/3", rel="neighbour")
    for rows, day, out_at in (
        (friday, "2025-05-14", "2025-06-13T15:00:10"),
        (plain, "2025-05-14", "2025-06-10T11:00:10"),
    ):
        of_day(w, rows, day)
        finish_at(w, rows, instant(out_at))
    yield
    informed = {"bad": (bad, w.facts["outcome_at"][bad] + 12 * DAY)}
    informed["friday"] = (friday, np.full(friday.size, instant("2025-06-16T10:00:10")))
    informed["plain"] = (plain, np.full(plain.size, instant("2025-06-17T09:00:10")))
    for rows, at in informed.values():
        w.set_column("victim_contact", rows, "ts", at, pl.col("reason") == "outcome")
        w.set_column("outcome", rows, "victim_informed_ts", at, pl.col("is_current"))
    w.set_values("crime", plain, vcop_enhanced=False)
    w.breach("VIC-03", bad)
    w.decoy("VIC-03", np.r_[friday, plain])


@plants("VIC-04")
def statement(w: World) -> Plan:
    """No personal statement offered by the charge; a crime without a charge is not examined."""
    bad, near = w.cast(w.breaches, "195/94", out="1"), w.cast(w.near_misses, "195/94")
    yield
    w.set_values("crime", np.r_[bad, near], vps_offered_ts=NONE)
    w.breach("VIC-04", bad)
    w.decoy("VIC-04", near)


@plants("VIC-05")
def silence(w: World) -> Plan:
    """No contact for 33 days on an open crime; exactly 28 days, or silence after the end, meet the standard."""
    bad, edge = w.cast(w.breaches, "195/94", out="0"), w.cast(w.near_misses, "195/94", out="0")
    closed = w.cast(w.near_misses, "195/94", delay=20 * DAY)
    yield
    for rows, days in ((bad, 33), (edge, 28)):
        w.drop("victim_contact", rows, pl.col("ts") > EXTRACT - days * DAY)
        w.add("victim_contact", rows.size, crime=rows, ts=np.full(rows.size, EXTRACT - days * DAY),
            direction="to victim",
              reason="update", by_id=w.facts["oic"][rows])  # fmt: skip
    w.breach("VIC-05", bad)
    w.decoy("VIC-05", np.r_[edge, closed])


@plants("VIC-06")
def advocacy(w: World) -> Plan:
    """No referral of a stalking victim, or one without a word on consent; a refusal is consent recorded."""
    none, silent, refused = w.cast(w.breaches - w.breaches // 2), w.cast(w.breaches // 2), w.cast(w.near_misses)
    other = w.cast(w.near_misses, "195/94")
    yield
    w.drop("referral", np.r_[none, other])
    w.set_values("referral", silent, consent=None, sent_ts=NONE, accepted_ts=NONE)
    w.set_values("referral", refused, consent=False, sent_ts=NONE, accepted_ts=NONE)
    w.breach("VIC-06", np.r_[none, silent])
    w.decoy("VIC-06", np.r_[refused, other])


@plants("RSK-01")
def no_assessment(w: World) -> Plan:
    """None at all, so that none follows the outcome either (RSK-04); communications are not examined."""
    bad, near = w.cast(w.breaches, "195/12"), w.cast(w.near_misses, "8/72", named=False, out="18")
    yield
    w.drop("risk_assessment", np.r_[bad, near])
    w.drop("risk_plan", np.r_[bad, near])
    w.breach("RSK-01", bad)
    w.breach("RSK-04", bad)
    w.decoy("RSK-01", near)


@plants("RSK-02")
def late_assessment(w: World) -> Plan:
    """30 hours after the report; exactly 24, or a second initial one later on, meet the standard."""
    bad, edge, second = w.cast(w.breaches), w.cast(w.near_misses), w.cast(w.near_misses)
    yield
    f, initial = w.facts, pl.col("stage") == "initial"
    for rows, hours in ((bad, 30), (edge, 24)):
        w.set_column("risk_assessment", rows, "completed_ts", f["reported"][rows] + hours * HOUR, initial)
        w.set_column("risk_assessment", rows, "started_ts", f["reported"][rows] + (hours - 1) * HOUR, initial)
        review_after(w, rows, f["reported"][rows] + (hours + 2) * HOUR)
    again(w, second, f["reported"][second] + 50 * HOUR, "initial")
    w.breach("RSK-02", bad)
    w.decoy("RSK-02", np.r_[edge, second])


def review_after(w: World, rows: Ints, at: Ints) -> None:
    """Remove reviews before a time."""
    new = pl.DataFrame({"crime": rows, "_at": at})
    frame = w.tables["review"].join(new, on="crime", how="left", maintain_order="left")
    w.tables["review"] = frame.with_columns(ts=pl.max_horizontal("ts", "_at")).drop("_at")


def again(w: World, rows: Ints, at: Ints, stage: str) -> None:
    """One more assessment of each crime, like its first."""
    frame = w.tables["risk_assessment"]
    first = frame.filter(w.hit("risk_assessment", rows, pl.col("stage") == "initial")).unique(
        "crime", keep="first", maintain_order=True
    )
    when = dict(zip(rows.tolist(), at.tolist(), strict=True))
    times = pl.Series([when[row] for row in first["crime"].to_list()])
    number = int(frame["ra"].to_numpy().max()) + 1
    copy = first.with_columns(
        ra=number + pl.int_range(pl.len()), started_ts=times - 600, completed_ts=times, stage=pl.lit(stage)
    )
    w.tables["risk_assessment"] = pl.concat([frame, copy.cast(frame.schema)])


@plants("RSK-03")
def tool(w: World) -> Plan:
    domestic = w.cast(w.breaches - w.breaches // 2, "8/67", rel="partner")
    stalking = w.cast(w.breaches // 2, "195/12", rel="acquaintance")
    near = w.cast(w.near_misses, "195/12", rel="acquaintance")
    yield
    initial = pl.col("stage") == "initial"
    w.set_values("risk_assessment", domestic, tool="other")
    w.set_values("risk_assessment", stalking, tool="DARA")
    w.set_values("risk_assessment", near, ~initial, tool="SRP")
    w.breach("RSK-03", np.r_[domestic, stalking])
    w.decoy("RSK-03", near)


@plants("RSK-04")
def not_reassessed(w: World) -> Plan:
    """None within 48 hours of the decision to take no further action, or of release; exactly 48 hours are in time."""
    outcome, release = w.cast(w.breaches - w.breaches // 2), w.cast(w.breaches // 2, arrested=True)
    edge, charge = w.cast(w.near_misses), w.cast(w.near_misses, "195/12", out="1", arrested=True)
    yield
    f = w.facts
    w.drop("risk_assessment", outcome, pl.col("stage") == "review")
    w.drop("risk_assessment", release, pl.col("stage") == "pre_release")
    w.set_column(
        "risk_assessment", edge, "completed_ts", f["outcome_at"][edge] + 48 * HOUR, pl.col("stage") == "review"
    )
    w.set_column("risk_assessment", edge, "started_ts", f["outcome_at"][edge] + 47 * HOUR, pl.col("stage") == "review")
    w.drop("bail", charge)
    w.drop("risk_assessment", charge, pl.col("stage") == "review")
    w.breach("RSK-04", np.r_[outcome, release])
    w.decoy("RSK-04", np.r_[edge, charge])


@plants("RSK-05")
def no_plan(w: World) -> Plan:
    none, bare = w.cast(w.breaches - w.breaches // 2, grade="medium"), w.cast(w.breaches // 2, "8/66", grade="high")
    second, standard = w.cast(w.near_misses, grade="medium"), w.cast(w.near_misses)
    yield
    w.drop("risk_plan", np.r_[none, standard])
    w.set_values("risk_plan", bare[::2], owner_id=-1)
    w.set_values("risk_plan", bare[1::2], review_due=NONE)
    later = w.tables["risk_assessment"].filter(w.hit("risk_assessment", second, pl.col("stage") == "review"))
    number = pl.DataFrame({"crime": later["crime"], "_ra": later["ra"]}).unique("crime", maintain_order=True)
    plans = w.tables["risk_plan"].join(number, on="crime", how="left", maintain_order="left")
    w.tables["risk_plan"] = plans.with_columns(ra=pl.coalesce("_ra", "ra")).drop("_ra")
    w.breach("RSK-05", np.r_[none, bare])
    w.decoy("RSK-05", np.r_[second, standard])


@plants("RSK-07")
def not_endorsed(w: World) -> Plan:
    """No supervisor's review at all (which breaches INV-02 too), or one without a name; a manager's besides is sound.
    """
    none, nameless = w.cast(w.breaches - w.breaches // 2), w.cast(w.breaches // 2)
    near = w.cast(w.near_misses)
    yield
    w.drop("review", none)
    w.set_values("review", nameless, by_id=-1)
    w.add("review", near.size, crime=near, ts=w.facts["reported"][near] + 30 * HOUR, level="peer",
        by_id=w.facts["oic"][near],
          next_due=NONE)  # fmt: skip
    w.breach("RSK-07", np.r_[none, nameless])
    w.breach("INV-02", none)
    w.decoy("RSK-07", near)


@plants("RSK-08")
def daily_meeting(w: World) -> Plan:
    bad, near = w.cast(w.breaches, "8/66", grade="high"), w.cast(w.near_misses, "8/66", grade="medium")
    yield
    w.set_values("crime", bad, dmm_flag=False)
    w.set_values("crime", near, dmm_flag=None)
    w.breach("RSK-08", bad)
    w.decoy("RSK-08", near)
