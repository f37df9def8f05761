# /// card
# description = """What a force may choose, as one row: a column for each key of reference.settings, its dot as _. \
#     A misspelt key names no column, and a missing one stops the build."""
# grain = []
# audience = []
# caveats = ["What each number means, its unit and its authority are in reference.settings."]
# [columns]
# "rates_base, rates_maximum_years_apart, shares_minimum_denominator" = ["double", "As the setting of that name"]
# "intervals_z, spc_minimum_points, spc_baseline_points, spc_shift_points" = ["double", "As the setting of that name"]
# "spc_trend_points, funnel_winsorise_share, funnel_minimum_units" = ["double", "As the setting of that name"]
# "reconciliation_tolerance, publish_smallest_row_count" = ["double", "As the setting of that name"]
# "publish_copies_kept, coordinates_longitude_min" = ["double", "As the setting of that name"]
# "coordinates_longitude_max, coordinates_latitude_min" = ["double", "As the setting of that name"]
# "coordinates_latitude_max, notices_closing_days" = ["double", "As the setting of that name"]
# "investigation_minimum_pip_level, investigation_absence_days" = ["double", "As the setting of that name"]
# "investigation_digital_days, investigation_action_days" = ["double", "As the setting of that name"]
# "orders_minimum_term_months, orders_notification_days, orders_minimum_age" = ["double", "As the setting of that name"]
# "orders_arrest_hours, orders_hearing_hours, file_special_measures_days" = ["double", "As the setting of that name"]
# "file_checklist_percent, structure_mo_length_min, structure_mo_length_max" = ["double", "As the setting of that name"]
# "structure_mo_uses_max, timeliness_limit_hours" = ["double", "As the setting of that name"]
# "timeliness_limit_hours_before_2015, timeliness_escalate_hours" = ["double", "As the setting of that name"]
# "timeliness_incident_gap_minutes, timeliness_midnight_share" = ["double", "As the setting of that name"]
# "timeliness_incident_hours, timeliness_early_close_minutes" = ["double", "As the setting of that name"]
# "timeliness_review_days, timeliness_review_days_high_risk" = ["double", "As the setting of that name"]
# "series_minimum_count, classification_window_months" = ["double", "As the setting of that name"]
# "classification_earlier_events, classification_conduct_occasions" = ["double", "As the setting of that name"]
# "classification_four_score, classification_breach_days" = ["double", "As the setting of that name"]
# classification_unknown_relationship_share = ["double", "As the setting of that name"]
# classification_other_relationship_share = ["double", "As the setting of that name"]
# classification_former_partner_stalking_share = ["double", "As the setting of that name"]
# "classification_share_deviations, outcomes_unit_minimum" = ["double", "As the setting of that name"]
# "outcomes_unit_deviations, outcomes_recent_days, removals_new_crime_days" = ["double", "As the setting of that name"]
# "audit_second_share, audit_smallest_cell, victims_needs_assessment_days" = ["double", "As the setting of that name"]
# "victims_inform_days_enhanced, victims_inform_days" = ["double", "As the setting of that name"]
# "victims_contact_gap_days, risk_first_assessment_hours" = ["double", "As the setting of that name"]
# "risk_reassessment_hours, compliance_minimum_breaches" = ["double", "As the setting of that name"]
# "compliance_fewest_a_month, linkage_link_weight, linkage_average_weight" = ["double", "As the setting of that name"]
# "linkage_maximum_comparisons, linkage_review_weight, linkage_review_pairs" = ["double", "As the setting of that name"]
# "linkage_rebuild_share, linkage_rebuild_days, events_collapse_days" = ["double", "As the setting of that name"]
# "behaviour_persistence_days, backtest_origins, backtest_horizon_days" = ["double", "As the setting of that name"]
# "backtest_history_days, backtest_list_length, backtest_high_harm_points" = ["double", "As the setting of that name"]
# "rfgv_half_life_days, rfgv_cap_percentile, rfgv_lens, rfgv_recency_weight" = ["double", "As the setting of that name"]
# "rfgv_frequency_weight, rfgv_gravity_weight, rfgv_victims_weight" = ["double", "As the setting of that name"]
# "rfgv_victims_cap, rfgv_victims_share, v100_window_days" = ["double", "As the setting of that name"]
# "v100_minimum_crimes, v100_list_length, escalation_minimum_events" = ["double", "As the setting of that name"]
# "escalation_false_discovery, forecast_horizon, forecast_fewest_points" = ["double", "As the setting of that name"]
# "forecast_fewest_trained, forecast_fewest_after_break, forecast_origins" = ["double", "As the setting of that name"]
# "demand_fewest_origins, demand_covered_share, protection_supervisor_hours" = ["double", "As the setting of that name"]
# "protection_breach_crime_hours, protection_arrest_second_days" = ["double", "As the setting of that name"]
# "protection_arrest_third_days, protection_breach_charge_days" = ["double", "As the setting of that name"]
# "protection_referral_days, protection_digital_days" = ["double", "As the setting of that name"]
# "protection_second_report_soon_days, protection_second_report_later_days" = ["double", "As the setting of that name"]
# "protection_expiry_days, meeting_daily_hours, meeting_weekly_days" = ["double", "As the setting of that name"]
# "meeting_repeat_days, meeting_overdue_daily_days" = ["double", "As the setting of that name"]
# "meeting_overdue_weekly_days, meeting_expiry_daily_days" = ["double", "As the setting of that name"]
# "meeting_bail_daily_days, meeting_bail_weekly_days, panel_smallest_group" = ["double", "As the setting of that name"]
# "panel_cases_each, caseload_history_months, caseload_months" = ["double", "As the setting of that name"]
# "caseload_minimum_investigators, caseload_minimum_for_90th" = ["double", "As the setting of that name"]
# "watched_fewest_a_month, watched_settled_days, scoring_draws" = ["double", "As the setting of that name"]
# "scoring_seed, scoring_cut_point_spread, scoring_weight_concentration" = ["double", "As the setting of that name"]
# "scoring_entered_spread, scoring_rank_level, scoring_distinguishable" = ["double", "As the setting of that name"]
# "scoring_top, scoring_priority_lambda, scoring_confidence_in_likelihood" = ["double", "As the setting of that name"]
# "scoring_open_days, scoring_version, scoring_confidence_moderate" = ["double", "As the setting of that name"]
# "scoring_confidence_low, scoring_forecast_origins" = ["double", "As the setting of that name"]
# "scoring_confidence_high_from, scoring_confidence_moderate_from" = ["double", "As the setting of that name"]
# "scoring_fewest_relationships, scoring_fewest_graded" = ["double", "As the setting of that name"]
# "scoring_fewest_areas, disclosure_suppress_to, disclosure_round_to" = ["double", "As the setting of that name"]
# "disclosure_hides_zero, disclosure_share_minimum" = ["double", "As the setting of that name"]
# "disclosure_class_minimum, disclosure_unrounded_below" = ["double", "As the setting of that name"]
# "disclosure_exact_totals, disclosure_complement" = ["double", "As the setting of that name"]
# "need_support_wanted_share, support_wait_over_days, support_case_days" = ["double", "As the setting of that name"]
# ///

"""The settings as one row, so that SQL names them as columns."""

from __future__ import annotations

import polars as pl


def settings(reference_settings: pl.DataFrame) -> pl.DataFrame:
    """One row with a column for each key."""
    held = reference_settings.select("key", "value").iter_rows()
    return pl.DataFrame([{key.replace(".", "_"): value for key, value in held}])
