"""Results of an audit: progress, the rating that counts for each unit, findings, estimates and sign-off."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from casework.access.access_log import log
from casework.audit.cycles import cycle_of, day_of, name_of, reaudit_due
from casework.audit.ratings import differing, latest_ratings, needs_second, samples
from casework.choices.questions import CATEGORIES, SEVERITIES
from casework.store.database import now, reading, rows_of, writing
from casework.store.refusal import Refused
from casework.store.tables import (
    audit_cycles,
    audit_drafts,
    audit_estimates,
    audit_findings,
    audit_ratings,
    audit_samples,
)
from casework.store.words import shown_name

TOO_NARROW = ("stratified", "bootstrap", "exact by stratum")  # methods of earlier versions, as in core.audit_estimates
_ESTIMATE_COLUMNS = tuple(c.name for c in audit_estimates.c if c.name not in ("cycle_ref", "round", "made_at"))


def final_rating(sample: Mapping[str, Any], ratings: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The rating that counts; None while one is outstanding or two still differ."""
    if "fcr" in ratings:
        return ratings["fcr"]
    first, second = ratings.get("first"), ratings.get("second")
    if first is None or (second is None and needs_second(sample, ratings)):
        return None
    return first if second is None or not differing(first, second) else None


def rated_units(engine: Engine, cycle_ref: str) -> list[dict[str, Any]]:
    """Every sampled unit with `final` (the rating that counts, or None) and its outstanding ratings."""
    every = samples(engine, cycle_ref)
    with reading(engine) as con:
        held = latest_ratings(con, cycle_ref)
    found = []
    for sample in every:
        ratings = held.get(sample["sample_ref"], {})
        both = "first" in ratings and "second" in ratings
        found.append(
            sample
            | {
                "final": final_rating(sample, ratings),
                "has_first": "first" in ratings,
                "needs_second": needs_second(sample, ratings),
                "has_second": "second" in ratings,
                "is_disputed": both and "fcr" not in ratings and bool(differing(ratings["first"], ratings["second"])),
                "pair": (ratings["first"]["result"], ratings["second"]["result"]) if both else None,
            }
        )
    return found


def progress(engine: Engine, cycle_ref: str) -> dict[str, int]:
    """Counts of completed and outstanding ratings; nobody's result is in it."""
    units = rated_units(engine, cycle_ref)
    return {
        "drawn": len(units),
        "first": sum(u["has_first"] for u in units),
        "second": sum(u["has_second"] for u in units),
        "second_owed": sum(u["needs_second"] and not u["has_second"] for u in units),
        "disputed": sum(u["is_disputed"] for u in units),
        "settled": sum(u["final"] is not None for u in units),
    }


def add_finding(engine: Engine, sample_ref: str, actor: str, finding: Mapping[str, str]) -> str:
    """Add a finding with its rule, severity, owner and due date. Raises Refused when one of them is missing."""
    values = {k: str(finding.get(k) or "").strip() for k in ("category", "rule_code", "severity", "owner", "words")}
    if values["category"] not in CATEGORIES or values["severity"] not in SEVERITIES:
        raise Refused("A finding needs a category and a severity of the lists.")
    if not values["rule_code"] or not values["owner"]:
        raise Refused("A finding needs its rule and an owner who will correct it.")
    ref = f"finding-{uuid.uuid4().hex[:8]}"
    with writing(engine) as con:
        cycle_ref = _cycle_of_sample(con, sample_ref)
        cycle_of(con, cycle_ref)
        con.execute(
            insert(audit_findings).values(
                finding_ref=ref,
                sample_ref=sample_ref,
                due_date=day_of(finding.get("due_date")),
                recorded_at=now(),
                recorded_by=name_of(actor),
                revision=1,
                **values,
            )
        )
        log(con, name_of(actor), "finding recorded", ("finding", ref), {"sample": sample_ref})
    return ref


def fix_finding(engine: Engine, finding_ref: str, actor: str, fixed_ref: str, *, seen_revision: int) -> None:
    """Mark a finding as corrected, also after sign-off. Raises Refused when it changed since it was seen."""
    if not fixed_ref.strip():
        raise Refused("Enter the reference of the correction.")
    with writing(engine) as con:
        done = con.execute(
            update(audit_findings)
            .where(audit_findings.c.finding_ref == finding_ref, audit_findings.c.revision == seen_revision)
            .values(fixed_at=now(), fixed_ref=fixed_ref.strip(), revision=seen_revision + 1)
        )
        if done.rowcount != 1:
            raise Refused(f"{finding_ref} was changed since you opened it: nothing was overwritten. Look at it again.")
        log(con, name_of(actor), "finding put right", ("finding", finding_ref), {"fixed_ref": fixed_ref.strip()})


def findings(engine: Engine, cycle_ref: str) -> list[dict[str, Any]]:
    """Every finding of a cycle with its unit."""
    query = (
        select(audit_findings, audit_samples.c.stratum, audit_samples.c.unit_type, audit_samples.c.unit_ref)
        .join(audit_samples)
        .where(audit_samples.c.cycle_ref == cycle_ref)
        .order_by(audit_samples.c.draw_number, audit_findings.c.recorded_at)
    )
    return rows_of(engine, query)


def _cycle_of_sample(con: Connection, sample_ref: str) -> str:
    found = con.execute(select(audit_samples.c.cycle_ref).where(audit_samples.c.sample_ref == sample_ref)).scalar()
    if found is None:
        raise Refused(f"There is no sampled unit {sample_ref}.")
    return str(found)


