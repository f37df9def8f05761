-- The rival of benchmarks/rules.py: one query for each rule, written by hand on the same tables of facts.
-- Columns: rule, table, rows examined, breaches, rows that could not be judged, references of the breaches.
-- Limits that a force may set stand here as reference.settings has them when delivered. Left out: STR-14, STR-17,
-- RSK-06 and OUT-11 on evidence, which rest on fields that no invented extract has, so that they are never run.

-- Deliveries
select 'DEL-01', 'raw.deliveries', count(*),
    count(*) filter (rows_lost <> 0), count(*) filter (rows_lost is null),
    list(file_name) filter (rows_lost <> 0)
from raw.deliveries;
select 'DEL-02', 'raw.deliveries', count(*),
    count(*) filter (status = 'refused'), count(*) filter (status is null),
    list(file_name) filter (status = 'refused')
from raw.deliveries;
select 'DEL-03', 'raw.deliveries', count(*),
    count(*) filter (rows_quarantined <> 0), count(*) filter (rows_quarantined is null),
    list(file_name) filter (rows_quarantined <> 0)
from raw.deliveries
where status <> 'refused';
select 'DEL-04', 'raw.deliveries', count(*),
    count(*) filter (notice_count <> 0), count(*) filter (notice_count is null),
    list(file_name) filter (notice_count <> 0)
from raw.deliveries
where status <> 'refused';
select 'DEL-05', 'core.current_periods', count(*),
    count(*) filter (undated_count not in (0, 1)), count(*) filter (undated_count is null),
    list(source || ' ' || period) filter (undated_count not in (0, 1))
from core.current_periods;
select 'DEL-06', 'core.published_labels', count(*),
    count(*) filter (not is_known), count(*) filter (is_known is null),
    list(delivery_ref || ':' || first_line_number) filter (not is_known)
from core.published_labels;

-- Public data
select 'PUB-01', 'core.recorded_crimes', count(*),
    count(*) filter (not is_in_published_lists), count(*) filter (is_in_published_lists is null),
    list(delivery_ref || ':' || line_number) filter (not is_in_published_lists)
from core.recorded_crimes;
select 'PUB-01', 'core.crime_outcomes', count(*),
    count(*) filter (not is_in_published_lists), count(*) filter (is_in_published_lists is null),
    list(delivery_ref || ':' || line_number) filter (not is_in_published_lists)
from core.crime_outcomes;
select 'PUB-02', 'core.recorded_crimes', count(*),
    count(*) filter (not is_crime_id_as_expected), count(*) filter (is_crime_id_as_expected is null),
    list(delivery_ref || ':' || line_number) filter (not is_crime_id_as_expected)
from core.recorded_crimes;
select 'PUB-03', 'core.coverage', count(*),
    count(*) filter (not is_supplied), count(*) filter (is_supplied is null),
    list(source || ' ' || force_code || ' ' || strftime(month, '%Y-%m')) filter (not is_supplied)
from core.coverage
where is_expected;
select 'PUB-04', 'core.recorded_crimes', count(*),
    count(*) filter (not is_location_plausible), count(*) filter (is_location_plausible is null),
    list(delivery_ref || ':' || line_number) filter (not is_location_plausible)
from core.recorded_crimes
where longitude is not null or latitude is not null;
select 'PUB-04-LSOA', 'core.recorded_crimes', count(*),
    count(*) filter (not is_lsoa_of_vintage), count(*) filter (is_lsoa_of_vintage is null),
    list(delivery_ref || ':' || line_number) filter (not is_lsoa_of_vintage)
from core.recorded_crimes
where lsoa_code is not null;
select 'STR-16', 'core.recorded_crimes', count(*),
    count(*) filter (force_code is null), 0,
    list(delivery_ref || ':' || line_number) filter (force_code is null)
from core.recorded_crimes;
select 'PUB-06', 'metrics.reconciliations', count(*),
    count(*) filter (not agrees), count(*) filter (agrees is null),
    list(check_ref) filter (not agrees)
from metrics.reconciliations
where is_published_total;
select 'PUB-06-CROSS', 'metrics.reconciliations', count(*),
    count(*) filter (not agrees), count(*) filter (agrees is null),
    list(check_ref) filter (not agrees)
from metrics.reconciliations
where not is_published_total;

-- Structure of the extract
select 'STR-01', 'core.crime_code_facts', count(*),
    count(*) filter (not is_reference_unique), count(*) filter (is_reference_unique is null),
    list(crime_ref) filter (not is_reference_unique)
from core.crime_code_facts;
select 'STR-02', 'core.crime_code_facts', count(*),
    count(*) filter (not is_ho_code_valid), count(*) filter (is_ho_code_valid is null),
    list(crime_ref) filter (not is_ho_code_valid)
