"""A cycle of audit from its creation to its sign-off (recording-standards 5.3): frame, sample, closing."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from casework.access.access_log import log
from casework.choices.questions import STRATA
from casework.store.database import now, rows, rows_of, writing
from casework.store.refusal import Refused
from casework.store.tables import audit_cycles, audit_frames, audit_samples, audit_strata
from casework.store.words import plain_name

LONGEST_NAME = 80
FRAME_COLUMNS = (
    "stratum", "unit_type", "unit_ref", "report_ref", "month", "class_code", "ho_code", "linked_refs", "phrases",
    "recorded_outcome_code",
)  # fmt: skip
REAUDIT_MONTHS = 3


@dataclass(frozen=True)
class Plan:
    """Plan of a stratum, and the units selected from it, in order of selection."""

    expected_share: float
    wanted_margin: float
    required_count: int
    units: Sequence[tuple[str, str]]
    second_random: frozenset[tuple[str, str]]


def name_of(person: str) -> str:
    """A person's name in one spelling whatever the case and blanks. Raises Refused without one."""
    name = plain_name(person)
    if not name or len(name) > LONGEST_NAME:
        raise Refused(f"Enter your name first: 1 to {LONGEST_NAME} characters.")
    return name


def day_of(text: Any, expected: str = "Expected a due date") -> str:
    """A day, a due date as a rule, as it is stored. Raises Refused where it is none, with what was `expected`."""
    try:
        return dt.date.fromisoformat(str(text)).isoformat()
    except ValueError as problem:
        raise Refused(f"{expected} such as 2026-03-31, saw {text!r}.") from problem


def create_cycle(
    engine: Engine, *, title: str, question: str, period: tuple[dt.date, dt.date], registrar: str, actor: str
) -> str:
    """Create a cycle and return its reference; `period` are the first days of its first and last month."""
    first, last = period
    if not title.strip() or not question.strip():
        raise Refused("A cycle needs a title and the question it is to answer.")
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if not 1 <= months <= 12:
        raise Refused(f"The period runs over {months} months: choose 3 to 6 full months, at most 12.")
    ref = f"audit-{first:%Y%m}-{uuid.uuid4().hex[:6]}"
    with writing(engine) as con:
        con.execute(
            insert(audit_cycles).values(
                cycle_ref=ref,
                title=title.strip(),
                question=question.strip(),
                period_from=first.replace(day=1).isoformat(),
                period_to=last.replace(day=1).isoformat(),
                registrar=name_of(registrar),
                created_at=now(),
                created_by=name_of(actor),
            )
        )
        log(con, name_of(actor), "cycle created", ("cycle", ref), {"months": months})
    return ref


def cycles(engine: Engine) -> list[dict[str, Any]]:
    """Every cycle, the newest first."""
    return rows_of(engine, select(audit_cycles).order_by(audit_cycles.c.created_at.desc()))


def cycle_of(con: Connection, cycle_ref: str, *, is_open: bool = True) -> dict[str, Any]:
    """One cycle. Raises Refused when there is none, or when it is signed off and a change is wanted."""
    found = rows(con, select(audit_cycles).where(audit_cycles.c.cycle_ref == cycle_ref))
    if not found:
        raise Refused(f"There is no audit cycle {cycle_ref}.")
    if is_open and found[0]["signed_off_at"]:
        raise Refused(f"{cycle_ref} was signed off {found[0]['signed_off_at'][:10]}: nothing in it can change.")
    return found[0]


def freeze_frame(
    engine: Engine, cycle_ref: str, units: Sequence[Mapping[str, Any]], frame_hash: str, actor: str
) -> None:
    """Store the frame as it is today, with its hash: later builds do not change it."""
    if not units:
        raise Refused("No unit falls into these months: the frame would be empty. Choose other months.")
    unknown = {str(u["stratum"]) for u in units} - set(STRATA)
    if unknown:
        raise Refused(f"Unknown strata: {', '.join(sorted(unknown))}.")
    counts = Counter(str(u["stratum"]) for u in units)
    kept: list[dict[str, str | None]] = [
        {"cycle_ref": cycle_ref, **{c: _text(u.get(c)) for c in FRAME_COLUMNS}} for u in units
    ]
    with writing(engine) as con:
        if cycle_of(con, cycle_ref)["frozen_at"]:
            raise Refused(
                f"The frame of {cycle_ref} was frozen already: a second freeze would change the frame of the sample."
            )
        con.execute(insert(audit_frames), kept)
        con.execute(
            insert(audit_strata),
            [{"cycle_ref": cycle_ref, "stratum": s, "unit_count": n} for s, n in sorted(counts.items())],
        )
        con.execute(
            update(audit_cycles)
            .where(audit_cycles.c.cycle_ref == cycle_ref)
            .values(frame_hash=frame_hash, frozen_at=now())
        )
        log(con, name_of(actor), "frame frozen", ("cycle", cycle_ref), {"frame_hash": frame_hash, "units": len(units)})


