"""Cases of the structural rules of the force extract (recording-standards 6.1)."""

from typing import Any

CODES = {"crime_ref": "C1", "recorded_date": "2025-03-01", "force_code": "E23000013", "force_crime_ref": "CL/1/25",
         "reference_use_count": 1, "ho_code_keyed": "8/65", "ho_code": "8/65", "class_code": "8Q",
         "class_code_of_ho_code": "8Q", "cjs_code": "PH97007", "is_reference_unique": True, "is_ho_code_valid": True,
         "is_ho_code_unmangled": True, "is_class_of_ho_code": True, "is_cjs_code_well_formed": True,
         "is_force_canonical": True, "is_stalking_or_harassment": True, "is_removed_for_self_defence": False,
         "is_free_of_barred_codes": True}  # fmt: skip
CRIME = {"crime_ref": "C1", "date_faults": "", "are_dates_in_order": True, "missing_parts": "",
         "has_mandatory_parts": True, "mo_length": 120, "mo_use_count": 1, "is_mo_informative": True,
         "is_stalking_or_harassment": True, "victim_count": 1, "has_one_victim": True, "outcome_code": "16",
         "is_offender_to_be_known": True, "has_suspect_row": True}  # fmt: skip
MOMENT = {"crime_ref": "C1", "latest_at": "2025-03-01 12:00:00+00", "latest_table": "outcome", "hours_after_limit": 0.0}
ORDER = {"order_ref": "O1", "latest_at": "2025-03-01 12:00:00+00", "latest_table": "order_", "hours_after_limit": -1.5}
INCIDENT = {"incident_ref": "I1", "force_code": "E23000013", "nsir_opening_code": "123",
            "are_nsir_codes_well_formed": True, "is_force_canonical": True, "hours_after_limit": -30.0,
            "age_hours": 30.0, "is_to_be_settled": True, "is_settled": True}  # fmt: skip
CHILD = {"crime_ref": "C1", "reference_type": "crime", "target_ref": "C1", "child_tables": "outcome, party_role",
         "row_count": 3, "is_found": True}  # fmt: skip
TIME = {"crime_ref": "C1", "hours_to_record": 24.0, "limit_hours": 24.0, "hours_over_limit": 0.0,
        "is_recorded_after_report": True, "has_incident": True, "minutes_after_incident": 15.0,
        "minutes_to_close": 60.0, "is_closed_stalking": True, "is_open_stalking_or_harassment": True,
        "days_without_review": 28.0, "review_limit_days": 28.0, "is_never_reviewed": False,
        "days_over_review_limit": 0.0}  # fmt: skip
SERIES = {"series_ref": "2025-03", "measure": "recorded at midnight", "crime_count": 100, "counted": 2,
          "is_within_limits": True}  # fmt: skip
_CRIME_CODE = "core.crime_code_facts"
_INCIDENT = "core.incident_facts"
_CRIME_STRUCTURE = "core.crime_structure_facts"
_RECORDING_TIME = "core.recording_time_facts"