from core.crime_code_facts;
select 'STR-03', 'core.crime_code_facts', count(*),
    count(*) filter (not is_ho_code_unmangled), count(*) filter (is_ho_code_unmangled is null),
    list(crime_ref) filter (not is_ho_code_unmangled)
from core.crime_code_facts;
select 'STR-04', 'core.crime_code_facts', count(*),
    count(*) filter (not is_class_of_ho_code), count(*) filter (is_class_of_ho_code is null),
    list(crime_ref) filter (not is_class_of_ho_code)
from core.crime_code_facts;
select 'STR-05', 'core.crime_code_facts', count(*),
    count(*) filter (not is_cjs_code_well_formed), count(*) filter (is_cjs_code_well_formed is null),
    list(crime_ref) filter (not is_cjs_code_well_formed)
from core.crime_code_facts
where cjs_code is not null;
select 'STR-06', 'core.outcomes', count(*),
    count(*) filter (outcome_code not in ('0', '1', '1A', '2', '2A', '3', '3A', '4', '5', '6', '7', '8', '9', '10', '11',
        '12', '13', '14', '15', '16', '17', '18', '19', '20', '21', '22')),
    count(*) filter (outcome_code is null),
    list(crime_ref) filter (outcome_code not in ('0', '1', '1A', '2', '2A', '3', '3A', '4', '5', '6', '7', '8', '9',
        '10', '11', '12', '13', '14', '15', '16', '17', '18', '19', '20', '21', '22'))
from core.outcomes;
select 'STR-07', 'core.crime_moment_facts', count(*),
    count(*) filter (hours_after_limit > 0), count(*) filter (hours_after_limit is null),
    list(crime_ref) filter (hours_after_limit > 0)
from core.crime_moment_facts;
select 'STR-07', 'core.incident_facts', count(*),
    count(*) filter (hours_after_limit > 0), count(*) filter (hours_after_limit is null),
    list(incident_ref) filter (hours_after_limit > 0)
from core.incident_facts;
select 'STR-07', 'core.order_moment_facts', count(*),
    count(*) filter (hours_after_limit > 0), count(*) filter (hours_after_limit is null),
    list(order_ref) filter (hours_after_limit > 0)
from core.order_moment_facts;
select 'STR-08', 'core.crime_structure_facts', count(*),
    count(*) filter (not are_dates_in_order), count(*) filter (are_dates_in_order is null),
    list(crime_ref) filter (not are_dates_in_order)
from core.crime_structure_facts;
select 'STR-08', 'core.recording_time_facts', count(*),
    count(*) filter (not is_recorded_after_report), count(*) filter (is_recorded_after_report is null),
    list(crime_ref) filter (not is_recorded_after_report)
from core.recording_time_facts;
select 'STR-09', 'core.crime_structure_facts', count(*),
    count(*) filter (not has_mandatory_parts), count(*) filter (has_mandatory_parts is null),
    list(crime_ref) filter (not has_mandatory_parts)
from core.crime_structure_facts;
select 'STR-10', 'core.crime_structure_facts', count(*),
    count(*) filter (not is_mo_informative), count(*) filter (is_mo_informative is null),
    list(crime_ref) filter (not is_mo_informative)
from core.crime_structure_facts;
select 'STR-11', 'core.child_reference_facts', count(*),
    count(*) filter (not is_found), count(*) filter (is_found is null),
    list(crime_ref) filter (not is_found)
from core.child_reference_facts;
select 'STR-12', 'core.crime_structure_facts', count(*),
    count(*) filter (not has_one_victim), count(*) filter (has_one_victim is null),
    list(crime_ref) filter (not has_one_victim)
from core.crime_structure_facts
where is_stalking_or_harassment;
select 'STR-13', 'core.crime_structure_facts', count(*),
    count(*) filter (not has_suspect_row), count(*) filter (has_suspect_row is null),
    list(crime_ref) filter (not has_suspect_row)
from core.crime_structure_facts
where is_offender_to_be_known;
select 'STR-15', 'core.incident_facts', count(*),
    count(*) filter (not are_nsir_codes_well_formed), count(*) filter (are_nsir_codes_well_formed is null),
    list(incident_ref) filter (not are_nsir_codes_well_formed)
from core.incident_facts;
select 'STR-16', 'core.crime_code_facts', count(*),
    count(*) filter (not is_force_canonical), count(*) filter (is_force_canonical is null),
    list(crime_ref) filter (not is_force_canonical)
from core.crime_code_facts;
select 'STR-16', 'core.incident_facts', count(*),
    count(*) filter (not is_force_canonical), count(*) filter (is_force_canonical is null),
    list(incident_ref) filter (not is_force_canonical)
