"""Cases of the outcome rules."""

from typing import Any

OUTCOME = {"crime_ref": "c1", "class_code": "8Q", "outcome_code": "16", "outcome_date": "2025-04-01",
           "is_current": True, "is_stalking_or_harassment": True, "ho_code": "195/12", "time_limit_date": "2025-08-30",
           "is_code_valid_at_date": True, "is_for_stalking_or_harassment": True, "is_summary_only": True,
           "is_time_limit_kept": True, "has_body_and_victim_informed": True, "other_body": "Invented Council",
           "is_stalking_or_domestic": True, "has_supervisor_rationale": True, "has_rationale": True,
           "alternate_ho_code": "195/94", "is_alternate_different": True}  # fmt: skip
PEOPLE = {"crime_ref": "c1", "outcome_code": "16", "suspect_standard": "needed", "named_suspect_count": 1,
          "auditable_decision_count": 1, "engagement_count": 1, "victim_support": "no",
          "is_victim_support_consistent": True}  # fmt: skip
NO_SUSPECT = {"crime_ref": "c1", "outcome_code": "14", "suspect_standard": "forbidden", "relationships": "stranger",
              "contradicting_suspect_count": 0, "is_suspect_known": False}  # fmt: skip
EVIDENCE = {"crime_ref": "c1", "outcome_code": "9", "is_no_further_action": True, "is_section_4a": False,
            "eliminated_suspect_count": 0, "prosecutor_decision_count": 1, "referral_count": 1,
            "started_intervention_count": 1, "unresolved_line_count": 0}  # fmt: skip
HISTORY = {"crime_ref": "c1", "outcome_count": 2, "current_outcome_count": 1, "misplaced_outcome_count": 0,
           "is_outcome_history_sound": True}  # fmt: skip
UNIT = {"series_ref": "Invented Unit A", "outcome_count": 100, "not_supported_count": 50, "not_supported_share": 0.5,
        "force_share": 0.4, "deviations_above_force": 2.0}  # fmt: skip
REMOVAL = {"crime_ref": "c1", "class_code": "8Q", "removal_code": "C2", "is_stalking_or_harassment": True,
           "is_cancelled": True, "is_removal_evidenced": True, "is_role_allowed": True, "authoriser_role": "ddm",
           "is_authorised_by_investigator": False, "is_removal_authorised": True,
           "is_followed_by_crime": False}  # fmt: skip
_OUTCOME = "core.outcome_facts"
_OUTCOME_PEOPLE = "core.outcome_people_facts"
_OUTCOME_EVIDENCE = "core.outcome_evidence_facts"
_REMOVAL = "core.removal_facts"