def _text(value: Any) -> str | None:
    return None if value is None else value.isoformat() if isinstance(value, dt.date) else str(value)


def strata(engine: Engine, cycle_ref: str) -> list[dict[str, Any]]:
    """The strata of a frozen frame with their sizes and, once selected, their plans."""
    return rows_of(
        engine, select(audit_strata).where(audit_strata.c.cycle_ref == cycle_ref).order_by(audit_strata.c.stratum)
    )


def frame(engine: Engine, cycle_ref: str) -> list[dict[str, Any]]:
    """The frozen units."""
    order = (audit_frames.c.stratum, audit_frames.c.unit_type, audit_frames.c.unit_ref)
    return rows_of(engine, select(audit_frames).where(audit_frames.c.cycle_ref == cycle_ref).order_by(*order))


def record_draw(engine: Engine, cycle_ref: str, seed: int, plans: Mapping[str, Plan], actor: str) -> None:
    """Store the sample, once only: a sample drawn again until it suits is not random."""
    with writing(engine) as con:
        cycle = cycle_of(con, cycle_ref)
        if not cycle["frozen_at"]:
            raise Refused("Freeze the frame first: a sample is drawn from a list that no longer changes.")
        if cycle["drawn_at"]:
            raise Refused(f"{cycle_ref} was drawn already, with seed {cycle['seed']}: a sample is drawn once.")
        if not any(plan.units for plan in plans.values()):
            raise Refused("Nothing would be drawn: choose at least one stratum.")
        number = 0
        for stratum, plan in sorted(plans.items()):
            _check_in_frame(con, cycle_ref, stratum, plan)
            for unit_type, unit_ref in plan.units:
                number += 1
                con.execute(
                    insert(audit_samples).values(
                        sample_ref=f"{cycle_ref}-{number:04d}",
                        cycle_ref=cycle_ref,
                        stratum=stratum,
                        unit_type=unit_type,
                        unit_ref=unit_ref,
                        draw_number=number,
                        is_second_random=int((unit_type, unit_ref) in plan.second_random),
                    )
                )
            con.execute(
                update(audit_strata)
                .where(audit_strata.c.cycle_ref == cycle_ref, audit_strata.c.stratum == stratum)
                .values(
                    expected_share=plan.expected_share,
                    wanted_margin=plan.wanted_margin,
                    required_count=plan.required_count,
                    drawn_count=len(plan.units),
                )
            )
        con.execute(update(audit_cycles).where(audit_cycles.c.cycle_ref == cycle_ref).values(seed=seed, drawn_at=now()))
        log(con, name_of(actor), "sample drawn", ("cycle", cycle_ref), {"seed": seed, "units": number})


def _check_in_frame(con: Connection, cycle_ref: str, stratum: str, plan: Plan) -> None:
    found = con.execute(
        select(audit_frames.c.unit_type, audit_frames.c.unit_ref).where(
            audit_frames.c.cycle_ref == cycle_ref, audit_frames.c.stratum == stratum
        )
    )
    strange = set(plan.units) - {(t, r) for t, r in found}
    if strange:
        raise Refused(
            f"{len(strange)} units drawn for stratum {stratum} are not in its frozen frame: nothing was kept."
        )


def reaudit_due(signed_off: dt.date) -> dt.date:
    """Three months later (recording-standards 5.3, step 8): the same day, or the month's last."""
    month = signed_off.month - 1 + REAUDIT_MONTHS
    first = dt.date(signed_off.year + month // 12, month % 12 + 1, 1)
    after = (first + dt.timedelta(days=32)).replace(day=1)
    return min(first + dt.timedelta(days=signed_off.day - 1), after - dt.timedelta(days=1))