from core.incident_facts;
select 'STR-18', 'core.crime_code_facts', count(*),
    count(*) filter (not is_free_of_barred_codes), count(*) filter (is_free_of_barred_codes is null),
    list(crime_ref) filter (not is_free_of_barred_codes)
from core.crime_code_facts
where is_stalking_or_harassment;

-- Timeliness
select 'TIM-01', 'core.recording_time_facts', count(*),
    count(*) filter (hours_over_limit > 0), count(*) filter (hours_over_limit is null),
    list(crime_ref) filter (hours_over_limit > 0)
from core.recording_time_facts;
select 'TIM-02', 'core.recording_time_facts', count(*),
    count(*) filter (hours_to_record > 72), count(*) filter (hours_to_record is null),
    list(crime_ref) filter (hours_to_record > 72)
from core.recording_time_facts;
select 'TIM-03', 'core.recording_time_facts', count(*),
    count(*) filter (minutes_after_incident > 15), count(*) filter (minutes_after_incident is null),
    list(crime_ref) filter (minutes_after_incident > 15)
from core.recording_time_facts
where has_incident;
select 'TIM-04', 'core.recording_series_facts', count(*),
    count(*) filter (not is_within_limits), count(*) filter (is_within_limits is null),
    list(series_ref) filter (not is_within_limits)
from core.recording_series_facts
where measure in ('recorded at midnight', 'reported at midnight');
select 'TIM-05', 'core.incident_facts', count(*),
    count(*) filter (not is_settled), count(*) filter (is_settled is null),
    list(incident_ref) filter (not is_settled)
from core.incident_facts
where is_to_be_settled;
select 'TIM-06', 'core.recording_time_facts', count(*),
    count(*) filter (minutes_to_close < 60), count(*) filter (minutes_to_close is null),
    list(crime_ref) filter (minutes_to_close < 60)
from core.recording_time_facts
where is_closed_stalking;
select 'TIM-07', 'core.recording_time_facts', count(*),
    count(*) filter (days_over_review_limit > 0), count(*) filter (days_over_review_limit is null),
    list(crime_ref) filter (days_over_review_limit > 0)
from core.recording_time_facts
where is_open_stalking_or_harassment;

-- Classification
select 'CLS-01', 'core.classification_facts', count(*),
    count(*) filter (not is_former_partner_rule_kept), count(*) filter (is_former_partner_rule_kept is null),
    list(crime_ref) filter (not is_former_partner_rule_kept)
from core.classification_facts
where class_code in ('8L', '8M') and recorded_date >= date '2020-04-01';
select 'CLS-02', 'core.pair_conduct_facts', count(*),
    count(*) filter (not is_former_partner_conduct_seen), count(*) filter (is_former_partner_conduct_seen is null),
    list(crime_ref) filter (not is_former_partner_conduct_seen)
from core.pair_conduct_facts
where is_instead_of_stalking and recorded_date >= date '2020-04-01';
select 'CLS-03', 'core.pair_conduct_facts', count(*),
    count(*) filter (not are_single_acts_seen_together), count(*) filter (are_single_acts_seen_together is null),
    list(crime_ref) filter (not are_single_acts_seen_together)
from core.pair_conduct_facts
where is_single_act;
select 'CLS-04', 'core.text_class_facts', count(*),
    count(*) filter (not is_free_of_four_signal), count(*) filter (is_free_of_four_signal is null),
    list(crime_ref) filter (not is_free_of_four_signal)
from core.text_class_facts
where is_class_before_stalking;
select 'CLS-05', 'core.text_class_facts', count(*),
    count(*) filter (not is_free_of_stalking_behaviour), count(*) filter (is_free_of_stalking_behaviour is null),
    list(crime_ref) filter (not is_free_of_stalking_behaviour)
from core.text_class_facts
where class_code = '8L';
select 'CLS-06', 'core.text_class_facts', count(*),
    count(*) filter (not is_free_of_grave_signs), count(*) filter (is_free_of_grave_signs is null),
    list(crime_ref) filter (not is_free_of_grave_signs)
from core.text_class_facts
where ho_code = '195/12';
select 'CLS-07', 'core.classification_change_facts', count(*),
    count(*) filter (not is_second_checked), count(*) filter (is_second_checked is null),
    list(crime_ref) filter (not is_second_checked)
from core.classification_change_facts
where is_downgrade;
select 'CLS-08', 'core.text_class_facts', count(*),
    count(*) filter (not is_free_of_violence_words), count(*) filter (is_free_of_violence_words is null),
    list(crime_ref) filter (not is_free_of_violence_words)
from core.text_class_facts
where ho_code = '195/94';
select 'CLS-09', 'core.pair_conduct_facts', count(*),
    count(*) filter (not has_course_of_conduct), count(*) filter (has_course_of_conduct is null),
    list(crime_ref) filter (not has_course_of_conduct)