def record_estimates(engine: Engine, cycle_ref: str, estimates: Sequence[Mapping[str, Any]], actor: str) -> int:
    """Store one calculation; the last round counts. Raises Refused while ratings are outstanding or disputed."""
    owed = outstanding(engine, cycle_ref)
    if owed:
        raise Refused("Estimates wait until every unit is settled: " + "; ".join(owed) + ".")
    if not estimates:
        raise Refused("There is nothing to estimate.")
    with writing(engine) as con:
        cycle_of(con, cycle_ref)
        last = con.execute(
            select(func.coalesce(func.max(audit_estimates.c.round), 0)).where(audit_estimates.c.cycle_ref == cycle_ref)
        ).scalar_one()
        made = now()
        con.execute(
            insert(audit_estimates),
            [
                {"cycle_ref": cycle_ref, "round": last + 1, "made_at": made} | {c: e.get(c) for c in _ESTIMATE_COLUMNS}
                for e in estimates
            ],
        )
        log(con, name_of(actor), "estimates made", ("cycle", cycle_ref), {"round": last + 1})
    return int(last) + 1


def estimates(engine: Engine, cycle_ref: str) -> list[dict[str, Any]]:
    """The last round of estimates; of those with limits that were too narrow the counts alone."""
    newest = select(func.max(audit_estimates.c.round)).where(audit_estimates.c.cycle_ref == cycle_ref).scalar_subquery()
    query = (
        select(audit_estimates)
        .where(audit_estimates.c.cycle_ref == cycle_ref, audit_estimates.c.round == newest)
        .order_by(audit_estimates.c.metric, audit_estimates.c.stratum)
    )
    none = dict.fromkeys(("share", "lower", "upper"))
    return [row | (none if row["method"].startswith(TOO_NARROW) else {}) for row in rows_of(engine, query)]


def outstanding(engine: Engine, cycle_ref: str) -> list[str]:
    """Outstanding ratings before an estimate, in words."""
    done = progress(engine, cycle_ref)
    owed = [
        (done["drawn"] - done["first"], "not rated yet"),
        (done["second_owed"], "without their second rating"),
        (done["disputed"], "on which raters differ and the registrar has not decided"),
    ]
    words = [f"{count} of {done['drawn']} units {what}" for count, what in owed if count]
    return words if done["drawn"] else ["no sample has been drawn"]


def outstanding_for_sign_off(engine: Engine, cycle_ref: str) -> list[str]:
    """Outstanding steps before the sign-off of a cycle, in words."""
    owed = outstanding(engine, cycle_ref)
    held = {f["sample_ref"] for f in findings(engine, cycle_ref)}
    failed = [u for u in rated_units(engine, cycle_ref) if u["final"] and u["final"]["result"] == "fail"]
    without = [u["sample_ref"] for u in failed if u["sample_ref"] not in held]
    if without:
        owed.append(f"{len(without)} failed units without a finding (the first: {without[0]})")
    made = estimates(engine, cycle_ref)
    with reading(engine) as con:
        ratings = select(func.max(audit_ratings.c.rated_at)).join(audit_samples)
        last_rated = con.execute(ratings.where(audit_samples.c.cycle_ref == cycle_ref)).scalar()
    if not made:
        owed.append("no estimates have been made")
    elif last_rated and made[0]["made_at"] < last_rated:
        owed.append("a rating changed after the estimates: make the estimates again")
    return owed


def sign_off(engine: Engine, cycle_ref: str, registrar: str, learning: str, today: dt.date) -> dt.date:
    """Close the cycle; return the day of the re-audit. Raises Refused with everything outstanding."""
    who = name_of(registrar)
    owed = outstanding_for_sign_off(engine, cycle_ref)
    with writing(engine) as con:
        cycle = cycle_of(con, cycle_ref)
        if who != cycle["registrar"]:
            raise Refused(f"Only the registrar of this cycle ({shown_name(cycle['registrar'])}) signs it off.")
        if owed:
            raise Refused("Not signed off: " + "; ".join(owed) + ".")
        if not learning.strip():
            raise Refused("Enter what was learnt: it is part of the report.")
        own = select(audit_samples.c.sample_ref).where(audit_samples.c.cycle_ref == cycle_ref)
        con.execute(delete(audit_drafts).where(audit_drafts.c.sample_ref.in_(own)))  # what nobody saved is no record
        due = reaudit_due(today)
        con.execute(
            update(audit_cycles)
            .where(audit_cycles.c.cycle_ref == cycle_ref)
            .values(signed_off_at=now(), signed_off_by=who, learning=learning.strip(), reaudit_due=due.isoformat())
        )
        log(con, who, "signed off", ("cycle", cycle_ref), {"reaudit_due": due.isoformat()})
    return due


def reminders(engine: Engine, today: dt.date) -> list[dict[str, Any]]:
    """Signed-off cycles whose re-audit is due within a month or overdue, the most pressing first."""
    horizon = (today + dt.timedelta(days=31)).isoformat()
    query = (
        select(audit_cycles)
        .where(audit_cycles.c.reaudit_due.is_not(None), audit_cycles.c.reaudit_due <= horizon)
        .order_by(audit_cycles.c.reaudit_due)
    )
    return rows_of(engine, query)
