"""An invented audit, for tests: a frame of every stratum and the hands that carry a cycle forward. Plain functions."""

import datetime as dt
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from assets.methods import audit_sample
from casework.audit import cycles, ratings
from casework.choices.questions import OUTCOME_STRATA, REPORT_STRATA, questions_of
from casework.store.database import open_store

PERIOD = (dt.date(2026, 1, 1), dt.date(2026, 3, 1))
REGISTRAR = "Invented Registrar"


def invented_frame(sizes: dict[str, int]) -> list[dict[str, Any]]:
    """Units of each stratum; two of a report share its reference in stratum A's first four."""
    found = []
    for stratum, size in sizes.items():
        for n in range(1, size + 1):
            kind = "incident" if stratum in REPORT_STRATA else "crime"
            ref = f"{stratum}-{kind}-{n:03d}"
            found.append(
                {
                    "stratum": stratum,
                    "unit_type": kind,
                    "unit_ref": ref,
                    "report_ref": f"report-{stratum}-{(n + 1) // 2 if stratum == 'A' and n <= 4 else n + 10}",
                    "month": dt.date(2026, 1 + n % 3, 1),
                    "class_code": "8L" if stratum in "BG" else "8Q" if kind == "crime" else None,
                    "ho_code": "195/94" if stratum in "BG" else "195/12" if kind == "crime" else None,
                    "linked_refs": f"incident:I{n}|crime:C{n}",
                    "phrases": "told him to stop" if stratum in "CE" else None,
                    "recorded_outcome_code": "15" if kind == "crime" else None,
                }
            )
    return found


def drawn_cycle(engine: Engine, sizes: dict[str, int], counts: dict[str, int], seed: int = 7) -> str:
    """A cycle with a frozen frame and a drawn sample."""
    ref = cycles.create_cycle(
        engine,
        title="Invented audit",
        question="Is stalking recorded as stalking?",
        period=PERIOD,
        registrar=REGISTRAR,
        actor="Invented Analyst",
    )
    units = invented_frame(sizes)
    marked = audit_sample.frame_hash((u["stratum"], (u["unit_type"], u["unit_ref"])) for u in units)
    cycles.freeze_frame(engine, ref, units, marked, "Invented Analyst")
    cycles.record_draw(engine, ref, seed, plans_for(units, counts, seed, marked), "Invented Analyst")
    return ref


def plans_for(units: list[dict[str, Any]], counts: dict[str, int], seed: int, marked: str) -> dict[str, cycles.Plan]:
    """A draw of so many units a stratum."""
    plans = {}
    for stratum, count in counts.items():
        listed = [(u["unit_type"], u["unit_ref"]) for u in units if u["stratum"] == stratum]
        chosen = audit_sample.draw(listed, count, seed, marked)
        twice = audit_sample.second_raters_share(chosen, seed, marked)
        plans[stratum] = cycles.Plan(0.9, 0.05, count, chosen, frozenset(twice))
    return plans


def answers(stratum: str, **changed: Any) -> dict[str, Any]:
    """Every question of a stratum answered with pass, but for what is changed."""
    given: dict[str, Any] = {q.code: "pass" for q in questions_of(stratum)}
    given |= {"crimes_required": 1, "crimes_recorded": 1} if stratum in REPORT_STRATA else {}
    given |= {"outcome_code_due": "15"} if stratum in OUTCOME_STRATA else {}
    return given | {"evidence_note": ""} | changed


def rate_all(engine: Engine, cycle_ref: str, failing: dict[str, dict[str, Any]] | None = None) -> None:
    """First ratings by one person and every second rating owed by another; `failing` by unit reference."""
    wrong = failing or {}
    for role, who in (("first", "Rater One"), ("second", "Rater Two")):
        for unit in ratings.work_list(engine, cycle_ref, who, role):
            given = answers(unit["stratum"], **wrong.get(unit["unit_ref"], {}))
            ratings.rate(engine, unit["sample_ref"], who, role, given)


def store(folder: Path) -> Engine:
    """A store of its own."""
    return open_store(folder)