from core.pair_conduct_facts
where is_course_of_conduct_offence;
select 'CLS-10', 'core.classification_facts', count(*),
    count(*) filter (not is_conduct_under_stalking_law), count(*) filter (is_conduct_under_stalking_law is null),
    list(crime_ref) filter (not is_conduct_under_stalking_law)
from core.classification_facts
where class_code = '8Q';
select 'CLS-11', 'core.classification_facts', count(*),
    count(*) filter (not is_recorded_under_stalking_class), count(*) filter (is_recorded_under_stalking_class is null),
    list(crime_ref) filter (not is_recorded_under_stalking_class)
from core.classification_facts
where class_code = '8Q';
select 'CLS-12', 'core.breach_crime_facts', count(*),
    count(*) filter (not is_assessed_as_stalking), count(*) filter (is_assessed_as_stalking is null),
    list(crime_ref) filter (not is_assessed_as_stalking)
from core.breach_crime_facts;
select 'CLS-13', 'core.text_class_facts', count(*),
    count(*) filter (not is_stalking_included), count(*) filter (is_stalking_included is null),
    list(crime_ref) filter (not is_stalking_included)
from core.text_class_facts
where is_graver and recorded_date >= date '2023-06-01';
select 'CLS-14', 'core.classification_facts', count(*),
    count(*) filter (not is_other_crime_recorded), count(*) filter (is_other_crime_recorded is null),
    list(crime_ref) filter (not is_other_crime_recorded)
from core.classification_facts
where has_conduct_beside_other_class and recorded_date >= date '2018-04-01' and recorded_date <= date '2023-04-30';
select 'CLS-15', 'core.text_class_facts', count(*),
    count(*) filter (not is_free_of_coercion_by_partner), count(*) filter (is_free_of_coercion_by_partner is null),
    list(crime_ref) filter (not is_free_of_coercion_by_partner)
from core.text_class_facts
where class_code in ('8L', '8Q');
select 'CLS-16', 'core.text_class_facts', count(*),
    count(*) filter (not is_hostility_marked), count(*) filter (is_hostility_marked is null),
    list(crime_ref) filter (not is_hostility_marked)
from core.text_class_facts
where class_code in ('8L', '8Q');
select 'CLS-17', 'core.text_class_facts', count(*),
    count(*) filter (not is_free_of_new_offence_words), count(*) filter (is_free_of_new_offence_words is null),
    list(crime_ref) filter (not is_free_of_new_offence_words)
from core.text_class_facts
where class_code = '8R' and recorded_date >= date '2024-02-01';
select 'CLS-18', 'core.domestic_flag_facts', count(*),
    count(*) filter (not has_due_flag), count(*) filter (has_due_flag is null),
    list(crime_ref) filter (not has_due_flag)
from core.domestic_flag_facts
where is_flag_due;
select 'CLS-19', 'core.domestic_flag_facts', count(*),
    count(*) filter (not has_due_repeat_flag), count(*) filter (has_due_repeat_flag is null),
    list(crime_ref) filter (not has_due_repeat_flag)
from core.domestic_flag_facts
where is_repeat_flag_due;
select 'CLS-20', 'core.text_class_facts', count(*),
    count(*) filter (not is_online_flagged), count(*) filter (is_online_flagged is null),
    list(crime_ref) filter (not is_online_flagged)
from core.text_class_facts;
select 'CLS-21', 'core.recording_series_facts', count(*),
    count(*) filter (not is_within_limits), count(*) filter (is_within_limits is null),
    list(series_ref) filter (not is_within_limits)
from core.recording_series_facts
where measure in ('relationship unknown', 'relationship other');
select 'CLS-22', 'core.recording_series_facts', count(*),
    count(*) filter (not is_within_limits), count(*) filter (is_within_limits is null),
    list(series_ref) filter (not is_within_limits)
from core.recording_series_facts
where measure = 'former partners: stalking';
select 'CLS-23', 'core.classification_facts', count(*),
    count(*) filter (not is_stalking_charged), count(*) filter (is_stalking_charged is null),
    list(crime_ref) filter (not is_stalking_charged)
from core.classification_facts
where is_stalking_charged_otherwise;

-- Notices
select 'NOT-01', 'core.notice_facts', count(*),
    count(*) filter (has_notice), count(*) filter (has_notice is null),
    list(crime_ref) filter (has_notice)
from core.notice_facts;
select 'NOT-02', 'core.notice_facts', count(*),
    count(*) filter (is_closed_soon_after_notice), count(*) filter (is_closed_soon_after_notice is null),
    list(crime_ref) filter (is_closed_soon_after_notice)
from core.notice_facts
where notice_count > 0;

