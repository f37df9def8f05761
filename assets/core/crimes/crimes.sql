-- /// card
-- description = "One row is a recorded crime of the force extract."
-- grain = ["crime_ref"]
-- audience = ["integrity"]
-- caveats = [
--     "Crimes recorded by police in the force extract; not prevalence.",
--     "People are shown by pseudonyms of the force.",
-- ]
-- [columns]
-- crime_ref = ["varchar", "Crime, unique in the extract (crime_id)"]
-- force_crime_ref = ["varchar", "Crime reference number, unique within a force (crime_ref)"]
-- force_code = "raw.crime"
-- incident_ref = ["varchar", "Incident from which the crime was recorded", "", "Incident"]
-- report_group_ref = ["varchar", "One report that led to several crimes"]
-- reported_at = ["timestamp with time zone", "When the crime was first reported to police", "UTC"]
-- recorded_at = ["timestamp with time zone", "When the crime record was made", "UTC"]
-- recorded_date = ["date", "Day on which the crime was recorded, London"]
-- offence_from_at = ["timestamp with time zone", "First moment of the offence", "UTC"]
-- offence_to_at = ["timestamp with time zone", "Last moment of the offence", "UTC"]
-- ho_code_keyed = ["varchar", "Home Office code as entered in the record system"]
-- "ho_code, class_code, class_label, cjs_code" = "raw.crime"
-- has_harassment_only_rationale = ["boolean", """A rationale says why conduct by a former partner is harassment in \
--     law only"""]
-- occasion_count = ["integer", "Number of occasions in the course of conduct", "occasions"]
-- is_course_of_conduct = ["boolean", "A course of conduct is recorded"]
-- is_against_two_or_more = ["boolean", "Conduct against two or more people (section 1(1A))"]
-- "status, location_type, postcode_sector" = "raw.crime"
-- latitude = ["double", "Latitude"]
-- longitude = ["double", "Longitude"]
-- lsoa_code = "columns"
-- recording_officer_ref = ["varchar", "Collar number of the recording officer"]
-- supervising_officer_ref = ["varchar", "Collar number of the supervising officer"]
-- has_enhanced_rights = ["boolean", "Victim marked for enhanced rights under the Victims' Code"]
-- needs_assessed_at = ["timestamp with time zone", "When the victim's needs assessment was recorded", "UTC"]
-- personal_statement_offered_at = ["timestamp with time zone", "When a victim personal statement was offered", "UTC"]
-- is_in_daily_meeting = ["boolean", "Discussed in the daily management meeting"]
-- recorded_month = "columns"
-- regime_code = ["varchar", "Recording regime on the day of recording"]
-- is_stalking_or_harassment = ["boolean", "The principal class is 8L, 8M, 8Q, 8R or 8U"]
-- is_included_stalking_or_harassment = ["boolean", "One of these classes is an included classification"]
-- is_open = ["boolean", "Open or reopened"]
-- victim_key = "core.crime_people"
-- victim_count = ["bigint", "Victims; null where the extract says nothing of victims", "people", "Victims"]
-- suspect_count = ["bigint", "Suspects and offenders; null where it says nothing of them", "people", "Suspects"]
-- named_suspect_count = ["bigint", "Suspects and offenders identified by name; null where that is not known"]
-- "relationships, is_former_partner, is_current_partner, is_domestic_relationship" = "core.crime_people"
-- are_all_sixteen_or_over = "core.crime_people"
-- is_domestic_abuse = ["boolean", "Domestic relationship, both 16 or over; null where either is unknown"]
-- is_victim_vulnerable = ["boolean", "A victim has a recorded vulnerability"]
-- "investigator_ref, unit_name, removal_code, removed_at" = "core.crime_states"
-- is_cancelled = ["boolean", "Removed under C2 to C5"]
-- is_transferred = ["boolean", "Removed under C1"]
-- "outcome_code, outcome_at, risk_grade" = "core.crime_states"
-- ///