CASES: dict[tuple[str, str], Any] = {
    ("OUT-01", _OUTCOME): (
        OUTCOME,
        {"outcome_code": "22", "outcome_date": "2019-03-31", "code_valid_from": "2019-04-01",
         "is_code_valid_at_date": False},
        "outcome 22 on 2019-03-31, in use from 2019-04-01",
    ),
    ("OUT-02", _OUTCOME_PEOPLE): (PEOPLE, {"named_suspect_count": 0}, "outcome 16 and no named suspect"),
    ("OUT-03", _OUTCOME_PEOPLE): (NO_SUSPECT, {"contradicting_suspect_count": 2}, "outcome 14 and 2 named suspects"),
    ("OUT-03", _OUTCOME_EVIDENCE): (
        {**EVIDENCE, "outcome_code": "18"},
        {"eliminated_suspect_count": 1},
        "outcome 18 and 1 named suspects, all eliminated",
    ),
    ("OUT-04", _OUTCOME_PEOPLE): (
        NO_SUSPECT, {"is_suspect_known": True, "relationships": "ex_partner"}, "outcome 14 and relationship ex_partner"
    ),
    ("OUT-05", _OUTCOME_PEOPLE): (
        {**PEOPLE, "outcome_code": "11", "is_suspect_age_right": True, "youngest_age_at_offence": 9},
        {"is_suspect_age_right": False, "youngest_age_at_offence": 10},
        "outcome 11, youngest suspect 10 at the offence",
    ),
    ("OUT-06", _OUTCOME): (
        OUTCOME, {"outcome_code": "6", "is_for_stalking_or_harassment": False}, "outcome 6 on class 8Q"
    ),
    ("OUT-07", _OUTCOME): (
        {**OUTCOME, "outcome_code": "17"}, {"ho_code": "8/65", "is_summary_only": False}, "outcome 17 on 8/65"
    ),
    ("OUT-08", _OUTCOME): (
        {**OUTCOME, "outcome_code": "17"},
        {"is_time_limit_kept": False},
        "outcome 17 on 2025-04-01, six months from the last act end on 2025-08-30",
    ),
    ("OUT-09", _OUTCOME_PEOPLE): (
        PEOPLE, {"auditable_decision_count": 0}, "outcome 16, 1 engagements with the victim, none with date"
    ),
    ("OUT-10", _OUTCOME_PEOPLE): (
        PEOPLE, {"is_victim_support_consistent": False, "victim_support": "yes"}, "outcome 16 and victim support yes"
    ),
    ("OUT-11", _OUTCOME_PEOPLE): (
        {**PEOPLE, "outcome_code": "5", "has_suspect_died_since": True, "suspect_death_date": "2025-03-20"},
        {"has_suspect_died_since": False, "suspect_death_date": None},
        "outcome 5 and no suspect with a date of death",
    ),
    ("OUT-11", _OUTCOME_EVIDENCE): None,
    ("OUT-12", _OUTCOME_EVIDENCE): (
        EVIDENCE, {"prosecutor_decision_count": 0}, "outcome 9 and no decision of a prosecutor"
    ),
    ("OUT-13", _OUTCOME): (
        {**OUTCOME, "outcome_code": "20"},
        {"has_body_and_victim_informed": False, "other_body": None},
        "outcome 20: no other body named",
    ),
    ("OUT-14", _OUTCOME): (
        {**OUTCOME, "outcome_code": "21"},
        {"has_supervisor_rationale": False, "has_rationale": False},
        "outcome 21: rationale missing",
    ),
    ("OUT-15", _OUTCOME_EVIDENCE): (
        {**EVIDENCE, "outcome_code": "22"},
        {"started_intervention_count": 0},
        "outcome 22 and 1 referrals, none with service and start",
    ),
    ("OUT-16", _OUTCOME): (
        {**OUTCOME, "outcome_code": "1A"},
        {"is_alternate_different": False, "alternate_ho_code": None},
        "outcome 1A without an alternate code",
    ),
    ("OUT-17", "core.crime_outcome_facts"): (
        HISTORY,
        {"current_outcome_count": 2, "misplaced_outcome_count": 1, "is_outcome_history_sound": False},
        "2 current of 2 outcomes, 1 out of order",
    ),
    ("OUT-18", _OUTCOME_EVIDENCE): (
        EVIDENCE,
        {"unresolved_line_count": 2, "unresolved_line_types": "cctv, phone"},
        "outcome 9 and not done: cctv, phone",
    ),
    ("OUT-19", "core.unit_outcome_facts"): (
        UNIT,
        {"deviations_above_force": 2.04},
        "outcome 16 in 50 of 100, 50.0% compared with 40.0% in the force, 2.0 standard deviations above",
    ),
    ("OUT-20", _REMOVAL): (REMOVAL, {"is_removal_evidenced": False}, "C2 without verifiable information or verifier"),
    ("OUT-21", _REMOVAL): (
        REMOVAL,
        {"is_removal_authorised": False, "is_authorised_by_investigator": True},
        "C2 by the officer in the case",
    ),
    ("OUT-22", _REMOVAL): (
        REMOVAL,
        {"is_followed_by_crime": True, "days_to_next_crime": 12.25},
        "C2, and a new crime of the pair 12.3 days later",
    ),
}