-- Investigation
select 'INV-01', 'core.allocation_facts', count(*),
    count(*) filter (not is_allocated_by_risk), count(*) filter (is_allocated_by_risk is null),
    list(crime_ref) filter (not is_allocated_by_risk)
from core.allocation_facts
where needs_detective;
select 'INV-02', 'core.allocation_facts', count(*),
    count(*) filter (not is_offence_checked), count(*) filter (is_offence_checked is null),
    list(crime_ref) filter (not is_offence_checked)
from core.allocation_facts;
select 'INV-03', 'core.prior_report_facts', count(*),
    count(*) filter (unlinked_report_count <> 0), count(*) filter (unlinked_report_count is null),
    list(crime_ref) filter (unlinked_report_count <> 0)
from core.prior_report_facts;
select 'INV-04', 'core.absence_facts', count(*),
    count(*) filter (uncovered_days > 7), count(*) filter (uncovered_days is null),
    list(crime_ref) filter (uncovered_days > 7)
from core.absence_facts;
select 'INV-05', 'core.enquiry_facts', count(*),
    count(*) filter (days_without_digital_enquiry > 7), count(*) filter (days_without_digital_enquiry is null),
    list(crime_ref) filter (days_without_digital_enquiry > 7)
from core.enquiry_facts
where is_stalking_or_harassment;
select 'INV-06', 'core.enquiry_facts', count(*),
    count(*) filter (not is_search_considered), count(*) filter (is_search_considered is null),
    list(crime_ref) filter (not is_search_considered)
from core.enquiry_facts
where is_stalking or is_order_breach;
select 'INV-07', 'core.suspect_action_facts', count(*),
    count(*) filter (days_unexplained > 14), count(*) filter (days_unexplained is null),
    list(crime_ref) filter (days_unexplained > 14)
from core.suspect_action_facts;
select 'INV-08', 'core.release_facts', count(*),
    count(*) filter (not is_explained), count(*) filter (is_explained is null),
    list(crime_ref) filter (not is_explained)
from core.release_facts;

-- Orders
select 'ORD-01', 'core.order_consideration_facts', count(*),
    count(*) filter (not is_order_considered), count(*) filter (is_order_considered is null),
    list(crime_ref) filter (not is_order_considered)
from core.order_consideration_facts;
select 'ORD-02', 'core.order_facts', count(*),
    count(*) filter (not has_all_grounds), count(*) filter (has_all_grounds is null),
    list(order_ref) filter (not has_all_grounds)
from core.order_facts
where is_stalking_protection and applied_at is not null;
select 'ORD-03', 'core.order_facts', count(*),
    count(*) filter (not has_lawful_term), count(*) filter (has_lawful_term is null),
    list(order_ref) filter (not has_lawful_term)
from core.order_facts
where is_stalking_protection and granted_at is not null;
select 'ORD-04', 'core.order_facts', count(*),
    count(*) filter (days_to_notification > 3), count(*) filter (days_to_notification is null),
    list(order_ref) filter (days_to_notification > 3)
from core.order_facts
where is_stalking_protection and served_at is not null;
select 'ORD-05', 'core.order_facts', count(*),
    count(*) filter (not is_respondent_of_age), count(*) filter (is_respondent_of_age is null),
    list(order_ref) filter (not is_respondent_of_age)
from core.order_facts;
select 'ORD-05', 'core.youth_order_facts', count(*),
    count(*) filter (not is_in_youth_court), count(*) filter (is_in_youth_court is null),
    list(order_ref) filter (not is_in_youth_court)
from core.youth_order_facts;
select 'ORD-06', 'core.order_facts', count(*),
    count(*) filter (not are_dates_in_order), count(*) filter (are_dates_in_order is null),
    list(order_ref) filter (not are_dates_in_order)
from core.order_facts
where served_at is not null;
select 'ORD-06', 'core.order_breach_facts', count(*),
    count(*) filter (not is_in_live_period), count(*) filter (is_in_live_period is null),
    list(crime_ref) filter (not is_in_live_period)
from core.order_breach_facts
where crime_ref is not null;
select 'ORD-06', 'core.unrecorded_order_breach_facts', count(*),
    count(*) filter (not is_in_live_period), count(*) filter (is_in_live_period is null),
    list(order_ref) filter (not is_in_live_period)
from core.unrecorded_order_breach_facts;
select 'ORD-07', 'core.order_breach_facts', count(*),
    count(*) filter (not is_answered), count(*) filter (is_answered is null),
    list(crime_ref) filter (not is_answered)
from core.order_breach_facts
where crime_ref is not null;
select 'ORD-07', 'core.unrecorded_order_breach_facts', count(*),
    count(*) filter (not is_answered), count(*) filter (is_answered is null),
    list(order_ref) filter (not is_answered)
