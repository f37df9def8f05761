"""Cases of the rules on service to victims and on risk."""

from typing import Any

SERVICE = {"crime_ref": "c1", "recorded_date": "2025-03-03", "class_code": "8Q", "is_open": True, "is_charged": True,
           "has_enhanced_rights": True, "needs_assessment_working_days": 5, "needs_assessed_date": "2025-03-10",
           "is_personal_statement_offered": True, "longest_contact_gap_days": 28.0, "referral_count": 1,
           "consented_referral_count": 1}  # fmt: skip
DECISION = {"crime_ref": "c1", "outcome_code": "16", "outcome_date": "2025-04-01", "informed_date": "2025-04-02",
            "working_days_to_inform": 1, "is_informed_in_time": True}  # fmt: skip
RISK = {"crime_ref": "c1", "class_code": "8Q", "is_stalking_or_harassment": True, "is_assessment_due": True,
        "assessment_count": 2, "initial_assessment_count": 1, "hours_to_first_assessment": 24.0,
        "raised_assessment_count": 1, "planned_assessment_count": 1, "supervisor_review_count": 1, "risk_grade": "high",
        "is_in_daily_meeting": True}  # fmt: skip
ASSESSMENT = {"crime_ref": "c1", "class_code": "8Q", "tool": "SST", "is_stalking": True, "is_domestic_abuse": False,
              "is_tool_suited": True}  # fmt: skip
EVENT = {"crime_ref": "c1", "event_type": "release", "event_at": "2025-03-10 10:00+00", "hours_to_reassessment": 48.0,
         "is_reassessed_in_time": True}  # fmt: skip
_VICTIM_SERVICE = "core.victim_service_facts"
_RISK = "core.risk_facts"

CASES: dict[tuple[str, str], Any] = {
    ("VIC-01", _VICTIM_SERVICE): (SERVICE, {"has_enhanced_rights": False}, "class 8Q, not marked for enhanced rights"),
    ("VIC-02", _VICTIM_SERVICE): (
        SERVICE,
        {"needs_assessment_working_days": 6, "needs_assessed_date": "2025-03-11"},
        "recorded on 2025-03-03, needs assessed on 2025-03-11, 6 working days later",
    ),
    ("VIC-03", "core.victim_decision_facts"): (
        DECISION,
        {"informed_date": None, "working_days_to_inform": 9, "is_informed_in_time": False},
        "outcome 16 on 2025-04-01, victim not informed after 9 working days",
    ),
    ("VIC-04", _VICTIM_SERVICE): (SERVICE, {"is_personal_statement_offered": False}, "charged, and no offer"),
    ("VIC-05", _VICTIM_SERVICE): (SERVICE, {"longest_contact_gap_days": 28.2}, "open, and 28.2 days without contact"),
    ("VIC-06", _VICTIM_SERVICE): (
        SERVICE, {"consented_referral_count": 0}, "1 referrals, none with offer and consent recorded"
    ),
    ("RSK-01", _RISK): (RISK, {"initial_assessment_count": 0}, "class 8Q, 2 assessments, none of stage initial"),
    ("RSK-02", _RISK): (RISK, {"hours_to_first_assessment": 24.1}, "24.1 hours after the report"),
    ("RSK-03", "core.risk_assessment_facts"): (
        ASSESSMENT, {"tool": "DASH", "is_tool_suited": False}, "tool DASH in class 8Q, not domestic"
    ),
    ("RSK-04", "core.risk_event_facts"): (
        EVENT,
        {"hours_to_reassessment": None, "is_reassessed_in_time": False},
        "release on 2025-03-10, not reassessed since",
    ),
    ("RSK-05", _RISK): (RISK, {"planned_assessment_count": 0}, "1 assessments of medium or high risk and no plan"),
    ("RSK-06", "core.risk_assessment_facts"): None,
    ("RSK-07", _RISK): (RISK, {"supervisor_review_count": 0}, "no review by a supervisor"),
    ("RSK-08", _RISK): (RISK, {"is_in_daily_meeting": False}, "high risk and not in the daily management meeting"),
}
