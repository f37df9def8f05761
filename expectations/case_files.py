"""Rules on the case files of charged stalking and harassment (recording-standards 6.6, FIL)."""

from __future__ import annotations

from typing import Any

from expectations.rule import Rule, Setting

_FILE: dict[str, Any] = {
    "authority": "recording-standards 6.6; College of Policing, advice for supervisors: case building",
    "table": "core.case_file_facts",
    "record_type": "crime",
    "record_ref": "crime_ref",
}

RULES = (
    Rule(
        code="FIL-01",
        title="The case file of a charge is complete",
        description="Examined: charged stalking and harassment crimes on record (current outcome 1 or 1A). The "
        "file holds MG3, MG5, a timeline of the behaviour in MG5 and the disclosure schedules MG6C, MG6D and MG6E; "
        "an item not delivered is missing.",
        dimension="completeness",
        timing="open",
        applies="is_charged",
        arguments={"column": "missing_item_count", "value_set": [0]},
        detail="'missing: ' || missing_items",
        needs=("case_file.item", "outcome.code", "case_file.present", "outcome.is_current", "crime.class_code"),
        **_FILE,
    ),
    Rule(
        code="FIL-02",
        title="Special measures are assessed early",
        description="Examined: charged stalking and harassment crimes on record. Elapsed days from the charge to "
        "the MG2; exactly the limit meets the rule. Without an MG2 the days run on to the as-of moment; an MG2 without "
        "a date is not evaluable.",
        dimension="timeliness",
        timing="open",
        applies="is_charged",
        expectation="ExpectColumnValuesToBeBetween",
        arguments={"column": "days_to_special_measures", "max_value": Setting("file.special_measures_days")},
        detail="round(days_to_special_measures, 1) || ' days after the charge'",
        needs=(
            "case_file.item",
            "case_file.ts",
            "outcome.outcome_ts",
            "case_file.present",
            "outcome.code",
            "outcome.is_current",
            "crime.class_code",
        ),
        **_FILE,
    ),
    Rule(
        code="FIL-03",
        title="Early advice is sought from the Crown Prosecution Service in serious stalking",
        description="Examined: stalking under section 4A (8/65, 8/66) on record, charged or not. Met by a "
        "submission of type ea or the file item eia.",
        dimension="timeliness",
        severity="info",
        timing="open",
        applies="is_serious_stalking",
        arguments={"column": "has_early_advice", "value_set": [True]},
        detail="'HO code ' || ho_code || ', no early investigative advice'",
        needs=("cps_submission.type", "crime.ho_code", "crime.class_code"),
        **_FILE,
    ),
    Rule(
        code="FIL-04",
        title="The protocol checklist is complete",
        description="Examined: charged stalking and harassment crimes on record. The item protocol_checklist is "
        "present and its quality gives the per cent set, or the word complete; without quality it is not evaluable.",
        dimension="completeness",
        timing="open",
        applies="is_charged",
        arguments={"column": "is_checklist_complete", "value_set": [True]},
        detail="'the protocol checklist is missing or not complete'",
        needs=(
            "case_file.item",
            "case_file.quality",
            "outcome.code",
            "case_file.present",
            "outcome.is_current",
            "crime.class_code",
        ),
        **{**_FILE, "authority": _FILE["authority"] + "; NPCC and CPS protocol"},
    ),
)