from core.unrecorded_order_breach_facts;
select 'ORD-08', 'core.case_file_facts', count(*),
    count(*) filter (not has_order_request), count(*) filter (has_order_request is null),
    list(crime_ref) filter (not has_order_request)
from core.case_file_facts
where is_charged;
select 'ORD-09', 'core.order_hearing_facts', count(*),
    count(*) filter (hours_to_hearing > 48), count(*) filter (hours_to_hearing is null),
    list(order_ref) filter (hours_to_hearing > 48)
from core.order_hearing_facts;

-- Outcomes
select 'OUT-01', 'core.outcome_facts', count(*),
    count(*) filter (not is_code_valid_at_date), count(*) filter (is_code_valid_at_date is null),
    list(crime_ref) filter (not is_code_valid_at_date)
from core.outcome_facts
where outcome_code <> '0';
select 'OUT-02', 'core.outcome_people_facts', count(*),
    count(*) filter (named_suspect_count < 1), count(*) filter (named_suspect_count is null),
    list(crime_ref) filter (named_suspect_count < 1)
from core.outcome_people_facts
where suspect_standard = 'needed';
select 'OUT-03', 'core.outcome_people_facts', count(*),
    count(*) filter (contradicting_suspect_count <> 0), count(*) filter (contradicting_suspect_count is null),
    list(crime_ref) filter (contradicting_suspect_count <> 0)
from core.outcome_people_facts
where suspect_standard = 'forbidden';
select 'OUT-03', 'core.outcome_evidence_facts', count(*),
    count(*) filter (eliminated_suspect_count <> 0), count(*) filter (eliminated_suspect_count is null),
    list(crime_ref) filter (eliminated_suspect_count <> 0)
from core.outcome_evidence_facts
where outcome_code = '18';
select 'OUT-04', 'core.outcome_people_facts', count(*),
    count(*) filter (is_suspect_known), count(*) filter (is_suspect_known is null),
    list(crime_ref) filter (is_suspect_known)
from core.outcome_people_facts
where suspect_standard = 'forbidden';
select 'OUT-05', 'core.outcome_people_facts', count(*),
    count(*) filter (not is_suspect_age_right), count(*) filter (is_suspect_age_right is null),
    list(crime_ref) filter (not is_suspect_age_right)
from core.outcome_people_facts
where outcome_code in ('11', '2', '2A', '3', '3A');
select 'OUT-06', 'core.outcome_facts', count(*),
    count(*) filter (not is_for_stalking_or_harassment), count(*) filter (is_for_stalking_or_harassment is null),
    list(crime_ref) filter (not is_for_stalking_or_harassment)
from core.outcome_facts
where is_stalking_or_harassment and outcome_code <> '0';
select 'OUT-07', 'core.outcome_facts', count(*),
    count(*) filter (not is_summary_only), count(*) filter (is_summary_only is null),
    list(crime_ref) filter (not is_summary_only)
from core.outcome_facts
where is_current and outcome_code = '17';
select 'OUT-08', 'core.outcome_facts', count(*),
    count(*) filter (not is_time_limit_kept), count(*) filter (is_time_limit_kept is null),
    list(crime_ref) filter (not is_time_limit_kept)
from core.outcome_facts
where is_current and (outcome_code = '17' or outcome_code in ('1', '1A') and is_summary_only);
select 'OUT-09', 'core.outcome_people_facts', count(*),
    count(*) filter (auditable_decision_count < 1), count(*) filter (auditable_decision_count is null),
    list(crime_ref) filter (auditable_decision_count < 1)
from core.outcome_people_facts
where outcome_code in ('14', '16');
select 'OUT-10', 'core.outcome_people_facts', count(*),
    count(*) filter (not is_victim_support_consistent), count(*) filter (is_victim_support_consistent is null),
    list(crime_ref) filter (not is_victim_support_consistent)
from core.outcome_people_facts
where outcome_code in ('15', '16');
select 'OUT-11', 'core.outcome_people_facts', count(*),
    count(*) filter (not has_suspect_died_since), count(*) filter (has_suspect_died_since is null),
    list(crime_ref) filter (not has_suspect_died_since)
from core.outcome_people_facts
where outcome_code = '5';
select 'OUT-12', 'core.outcome_evidence_facts', count(*),
    count(*) filter (prosecutor_decision_count < 1), count(*) filter (prosecutor_decision_count is null),
    list(crime_ref) filter (prosecutor_decision_count < 1)
from core.outcome_evidence_facts
where outcome_code = '9' or (outcome_code = '1' and is_section_4a);
select 'OUT-13', 'core.outcome_facts', count(*),
    count(*) filter (not has_body_and_victim_informed), count(*) filter (has_body_and_victim_informed is null),
    list(crime_ref) filter (not has_body_and_victim_informed)
