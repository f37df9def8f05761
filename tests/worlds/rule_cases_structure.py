"""Cases of the structural rules of the force extract (recording-standards 6.1)."""

from typing import Any

CODES = {
    "crime_ref": "C1",
    "recorded_date": "2025-03-01",
    "force_code": "E23000013",
    "force_crime_ref": "CL/1/25",
    "reference_use_count": 1,
    "ho_code_keyed": "8/65",
    "ho_code": "8/65",
    "class_code": "8Q",
    "class_code_of_ho_code": "8Q",
    "cjs_code": "PH97007",
    "is_reference_unique": True,
    "is_ho_code_valid": True,
    "is_ho_code_unmangled": True,
    "is_class_of_ho_code": True,
    "is_cjs_code_well_formed": True,
    "is_force_canonical": True,
    "is_stalking_or_harassment": True,
    "has_no_crime_code": False,
    "is_removed_for_self_defence": False,
    "is_free_of_barred_codes": True,
}
CRIME = {
    "crime_ref": "C1",
    "date_faults": "",
    "are_dates_in_order": True,
    "missing_parts": "",
    "has_mandatory_parts": True,
    "mo_length": 120,
    "mo_use_count": 1,
    "is_mo_informative": True,
    "is_stalking_or_harassment": True,
    "victim_count": 1,
    "has_one_victim": True,
    "outcome_code": "16",
    "suspect_count": 1,
    "is_offender_to_be_known": True,
    "has_suspect_row": True,
}
MOMENT = {
    "crime_ref": "C1",
    "latest_at": "2025-03-01 12:00:00+00",
    "latest_table": "outcome",
    "hours_after_limit": 0.0,
}
ORDER = {
    "order_ref": "O1",
    "latest_at": "2025-03-01 12:00:00+00",
    "latest_table": "order_",
    "hours_after_limit": -1.5,
}
INCIDENT = {
    "incident_ref": "I1",
    "force_code": "E23000013",
    "nsir_opening_code": "123",
    "nsir_closing_code": None,
    "are_nsir_codes_well_formed": True,
    "is_force_canonical": True,
    "hours_after_limit": -30.0,
    "age_hours": 30.0,
    "is_to_be_settled": True,
    "is_settled": True,
}
CHILD = {
    "crime_ref": "C1",
    "reference_type": "crime",
    "target_ref": "C1",
    "child_tables": "outcome, party_role",
    "row_count": 3,
    "is_found": True,
}
TIME = {
    "crime_ref": "C1",
    "hours_to_record": 24.0,
    "limit_hours": 24.0,
    "hours_over_limit": 0.0,
    "is_recorded_after_report": True,
    "has_incident": True,
    "minutes_after_incident": 15.0,
    "minutes_to_close": 60.0,
    "is_closed_stalking": True,
    "is_open_stalking_or_harassment": True,
    "days_without_review": 28.0,
    "review_limit_days": 28.0,
    "is_never_reviewed": False,
    "days_over_review_limit": 0.0,
}
SERIES = {
    "series_ref": "2025-03",
    "measure": "recorded at midnight",
    "crime_count": 100,
    "counted": 2,
    "month_share": 0.02,
    "is_within_limits": True,
}
_CODES, _CRIME, _INCIDENT = "core.crime_code_facts", "core.crime_structure_facts", "core.incident_facts"
_TIME = "core.recording_time_facts"

