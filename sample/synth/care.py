"""Tables on the victim's safety and the investigation: contact, risk, reviews, custody, orders, the case file."""

from __future__ import annotations

import numpy as np
import polars as pl

from sample.synth.base import BASE
from sample.synth.clock import DAY, EXTRACT, HOUR, MINUTE, NONE, Ints, constant, only
from sample.synth.codes import CHARGES, DOMESTIC, GRADES, NO_FURTHER_ACTION, OUTCOMES, as_text, is_in, of_class, related
from sample.synth.tables import within
from sample.synth.world import World

FILE_ITEMS = (
    "mg2",
    "mg3",
    "mg5",
    "mg5_timeline",
    "mg6c",
    "mg6d",
    "mg6e",
    "mg11_victim",
    "order_conditions",
    "protocol_checklist",
)

INTERVIEW = "suspect interview"


def periodic(crimes: Ints, start: Ints, end: Ints, step: Ints) -> tuple[Ints, Ints]:
    """Crimes and times: every `step` after `start`, before `end`."""
    times = np.maximum((end - start - 1) // step, 0)
    rows = np.repeat(np.arange(crimes.size), times)
    count = np.arange(rows.size) - np.repeat(np.cumsum(times) - times, times) + 1
    return crimes[rows], start[rows] + count * step[rows]


def contact(world: World) -> None:
    """Within two hours of each decision, and at least every 26 days while the crime is open."""
    rng, f, n = world.rng, world.facts, world.crimes
    start = within(f["recorded"], np.full(n, EXTRACT), rng.integers(HOUR // 2, 2 * HOUR, n), 0.5)
    sh = np.flatnonzero(f["sh"])
    crimes, times = periodic(sh, start[sh], f["end"][sh], rng.integers(23 * DAY, 26 * DAY, sh.size))
    rows: list[tuple[str, Ints, Ints]] = [("first contact", np.arange(n), start), ("update", crimes, times)]
    for reason, key in (("arrest", "arrest"), ("release", "release")):
        where = np.flatnonzero(f[key] != NONE)
        rows.append((reason, where, np.minimum(f[key][where] + 90 * 60, EXTRACT)))
    where = np.flatnonzero(f["closed"])
    rows.append(("outcome", where, f["informed_at"][where]))
    subject = np.concatenate([row[1] for row in rows])
    when = np.concatenate([row[2] for row in rows])
    world.tables["victim_contact"] = pl.DataFrame(
        {
            "crime": subject, "ts": np.minimum(when, EXTRACT), "direction": constant(subject.size, "to victim"),
            "reason": pl.concat([constant(row[1].size, row[0]) for row in rows]), "by_id": f["oic"][subject],
        }
    )  # fmt: skip
    # The extract ends with a contact, so that its last moment is known to the second.
    last = int(np.flatnonzero(~f["closed"] & world.free & f["sh"])[-1])
    world.add(
        "victim_contact",
        1,
        crime=[last],
        ts=[EXTRACT],
        direction="to victim",
        reason="update",
        by_id=int(f["oic"][last]),
    )


def orders(world: World) -> None:
    """Orders considered on each stalking crime closed without action; others applied for, served, breached."""
    rng, f, n = world.rng, world.facts, world.crimes
    code = as_text(OUTCOMES, f["out"])
    parts: list[pl.DataFrame] = []

    def some(rows: Ints, kind: str, granted: Ints | None, span: int, **more: object) -> None:
        interim = kind == "spo_interim"
        size = rows.size
        youth = (f["reported"][rows] - world.birth[f["suspect"][rows]]) < 18.5 * 365.25 * DAY
        served = np.full(size, NONE) if granted is None else granted + rng.integers(1 * HOUR, 30 * HOUR, size)
        made = granted is not None
        spo = made and kind.startswith("spo")
        considered = within(f["recorded"][rows], f["end"][rows], rng.integers(HOUR, 4 * DAY, size), 0.4)
        columns: dict[str, object] = {
            "crime": rows, "type": kind, "victim_key": f["victim_key"][rows], "respondent_key": f["suspect_key"][rows],
            "applied_ts": granted - 12 * HOUR if granted is not None else NONE, "interim": interim,
            "granted_ts": granted if granted is not None else NONE, "served_ts": served,
            "expires": granted + span * DAY if granted is not None else NONE,
            "court": np.where(youth, "Invented Youth Court", "Invented Magistrates' Court") if made else None,
            "grounds_acts": True if spo else None, "grounds_risk": True if spo else None,
            "grounds_necessary": True if spo else None, "conditions_n": 3 if made else 0, "positive_req": False,
            "outcome": "granted" if made else "not applied for",
            "notify_due": served + 3 * DAY if spo else NONE, "notified_ts": served + 2 * DAY if spo else NONE,
            "considered_ts": considered if kind.startswith("spo") else NONE,
            "not_applied_rationale": None if made else "Considered: the grounds are not made out on what is known",
            "breach": -1, "breach_at": NONE,
        }  # fmt: skip
        columns.update(more)
        frame = pl.DataFrame({"crime": rows})
        parts.append(
            frame.with_columns(
                **{
                    key: pl.Series(value) if isinstance(value, np.ndarray) else pl.lit(value, dtype=SCHEMA[key])
                    for key, value in columns.items()
                }
            ).cast({key: SCHEMA[key] for key in columns})
        )

    nfa = f["closed"] & f["stalking"] & np.isin(code, NO_FURTHER_ACTION) & f["suspect_row"]
    some(np.flatnonzero(nfa), "spo_full", None, 0)
    free = world.free & f["named"] & f["suspect_row"] & (f["removal"] == 0) & (f["reported"] < EXTRACT - 10 * DAY)
    granted = f["recorded"] + rng.integers(8 * DAY, 60 * DAY, n)
    made = granted < EXTRACT - 5 * DAY
    lot = rng.random(n)
    for kind, span, where in (
        ("spo_full", 1096, f["stalking"] & (lot < BASE["orders"]["full"])),
        ("spo_interim", 60, f["stalking"] & (lot > 1 - BASE["orders"]["interim"])),
        ("restraining_conviction", 1096, f["sh"] & ~f["stalking"] & (code == "1") & (lot < 0.3)),
        ("nmo", 365, related(DOMESTIC, f["rel"]) & (lot > 0.5) & (lot < 0.53)),
        ("bail_condition", 90, f["sh"] & (lot > 0.6) & (lot < 0.61)),
    ):
        rows = np.flatnonzero(where & free & made)
        some(rows, kind, granted[rows], span)
    rows = np.flatnonzero(f["da"] & free & (lot > 0.55) & (lot < 0.565))
    issued = f["recorded"][rows] + 6 * HOUR
    some(rows, "dvpn", issued, 2, served_ts=issued + HOUR)
    some(rows, "dvpo", issued + 40 * HOUR, 28, applied_ts=issued + 20 * HOUR, served_ts=issued + 42 * HOUR)
    # Breaches: of a court order as a crime of its own, or of a domestic order without one.
    rows = np.flatnonzero(f["breaching"])
    court = f["court_ho"][rows]
    kinds = np.where(is_in(("66/39",), court), 0, np.where(is_in(("66/38",), court), 1, 2))
    for number, kind in enumerate(("nmo", "restraining_acquittal", "restraining_conviction")):
        these = rows[kinds == number]
        some(these, kind, f["offence_from"][these] - rng.integers(4 * DAY, 20 * DAY, these.size), 400,
             breach=these, breach_at=f["offence_to"][these])  # fmt: skip
    rows = np.flatnonzero(f["da"] & free & (lot > 0.57) & (lot < 0.575))
    issued = f["recorded"][rows] + 6 * HOUR
    some(rows, "dvpn", issued, 2, served_ts=issued + HOUR)
    some(rows, "dvpo", issued + 40 * HOUR, 28, applied_ts=issued + 20 * HOUR, served_ts=issued + 42 * HOUR,
         breach=np.full(rows.size, -2), breach_at=issued + 10 * DAY)  # fmt: skip
    frame = pl.concat(parts).with_columns(pl.int_range(pl.len()).alias("order"))
    world.tables["order_"] = frame
    broken = frame.filter(pl.col("breach") != -1)
    explained = broken["breach"].to_numpy() == -2
    world.tables["order_breach"] = pl.DataFrame(
        {
            "order": broken["order"], "ts": broken["breach_at"],
            "crime": np.where(explained, -1, broken["breach"].to_numpy()),
            "arrest_ts": broken["breach_at"] + 6 * HOUR,
            "no_crime_rationale": only(explained, "Civil contempt: put before the court, not a notifiable crime"),
        }
    )  # fmt: skip


SCHEMA: dict[str, pl.DataType] = {
    "crime": pl.Int64(), "type": pl.String(), "victim_key": pl.Int64(), "respondent_key": pl.Int64(),
    "applied_ts": pl.Int64(), "interim": pl.Boolean(), "granted_ts": pl.Int64(), "served_ts": pl.Int64(),
    "expires": pl.Int64(), "court": pl.String(), "grounds_acts": pl.Boolean(), "grounds_risk": pl.Boolean(),
    "grounds_necessary": pl.Boolean(), "conditions_n": pl.Int64(), "positive_req": pl.Boolean(), "outcome": pl.String(),
    "notify_due": pl.Int64(), "notified_ts": pl.Int64(), "considered_ts": pl.Int64(),
    "not_applied_rationale": pl.String(), "breach": pl.Int64(), "breach_at": pl.Int64(),
}  # fmt: skip


def risk(world: World) -> None:
    """An assessment within a day of the report, and again within two days of each event (RSK-04)."""
    rng, f = world.rng, world.facts
    need = np.flatnonzero(f["assessed"])
    events: list[tuple[str, Ints, Ints]] = []
    for stage, key in (("pre_release", "release"), ("review", "outcome_at")):
        rows = need[(f[key][need] != NONE) & (f["closed"][need] | (key != "outcome_at"))]
        events.append((stage, rows, f[key][rows]))
    pairs = pl.DataFrame({"pair": f["pair"][need], "crime": need, "reported": f["reported"][need]})
    served = (
        world.tables["order_"]
        .filter(pl.col("served_ts") != NONE)
        .select("crime", at="served_ts", stage=pl.lit("review"))
    )
    broken = (
        world.tables["order_"]
        .filter(pl.col("breach_at") != NONE)
        .select("crime", at="breach_at", stage=pl.lit("post_breach"))
    )
    for frame in (served, broken):
        hit = (
            frame.with_columns(pair=pl.Series(f["pair"][frame["crime"].to_numpy()]))
            .drop("crime")
            .join(pairs, on="pair")
            .filter(pl.col("reported") < pl.col("at"))
            .sort("crime", "at")
        )
        if hit.height:
            events.append((str(hit["stage"][0]), hit["crime"].to_numpy(), hit["at"].to_numpy()))
    subject = np.concatenate([need, *[event[1] for event in events]])
    stages = pl.concat([constant(need.size, "initial"), *[constant(event[1].size, event[0]) for event in events]])
    after = np.concatenate([event[2] for event in events])
    follow = within(after, np.full(after.size, EXTRACT), rng.integers(HOUR, 22 * HOUR, after.size), 0.8)
    done = np.r_[f["first_assessed"][need], follow]
    first = np.arange(subject.size) < need.size
    lot = rng.random(subject.size)
    domestic = f["da"][subject]
    tool = np.where(domestic, np.where(lot < 0.6, "DASH", "DARA"), np.where(lot < 0.6, "S-DASH", "SST"))
    tool = np.where(~first & f["stalking"][subject] & (lot > 0.97), "SAM", tool)
    world.tables["risk_assessment"] = pl.DataFrame(
        {
            "ra": np.arange(subject.size), "crime": subject, "tool": tool, "version": constant(subject.size, "2"),
            "started_ts": done - 20 * 60, "completed_ts": done, "by_id": f["officer"][subject],
            "grade": np.array(GRADES)[f["grade"][subject]], "professional_judgement": lot < 0.2,
            "answers": constant(subject.size, '{"invented": true}'), "stage": stages,
        }
    )  # fmt: skip
    planned = np.flatnonzero(first & (f["grade"][subject] > 0))
    crimes = subject[planned]
    world.tables["risk_plan"] = pl.DataFrame(
        {
            "ra": planned, "crime": crimes, "owner_id": f["supervisor"][crimes],
            "actions": constant(planned.size, '["safety plan", "marker on the address"]'),
            "review_due": done[planned] + 28 * DAY, "closed_ts": np.where(f["closed"][crimes],
                f["outcome_at"][crimes], NONE),
        }
    )  # fmt: skip
    reviews(world)


def reviews(world: World) -> None:
    rng, f, n = world.rng, world.facts, world.crimes
    need = np.flatnonzero(f["assessed"])
    base = np.maximum(f["recorded"], f["first_assessed"])
    first = within(base, np.full(n, EXTRACT), rng.integers(HOUR, 18 * HOUR, n), 0.8)[need]
    step = np.where(f["grade"][need] == 2, 6 * DAY, rng.integers(22 * DAY, 26 * DAY, need.size))
    crimes, times = periodic(need, first, f["end"][need], step)
    subject, when = np.r_[need, crimes], np.r_[first, times]
    initial = np.arange(subject.size) < need.size
    has_earlier = np.isin(subject, world.tables["crime_link"]["crime"].to_numpy())
    still = ~f["closed"][subject]
    world.tables["review"] = pl.DataFrame(
        {
            "crime": subject, "ts": when, "level": np.where(initial, "supervisor",
                np.where(rng.random(subject.size) < 0.8, "supervisor", "manager")),
            "by_id": f["supervisor"][subject],
            "offence_check": only(initial | (rng.random(subject.size) < 0.5), "behaviours and offences confirmed"),
            "vcop_check": only(initial, "checked"), "prior_linked": only(has_earlier, has_earlier),
            "next_due": np.where(still, when + 25 * DAY, NONE),
        },
        schema_overrides={"prior_linked": pl.Boolean},
    )  # fmt: skip


def investigation(world: World) -> None:
    """The officer in the case, lines of enquiry, arrests, and bail."""
    rng, f, n = world.rng, world.facts, world.crimes
    every = np.arange(n)
    world.tables["allocation"] = pl.DataFrame(
        {
            "crime": every, "investigator_id": f["oic"],
            "from_ts": within(f["recorded"], np.full(n, EXTRACT), np.full(n, 2 * HOUR), 0.6),
            "to_ts": np.where(f["closed"], f["outcome_at"], NONE), "spoc_consult_ts": np.full(n, NONE),
            "reason": constant(n, "allocated by risk"),
        }
    )  # fmt: skip
    wanted = np.flatnonzero(f["sh"] | f["stalking"] | f["breaching"])
    searched = np.flatnonzero(f["stalking"] | f["breaching"])
    seen = np.flatnonzero(rng.random(n) < 0.25)
    free = np.flatnonzero(f["named"] & f["suspect_row"] & (f["arrest"] == NONE))  # named, and neither held nor asked
    rows = [("phone", wanted, True), ("search", searched, True), ("witness", seen, False), (INTERVIEW, free, False)]
    subject = np.concatenate([row[1] for row in rows])
    raised = within(f["recorded"], f["end"], rng.integers(HOUR, 3 * DAY, n), 0.3)[subject]
    done = within(raised, f["end"][subject], rng.integers(DAY, 40 * DAY, subject.size), 0.7)
    asked = np.arange(subject.size) >= subject.size - free.size
    raised[asked] = f["named_at"][free] + MINUTE
    done[asked] = within(f["named_at"][free] + 2 * MINUTE, f["end"][free], rng.integers(HOUR, 5 * DAY, free.size), 0.5)
    # of an open crime those that are still within their time: an older one would be undone at the end alone
    open_line = ~asked & ~f["closed"][subject] & (rng.random(subject.size) < 0.5) & (f["removal"][subject] == 0)
    open_line &= raised > EXTRACT - 40 * DAY
    kind = np.concatenate([np.full(row[1].size, row[0]) for row in rows])
    kind = np.where((kind == "phone") & (rng.random(subject.size) < 0.3), "cctv", kind)
    world.tables["line_of_enquiry"] = pl.DataFrame(
        {
            "crime": subject, "type": kind, "raised_ts": raised,
            "required": np.concatenate([np.full(row[1].size, row[2]) for row in rows]),
            "done_ts": np.where(open_line, NONE, done),
            "result": only(~open_line, np.where(kind == "search", "power considered and reasons noted",
                np.where(asked, "seen by appointment; no power to arrest", "obtained and viewed"))),
        }
    )  # fmt: skip
    held = np.flatnonzero(f["arrest"] != NONE)
    charged = np.isin(as_text(OUTCOMES, f["out"][held]), CHARGES)
    lot = rng.random(held.size)
    custody = np.arange(held.size)
    bailed = lot < BASE["bail"]["bailed"]
    rui = ~bailed & (lot < BASE["bail"]["bailed"] + BASE["bail"]["under_investigation"])
    disposal = np.where(
        charged, "charged", np.where(bailed, "bailed", np.where(rui, "released under investigation", "released"))
    )
    world.tables["custody"] = pl.DataFrame(
        {
            "custody": custody, "crime": held, "person_key": f["suspect_key"][held], "arrest_ts": f["arrest"][held],
            "asn": pl.Series(held).cast(pl.String).str.zfill(9).str.replace("^", "INV"),
            "arrest_reason": np.where(lot % 0.1 < 0.04, "voluntary attendance", "prompt and effective investigation"),
            "interview_ts": f["arrest"][held] + (f["release"][held] - f["arrest"][held]) // 2,
            "release_ts": f["release"][held], "disposal": disposal,
        }
    )  # fmt: skip
    rows_ = np.flatnonzero(bailed | rui)
    who = held[rows_]
    end = np.where(
        f["end"][who] >= EXTRACT - HOUR, np.maximum(f["release"][who] + 90 * DAY, EXTRACT + 5 * DAY), f["end"][who]
    )
    must = of_class(("8Q",), f["ho"][who]) | f["da"][who] | f["stalking"][who] | f["sh"][who]
    world.tables["bail"] = pl.DataFrame(
        {
            "custody": rows_, "crime": who, "type": np.where(bailed[rows_], "pre_charge_bail", "rui"),
            "start_ts": f["release"][who],
            "end_ts": np.where(f["removal"][who] > 0, NONE, end), "conditions_n": np.where(bailed[rows_], 3, 0),
            "extended_by": np.where(bailed[rows_] & (rng.random(rows_.size) < 0.1), f["supervisor"][who], -1),
            "breached_ts": np.full(rows_.size, NONE),
            "rationale": only(bailed[rows_] | must, "Reasons noted by the custody sergeant"),
        }
    )  # fmt: skip
    prosecution(world)


def prosecution(world: World) -> None:
    """Submissions to prosecutors and the case file; referrals to support."""
    rng, f, n = world.rng, world.facts, world.crimes
    code = as_text(OUTCOMES, f["out"])
    charged = np.isin(code, CHARGES) & f["closed"]
    decided = np.flatnonzero((charged & (f["serious"] | (rng.random(n) < 0.7))) | (f["closed"] & (code == "9")))
    early = np.flatnonzero(f["serious"])
    delay = f["end"] - f["recorded"]
    sent = f["end"] - np.minimum(4 * DAY, delay // 4)
    world.tables["cps_submission"] = pl.DataFrame(
        {
            "crime": np.r_[decided, early],
            "ts": np.r_[sent[decided], within(f["recorded"], f["end"], rng.integers(DAY, 6 * DAY, n), 0.4)[early]],
            "type": np.r_[np.full(decided.size, "charging"), np.full(early.size, "ea")],
            "decision_ts": np.r_[sent[decided] + np.minimum(DAY, delay[decided] // 8), np.full(early.size, NONE)],
            "decision": np.r_[np.where(charged[decided], "charge", "not in the public interest"),
                np.full(early.size, "advice")],
            "advice_kind": only(np.r_[np.zeros(decided.size, bool), np.ones(early.size, bool)],
                "early investigative advice"),
        },
        schema_overrides={"advice_kind": pl.String},
    )  # fmt: skip
    filed = np.flatnonzero(charged & f["sh"])
    searched = np.flatnonzero(f["stalking"] | f["breaching"])
    rows = [(item, filed) for item in FILE_ITEMS] + [
        ("vps", filed[rng.random(filed.size) < 0.6]),
        ("search_record", searched),
    ]
    subject = np.concatenate([row[1] for row in rows])
    items = np.concatenate([np.full(row[1].size, row[0]) for row in rows])
    when = within(f["end"][subject], np.full(subject.size, EXTRACT), rng.integers(2 * HOUR, 9 * DAY, subject.size), 0.9)
    early_item = (items == "mg3") | (items == "search_record")
    when = np.where(early_item, f["recorded"][subject] + (delay[subject] // 2), when)
    world.tables["case_file"] = pl.DataFrame(
        {
            "crime": subject, "item": items, "present": np.ones(subject.size, bool),
            "quality": np.where(items == "protocol_checklist", "100%", "met"), "ts": when,
        }
    )  # fmt: skip
    offered = np.flatnonzero(f["stalking"] | of_class(("8U",), f["ho"]) | (f["sh"] & (rng.random(n) < 0.5)))
    diverted = np.flatnonzero(f["closed"] & (code == "22"))
    who = np.r_[offered, diverted]
    at = within(f["recorded"], f["end"], rng.integers(HOUR, 3 * DAY, n), 0.4)[who]
    agreed = np.r_[rng.random(offered.size) < 0.62, np.ones(diverted.size, bool)]
    programme = np.arange(who.size) >= offered.size
    taken = agreed & (programme | (rng.random(who.size) < 0.8))
    sent_ = within(at, f["end"][who], np.full(who.size, DAY), 0.3)
    service = np.where(f["da"][who], "S1", np.where(f["stalking"][who], "S2", "S3"))
    world.tables["referral"] = pl.DataFrame(
        {
            "crime": who, "service": np.where(programme, "S4", service), "offered_ts": at, "consent": agreed,
            "sent_ts": np.where(agreed, sent_, NONE),
            "accepted_ts": np.where(taken, within(sent_, f["end"][who], np.full(who.size, 4 * DAY), 0.4), NONE),
        }
    )  # fmt: skip