from core.outcome_facts
where is_current and outcome_code = '20';
select 'OUT-14', 'core.outcome_facts', count(*),
    count(*) filter (not has_supervisor_rationale), count(*) filter (has_supervisor_rationale is null),
    list(crime_ref) filter (not has_supervisor_rationale)
from core.outcome_facts
where is_current and outcome_code in ('8', '10', '21', '22') and coalesce(is_stalking_or_domestic, true);
select 'OUT-15', 'core.outcome_evidence_facts', count(*),
    count(*) filter (started_intervention_count < 1), count(*) filter (started_intervention_count is null),
    list(crime_ref) filter (started_intervention_count < 1)
from core.outcome_evidence_facts
where outcome_code = '22';
select 'OUT-16', 'core.outcome_facts', count(*),
    count(*) filter (not is_alternate_different), count(*) filter (is_alternate_different is null),
    list(crime_ref) filter (not is_alternate_different)
from core.outcome_facts
where is_current and outcome_code in ('1A', '2A', '3A');
select 'OUT-17', 'core.crime_outcome_facts', count(*),
    count(*) filter (not is_outcome_history_sound), count(*) filter (is_outcome_history_sound is null),
    list(crime_ref) filter (not is_outcome_history_sound)
from core.crime_outcome_facts;
select 'OUT-18', 'core.outcome_evidence_facts', count(*),
    count(*) filter (unresolved_line_count <> 0), count(*) filter (unresolved_line_count is null),
    list(crime_ref) filter (unresolved_line_count <> 0)
from core.outcome_evidence_facts
where is_no_further_action;
select 'OUT-19', 'core.unit_outcome_facts', count(*),
    count(*) filter (deviations_above_force > 2), count(*) filter (deviations_above_force is null),
    list(unit_name) filter (deviations_above_force > 2)
from core.unit_outcome_facts;
select 'OUT-20', 'core.removal_facts', count(*),
    count(*) filter (not is_removal_evidenced), count(*) filter (is_removal_evidenced is null),
    list(crime_ref) filter (not is_removal_evidenced)
from core.removal_facts
where removal_code in ('C1', 'C2', 'C3');
select 'OUT-21', 'core.removal_facts', count(*),
    count(*) filter (not is_removal_authorised), count(*) filter (is_removal_authorised is null),
    list(crime_ref) filter (not is_removal_authorised)
from core.removal_facts
where is_cancelled and is_stalking_or_harassment;
select 'OUT-22', 'core.removal_facts', count(*),
    count(*) filter (is_followed_by_crime), count(*) filter (is_followed_by_crime is null),
    list(crime_ref) filter (is_followed_by_crime)
from core.removal_facts
where is_cancelled and class_code in ('8L', '8Q');

-- Victims
select 'VIC-01', 'core.victim_service_facts', count(*),
    count(*) filter (not has_enhanced_rights), count(*) filter (has_enhanced_rights is null),
    list(crime_ref) filter (not has_enhanced_rights)
from core.victim_service_facts;
select 'VIC-02', 'core.victim_service_facts', count(*),
    count(*) filter (needs_assessment_working_days > 5), count(*) filter (needs_assessment_working_days is null),
    list(crime_ref) filter (needs_assessment_working_days > 5)
from core.victim_service_facts;
select 'VIC-03', 'core.victim_decision_facts', count(*),
    count(*) filter (not is_informed_in_time), count(*) filter (is_informed_in_time is null),
    list(crime_ref) filter (not is_informed_in_time)
from core.victim_decision_facts;
select 'VIC-04', 'core.victim_service_facts', count(*),
    count(*) filter (not is_personal_statement_offered), count(*) filter (is_personal_statement_offered is null),
    list(crime_ref) filter (not is_personal_statement_offered)
from core.victim_service_facts
where is_charged;
select 'VIC-05', 'core.victim_service_facts', count(*),
    count(*) filter (longest_contact_gap_days > 28), count(*) filter (longest_contact_gap_days is null),
    list(crime_ref) filter (longest_contact_gap_days > 28)
from core.victim_service_facts
where is_open;
select 'VIC-06', 'core.victim_service_facts', count(*),
    count(*) filter (consented_referral_count < 1), count(*) filter (consented_referral_count is null),
    list(crime_ref) filter (consented_referral_count < 1)
from core.victim_service_facts
where class_code = '8Q';

-- Risk
select 'RSK-01', 'core.risk_facts', count(*),
    count(*) filter (initial_assessment_count < 1), count(*) filter (initial_assessment_count is null),
    list(crime_ref) filter (initial_assessment_count < 1)