-- Readings: recording-standards 6.0.
with typed as (
    select
        t.crime_id as crime_ref,
        t.crime_ref as force_crime_ref,
        t.force_code,
        t.incident_id as incident_ref,
        t.report_group_id as report_group_ref,
        cast(t.reported_ts as timestamptz) as reported_at,
        cast(t.recorded_ts as timestamptz) as recorded_at,
        london_date(cast(t.recorded_ts as timestamptz)) as recorded_date,
        cast(t.offence_from_ts as timestamptz) as offence_from_at,
        cast(t.offence_to_ts as timestamptz) as offence_to_at,
        t.ho_code_raw as ho_code_keyed,
        t.ho_code,
        t.class_code,
        t.class_label,
        t.cjs_code,
        -- the rationale is free text and stays in raw (6.8)
        t.harassment_only_rationale is not null as has_harassment_only_rationale,
        cast(t.coc_count as integer) as occasion_count,
        cast(t.course_of_conduct as boolean) as is_course_of_conduct,
        cast(t.s1_1a as boolean) as is_against_two_or_more,
        t.status,
        t.location_type,
        t.postcode_sector,
        cast(t.lat as double) as latitude,
        cast(t.lon as double) as longitude,
        t.lsoa21 as lsoa_code,
        t.recording_collar as recording_officer_ref,
        t.supervising_collar as supervising_officer_ref,
        cast(t.vcop_enhanced as boolean) as has_enhanced_rights,
        cast(t.needs_assessment_ts as timestamptz) as needs_assessed_at,
        cast(t.vps_offered_ts as timestamptz) as personal_statement_offered_at,
        cast(t.dmm_flag as boolean) as is_in_daily_meeting
    from raw.crime as t
    inner join core.current_periods as p on p.source = 'crime' and t.delivery_ref = p.delivery_ref
),

-- where no crime of a delivery has a victim or a suspect, nothing says whether a crime has one: unknown is not none
peopled as (
    select
        t.crime_id as crime_ref,
        max(p.victim_count) over (partition by t.delivery_ref) as most_victims,
        max(p.suspect_count) over (partition by t.delivery_ref) as most_suspects,
        max(cast(p.is_victim_vulnerable as integer)) over (partition by t.delivery_ref) as is_any_vulnerable
    from raw.crime as t
    inner join core.current_periods as d on d.source = 'crime' and t.delivery_ref = d.delivery_ref
    left join core.crime_people as p on t.crime_id = p.crime_ref
),

included as (
    select distinct i.crime_ref
    from core.included_classifications as i
    inner join reference.class_groups as g on g.class_group = 'in scope' and i.class_code = g.code
),

regimes as (
    select
        regime_ref,
        valid_from,
        lead(valid_from) over (order by valid_from) as valid_until
    from reference.recording_regimes
    where source_name is null or source_name = ''
)

select
    t.*,
    month_of(t.recorded_date) as recorded_month,
    r.regime_ref as regime_code,
    g.code is not null as is_stalking_or_harassment,
    i.crime_ref is not null as is_included_stalking_or_harassment,
    t.status in ('open', 'reopened') as is_open,
    p.victim_key,
    case when k.most_victims > 0 then coalesce(p.victim_count, 0) end as victim_count,
    case when k.most_suspects > 0 then coalesce(p.suspect_count, 0) end as suspect_count,
    case when k.most_suspects > 0 and p.crime_ref is null then 0 when k.most_suspects > 0 then p.named_suspect_count end
        as named_suspect_count,
    p.relationships,
    p.is_former_partner,
    p.is_current_partner,
    p.is_domestic_relationship,
    p.are_all_sixteen_or_over,
    -- 6.0.4: domestic abuse needs the relationship and both people aged 16 or over
    p.is_domestic_relationship and p.are_all_sixteen_or_over as is_domestic_abuse,
    case when k.is_any_vulnerable = 1 then coalesce(p.is_victim_vulnerable, false) end as is_victim_vulnerable,
    s.investigator_ref,
    s.unit_name,
    s.removal_code,
    s.removed_at,
    coalesce(s.removal_code in ('C2', 'C3', 'C4', 'C5'), false) as is_cancelled,
    coalesce(s.removal_code = 'C1', false) as is_transferred,
    s.outcome_code,
    s.outcome_at,
    s.risk_grade
from typed as t
inner join peopled as k on t.crime_ref = k.crime_ref
left join core.crime_people as p on t.crime_ref = p.crime_ref
left join core.crime_states as s on t.crime_ref = s.crime_ref
left join included as i on t.crime_ref = i.crime_ref
left join reference.class_groups as g on g.class_group = 'in scope' and t.class_code = g.code
left join regimes as r
    on t.recorded_date >= r.valid_from and (t.recorded_date < r.valid_until or r.valid_until is null)
