-- /// card
-- description = "One row is an outcome that a crime has or had."
-- grain = ["outcome_ref"]
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- outcome_ref = ["varchar", "Outcome row"]
-- crime_ref = "columns"
-- sequence_number = ["integer", "Order of the outcomes, from 1"]
-- outcome_code = "columns"
-- outcome_label_keyed = ["varchar", "Outcome as entered in the record system"]
-- outcome_at = ["timestamp with time zone", "When the outcome was assigned", "UTC"]
-- outcome_date = ["date", "Day on which the outcome was assigned, London"]
-- authoriser_ref = ["varchar", "Who authorised the removal"]
-- "authoriser_rank, rationale" = "raw.outcome"
-- alternate_ho_code = ["varchar", "Home Office code of the alternate offence charged"]
-- other_body = "raw.outcome"
-- victim_informed_at = ["timestamp with time zone", "When the victim was informed", "UTC"]
-- is_current = ["boolean", "The current outcome"]
-- outcome_group = "reference.outcome_groups"
-- is_no_further_action = ["boolean", "Codes 10, 14 to 18 and 20 to 22"]
-- "force_code, recorded_date, recorded_month, unit_name, class_code, is_stalking_or_harassment" = "core.crimes"
-- ///

-- No further action: recording-standards 6.0.5.
select
    t.outcome_id as outcome_ref,
    t.crime_id as crime_ref,
    cast(t.seq as integer) as sequence_number,
    t.code as outcome_code,
    t.code_raw as outcome_label_keyed,
    cast(t.outcome_ts as timestamptz) as outcome_at,
    london_date(cast(t.outcome_ts as timestamptz)) as outcome_date,
    t.authoriser_id as authoriser_ref,
    t.authoriser_rank,
    t.rationale,
    t.alt_ho_code as alternate_ho_code,
    t.other_body,
    cast(t.victim_informed_ts as timestamptz) as victim_informed_at,
    cast(t.is_current as boolean) as is_current,
    g.outcome_group,
    t.code in ('10', '14', '15', '16', '17', '18', '20', '21', '22') as is_no_further_action,
    c.force_code,
    c.recorded_date,
    c.recorded_month,
    c.unit_name,
    c.class_code,
    c.is_stalking_or_harassment
from raw.outcome as t
inner join core.current_periods as p on p.source = 'outcome' and t.delivery_ref = p.delivery_ref
left join reference.outcome_groups as g on t.code = g.outcome_code
left join core.crimes as c on t.crime_id = c.crime_ref