from core.risk_facts
where is_assessment_due;
select 'RSK-02', 'core.risk_facts', count(*),
    count(*) filter (hours_to_first_assessment > 24), count(*) filter (hours_to_first_assessment is null),
    list(crime_ref) filter (hours_to_first_assessment > 24)
from core.risk_facts
where is_stalking_or_harassment and initial_assessment_count > 0;
select 'RSK-03', 'core.risk_assessment_facts', count(*),
    count(*) filter (not is_tool_suited), count(*) filter (is_tool_suited is null),
    list(crime_ref) filter (not is_tool_suited)
from core.risk_assessment_facts
where is_stalking or coalesce(is_domestic_abuse, true);
select 'RSK-04', 'core.risk_event_facts', count(*),
    count(*) filter (not is_reassessed_in_time), count(*) filter (is_reassessed_in_time is null),
    list(crime_ref) filter (not is_reassessed_in_time)
from core.risk_event_facts;
select 'RSK-05', 'core.risk_facts', count(*),
    count(*) filter (planned_assessment_count < 1), count(*) filter (planned_assessment_count is null),
    list(crime_ref) filter (planned_assessment_count < 1)
from core.risk_facts
where raised_assessment_count > 0;
select 'RSK-07', 'core.risk_facts', count(*),
    count(*) filter (supervisor_review_count < 1), count(*) filter (supervisor_review_count is null),
    list(crime_ref) filter (supervisor_review_count < 1)
from core.risk_facts
where is_stalking_or_harassment and initial_assessment_count > 0;
select 'RSK-08', 'core.risk_facts', count(*),
    count(*) filter (not is_in_daily_meeting), count(*) filter (is_in_daily_meeting is null),
    list(crime_ref) filter (not is_in_daily_meeting)
from core.risk_facts
where is_stalking_or_harassment and risk_grade = 'high';

-- Case files
select 'FIL-01', 'core.case_file_facts', count(*),
    count(*) filter (missing_item_count <> 0), count(*) filter (missing_item_count is null),
    list(crime_ref) filter (missing_item_count <> 0)
from core.case_file_facts
where is_charged;
select 'FIL-02', 'core.case_file_facts', count(*),
    count(*) filter (days_to_special_measures > 28), count(*) filter (days_to_special_measures is null),
    list(crime_ref) filter (days_to_special_measures > 28)
from core.case_file_facts
where is_charged;
select 'FIL-03', 'core.case_file_facts', count(*),
    count(*) filter (not has_early_advice), count(*) filter (has_early_advice is null),
    list(crime_ref) filter (not has_early_advice)
from core.case_file_facts
where is_serious_stalking;
select 'FIL-04', 'core.case_file_facts', count(*),
    count(*) filter (not is_checklist_complete), count(*) filter (is_checklist_complete is null),
    list(crime_ref) filter (not is_checklist_complete)
from core.case_file_facts
where is_charged;

-- Audits
select 'AUD-01', 'core.audit_draw_facts', count(*),
    count(*) filter (not is_reproducible), count(*) filter (is_reproducible is null),
    list(cycle_ref || ' ' || stratum) filter (not is_reproducible)
from core.audit_draw_facts;
select 'AUD-02', 'core.audit_stratum_facts', count(*),
    count(*) filter (shortfall_count > 0), count(*) filter (shortfall_count is null),
    list(cycle_ref || ' ' || stratum) filter (shortfall_count > 0)
from core.audit_stratum_facts;
select 'AUD-03', 'core.audit_cycle_facts', count(*),
    count(*) filter (second_share < 0.2), count(*) filter (second_share is null),
    list(cycle_ref) filter (second_share < 0.2)
from core.audit_cycle_facts;
select 'AUD-03-RATER', 'core.audit_cycle_facts', count(*),
    count(*) filter (same_rater_count <> 0), count(*) filter (same_rater_count is null),
    list(cycle_ref) filter (same_rater_count <> 0)
from core.audit_cycle_facts;
select 'AUD-04', 'core.audit_unit_facts', count(*),
    count(*) filter (missing_field_count <> 0), count(*) filter (missing_field_count is null),
    list(sample_ref) filter (missing_field_count <> 0)
from core.audit_unit_facts
where final_result = 'fail';
select 'AUD-05', 'core.audit_estimates', count(*),
    count(*) filter (missing_part_count <> 0), count(*) filter (missing_part_count is null),
    list(cycle_ref || ' ' || metric || ' ' || stratum) filter (missing_part_count <> 0)
from core.audit_estimates;
select 'AUD-06', 'core.audit_estimates', count(*),
    count(*) filter (is_small_cell_shown), count(*) filter (is_small_cell_shown is null),
    list(cycle_ref || ' ' || metric || ' ' || stratum) filter (is_small_cell_shown)
from core.audit_estimates;
