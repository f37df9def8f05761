"""Cases of the rules on notices, investigation, orders and case files."""

from typing import Any

NOTICE = {"crime_ref": "c1", "notice_count": 1, "notice_types": "pin", "has_notice": False, "no_action_code": "16",
          "days_to_no_action": 14.0, "is_closed_soon_after_notice": False}  # fmt: skip
ALLOCATION = {"crime_ref": "c1", "ho_code": "8/65", "risk_grade": "high", "pip_level": 2, "needs_detective": True,
              "is_allocated_by_risk": True, "initial_review_at": "2025-03-02 10:00:00+00",
              "is_offence_checked": True}  # fmt: skip
PRIOR = {"crime_ref": "c1", "prior_report_count": 2, "unlinked_report_count": 0}
ABSENCE = {"crime_ref": "c1", "uncovered_days": 7.0}
ENQUIRY = {"crime_ref": "c1", "is_stalking": True, "is_stalking_or_harassment": True, "is_order_breach": False,
           "digital_enquiry_at": "2025-03-02 10:00:00+00", "days_without_digital_enquiry": 7.0,
           "is_search_considered": True}  # fmt: skip
ACTION = {"crime_ref": "c1", "days_without_action": 14.0, "days_unexplained": 14.0}
RELEASE = {"crime_ref": "c1", "release_count": 1, "unexplained_count": 0, "is_explained": True}
CONSIDERED = {"crime_ref": "c1", "outcome_code": "16", "is_order_considered": True}
ORDER = {"order_ref": "o1", "is_stalking_protection": True, "applied_at": "2025-03-01 10:00:00+00",
         "granted_at": "2025-03-02 10:00:00+00", "served_at": "2025-03-03 10:00:00+00", "expires_date": "2027-03-02",
         "has_all_grounds": True, "term_months": 24, "has_lawful_term": True, "is_notification_due": True,
         "days_to_notification": 3.0, "respondent_age_at_most": 30, "is_respondent_of_age": True,
         "are_dates_in_order": True}  # fmt: skip
YOUTH = {"order_ref": "o1", "court": "an invented youth court", "respondent_age_at_most": 16, "is_in_youth_court": True}
BREACH = {"order_ref": "o1", "crime_ref": "c1", "breached_at": "2025-04-01 10:00:00+00", "is_after_service": True,
          "is_in_live_period": True, "has_crime_or_reason": True, "hours_to_arrest": 24.0,
          "is_answered": True}  # fmt: skip
HEARING = {"order_ref": "o1", "hearing_at": "2025-04-01 10:00:00+00", "hours_to_hearing": 48.0}
FILE = {"crime_ref": "c1", "ho_code": "8/65", "is_charged": True, "is_serious_stalking": True, "missing_item_count": 0,
        "missing_items": "", "days_to_special_measures": 28.0, "has_order_request": True, "is_checklist_complete": True,
        "has_early_advice": True}  # fmt: skip
_ORDER = "core.order_facts"
_CASE_FILE = "core.case_file_facts"

CASES: dict[tuple[str, str], Any] = {
    ("NOT-01", "core.notice_facts"): (NOTICE, {"has_notice": True}, "1 notice(s): pin"),
    ("NOT-02", "core.notice_facts"): (
        NOTICE, {"is_closed_soon_after_notice": True}, "outcome 16 14.0 days after the notice", None
    ),
    ("INV-01", "core.allocation_facts"): (
        ALLOCATION, {"pip_level": 1, "is_allocated_by_risk": False}, "PIP level 1, HO code 8/65, risk high",
        {"pip_level": None, "is_allocated_by_risk": None},
    ),
    ("INV-02", "core.allocation_facts"): (
        ALLOCATION, {"is_offence_checked": False}, "review of 2025-03-02 does not confirm", None
    ),
    ("INV-03", "core.prior_report_facts"): (
        PRIOR, {"unlinked_report_count": 1, "unlinked_reports": "i9"}, "1 of 2 earlier reports not linked: i9", None
    ),
    ("INV-04", "core.absence_facts"): (ABSENCE, {"uncovered_days": 7.1}, "absent for 7.1 days, no deputy"),
    ("INV-05", "core.enquiry_facts"): (
        ENQUIRY, {"days_without_digital_enquiry": 8.5}, "first digital line of enquiry after 8.5 days"
    ),
    ("INV-06", "core.enquiry_facts"): (ENQUIRY, {"is_search_considered": False}, "no search record"),
    ("INV-07", "core.suspect_action_facts"): (
        ACTION, {"days_without_action": 15.0, "days_unexplained": 15.0}, "named for 15.0 days without arrest"
    ),
    ("INV-08", "core.release_facts"): (RELEASE, {"unexplained_count": 1, "is_explained": False}, "1 of 1 releases"),
    ("ORD-01", "core.order_consideration_facts"): (
        CONSIDERED, {"is_order_considered": False}, "outcome 16, and no stalking protection order"
    ),
    ("ORD-02", _ORDER): (ORDER, {"has_all_grounds": False}, "applied for on 2025-03-01 without", None),
    ("ORD-03", _ORDER): (
        ORDER,
        {"expires_date": "2027-02-28", "term_months": 23, "has_lawful_term": False},
        "granted on 2025-03-02, expires on 2027-02-28: 23 months",
    ),
    ("ORD-04", _ORDER): (ORDER, {"days_to_notification": 3.5}, "3.5 days after service"),
    ("ORD-05", _ORDER): (ORDER, {"respondent_age_at_most": 9, "is_respondent_of_age": False}, "respondent aged 9"),
    ("ORD-05", "core.youth_order_facts"): (
        YOUTH,
        {"court": "an invented court", "is_in_youth_court": False},
        "respondent aged 16, court: an invented court",
    ),
    ("ORD-06", _ORDER): (
        ORDER,
        {"granted_at": "2025-03-04 10:00:00+00", "are_dates_in_order": False},
        "granted 2025-03-04, served 2025-03-03, expires 2027-03-02",
        {"granted_at": None, "are_dates_in_order": None},
    ),
    ("ORD-06", "core.order_breach_facts"): (
        BREACH, {"is_after_service": False, "is_in_live_period": False}, "before the order was served"
    ),
    ("ORD-07", "core.order_breach_facts"): (
        BREACH, {"hours_to_arrest": 30.0, "is_answered": False}, "no arrest within 30.0 hours"
    ),
    ("ORD-08", _CASE_FILE): (FILE, {"has_order_request": False}, "no request for an order", None),
    ("ORD-09", "core.order_hearing_facts"): (
        HEARING, {"hours_to_hearing": 48.5}, "hearing 48.5 hours that count after service"
    ),
    ("FIL-01", _CASE_FILE): (
        FILE, {"missing_item_count": 2, "missing_items": "MG6D, MG6E"}, "missing: MG6D, MG6E", None
    ),
    ("FIL-02", _CASE_FILE): (FILE, {"days_to_special_measures": 29.0}, "29.0 days after the charge"),
    ("FIL-03", _CASE_FILE): (FILE, {"has_early_advice": False}, "8/65, no early investigative", None),
    ("FIL-04", _CASE_FILE): (FILE, {"is_checklist_complete": False}, "not complete"),
}
