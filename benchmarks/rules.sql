-- The rival of benchmarks/rules.py: one query for each of twenty rules, written by hand on the same tables of facts.
-- They are the twenty most expensive rules, with half of the cost of all: processor time of such
-- queries on one thread, on an invented force of 12,000 crimes repeated twenty-five times. Whether a rule finds what it
-- should is tested by planted breaches and by mutations (tests/test_planted.py, tests/test_mutations.py), for every rule.
-- Columns: rule, table, rows examined, breaches, rows not evaluable, references of the breaches.
-- Limits that a force may set have the values of reference.settings as shipped.

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
select 'STR-16', 'core.crime_code_facts', count(*),
    count(*) filter (not is_force_canonical), count(*) filter (is_force_canonical is null),
    list(crime_ref) filter (not is_force_canonical)
from core.crime_code_facts;
select 'STR-16', 'core.incident_facts', count(*),
    count(*) filter (not is_force_canonical), count(*) filter (is_force_canonical is null),
    list(incident_ref) filter (not is_force_canonical)
from core.incident_facts;

-- Structure of the extract
select 'STR-06', 'core.outcome_code_facts', count(*),
    count(*) filter (outcome_value not in ('0', '1', '1A', '2', '2A', '3', '3A', '4', '5', '6', '7', '8', '9', '10', '11',
        '12', '13', '14', '15', '16', '17', '18', '19', '20', '21', '22')),
    count(*) filter (outcome_value is null),
    list(coalesce(crime_ref, outcome_ref)) filter (outcome_value not in ('0', '1', '1A', '2', '2A', '3', '3A', '4', '5', '6', '7', '8', '9',
        '10', '11', '12', '13', '14', '15', '16', '17', '18', '19', '20', '21', '22'))
from core.outcome_code_facts;

-- Classification
select 'CLS-01', 'core.classification_facts', count(*),
    count(*) filter (not is_former_partner_rule_kept), count(*) filter (is_former_partner_rule_kept is null),
    list(crime_ref) filter (not is_former_partner_rule_kept)
from core.classification_facts
where class_code in ('8L', '8M') and recorded_date >= date '2020-04-01';

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
select 'OUT-16', 'core.outcome_facts', count(*),
    count(*) filter (not is_alternate_different), count(*) filter (is_alternate_different is null),
    list(crime_ref) filter (not is_alternate_different)
from core.outcome_facts
where is_current and outcome_code in ('1A', '2A', '3A');

-- Risk
select 'RSK-03', 'core.risk_assessment_facts', count(*),
    count(*) filter (not is_tool_suited), count(*) filter (is_tool_suited is null),
    list(crime_ref) filter (not is_tool_suited)
from core.risk_assessment_facts
where is_stalking or coalesce(is_domestic_abuse, true);