CASES: dict[tuple[str, str], Any] = {
    ("STR-01", _CRIME_CODE): (
        CODES,
        {"is_reference_unique": False, "reference_use_count": 2},
        "2 crimes of the force have the reference CL/1/25",
    ),
    ("STR-02", _CRIME_CODE): (
        CODES,
        {"ho_code": "3-1", "class_code_of_ho_code": None, "is_ho_code_valid": False},
        "code 3-1 is not class and sub-class",
    ),
    ("STR-03", _CRIME_CODE): (
        CODES, {"ho_code_keyed": "23955", "is_ho_code_unmangled": False}, "keyed as 23955, read as 8/65"
    ),
    ("STR-04", _CRIME_CODE): (
        CODES, {"class_code": "8L", "is_class_of_ho_code": False}, "class 8L, but code 8/65 belongs to 8Q"
    ),
    ("STR-05", _CRIME_CODE): (CODES, {"cjs_code": "PH9700", "is_cjs_code_well_formed": False}, "CJS code PH9700"),
    ("STR-06", "core.outcome_code_facts"): (
        {"outcome_ref": "O1", "crime_ref": "C1", "outcome_value": "16", "is_quarantined": False},
        {"outcome_value": "NFA", "is_quarantined": True},
        "outcome NFA is not one of the framework; its row is in quarantine",
    ),
    ("STR-07", "core.crime_moment_facts"): (
        MOMENT, {"hours_after_limit": 8.04}, "outcome: 2025-03-01 12:00 is 8.0 hours after"
    ),
    ("STR-07", _INCIDENT): (INCIDENT, {"hours_after_limit": 2.5}, "incident is 2.5 hours after"),
    ("STR-07", "core.order_moment_facts"): (
        ORDER, {"hours_after_limit": 2.5}, "order_: 2025-03-01 12:00 is 2.5 hours after"
    ),
    ("STR-08", _CRIME_STRUCTURE): (
        CRIME,
        {"date_faults": "the outcome is 2.0 hours before the recording", "are_dates_in_order": False},
        "the outcome is 2.0 hours before the recording",
    ),
    ("STR-08", _RECORDING_TIME): (
        TIME, {"hours_to_record": -2.0, "is_recorded_after_report": False}, "recorded 2.0 hours before it was reported"
    ),
    ("STR-09", _CRIME_STRUCTURE): (
        CRIME, {"missing_parts": "location, status", "has_mandatory_parts": False}, "missing: location, status", None
    ),
    ("STR-10", _CRIME_STRUCTURE): (
        CRIME, {"mo_length": 19, "is_mo_informative": False}, "the MO has 19 characters and is in 1 crimes"
    ),
    ("STR-11", "core.child_reference_facts"): (
        CHILD, {"is_found": False}, "3 rows of outcome, party_role point to the crime C1", None
    ),
    ("STR-12", _CRIME_STRUCTURE): (CRIME, {"victim_count": 2, "has_one_victim": False}, "2 victims"),
    ("STR-13", _CRIME_STRUCTURE): (CRIME, {"has_suspect_row": False}, "outcome 16 without a suspect"),
    ("STR-14", "core.persons"): None,
    ("STR-15", _INCIDENT): (
        INCIDENT, {"nsir_opening_code": "12", "are_nsir_codes_well_formed": False}, "opened as 12, closed as blank"
    ),
    ("STR-16", _CRIME_CODE): (
        CODES, {"force_code": "Action Fraud", "is_force_canonical": False}, "force Action Fraud is not"
    ),
    ("STR-16", _INCIDENT): (INCIDENT, {"force_code": "Kent", "is_force_canonical": False}, "force Kent is not"),
    ("STR-17", "core.crimes"): None,
    ("STR-18", _CRIME_CODE): (
        CODES, {"is_removed_for_self_defence": True, "is_free_of_barred_codes": False}, "removed under C5"
    ),
    ("TIM-01", _RECORDING_TIME): (
        TIME,
        {"hours_to_record": 31.5, "hours_over_limit": 7.5},
        "recorded 31.5 hours after the first report; the limit is 24",
    ),
    ("TIM-02", _RECORDING_TIME): (
        {**TIME, "hours_to_record": 72.0}, {"hours_to_record": 72.5}, "recorded 72.5 hours after the first report"
    ),
    ("TIM-03", _RECORDING_TIME): (TIME, {"minutes_after_incident": 15.5}, "15.5 minutes after its incident"),
    ("TIM-04", "core.recording_series_facts"): (
        SERIES, {"counted": 3, "is_within_limits": False}, "3 of 100 crimes are recorded at midnight"
    ),
    ("TIM-05", _INCIDENT): (
        INCIDENT, {"is_settled": False}, "without a crime or a reason 30.0 hours after it was created"
    ),
    ("TIM-06", _RECORDING_TIME): (TIME, {"minutes_to_close": 59.5}, "closed 59.5 minutes after it was recorded"),
    ("TIM-07", _RECORDING_TIME): (
        TIME,
        {"days_without_review": 30.0, "days_over_review_limit": 2.0},
        "last reviewed 30.0 days ago; the limit is 28",
    ),
}
