"""Cases of the classification rules (recording-standards 6.3)."""

from typing import Any

CLASS = {"crime_ref": "C1", "recorded_date": "2022-03-01", "class_code": "8L", "relationships": "ex_partner",
         "is_former_partner_rule_kept": True, "has_conduct_beside_other_class": True, "report_group_ref": "R1",
         "is_other_crime_recorded": True}  # fmt: skip
STALKING = {"crime_ref": "C1", "recorded_date": "2022-03-01", "class_code": "8Q", "conduct_until_date": "2022-02-01",
            "is_conduct_under_stalking_law": True, "is_recorded_under_stalking_class": True,
            "is_stalking_charged_otherwise": True, "alternate_ho_codes": "8/65",
            "is_stalking_charged": True}  # fmt: skip
PAIR = {"crime_ref": "C1", "recorded_date": "2025-03-01", "class_code": "8R", "relationships": "ex_partner",
        "occasion_count": 1, "earlier_in_window_count": 1, "other_single_acts_count": 0, "is_instead_of_stalking": True,
        "is_former_partner_conduct_seen": True, "is_single_act": True, "are_single_acts_seen_together": True,
        "is_course_of_conduct_offence": True, "has_course_of_conduct": True}  # fmt: skip
TEXT = {"crime_ref": "C1", "recorded_date": "2025-03-01", "class_code": "8L", "ho_code": "195/94", "four_score": 2,
        "hate_strand": "race", "is_class_before_stalking": True, "is_free_of_four_signal": True,
        "is_free_of_stalking_behaviour": True, "is_free_of_grave_signs": True, "has_violence_or_effect": False,
        "is_free_of_violence_words": True, "is_graver": True, "is_stalking_included": True,
        "is_free_of_coercion_by_partner": True, "is_hostility_marked": True, "is_free_of_new_offence_words": True,
        "has_threat": False, "is_online_flagged": True}  # fmt: skip
FLAG = {"crime_ref": "C1", "relationships": "ex_partner|family", "is_flag_due": True, "has_due_flag": True,
        "earlier_count": 2, "is_repeat_flag_due": True, "has_due_repeat_flag": True}  # fmt: skip
STEP = {"crime_ref": "C1", "from_ho_code": "8/65", "to_ho_code": "195/12", "is_downgrade": True,
        "is_second_checked": True}  # fmt: skip
BREACH = {"crime_ref": "C1", "ho_code": "66/39", "class_code": "66", "is_assessed_as_stalking": True}
SERIES = {"series_ref": "2025-03", "measure": "relationship unknown", "crime_count": 100, "counted": 10,
          "month_share": 0.1, "lower_limit": 0.8, "upper_limit": 0.99, "is_within_limits": True}  # fmt: skip
_CLASSIFICATION = "core.classification_facts"
_PAIR_CONDUCT = "core.pair_conduct_facts"
_TEXT_CLASS = "core.text_class_facts"

CASES: dict[tuple[str, str], Any] = {
    ("CLS-01", _CLASSIFICATION): (
        CLASS, {"is_former_partner_rule_kept": False}, "recorded as 8L, relationship ex_partner"
    ),
    ("CLS-02", _PAIR_CONDUCT): (
        PAIR,
        {"is_former_partner_conduct_seen": False, "earlier_in_window_count": 2},
        "after 2 earlier incidents or crimes",
    ),
    ("CLS-03", _PAIR_CONDUCT): (
        PAIR,
        {"are_single_acts_seen_together": False, "other_single_acts_count": 1},
        "8R as well as 1 other incidents or crimes",
    ),
    ("CLS-04", _TEXT_CLASS): (TEXT, {"is_free_of_four_signal": False, "four_score": 3}, "3 of the four signs"),
    ("CLS-05", _TEXT_CLASS): (TEXT, {"is_free_of_stalking_behaviour": False}, "a behaviour of stalking"),
    ("CLS-06", _TEXT_CLASS): (
        {**TEXT, "ho_code": "195/12"}, {"is_free_of_grave_signs": False, "risk_grade": "high"}, "but the risk is high"
    ),
    ("CLS-07", "core.classification_change_facts"): (
        STEP, {"is_second_checked": False}, "from 8/65 to 195/12 without a second check", None
    ),
    ("CLS-08", _TEXT_CLASS): (TEXT, {"is_free_of_violence_words": False}, "consider 8/30"),
    ("CLS-09", _PAIR_CONDUCT): (PAIR, {"has_course_of_conduct": False}, "1 occasions, no earlier crime"),
    ("CLS-10", _CLASSIFICATION): (
        STALKING,
        {"is_conduct_under_stalking_law": False, "conduct_until_date": "2012-11-24"},
        "conduct until 2012-11-24",
    ),
    ("CLS-11", _CLASSIFICATION): (
        STALKING, {"is_recorded_under_stalking_class": False, "recorded_date": "2014-03-31"}, "8Q on 2014-03-31"
    ),
    ("CLS-12", "core.breach_crime_facts"): (BREACH, {"is_assessed_as_stalking": False}, "breach of an order (66/39)"),
    ("CLS-13", _TEXT_CLASS): (
        {**TEXT, "class_code": "3B"}, {"is_stalking_included": False, "four_score": 3}, "3B without included"
    ),
    ("CLS-14", _CLASSIFICATION): (CLASS, {"is_other_crime_recorded": False}, "the only one of report R1"),
    ("CLS-15", _TEXT_CLASS): (TEXT, {"is_free_of_coercion_by_partner": False}, "consider 8U"),
    ("CLS-16", _TEXT_CLASS): (TEXT, {"is_hostility_marked": False}, "hostility (race)"),
    ("CLS-17", _TEXT_CLASS): (
        {**TEXT, "class_code": "8R"},
        {"is_free_of_new_offence_words": False, "has_threat": True},
        "threat: consider s.181",
    ),
    ("CLS-18", "core.domestic_flag_facts"): (FLAG, {"has_due_flag": False}, "relationship ex_partner and family"),
    ("CLS-19", "core.domestic_flag_facts"): (FLAG, {"has_due_repeat_flag": False}, "2 earlier domestic abuse crimes"),
    ("CLS-20", _TEXT_CLASS): (TEXT, {"is_online_flagged": False}, "no flag online"),
    ("CLS-21", "core.recording_series_facts"): (
        SERIES, {"is_within_limits": False, "counted": 11}, "11 of 100 crimes have relationship unknown"
    ),
    ("CLS-22", "core.recording_series_facts"): (
        {**SERIES, "measure": "former partners: stalking"},
        {"is_within_limits": False, "counted": 79, "month_share": 0.79},
        "79 of 100 are stalking (79.0%), allowed 80.0 to 99.0",
    ),
    ("CLS-23", _CLASSIFICATION): (
        STALKING, {"is_stalking_charged": False, "alternate_ho_codes": "195/94"}, "recorded as 8Q, charged as 195/94"
    ),
}
