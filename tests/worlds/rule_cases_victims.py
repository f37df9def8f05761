"""Cases of the rules on service to victims and on risk."""

from typing import Any

CRIME = {
    "crime_ref": "c1",
    "force_code": "E23000032",
    "recorded_date": "2025-03-03",
    "recorded_month": "2025-03-01",
    "unit_name": "Invented Unit A",
    "class_code": "8Q",
}
SERVICE = {
    **CRIME,
    "is_open": True,
    "is_charged": True,
    "has_enhanced_rights": True,
    "needs_assessment_working_days": 5,
    "needs_assessed_date": "2025-03-10",
    "is_personal_statement_offered": True,
    "longest_contact_gap_days": 28.0,
    "referral_count": 1,
    "consented_referral_count": 1,
}
DECISION = {
    **CRIME,
    "outcome_ref": "o1",
    "outcome_code": "16",
    "outcome_date": "2025-04-01",
    "has_enhanced_rights": True,
    "informed_date": "2025-04-02",
    "working_days_to_inform": 1,
    "is_informed_in_time": True,
}
RISK = {
    **CRIME,
    "is_stalking_or_harassment": True,
    "is_assessment_due": True,
    "assessment_count": 2,
    "initial_assessment_count": 1,
    "hours_to_first_assessment": 24.0,
    "raised_assessment_count": 1,
    "planned_assessment_count": 1,
    "supervisor_review_count": 1,
    "risk_grade": "high",
    "is_in_daily_meeting": True,
}
ASSESSMENT = {
    **CRIME,
    "assessment_ref": "a1",
    "tool": "SST",
    "is_stalking": True,
    "is_domestic_abuse": False,
    "is_tool_suited": True,
}
EVENT = {
    **CRIME,
    "event_type": "release",
    "event_at": "2025-03-10 10:00+00",
    "hours_to_reassessment": 48.0,
    "is_reassessed_in_time": True,
}

CASES: dict[tuple[str, str], tuple[dict[str, Any], dict[str, Any], str, dict[str, Any] | None] | None] = {
    ("VIC-01", "core.victim_service_facts"): (
        SERVICE,
        {"has_enhanced_rights": False},
        "class 8Q, not marked for enhanced rights",
    ),
    ("VIC-02", "core.victim_service_facts"): (
        SERVICE,
        {"needs_assessment_working_days": 6, "needs_assessed_date": "2025-03-11"},
        "recorded on 2025-03-03, needs assessed on 2025-03-11, 6 working days later",
    ),
    ("VIC-03", "core.victim_decision_facts"): (
        DECISION,
        {"informed_date": None, "working_days_to_inform": 9, "is_informed_in_time": False},
        "outcome 16 on 2025-04-01, victim not informed after 9 working days",
    ),
    ("VIC-04", "core.victim_service_facts"): (
        SERVICE,
        {"is_personal_statement_offered": False},
        "charged, and no offer",
    ),
    ("VIC-05", "core.victim_service_facts"): (
        SERVICE,
        {"longest_contact_gap_days": 28.2},
        "open, and 28.2 days without contact",
    ),
    ("VIC-06", "core.victim_service_facts"): (
        SERVICE,
        {"consented_referral_count": 0},
        "1 referrals, none with offer and consent recorded",
    ),
    ("RSK-01", "core.risk_facts"): (
        RISK,
        {"initial_assessment_count": 0},
        "class 8Q, 2 assessments, none of stage initial",
    ),
    ("RSK-02", "core.risk_facts"): (
        RISK,
        {"hours_to_first_assessment": 24.1},
        "24.1 hours after the report",
    ),
    ("RSK-03", "core.risk_assessment_facts"): (
        ASSESSMENT,
        {"tool": "DASH", "is_tool_suited": False},
        "tool DASH in class 8Q, not domestic",
        {"is_tool_suited": None, "is_domestic_abuse": None},
    ),
    ("RSK-04", "core.risk_event_facts"): (
        EVENT,
        {"hours_to_reassessment": None, "is_reassessed_in_time": False},
        "release on 2025-03-10, not reassessed since",
    ),
    ("RSK-05", "core.risk_facts"): (
        RISK,
        {"planned_assessment_count": 0},
        "1 assessments of medium or high risk and no plan",
    ),
    ("RSK-06", "core.risk_assessment_facts"): None,
    ("RSK-07", "core.risk_facts"): (
        RISK,
        {"supervisor_review_count": 0},
        "no review by a supervisor",
    ),
    ("RSK-08", "core.risk_facts"): (
        RISK,
        {"is_in_daily_meeting": False},
        "high risk and not in the daily management meeting",
    ),
}