CASES: dict[tuple[str, str], Any] = {
    ("STR-01", _CODES): (
        CODES,
        {"is_reference_unique": False, "reference_use_count": 2},
        "2 crimes of the force have the reference CL/1/25",
    ),
    ("STR-02", _CODES): (
        CODES,
        {"ho_code": "3-1", "class_code_of_ho_code": None, "is_ho_code_valid": False},
        "code 3-1 is not class and sub-class",
        {"ho_code": "104/25", "is_ho_code_valid": None},
    ),
    ("STR-03", _CODES): (
        CODES,
        {"ho_code_keyed": "23955", "is_ho_code_unmangled": False},
        "keyed as 23955, read as 8/65",
        {"ho_code_keyed": None, "is_ho_code_unmangled": None},
    ),
    ("STR-04", _CODES): (
        CODES,
        {"class_code": "8L", "is_class_of_ho_code": False},
        "class 8L, but code 8/65 belongs to 8Q",
        {"class_code_of_ho_code": None, "is_class_of_ho_code": None},
    ),
    ("STR-05", _CODES): (
        CODES,
        {"cjs_code": "PH9700", "is_cjs_code_well_formed": False},
        "CJS code PH9700",
    ),
    ("STR-06", "core.outcome_code_facts"): (
        {"outcome_ref": "O1", "crime_ref": "C1", "outcome_value": "16", "is_quarantined": False},
        {"outcome_value": "NFA", "is_quarantined": True},
        "outcome NFA is not one of the framework; its row is in quarantine",
    ),
    ("STR-07", "core.crime_moment_facts"): (
        MOMENT,
        {"hours_after_limit": 8.04},
        "outcome: 2025-03-01 12:00 is 8.0 hours after",
    ),
    ("STR-07", _INCIDENT): (
        INCIDENT,
        {"hours_after_limit": 2.5},
        "incident is 2.5 hours after",
    ),
    ("STR-07", "core.order_moment_facts"): (
        ORDER,
        {"hours_after_limit": 2.5},
        "order_: 2025-03-01 12:00 is 2.5 hours after",
    ),
    ("STR-08", _CRIME): (
        CRIME,
        {"date_faults": "the outcome is 2.0 hours before the recording", "are_dates_in_order": False},
        "the outcome is 2.0 hours before the recording",
    ),
    ("STR-08", _TIME): (
        TIME,
        {"hours_to_record": -2.0, "is_recorded_after_report": False},
        "recorded 2.0 hours before it was reported",
    ),
    ("STR-09", _CRIME): (
        CRIME,
        {"missing_parts": "location, status", "has_mandatory_parts": False},
        "missing: location, status",
        None,
    ),
    ("STR-10", _CRIME): (
        CRIME,
        {"mo_length": 19, "is_mo_informative": False},
        "the MO has 19 characters and is in 1 crimes",
        {"mo_length": None, "is_mo_informative": None},
    ),
    ("STR-11", "core.child_reference_facts"): (
        CHILD,
        {"is_found": False},
        "3 rows of outcome, party_role point to the crime C1",
        None,
    ),
    ("STR-12", _CRIME): (CRIME, {"victim_count": 2, "has_one_victim": False}, "2 victims"),
    ("STR-13", _CRIME): (
        CRIME,
        {"suspect_count": 0, "has_suspect_row": False},
        "outcome 16 without a suspect",
        {"outcome_code": None, "has_suspect_row": None},
    ),
    ("STR-14", "core.persons"): None,
    ("STR-15", _INCIDENT): (
        INCIDENT,
        {"nsir_opening_code": "12", "are_nsir_codes_well_formed": False},
        "opened as 12, closed as blank",
    ),
    ("STR-16", _CODES): (
        CODES,
        {"force_code": "Action Fraud", "is_force_canonical": False},
        "force Action Fraud is not",
        {"force_code": None, "is_force_canonical": None},
    ),
    ("STR-16", _INCIDENT): (
        INCIDENT,
        {"force_code": "Kent", "is_force_canonical": False},
        "force Kent is not",
        {"force_code": None, "is_force_canonical": None},
    ),
    ("STR-17", "core.crimes"): None,
    ("STR-18", _CODES): (
        CODES,
        {"is_removed_for_self_defence": True, "is_free_of_barred_codes": False},
        "removed under C5",
    ),
    ("TIM-01", _TIME): (
        TIME,
        {"hours_to_record": 31.5, "hours_over_limit": 7.5},
        "recorded 31.5 hours after the first report; the limit is 24",
        {"hours_to_record": None, "hours_over_limit": None},
    ),
    ("TIM-02", _TIME): (
        {**TIME, "hours_to_record": 72.0},
        {"hours_to_record": 72.5},
        "recorded 72.5 hours after the first report",
    ),
    ("TIM-03", _TIME): (
        TIME,
        {"minutes_after_incident": 15.5},
        "15.5 minutes after its incident",
    ),
    ("TIM-04", "core.recording_series_facts"): (
        SERIES,
        {"counted": 3, "is_within_limits": False},
        "3 of 100 crimes are recorded at midnight",
    ),
    ("TIM-05", _INCIDENT): (
        INCIDENT,
        {"is_settled": False},
        "without a crime or a reason 30.0 hours after it was created",
    ),
    ("TIM-06", _TIME): (
        TIME,
        {"minutes_to_close": 59.5},
        "closed 59.5 minutes after it was recorded",
    ),
    ("TIM-07", _TIME): (
        TIME,
        {"days_without_review": 30.0, "days_over_review_limit": 2.0},
        "last reviewed 30.0 days ago; the limit is 28",
        {"days_without_review": None, "days_over_review_limit": None},
    ),
}
